// Interceptors of a workflow client: Temporal's inputs and outputs, and how they are put before the calls themselves.
import { composeInterceptors, type Headers, type Next } from '../common/interceptors';
import type { QueryRejectCondition } from './query-reject-condition';
import type { CompiledWorkflowOptions } from './workflow-options';
import type { WorkflowExecutionDescription } from './workflow-info';

/** A run: without a run id, the current one. */
export interface TargetExecution {
  readonly workflowId: string;
  readonly runId?: string;
}

export interface WorkflowStartInput {
  readonly workflowType: string;
  readonly headers: Headers;
  readonly options: CompiledWorkflowOptions;
}
export interface WorkflowStartOutput {
  readonly runId: string;
  readonly eagerlyStarted: boolean;
  /** First run of the chain to which the run belongs. */
  readonly firstExecutionRunId?: string;
}
export interface WorkflowSignalInput {
  readonly signalName: string;
  readonly args: unknown[];
  readonly headers: Headers;
  readonly workflowExecution: TargetExecution;
  /** Repeats with the same id are one signal. */
  readonly requestId?: string;
}
export interface WorkflowSignalWithStartInput {
  readonly workflowType: string;
  readonly signalName: string;
  readonly signalArgs: unknown[];
  readonly headers: Headers;
  readonly options: CompiledWorkflowOptions;
}
export interface WorkflowQueryInput {
  readonly queryType: string;
  readonly args: unknown[];
  readonly workflowExecution: TargetExecution;
  readonly queryRejectCondition?: QueryRejectCondition;
  readonly headers: Headers;
}
export interface WorkflowTerminateInput {
  readonly workflowExecution: TargetExecution;
  readonly reason?: string;
  readonly details?: unknown[];
  readonly firstExecutionRunId?: string;
}
export interface WorkflowCancelInput {
  readonly workflowExecution: TargetExecution;
  readonly firstExecutionRunId?: string;
  readonly reason?: string;
}
export interface WorkflowDescribeInput {
  readonly workflowExecution: TargetExecution;
}

/** Temporal's answer to a terminate and a cancel: nothing. */
export type EmptyResponse = Record<string, never>;
type Then<K extends keyof WorkflowClientInterceptor> = Next<WorkflowClientInterceptor, K>;

export interface WorkflowClientInterceptor {
  /** Resolves to the run id. */
  start?: (
    input: WorkflowStartInput,
    next: (input: WorkflowStartInput) => Promise<string>,
  ) => Promise<string>;
  startWithDetails?: (
    input: WorkflowStartInput,
    next: (input: WorkflowStartInput) => Promise<WorkflowStartOutput>,
  ) => Promise<WorkflowStartOutput>;
  signal?: (input: WorkflowSignalInput, next: (input: WorkflowSignalInput) => Promise<void>) => Promise<void>;
  /** Resolves to the run id. */
  signalWithStart?: (
    input: WorkflowSignalWithStartInput,
    next: (input: WorkflowSignalWithStartInput) => Promise<string>,
  ) => Promise<string>;
  query?: (
    input: WorkflowQueryInput,
    next: (input: WorkflowQueryInput) => Promise<unknown>,
  ) => Promise<unknown>;
  terminate?: (
    input: WorkflowTerminateInput,
    next: (input: WorkflowTerminateInput) => Promise<EmptyResponse>,
  ) => Promise<EmptyResponse>;
  cancel?: (
    input: WorkflowCancelInput,
    next: (input: WorkflowCancelInput) => Promise<EmptyResponse>,
  ) => Promise<EmptyResponse>;
  describe?: (
    input: WorkflowDescribeInput,
    next: (input: WorkflowDescribeInput) => Promise<WorkflowExecutionDescription>,
  ) => Promise<WorkflowExecutionDescription>;
}

/** The calls themselves. */
export interface InterceptedCalls {
  startWithDetails: Then<'startWithDetails'>;
  signal: Then<'signal'>;
  signalWithStart: Then<'signalWithStart'>;
  query: Then<'query'>;
  terminate: Then<'terminate'>;
  cancel: Then<'cancel'>;
  describe: Then<'describe'>;
}

/** The first interceptor is the outermost. Without interceptors, `calls` itself. */
export function intercept(
  calls: InterceptedCalls,
  interceptors: readonly WorkflowClientInterceptor[],
): InterceptedCalls {
  if (interceptors.length === 0) return calls;
  const starting = interceptors.map(withDetails);
  return {
    startWithDetails: composeInterceptors(starting, 'startWithDetails', calls.startWithDetails),
    signal: composeInterceptors(interceptors, 'signal', calls.signal),
    signalWithStart: composeInterceptors(interceptors, 'signalWithStart', calls.signalWithStart),
    query: composeInterceptors(interceptors, 'query', calls.query),
    terminate: composeInterceptors(interceptors, 'terminate', calls.terminate),
    cancel: composeInterceptors(interceptors, 'cancel', calls.cancel),
    describe: composeInterceptors(interceptors, 'describe', calls.describe),
  };
}

/** An interceptor of plain starts is one of starts with details that passes the details on. */
function withDetails(interceptor: WorkflowClientInterceptor): WorkflowClientInterceptor {
  if (interceptor.startWithDetails !== undefined || interceptor.start === undefined) return interceptor;
  const { start } = interceptor;
  return {
    startWithDetails: async (input, next) => {
      let details: WorkflowStartOutput | undefined;
      const runId = await start.call(interceptor, input, async (passedOn) => {
        details = await next(passedOn);
        return details.runId;
      });
      return { eagerlyStarted: false, ...details, runId };
    },
  };
}
