// What enters a mailbox: the only way in. Plain data, encoded once for the trip over the thread border.
import type {
  CloseEvent,
  Headers,
  ParentInfo,
  RunOptions,
  TurnStamp,
  SdkMetadata,
  UserMetadata,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowTaskFailedCause,
} from './event';
import type { Command } from './command';
import type { Failure } from './failure';
import type { Address, EventId, Execution, Namespace, RunId, WorkflowId } from './ids';
import type { Payload, Payloads } from './payload';
import type { DurationMs, EpochMs } from './time';

/** Names the caller that waits for an answer; 0 when nobody does. Given by the host, echoed in the `answer` effect. */
export type WaiterId = number;

/** The run and event that made a cross-run message: (runId, eventId) is the receiver's request id, so repeats are dropped. */
export interface Sender {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly eventId: EventId;
}

interface MessageOf<Kind extends string> {
  readonly kind: Kind;
  readonly to: Address;
}
interface Asked {
  readonly waiter: WaiterId;
}

export interface StartMessage extends MessageOf<'start'>, Asked {
  /** Run id the new run will have (UUIDv7, made by the host). */
  readonly newRunId: RunId;
  readonly requestId: string;
  readonly identity: string;
  readonly options: RunOptions;
  readonly reusePolicy: WorkflowIdReusePolicy;
  readonly conflictPolicy: WorkflowIdConflictPolicy;
  readonly startDelayMs?: DurationMs;
  readonly userMetadata?: UserMetadata;
  /** Signal-with-start. */
  readonly signal?: SignalBody;
}
export interface SignalBody {
  readonly signalName: string;
  readonly input: Payloads;
  readonly header: Headers;
  readonly requestId: string;
}
/** From a parent's START_CHILD_INITIATED. Answered by a `childStarted` or `childStartFailed` message. */
export interface StartChildMessage extends MessageOf<'startChild'> {
  readonly newRunId: RunId;
  readonly parent: ParentInfo;
  readonly root: Execution;
  readonly options: RunOptions;
  readonly reusePolicy: WorkflowIdReusePolicy;
  readonly userMetadata?: UserMetadata;
}
export interface SignalMessage extends MessageOf<'signal'>, Asked {
  readonly signal: SignalBody;
  readonly identity: string;
  /** Set when workflow code sent it: answered by a `signalExternalResolved` message. */
  readonly sender?: Sender;
  /** Only if the target is a child of the sender. */
  readonly childWorkflowOnly?: boolean;
}
export interface CancelMessage extends MessageOf<'cancel'>, Asked {
  readonly requestId: string;
  readonly identity: string;
  readonly reason?: string;
  /** Any run of the chain that began with this run. */
  readonly firstExecutionRunId?: RunId;
  readonly sender?: Sender;
  readonly childWorkflowOnly?: boolean;
  /** Sent by a closing parent: answered by `owedSettled`. */
  readonly owedBy?: OwedBy;
}
export interface TerminateMessage extends MessageOf<'terminate'>, Asked {
  readonly identity: string;
  readonly reason?: string;
  readonly details?: Payloads;
  readonly firstExecutionRunId?: RunId;
  readonly owedBy?: OwedBy;
}
/** The closed run that owes this send, and which of its sends it is. */
export interface OwedBy {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly key: string;
}
export interface QueryMessage extends MessageOf<'query'>, Asked {
  readonly queryType: string;
  readonly input: Payloads;
  readonly header: Headers;
  readonly rejectCondition: 'NONE' | 'NOT_OPEN' | 'NOT_COMPLETED_CLEANLY';
  /** Nobody waits for the answer any more. */
  readonly expiresAt: EpochMs;
}
export interface DescribeMessage extends MessageOf<'describe'>, Asked {}
/** Removes a closed run and everything of it; refused while it owes. An open run is terminated first. */
export interface DeleteMessage extends MessageOf<'delete'>, Asked {
  readonly identity: string;
}

/** Something of this run is due: timers, timeouts, back-offs, retention. The fold knows what. */
export interface WakeMessage extends MessageOf<'wake'> {}

/** A slot is free for an activity that waits: begin the attempt. */
export interface ActivityGrantedMessage extends MessageOf<'activityGranted'> {
  readonly scheduledEventId: EventId;
  readonly attempt: number;
  readonly identity: string;
}
/** Which attempt of which activity. By id when an outside caller completes it without a token. */
export type ActivityRef =
  | { readonly kind: 'attempt'; readonly scheduledEventId: EventId; readonly attempt: number }
  | { readonly kind: 'id'; readonly activityId: string };
