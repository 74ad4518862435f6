// What is remembered and replayed. Temporal's event types, ids and attributes; durations in ms, times as EpochMs.
import type { Failure, RetryState, TimeoutType } from './failure';
import type { EventId, Execution, Namespace, RunId, TaskQueueName, WorkflowId } from './ids';
import type { PayloadMap, Payload, Payloads } from './payload';
import type { RetryPolicy } from './retry-policy';
import type { DurationMs, EpochMs } from './time';

export type WorkflowIdReusePolicy = 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY' | 'REJECT_DUPLICATE';
export type WorkflowIdConflictPolicy = 'FAIL' | 'USE_EXISTING' | 'TERMINATE_EXISTING';
export type ParentClosePolicy = 'TERMINATE' | 'ABANDON' | 'REQUEST_CANCEL';
export type ContinueAsNewInitiator = 'WORKFLOW' | 'RETRY' | 'CRON_SCHEDULE';
export type Headers = PayloadMap;

/** Why a workflow task failed. Temporal's WorkflowTaskFailedCause, without the prefix. */
export type WorkflowTaskFailedCause =
  | 'UNHANDLED_COMMAND'
  | 'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES'
  | 'BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES'
  | 'BAD_START_TIMER_ATTRIBUTES'
  | 'BAD_CANCEL_TIMER_ATTRIBUTES'
  | 'BAD_RECORD_MARKER_ATTRIBUTES'
  | 'BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES'
  | 'BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES'
  | 'BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES'
  | 'BAD_REQUEST_CANCEL_EXTERNAL_ATTRIBUTES'
  | 'BAD_CONTINUE_AS_NEW_ATTRIBUTES'
  | 'START_TIMER_DUPLICATE_ID'
  | 'WORKFLOW_WORKER_UNHANDLED_FAILURE'
  | 'BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES'
  | 'BAD_START_CHILD_EXECUTION_ATTRIBUTES'
  | 'FORCE_CLOSE_COMMAND'
  | 'RESET_WORKFLOW'
  | 'SCHEDULE_ACTIVITY_DUPLICATE_ID'
  | 'BAD_SEARCH_ATTRIBUTES'
  | 'NON_DETERMINISTIC_ERROR'
  | 'BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES'
  | 'PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED'
  | 'PENDING_ACTIVITIES_LIMIT_EXCEEDED'
  | 'PENDING_SIGNALS_LIMIT_EXCEEDED'
  | 'PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED'
  | 'PAYLOADS_TOO_LARGE';

/** Strings shown to people beside an event; never read by workflow code. */
export interface UserMetadata {
  readonly summary?: Payload;
  readonly details?: Payload;
}

interface EventOf<Kind extends string> {
  readonly kind: Kind;
  readonly eventId: EventId;
  readonly at: EpochMs;
  readonly userMetadata?: UserMetadata;
}

/** What every way of starting a run has in common; the first event carries it, and retry, cron and continue-as-new copy it. */
export interface RunOptions {
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly input: Payloads;
  readonly header: Headers;
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  /** Whole chain of runs; absent: unlimited. */
  readonly executionTimeoutMs?: DurationMs;
  /** This run; absent: unlimited. */
  readonly runTimeoutMs?: DurationMs;
  readonly taskTimeoutMs: DurationMs;
  readonly retryPolicy?: RetryPolicy;
  readonly cronSchedule?: string;
}

export interface ParentInfo {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly initiatedEventId: EventId;
}

