// What a caller is answered. Every reply leaves a shard as an effect, after the commit it rests on.
import type { CloseEvent, RunStatus } from './event';
import type { ActivityState } from './fact';
import type { Failure } from './failure';
import type { Execution, Namespace, RunId, TaskQueueName } from './ids';
import type { Payload, PayloadMap } from './payload';
import type { DurationMs, EpochMs } from './time';

/** Why a request was refused; the client turns each into Temporal's error class. */
export type Refusal =
  | { readonly kind: 'notFound'; readonly message: string }
  | { readonly kind: 'alreadyStarted'; readonly message: string; readonly runId: RunId }
  | { readonly kind: 'invalidArgument'; readonly message: string }
  | { readonly kind: 'failedPrecondition'; readonly message: string }
  | { readonly kind: 'resourceExhausted'; readonly message: string }
  | { readonly kind: 'queryRejected'; readonly status: RunStatus }
  | { readonly kind: 'queryFailed'; readonly failure: Failure; readonly notRegistered: boolean }
  /** The attempt is over, was replaced, or never was. */
  | { readonly kind: 'activityNotFound'; readonly message: string }
  /** Nobody could answer in time. */
  | { readonly kind: 'deadlineExceeded'; readonly message: string };

export type Reply =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      readonly kind: 'started';
      readonly runId: RunId;
      readonly firstExecutionRunId: RunId;
      readonly isNew: boolean;
    }
  | { readonly kind: 'signaled'; readonly runId: RunId }
  | { readonly kind: 'done' }
  | { readonly kind: 'queryAnswered'; readonly result: Payload }
  | { readonly kind: 'heartbeatRecorded'; readonly cancelRequested: boolean }
  | { readonly kind: 'described'; readonly description: RunDescription };

export type ReplyKind = Reply['kind'];

export interface PendingActivityDescription {
  readonly activityId: string;
  readonly activityType: string;
  readonly state: ActivityState['kind'];
  readonly cancelRequested: boolean;
  readonly attempt: number;
  readonly maximumAttempts: number;
  readonly scheduledAt: EpochMs;
  readonly lastStartedAt?: EpochMs;
  readonly lastHeartbeatAt?: EpochMs;
  readonly heartbeatDetails?: Payload;
  readonly lastFailure?: Failure;
  readonly nextAttemptAt?: EpochMs;
  readonly identity?: string;
}
export interface PendingChildDescription {
  readonly execution: Execution | { readonly workflowId: Execution['workflowId'] };
  readonly workflowType: string;
  readonly initiatedEventId: number;
}
export interface PendingWorkflowTaskDescription {
  readonly state: 'scheduled' | 'started';
  readonly scheduledAt: EpochMs;
  readonly startedAt?: EpochMs;
  readonly attempt: number;
  readonly lastFailure?: Failure;
  readonly nextAttemptAt?: EpochMs;
}

export interface RunDescription {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly status: RunStatus;
  readonly historyLength: number;
  readonly historySizeBytes: number;
  readonly startTime: EpochMs;
  /** Start plus first back-off. */
  readonly executionTime: EpochMs;
  readonly closeTime?: EpochMs;
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  readonly parent?: { readonly namespace: Namespace; readonly execution: Execution };
  readonly root?: Execution;
  readonly firstExecutionRunId: RunId;
  readonly executionTimeoutMs?: DurationMs;
  readonly runTimeoutMs?: DurationMs;
  readonly taskTimeoutMs: DurationMs;
  readonly staticSummary?: Payload;
  readonly staticDetails?: Payload;
  readonly pendingActivities: readonly PendingActivityDescription[];
  readonly pendingChildren: readonly PendingChildDescription[];
  readonly pendingWorkflowTask?: PendingWorkflowTaskDescription;
  readonly cancelRequested: boolean;
  readonly strikes: number;
  readonly closeEvent?: CloseEvent;
}