export interface ActivityResolvedMessage extends MessageOf<'activityResolved'>, Asked {
  readonly activity: ActivityRef;
  readonly identity: string;
  readonly outcome: ActivityOutcome;
}
export type ActivityOutcome =
  | { readonly kind: 'completed'; readonly result: Payload }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly lastHeartbeatDetails?: Payload }
  | { readonly kind: 'canceled'; readonly details?: Payloads }
  /** The function threw CompleteAsyncError: the attempt goes on without a slot. */
  | { readonly kind: 'willCompleteAsync' };
export interface ActivityHeartbeatMessage extends MessageOf<'activityHeartbeat'>, Asked {
  readonly activity: ActivityRef;
  readonly identity: string;
  readonly details?: Payload;
}

/** To the parent: the child's first run exists. Answered by `firstTaskReleased`. */
export interface ChildStartedMessage extends MessageOf<'childStarted'> {
  readonly initiatedEventId: EventId;
  readonly child: Execution;
  readonly namespace: Namespace;
}
export interface ChildStartFailedMessage extends MessageOf<'childStartFailed'> {
  readonly initiatedEventId: EventId;
  readonly cause: 'WORKFLOW_ALREADY_EXISTS' | 'NAMESPACE_NOT_FOUND';
}
/** To the child: its parent has recorded CHILD_STARTED (or is closed: `parentGone`, and the child goes the way of its close policy). */
export interface FirstTaskReleasedMessage extends MessageOf<'firstTaskReleased'> {
  readonly parentGone: boolean;
}
/** To the parent, from the last run of the child's chain. Answered by `owedSettled`. */
export interface ChildClosedMessage extends MessageOf<'childClosed'> {
  readonly initiatedEventId: EventId;
  /** Last run of the chain. */
  readonly child: Execution;
  readonly namespace: Namespace;
  readonly closeEvent: CloseEvent;
}
export interface OwedSettledMessage extends MessageOf<'owedSettled'> {
  readonly key: string;
}
/** To the sender of an external signal or cancel. `cause` absent: delivered. */
export interface ExternalResolvedMessage extends MessageOf<'externalResolved'> {
  readonly what: 'signal' | 'cancel';
  readonly initiatedEventId: EventId;
  readonly cause?:
    'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND' | 'NAMESPACE_NOT_FOUND' | 'SIGNAL_COUNT_LIMIT_EXCEEDED';
}

/** A turn's life as messages: the executor's answers. In-process they come in the same drain. */
export interface TurnStartedMessage extends MessageOf<'turnStarted'> {
  readonly identity: string;
  readonly requestId: string;
}
export interface TurnCompletedMessage extends MessageOf<'turnCompleted'> {
  readonly startedEventId: EventId;
  readonly identity: string;
  readonly commands: readonly Command[];
  readonly stamp: TurnStamp;
  readonly sdkMetadata?: SdkMetadata;
  /** Activity slots the host has set aside for this drain: that many scheduled activities begin in this batch. */
  readonly eagerSlots?: number;
}
export interface TurnFailedMessage extends MessageOf<'turnFailed'> {
  readonly startedEventId: EventId;
  readonly identity: string;
  readonly cause: WorkflowTaskFailedCause;
  readonly failure: Failure;
}
/** The lane died, or exceeded the turn limit, while this run's code was on. */
export interface StruckMessage extends MessageOf<'struck'> {
  readonly reason: string;
}

export type Message =
  | StartMessage
  | StartChildMessage
  | SignalMessage
  | CancelMessage
  | TerminateMessage
  | QueryMessage
  | DescribeMessage
  | DeleteMessage
  | WakeMessage
  | ActivityGrantedMessage
  | ActivityResolvedMessage
  | ActivityHeartbeatMessage
  | ChildStartedMessage
  | ChildStartFailedMessage
  | FirstTaskReleasedMessage
  | ChildClosedMessage
  | OwedSettledMessage
  | ExternalResolvedMessage
  | TurnStartedMessage
  | TurnCompletedMessage
  | TurnFailedMessage
  | StruckMessage;

export type MessageKind = Message['kind'];
export type MessageByKind<K extends MessageKind> = Extract<Message, { readonly kind: K }>;

/** Whom `to` names when it was written down by workflow code of another run. */
export const addressOf = (namespace: Namespace, workflowId: WorkflowId, runId?: RunId): Address =>
  runId === undefined ? { namespace, workflowId } : { namespace, workflowId, runId };
