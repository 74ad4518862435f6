// Interceptors of workflow code: the types that users implement. Modules of a worker's `interceptors.workflowModules` export a
// factory named `interceptors`. Runs in the realm.
import type { Headers, Next } from '../common/interceptors';
import type { ActivityOptions } from '../common/activity-options';
import type { ChildWorkflowOptionsWithDefaults, ContinueAsNewOptions } from './options';

export type { Next };
export interface WorkflowExecuteInput {
  readonly args: unknown[];
  readonly headers: Headers;
}
export interface SignalInput {
  readonly signalName: string;
  readonly args: unknown[];
  readonly headers: Headers;
}
export interface QueryInput {
  readonly queryId: string;
  readonly queryName: string;
  readonly args: unknown[];
  readonly headers: Headers;
}
export interface WorkflowInboundCallsInterceptor {
  execute?: (
    input: WorkflowExecuteInput,
    next: Next<WorkflowInboundCallsInterceptor, 'execute'>,
  ) => Promise<unknown>;
  handleSignal?: (
    input: SignalInput,
    next: Next<WorkflowInboundCallsInterceptor, 'handleSignal'>,
  ) => Promise<void>;
  handleQuery?: (
    input: QueryInput,
    next: Next<WorkflowInboundCallsInterceptor, 'handleQuery'>,
  ) => Promise<unknown>;
}

export interface TimerOptions {
  /** One line, shown to people. */
  readonly summary?: string;
}
export interface TimerInput {
  readonly durationMs: number;
  readonly seq: number;
  readonly options?: TimerOptions;
}
export interface ActivityInput {
  readonly activityType: string;
  readonly args: unknown[];
  readonly options: ActivityOptions;
  readonly headers: Headers;
  readonly seq: number;
}
export interface StartChildWorkflowExecutionInput {
  readonly workflowType: string;
  readonly options: ChildWorkflowOptionsWithDefaults;
  readonly headers: Headers;
  readonly seq: number;
}
export interface SignalWorkflowInput {
  readonly seq: number;
  readonly signalName: string;
  readonly args: unknown[];
  readonly headers: Headers;
  readonly target:
    | {
        readonly type: 'external';
        readonly workflowExecution: { readonly workflowId: string; readonly runId?: string };
      }
    | { readonly type: 'child'; readonly childWorkflowId: string };
}
export type ContinueAsNewInputOptions = ContinueAsNewOptions & { readonly workflowType: string };
export interface ContinueAsNewInput {
  readonly args: unknown[];
  readonly headers: Headers;
  readonly options: ContinueAsNewInputOptions;
}
export type GetLogAttributesInput = Record<string, unknown>;

export interface WorkflowOutboundCallsInterceptor {
  startTimer?: (
    input: TimerInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'startTimer'>,
  ) => Promise<void>;
  scheduleActivity?: (
    input: ActivityInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>,
  ) => Promise<unknown>;
  startChildWorkflowExecution?: (
    input: StartChildWorkflowExecutionInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'startChildWorkflowExecution'>,
  ) => Promise<[Promise<string>, Promise<unknown>]>;
  signalWorkflow?: (
    input: SignalWorkflowInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'signalWorkflow'>,
  ) => Promise<void>;
  continueAsNew?: (
    input: ContinueAsNewInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'continueAsNew'>,
  ) => Promise<never>;
  getLogAttributes?: (
    input: GetLogAttributesInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'getLogAttributes'>,
  ) => Record<string, unknown>;
}

export interface DisposeInput {
  readonly reason?: string;
}
export interface WorkflowInternalsInterceptor {
  activate?: (input: unknown, next: (input: unknown) => void) => void;
  concludeActivation?: (input: unknown, next: (input: unknown) => unknown) => unknown;
  dispose?: (input: DisposeInput, next: (input: DisposeInput) => Promise<void>) => Promise<void>;
}

export interface WorkflowInterceptors {
  readonly inbound?: WorkflowInboundCallsInterceptor[];
  readonly outbound?: WorkflowOutboundCallsInterceptor[];
  readonly internals?: WorkflowInternalsInterceptor[];
}
export type WorkflowInterceptorsFactory = () => WorkflowInterceptors;
