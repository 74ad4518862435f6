// What leaves workflow code without an answer: calls of sinks and log lines. They come after their commit, so never from a replay.
import { errorMessage } from '../common/error-inspection';
import { SdkComponent, type Logger, type LogMetadata } from '../common/logger';
import type { Loose } from '../common/loose';
import type { SinkContext, WorkerSpec } from '../model/worker';
import type { SinkCall } from '../model/turn';

/** Which workflow called. */
export interface SinkWorkflowInfo {
  readonly namespace: string;
  readonly taskQueue: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
}

export interface InjectedSinkFunction {
  /** What it throws, or rejects with, is logged: workflow code never hears of it. */
  fn(info: SinkWorkflowInfo, ...args: Loose[]): void | Promise<void>;
  /** Of a call that is replayed only the first is delivered; nothing else is possible here, whatever this says. */
  callDuringReplay?: boolean;
}
export type InjectedSink<T> = { [K in keyof T]: InjectedSinkFunction };
export type InjectedSinks<T> = { [K in keyof T]: InjectedSink<T[K]> };
export type AnySinks = Record<string, Record<string, InjectedSinkFunction>>;

const LOGGER_SINK = '__temporal_logger';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** Sinks of the workflow door's `log`. */
export interface LoggerSinks {
  [LOGGER_SINK]: {
    [L in (typeof LEVELS)[number]]: (message: string, attributes?: Record<string, unknown>) => void;
  };
}

/** Temporal's attributes of a workflow's log lines. */
export function workflowLogAttributes(info: SinkWorkflowInfo): Record<string, unknown> {
  const { namespace, taskQueue, workflowId, runId, workflowType } = info;
  return { namespace, taskQueue, workflowId, runId, workflowType };
}

/** The sink of workflow code's log lines. @deprecated it is always there */
export function defaultSinks(logger: Logger): InjectedSinks<LoggerSinks> {
  const sink = {} as InjectedSinks<LoggerSinks>[typeof LOGGER_SINK];
  for (const level of LEVELS) {
    sink[level] = {
      fn(info, message: string, attributes?: LogMetadata) {
        logger[level](message, {
          sdkComponent: SdkComponent.workflow,
          ...workflowLogAttributes(info),
          ...attributes,
        });
      },
    };
  }
  return { [LOGGER_SINK]: sink };
}

/** In the order of the calls; none waits for another. Never throws. */
export function sinkDispatcher(sinks: AnySinks, logger: Logger): WorkerSpec['onSinkCalls'] {
  const all: AnySinks = { ...(defaultSinks(logger) as unknown as AnySinks), ...sinks };
  const fail = (call: SinkCall, info: SinkWorkflowInfo, error: unknown): void => {
    logger.error(`External sink function threw an error: ${errorMessage(error) ?? String(error)}`, {
      ...workflowLogAttributes(info),
      ifaceName: call.sink,
      fnName: call.fn,
      error,
    });
  };
  const deliver = (call: SinkCall, info: SinkWorkflowInfo): void => {
    const target = Object.hasOwn(all, call.sink) ? all[call.sink]?.[call.fn] : undefined;
    if (target === undefined) {
      // Metrics of workflow code have no exporter yet.
      if (call.sink === '__temporal_metrics') return;
      logger.error('Workflow referenced an unregistered external sink', {
        ...workflowLogAttributes(info),
        ifaceName: call.sink,
        fnName: call.fn,
      });
      return;
    }
    const result: unknown = target.fn(info, ...(JSON.parse(call.args) as unknown[]));
    if (result instanceof Promise) result.catch((error: unknown) => safely(() => fail(call, info, error)));
  };
  return (context, calls) => {
    const info = infoOf(context);
    for (const call of calls) {
      try {
        deliver(call, info);
      } catch (error) {
        safely(() => fail(call, info, error));
      }
    }
  };
}

function infoOf({ namespace, execution, workflowType, taskQueue }: SinkContext): SinkWorkflowInfo {
  return { namespace, taskQueue, ...execution, workflowType };
}

/** A logger that throws must not stop the lines behind it. */
function safely(run: () => void): void {
  try {
    run();
  } catch {
    // Nowhere to say so.
  }
}
