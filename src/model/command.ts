// What a completed turn asks of its run. Temporal's server commands: they name events, not the sequence numbers of workflow code.
import type {
  ExternalTarget,
  Headers,
  ParentClosePolicy,
  UserMetadata,
  WorkflowIdReusePolicy,
} from './event';
import type { Failure } from './failure';
import type { EventId, Namespace, TaskQueueName, WorkflowId } from './ids';
import type { Payload, PayloadMap, Payloads } from './payload';
import type { RetryPolicy } from './retry-policy';
import type { DurationMs } from './time';

interface CommandOf<Kind extends string> {
  readonly kind: Kind;
  readonly userMetadata?: UserMetadata;
}

export interface ScheduleActivityTask extends CommandOf<'scheduleActivityTask'> {
  readonly activityId: string;
  readonly activityType: string;
  readonly taskQueue: TaskQueueName;
  readonly header: Headers;
  readonly input: Payloads;
  /** Absent or 0: not set. `decide` fills in what is missing by Temporal's rules. */
  readonly scheduleToCloseTimeoutMs?: DurationMs;
  readonly scheduleToStartTimeoutMs?: DurationMs;
  readonly startToCloseTimeoutMs?: DurationMs;
  readonly heartbeatTimeoutMs?: DurationMs;
  readonly retryPolicy?: Partial<RetryPolicy>;
}
export interface RequestCancelActivityTask extends CommandOf<'requestCancelActivityTask'> {
  readonly scheduledEventId: EventId;
}
export interface StartTimer extends CommandOf<'startTimer'> {
  readonly timerId: string;
  readonly startToFireTimeoutMs: DurationMs;
}
export interface CancelTimer extends CommandOf<'cancelTimer'> {
  readonly timerId: string;
}
export interface CompleteWorkflowExecution extends CommandOf<'completeWorkflowExecution'> {
  readonly result?: Payload;
}
export interface FailWorkflowExecution extends CommandOf<'failWorkflowExecution'> {
  readonly failure: Failure;
}
export interface CancelWorkflowExecution extends CommandOf<'cancelWorkflowExecution'> {
  readonly details?: Payloads;
}
export interface ContinueAsNewWorkflowExecution extends CommandOf<'continueAsNewWorkflowExecution'> {
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly input: Payloads;
  readonly header: Headers;
  /** Absent: the current run's. */
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  readonly retryPolicy?: Partial<RetryPolicy>;
  readonly runTimeoutMs?: DurationMs;
  readonly taskTimeoutMs?: DurationMs;
  readonly backoffStartIntervalMs?: DurationMs;
}
export interface StartChildWorkflowExecution extends CommandOf<'startChildWorkflowExecution'> {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly input: Payloads;
  readonly header: Headers;
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  readonly executionTimeoutMs?: DurationMs;
  readonly runTimeoutMs?: DurationMs;
  readonly taskTimeoutMs?: DurationMs;
  readonly parentClosePolicy?: ParentClosePolicy;
  readonly workflowIdReusePolicy?: WorkflowIdReusePolicy;
  readonly retryPolicy?: Partial<RetryPolicy>;
  readonly cronSchedule?: string;
}
export interface SignalExternalWorkflowExecution
  extends CommandOf<'signalExternalWorkflowExecution'>, ExternalTarget {
  readonly signalName: string;
  readonly input: Payloads;
  readonly header: Headers;
  readonly childWorkflowOnly: boolean;
}
export interface RequestCancelExternalWorkflowExecution
  extends CommandOf<'requestCancelExternalWorkflowExecution'>, ExternalTarget {
  readonly childWorkflowOnly: boolean;
  readonly reason?: string;
}
export interface RecordMarker extends CommandOf<'recordMarker'> {
  readonly markerName: string;
  readonly details: Readonly<Record<string, Payloads>>;
  readonly failure?: Failure;
}
export interface UpsertSearchAttributes extends CommandOf<'upsertWorkflowSearchAttributes'> {
  readonly searchAttributes: PayloadMap;
}
export interface ModifyProperties extends CommandOf<'modifyWorkflowProperties'> {
  readonly upsertedMemo: PayloadMap;
}

export type Command =
  | ScheduleActivityTask
  | RequestCancelActivityTask
  | StartTimer
  | CancelTimer
  | CompleteWorkflowExecution
  | FailWorkflowExecution
  | CancelWorkflowExecution
  | ContinueAsNewWorkflowExecution
  | StartChildWorkflowExecution
  | SignalExternalWorkflowExecution
  | RequestCancelExternalWorkflowExecution
  | RecordMarker
  | UpsertSearchAttributes
  | ModifyProperties;

export type CommandKind = Command['kind'];
export type CommandByKind<K extends CommandKind> = Extract<Command, { readonly kind: K }>;
