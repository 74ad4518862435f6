// The fold of one run's events and facts. Shard thread. Only `evolve` changes a RunState; everyone else holds it readonly.
// No snapshot of it is ever stored: it is rebuilt from frames and fact rows, so what is not in an event or a fact is not in here.
import type {
  ActivityTaskScheduled,
  CloseEvent,
  HistoryEvent,
  NewEvent,
  ParentInfo,
  RequestCancelExternalWorkflowExecutionInitiated,
  RunStatus,
  SignalExternalWorkflowExecutionInitiated,
  StartChildWorkflowExecutionInitiated,
  WorkflowExecutionStarted,
} from '../../model/event';
import type { ActivityFact, ActivityState, OwedSend, WorkflowTaskFact } from '../../model/fact';
import type { Failure } from '../../model/failure';
import type { EventId, Execution, Namespace, RunId, WorkflowId } from '../../model/ids';
import type { Payload, PayloadMap } from '../../model/payload';
import type { EpochMs } from '../../model/time';
import type { DueQueue } from './due-queue';

/** The one workflow task a run may have. */
export type WorkflowTask =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'scheduled';
      /** 0 for a transient task (attempt > 1): its events are written only when it succeeds. */
      readonly scheduledEventId: EventId;
      readonly scheduledAt: EpochMs;
      readonly attempt: number;
      /** Not before this moment (back-off after failures). */
      readonly notBefore?: EpochMs;
    }
  | {
      readonly kind: 'started';
      readonly scheduledEventId: EventId;
      /** 0 while transient, as above. */
      readonly startedEventId: EventId;
      readonly scheduledAt: EpochMs;
      readonly startedAt: EpochMs;
      readonly attempt: number;
      readonly identity: string;
      readonly requestId: string;
    };
export type ScheduledWorkflowTask = Extract<WorkflowTask, { kind: 'scheduled' }>;
export type StartedWorkflowTask = Extract<WorkflowTask, { kind: 'started' }>;

/** Never changed in place: every change replaces the whole object. */
export interface PendingActivity {
  readonly scheduled: ActivityTaskScheduled;
  readonly attempt: number;
  readonly state: ActivityState;
  readonly lastFailure?: Failure;
  readonly heartbeatDetails?: Payload;
  readonly lastHeartbeatAt?: EpochMs;
  /** Event id of the cancel request, once there is one. */
  readonly cancelRequestedEventId?: EventId;
  /** False: attempt 1 as begun in the batch that scheduled it, in that batch's epoch; nothing is stored beyond the event. */
  readonly hasFact: boolean;
}

export interface PendingTimer {
  readonly timerId: string;
  readonly startedEventId: EventId;
  readonly fireAt: EpochMs;
}

export interface PendingChild {
  readonly initiated: StartChildWorkflowExecutionInitiated;
  /** Set by CHILD_STARTED; event id 0 while that event is buffered. */
  readonly started?: { readonly eventId: EventId; readonly execution: Execution };
}

export interface RunState {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly runId: RunId;
  /** The first event; everything constant about the run is read from here. */
  readonly started: WorkflowExecutionStarted;
  /** The request that created this run; also the create request id of deduplication. */
  readonly createRequestId: string;

  readonly status: RunStatus;
  readonly closeEvent: CloseEvent | undefined;

  /** Of the newest event; ids are 1..lastEventId without a gap. */
  readonly lastEventId: EventId;
  readonly lastEventAt: EpochMs;
  /** Bytes of all stored frames: set by the encoder after each batch, restored on load. */
  readonly historySizeBytes: number;

  readonly workflowTask: WorkflowTask;
  /** Of the newest completed task; 0: none. */
  readonly lastCompletedTaskStartedEventId: EventId;
  /** Who completed it: also who began the activities it scheduled, unless a fact says otherwise. */
  readonly lastCompletedTaskIdentity: string;
  /** Why the current task's previous attempt failed. */
  readonly lastTaskFailure: Failure | undefined;
  /** A child's first task waits for the parent's durable CHILD_STARTED. */
  readonly awaitsParent: boolean;
  /** A delayed first task (start delay, retry, cron, continue-as-new back-off) is scheduled at this moment. */
  readonly firstTaskAt: EpochMs | undefined;

  /**
   * Events behind the newest completed task's Completed, oldest first: its command events, what arrived since, workflow task
   * events. The next activation is made from them. A completed task begins a new array; the old one is never touched again.
   */
  readonly newEvents: readonly HistoryEvent[];
  /** Events that arrived while a task is started, without ids yet. */
  readonly buffered: readonly NewEvent[];

  /** By scheduled event id. */
  readonly activities: ReadonlyMap<EventId, PendingActivity>;
  readonly activityIds: ReadonlyMap<string, EventId>;
  readonly timers: ReadonlyMap<string, PendingTimer>;
  /** By initiated event id, as the next two. */
  readonly children: ReadonlyMap<EventId, PendingChild>;
  readonly externalSignals: ReadonlyMap<EventId, SignalExternalWorkflowExecutionInitiated>;
  readonly externalCancels: ReadonlyMap<EventId, RequestCancelExternalWorkflowExecutionInitiated>;

  readonly signalCount: number;
  /** Request ids of signals and cancels received: the dedupe set. Those carried from earlier runs are in it. */
  readonly requestIds: ReadonlySet<string>;
  /** Those of them that other runs sent to this one, oldest first. */
  readonly crossRunRequestIds: readonly string[];
  readonly carriedRequestIds: readonly string[];
  readonly cancelRequested: boolean;

  readonly memo: PayloadMap;
  readonly searchAttributes: PayloadMap;

  /** Absent: never. Run timeout from the first task's moment, capped by the chain's expiration. */
  readonly runExpiresAt: EpochMs | undefined;

  /** What this closed run still has to tell others. */
  readonly owed: readonly OwedSend[];
  readonly strikes: number;
  /** The code that earned them. */
  readonly strikesBundle: string | undefined;

  /** When activities and timers are due: an index over the two maps, without a meaning of its own. */
  readonly due: DueQueue;
}

/** Constant facts read from the first event. */
export const executionOf = (state: RunState): Execution => ({
  workflowId: state.workflowId,
  runId: state.runId,
});
export const parentOf = (state: RunState): ParentInfo | undefined => state.started.parent;
export const rootOf = (state: RunState): Execution => state.started.root ?? executionOf(state);
export const isOpen = (state: RunState): boolean => state.status === 'RUNNING';
/** The first run of a child's chain: the one that waits for its parent. */
export const isChildsFirstRun = (started: WorkflowExecutionStarted): boolean =>
  started.parent !== undefined && started.continuedExecutionRunId === undefined;

/** Facts of this run that differ from their defaults, for the rows A and F. */
export interface RunFacts {
  readonly activities: readonly ActivityFact[];
  readonly workflowTask: WorkflowTaskFact | undefined;
  readonly buffered: readonly NewEvent[];
  readonly carriedRequestIds: readonly string[];
  readonly owed: readonly OwedSend[];
  readonly strikes: number;
  readonly strikesBundle?: string;
  readonly firstTaskReleased: boolean;
}
/** Of a run about which its events say everything. */
export const NO_FACTS: RunFacts = {
  activities: [],
  workflowTask: undefined,
  buffered: [],
  carriedRequestIds: [],
  owed: [],
  strikes: 0,
  firstTaskReleased: false,
};
