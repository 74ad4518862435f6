// A failure as data, field for field Temporal's Failure message. The error classes users see are made from it in `common`.
import type { EventId, RunId, WorkflowId } from './ids';
import { payloadSize, payloadsSize } from './payload';
import type { Payload, Payloads } from './payload';
import type { DurationMs } from './time';

export type TimeoutType = 'START_TO_CLOSE' | 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT';

export type RetryState =
  | 'IN_PROGRESS'
  | 'NON_RETRYABLE_FAILURE'
  | 'TIMEOUT'
  | 'MAXIMUM_ATTEMPTS_REACHED'
  | 'RETRY_POLICY_NOT_SET'
  | 'INTERNAL_SERVER_ERROR'
  | 'CANCEL_REQUESTED';

export interface Failure {
  readonly message: string;
  /** `TypeScriptSDK`, `Server`, … */
  readonly source?: string;
  readonly stackTrace?: string;
  /** Message and stack trace, when a failure converter encodes them. */
  readonly encodedAttributes?: Payload;
  readonly cause?: Failure;
  /** Absent: a failure without further attributes (a plain TemporalFailure). */
  readonly info?: FailureInfo;
}

export type FailureInfo =
  | ApplicationFailureInfo
  | { readonly kind: 'timeout'; readonly timeoutType: TimeoutType; readonly lastHeartbeatDetails?: Payloads }
  | { readonly kind: 'canceled'; readonly details?: Payloads }
  | { readonly kind: 'terminated' }
  | { readonly kind: 'server'; readonly nonRetryable: boolean }
  | { readonly kind: 'resetWorkflow'; readonly lastHeartbeatDetails?: Payloads }
  | ActivityFailureInfo
  | ChildWorkflowFailureInfo;

export interface ApplicationFailureInfo {
  readonly kind: 'application';
  readonly type?: string;
  readonly nonRetryable: boolean;
  readonly details?: Payloads;
  readonly nextRetryDelayMs?: DurationMs;
  readonly category?: 'BENIGN';
}

export interface ActivityFailureInfo {
  readonly kind: 'activity';
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly identity: string;
  readonly activityType: string;
  readonly activityId: string;
  readonly retryState?: RetryState;
}

export interface ChildWorkflowFailureInfo {
  readonly kind: 'childWorkflow';
  readonly namespace: string;
  readonly workflowId: WorkflowId;
  readonly runId?: RunId;
  readonly workflowType: string;
  readonly initiatedEventId: EventId;
  readonly startedEventId: EventId;
  readonly retryState?: RetryState;
}

/** Texts and payloads; lengths of texts are in UTF-16, a lower bound of their bytes. */
export function failureSize(failure: Failure): number {
  const { message, source, stackTrace, encodedAttributes, cause, info } = failure;
  return (
    message.length +
    (source?.length ?? 0) +
    (stackTrace?.length ?? 0) +
    (encodedAttributes === undefined ? 0 : payloadSize(encodedAttributes)) +
    (info === undefined ? 0 : payloadsSize(payloadsOf(info))) +
    (cause === undefined ? 0 : failureSize(cause))
  );
}

function payloadsOf(info: FailureInfo): Payloads {
  switch (info.kind) {
    case 'application':
    case 'canceled':
      return info.details ?? [];
    case 'timeout':
    case 'resetWorkflow':
      return info.lastHeartbeatDetails ?? [];
    case 'activity':
    case 'childWorkflow':
    case 'server':
    case 'terminated':
      return [];
  }
}