export interface WorkflowExecutionStarted extends EventOf<'workflowExecutionStarted'>, RunOptions {
  readonly workflowId: WorkflowId;
  readonly originalExecutionRunId: RunId;
  readonly firstExecutionRunId: RunId;
  readonly continuedExecutionRunId?: RunId;
  readonly initiator?: ContinueAsNewInitiator;
  readonly continuedFailure?: Failure;
  readonly lastCompletionResult?: Payloads;
  readonly identity: string;
  /** 1 for the first run of a retry chain. */
  readonly attempt: number;
  readonly executionExpirationTime?: EpochMs;
  /** The first workflow task is scheduled only after this. */
  readonly firstWorkflowTaskBackoffMs?: DurationMs;
  readonly parent?: ParentInfo;
  /** Absent: this run is its own root. */
  readonly root?: Execution;
}
export interface WorkflowExecutionCompleted extends EventOf<'workflowExecutionCompleted'> {
  readonly result?: Payload;
  readonly workflowTaskCompletedEventId: EventId;
  readonly newExecutionRunId?: RunId;
}
export interface WorkflowExecutionFailed extends EventOf<'workflowExecutionFailed'> {
  readonly failure: Failure;
  readonly retryState: RetryState;
  readonly workflowTaskCompletedEventId: EventId;
  readonly newExecutionRunId?: RunId;
}
export interface WorkflowExecutionTimedOut extends EventOf<'workflowExecutionTimedOut'> {
  readonly retryState: RetryState;
  readonly newExecutionRunId?: RunId;
}
export interface WorkflowExecutionCanceled extends EventOf<'workflowExecutionCanceled'> {
  readonly details?: Payloads;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface WorkflowExecutionTerminated extends EventOf<'workflowExecutionTerminated'> {
  readonly reason?: string;
  readonly details?: Payloads;
  readonly identity: string;
}
export interface WorkflowExecutionContinuedAsNew extends EventOf<'workflowExecutionContinuedAsNew'> {
  readonly newExecutionRunId: RunId;
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly input: Payloads;
  readonly header: Headers;
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  readonly runTimeoutMs?: DurationMs;
  readonly taskTimeoutMs: DurationMs;
  readonly backoffStartIntervalMs?: DurationMs;
  readonly initiator: ContinueAsNewInitiator;
  readonly failure?: Failure;
  readonly lastCompletionResult?: Payloads;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface WorkflowExecutionSignaled extends EventOf<'workflowExecutionSignaled'> {
  readonly signalName: string;
  readonly input: Payloads;
  readonly identity: string;
  readonly header: Headers;
  /** The run whose workflow code sent it, if one did. */
  readonly externalWorkflowExecution?: Execution;
  readonly requestId?: string;
}
export interface WorkflowExecutionCancelRequested extends EventOf<'workflowExecutionCancelRequested'> {
  readonly cause?: string;
  readonly identity: string;
  readonly externalInitiatedEventId?: EventId;
  readonly externalWorkflowExecution?: Execution;
  readonly requestId?: string;
}

export interface WorkflowTaskScheduled extends EventOf<'workflowTaskScheduled'> {
  readonly taskQueue: TaskQueueName;
  readonly startToCloseTimeoutMs: DurationMs;
  readonly attempt: number;
}
export interface WorkflowTaskStarted extends EventOf<'workflowTaskStarted'> {
  readonly scheduledEventId: EventId;
  readonly identity: string;
  readonly requestId: string;
  readonly historySizeBytes: number;
  readonly suggestContinueAsNew: boolean;
}
/** What a turn leaves for its own replay; kept with the task's completion. */
export interface TurnStamp {
  /** Content hash of the bundle that ran. */
  readonly bundleHash: string;
  /** Hash of the turn's commands, RNG draws and counters; 0 for histories of other SDKs. */
  readonly commandHash: number;
}
export interface SdkMetadata {
  readonly coreUsedFlags?: readonly number[];
  readonly langUsedFlags?: readonly number[];
  readonly sdkName?: string;
  readonly sdkVersion?: string;
}
export interface WorkflowTaskCompleted extends EventOf<'workflowTaskCompleted'> {
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly identity: string;
  readonly sdkMetadata?: SdkMetadata;
  readonly stamp?: TurnStamp;
  /** Recorded only by workers of other SDKs. */
  readonly buildId?: string;
}
export interface WorkflowTaskTimedOut extends EventOf<'workflowTaskTimedOut'> {
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly timeoutType: TimeoutType;
}
export interface WorkflowTaskFailed extends EventOf<'workflowTaskFailed'> {
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly cause: WorkflowTaskFailedCause;
  readonly failure?: Failure;
  readonly identity: string;
  readonly baseRunId?: RunId;
  readonly newRunId?: RunId;
}

export interface ActivityTaskScheduled extends EventOf<'activityTaskScheduled'> {
  readonly activityId: string;
  readonly activityType: string;
  readonly taskQueue: TaskQueueName;
  readonly header: Headers;
  readonly input: Payloads;
  readonly scheduleToCloseTimeoutMs: DurationMs;
  readonly scheduleToStartTimeoutMs: DurationMs;
  readonly startToCloseTimeoutMs: DurationMs;
  readonly heartbeatTimeoutMs: DurationMs;
  readonly retryPolicy: RetryPolicy;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface ActivityTaskStarted extends EventOf<'activityTaskStarted'> {
  readonly scheduledEventId: EventId;
  readonly identity: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly lastFailure?: Failure;
}
export interface ActivityTaskCompleted extends EventOf<'activityTaskCompleted'> {
  readonly result?: Payload;
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly identity: string;
}
export interface ActivityTaskFailed extends EventOf<'activityTaskFailed'> {
  readonly failure: Failure;
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly identity: string;
  readonly retryState: RetryState;
}
export interface ActivityTaskTimedOut extends EventOf<'activityTaskTimedOut'> {
  readonly failure: Failure;
  readonly scheduledEventId: EventId;
  /** 0 when no attempt had started. */
  readonly startedEventId: EventId;
  readonly retryState: RetryState;
}
export interface ActivityTaskCancelRequested extends EventOf<'activityTaskCancelRequested'> {
  readonly scheduledEventId: EventId;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface ActivityTaskCanceled extends EventOf<'activityTaskCanceled'> {
  readonly details?: Payloads;
  readonly latestCancelRequestedEventId: EventId;
  readonly scheduledEventId: EventId;
  readonly startedEventId: EventId;
  readonly identity: string;
}

export interface TimerStarted extends EventOf<'timerStarted'> {
  readonly timerId: string;
  readonly startToFireTimeoutMs: DurationMs;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface TimerFired extends EventOf<'timerFired'> {
  readonly timerId: string;
  readonly startedEventId: EventId;
}
export interface TimerCanceled extends EventOf<'timerCanceled'> {
  readonly timerId: string;
  readonly startedEventId: EventId;
  readonly workflowTaskCompletedEventId: EventId;
  readonly identity: string;
}

export interface StartChildWorkflowExecutionInitiated
  extends EventOf<'startChildWorkflowExecutionInitiated'>, RunOptions {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly parentClosePolicy: ParentClosePolicy;
  readonly workflowIdReusePolicy: WorkflowIdReusePolicy;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface StartChildWorkflowExecutionFailed extends EventOf<'startChildWorkflowExecutionFailed'> {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly workflowType: string;
  readonly cause: 'WORKFLOW_ALREADY_EXISTS' | 'NAMESPACE_NOT_FOUND';
  readonly initiatedEventId: EventId;
  readonly workflowTaskCompletedEventId: EventId;
}
/** What every event about a child names. */
export interface ChildRef {
  readonly namespace: Namespace;
  readonly workflowExecution: Execution;
  readonly workflowType: string;
  readonly initiatedEventId: EventId;
}
export interface ChildWorkflowExecutionStarted extends EventOf<'childWorkflowExecutionStarted'>, ChildRef {
  readonly header: Headers;
}
export interface ChildWorkflowExecutionCompleted
  extends EventOf<'childWorkflowExecutionCompleted'>, ChildRef {
  readonly result?: Payload;
  readonly startedEventId: EventId;
}
export interface ChildWorkflowExecutionFailed extends EventOf<'childWorkflowExecutionFailed'>, ChildRef {
  readonly failure: Failure;
  readonly retryState: RetryState;
  readonly startedEventId: EventId;
}
export interface ChildWorkflowExecutionCanceled extends EventOf<'childWorkflowExecutionCanceled'>, ChildRef {
  readonly details?: Payloads;
  readonly startedEventId: EventId;
}
export interface ChildWorkflowExecutionTimedOut extends EventOf<'childWorkflowExecutionTimedOut'>, ChildRef {
  readonly retryState: RetryState;
  readonly startedEventId: EventId;
}
export interface ChildWorkflowExecutionTerminated
  extends EventOf<'childWorkflowExecutionTerminated'>, ChildRef {
  readonly startedEventId: EventId;
}

export type ExternalFailedCause =
  'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND' | 'NAMESPACE_NOT_FOUND' | 'SIGNAL_COUNT_LIMIT_EXCEEDED';

/** The run that a signal or cancel command is aimed at. An absent run id is the current run. */
export interface ExternalTarget {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly runId?: RunId;
}
export interface SignalExternalWorkflowExecutionInitiated
  extends EventOf<'signalExternalWorkflowExecutionInitiated'>, ExternalTarget {
  readonly signalName: string;
  readonly input: Payloads;
  readonly header: Headers;
  readonly childWorkflowOnly: boolean;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface SignalExternalWorkflowExecutionFailed
  extends EventOf<'signalExternalWorkflowExecutionFailed'>, ExternalTarget {
  readonly cause: ExternalFailedCause;
  readonly initiatedEventId: EventId;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface ExternalWorkflowExecutionSignaled
  extends EventOf<'externalWorkflowExecutionSignaled'>, ExternalTarget {
  readonly initiatedEventId: EventId;
}
export interface RequestCancelExternalWorkflowExecutionInitiated
  extends EventOf<'requestCancelExternalWorkflowExecutionInitiated'>, ExternalTarget {
  readonly childWorkflowOnly: boolean;
  readonly reason?: string;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface RequestCancelExternalWorkflowExecutionFailed
  extends EventOf<'requestCancelExternalWorkflowExecutionFailed'>, ExternalTarget {
  readonly cause: ExternalFailedCause;
  readonly initiatedEventId: EventId;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface ExternalWorkflowExecutionCancelRequested
  extends EventOf<'externalWorkflowExecutionCancelRequested'>, ExternalTarget {
  readonly initiatedEventId: EventId;
}

export interface MarkerRecorded extends EventOf<'markerRecorded'> {
  readonly markerName: string;
  readonly details: Readonly<Record<string, Payloads>>;
  readonly header?: Headers;
  readonly failure?: Failure;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface UpsertWorkflowSearchAttributes extends EventOf<'upsertWorkflowSearchAttributes'> {
  readonly searchAttributes: PayloadMap;
  readonly workflowTaskCompletedEventId: EventId;
}
export interface WorkflowPropertiesModified extends EventOf<'workflowPropertiesModified'> {
  readonly upsertedMemo: PayloadMap;
  readonly workflowTaskCompletedEventId: EventId;
}

export type HistoryEvent =
  | WorkflowExecutionStarted
  | WorkflowExecutionCompleted
  | WorkflowExecutionFailed
  | WorkflowExecutionTimedOut
  | WorkflowExecutionCanceled
  | WorkflowExecutionTerminated
  | WorkflowExecutionContinuedAsNew
  | WorkflowExecutionSignaled
  | WorkflowExecutionCancelRequested
  | WorkflowTaskScheduled
  | WorkflowTaskStarted
  | WorkflowTaskCompleted
  | WorkflowTaskTimedOut
  | WorkflowTaskFailed
  | ActivityTaskScheduled
  | ActivityTaskStarted
  | ActivityTaskCompleted
  | ActivityTaskFailed
  | ActivityTaskTimedOut
  | ActivityTaskCancelRequested
  | ActivityTaskCanceled
  | TimerStarted
  | TimerFired
  | TimerCanceled
  | StartChildWorkflowExecutionInitiated
  | StartChildWorkflowExecutionFailed
  | ChildWorkflowExecutionStarted
  | ChildWorkflowExecutionCompleted
  | ChildWorkflowExecutionFailed
  | ChildWorkflowExecutionCanceled
  | ChildWorkflowExecutionTimedOut
  | ChildWorkflowExecutionTerminated
  | SignalExternalWorkflowExecutionInitiated
  | SignalExternalWorkflowExecutionFailed
  | ExternalWorkflowExecutionSignaled
  | RequestCancelExternalWorkflowExecutionInitiated
  | RequestCancelExternalWorkflowExecutionFailed
  | ExternalWorkflowExecutionCancelRequested
  | MarkerRecorded
  | UpsertWorkflowSearchAttributes
  | WorkflowPropertiesModified;

export type EventKind = HistoryEvent['kind'];
export type EventByKind<K extends EventKind> = Extract<HistoryEvent, { readonly kind: K }>;

/** An event before `evolve` has given it its id and its time. */
export type NewEvent = { [K in EventKind]: Omit<EventByKind<K>, 'eventId' | 'at'> }[EventKind];

/** How a run stands. Temporal's WorkflowExecutionStatus. */
export type RunStatus =
  'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'TERMINATED' | 'CONTINUED_AS_NEW' | 'TIMED_OUT';

export type CloseEvent =
  | WorkflowExecutionCompleted
  | WorkflowExecutionFailed
  | WorkflowExecutionTimedOut
  | WorkflowExecutionCanceled
  | WorkflowExecutionTerminated
  | WorkflowExecutionContinuedAsNew;
