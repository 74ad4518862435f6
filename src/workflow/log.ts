// Log lines and sinks: what leaves workflow code without an answer. They come out after the commit, and never from a replay.
import { IllegalStateError } from '../common/errors';
import { composeInterceptors } from '../common/interceptors';
import type { LogMetadata } from '../common/logger';
import type { Loose } from '../common/loose';
import { noopMetricMeter, type MetricMeter } from '../common/metrics';
import { currentOrNone, currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';

export type SinkFunction = (...args: Loose[]) => void;
export type Sink = Record<string, SinkFunction>;
export type Sinks = Record<string, Sink>;

const LOGGER_SINK = '__temporal_logger';
type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export interface WorkflowLogger {
  log(level: string, message: string, attrs?: LogMetadata): void;
  trace(message: string, attrs?: LogMetadata): void;
  debug(message: string, attrs?: LogMetadata): void;
  info(message: string, attrs?: LogMetadata): void;
  warn(message: string, attrs?: LogMetadata): void;
  error(message: string, attrs?: LogMetadata): void;
}

/** Lines of the worker's logger. */
export const log: WorkflowLogger = {
  log: (level, message, attrs) => write(level.toLowerCase() as Level, message, attrs),
  trace: (message, attrs) => write('trace', message, attrs),
  debug: (message, attrs) => write('debug', message, attrs),
  info: (message, attrs) => write('info', message, attrs),
  warn: (message, attrs) => write('warn', message, attrs),
  error: (message, attrs) => write('error', message, attrs),
};

/** Counts nothing yet. */
export const metricMeter: MetricMeter = noopMetricMeter;

/** Functions of the worker that are called after the commit, without an answer. */
export function proxySinks<T extends Sinks>(): T {
  return new Proxy({} as T, {
    get: (_target, sink) =>
      new Proxy(
        {},
        {
          get:
            (_inner, fn) =>
            (...args: unknown[]) =>
              currentRun('Sinks').sink(String(sink), String(fn), args),
        },
      ),
  });
}

function write(level: Level, message: string, attrs: LogMetadata | undefined): void {
  const run = currentOrNone();
  if (run === undefined) throw new IllegalStateError('log may only be used from workflow code');
  writeFor(run, level, message, attrs);
}

/** @internal */
export function writeFor(
  run: RunContext,
  level: Level,
  message: string,
  attrs: LogMetadata | undefined,
): void {
  const { outbound = [] } = run.interceptors;
  const attributes =
    outbound.length === 0
      ? attrs
      : composeInterceptors(outbound, 'getLogAttributes', (given) => ({ ...given, ...attrs }))({});
  run.sink(LOGGER_SINK, level, attributes === undefined ? [message] : [message, attributes]);
}
