// The fold: what an event or a fact does to a run's state. Shard thread; the only file that may see a RunState mutable.
// It decides nothing, knows no clock and creates no event: the same changes give the same state, live and on every load.
// It changes the state in place, because spreading it would make a fan-out quadratic (bench/micro/history.ts: 0.2 µs an event).
import { assert } from '../../model/assert';
import type {
  CloseEvent,
  EventByKind,
  EventKind,
  HistoryEvent,
  NewEvent,
  RunStatus,
} from '../../model/event';
import type { ActivityFact, ActivityState, FactByKind, FactKind, WorkflowTaskFact } from '../../model/fact';
import type { EventId, Namespace, RunId } from '../../model/ids';
import type { PayloadMap } from '../../model/payload';
import type { Mutable } from '../../model/mutable';
import { activityDueAt, NEVER } from './activity-due';
import { type BufferableKind, type EventBody, isBufferable } from './buffering';
import type { Change } from './decision';
import { currentDueOf } from './due';
import { DueQueue } from './due-queue';
import { withoutUnset } from './payload-maps';
import { isChildsFirstRun, type PendingActivity, type RunState } from './run-state';

type Twin = Mutable<
  Omit<
    RunState,
    | 'newEvents'
    | 'activities'
    | 'activityIds'
    | 'timers'
    | 'children'
    | 'externalSignals'
    | 'externalCancels'
    | 'requestIds'
    | 'crossRunRequestIds'
  >
> & {
  newEvents: HistoryEvent[];
  activities: Map<EventId, PendingActivity>;
  activityIds: Map<string, EventId>;
  timers: Map<string, MapValue<RunState['timers']>>;
  children: Map<EventId, MapValue<RunState['children']>>;
  externalSignals: Map<EventId, MapValue<RunState['externalSignals']>>;
  externalCancels: Map<EventId, MapValue<RunState['externalCancels']>>;
  requestIds: Set<string>;
  crossRunRequestIds: string[];
};
type MapValue<M> = M extends ReadonlyMap<infer _K, infer V> ? V : never;

/**
 * What a run has none of costs it nothing: most runs need one or two of their seven maps and sets, which would take 1.4 KB of every
 * run in memory. Nothing is ever put into these: see `own`.
 */
const EMPTY_MAP: Map<never, never> = new Map<never, never>();
const EMPTY_SET: Set<never> = new Set<never>();
const NO_FIELDS: PayloadMap = {};

/** Whose history begins. `createRequestId` is the request that asked for it. */
export interface RunIdentity {
  readonly namespace: Namespace;
  readonly runId: RunId;
  readonly createRequestId: string;
}

/** A run of one event. */
export function beginRun(identity: RunIdentity, first: HistoryEvent): RunState {
  assert(first.kind === 'workflowExecutionStarted' && first.eventId === 1, 'a history begins with Started');
  const backoffMs = first.firstWorkflowTaskBackoffMs ?? 0;
  const twin: Twin = {
    namespace: identity.namespace,
    workflowId: first.workflowId,
    runId: identity.runId,
    started: first,
    createRequestId: identity.createRequestId,
    status: 'RUNNING',
    closeEvent: undefined,
    lastEventId: 1,
    lastEventAt: first.at,
    historySizeBytes: 0,
    workflowTask: { kind: 'none' },
    lastCompletedTaskStartedEventId: 0,
    lastCompletedTaskIdentity: '',
    lastTaskFailure: undefined,
    awaitsParent: isChildsFirstRun(first),
    firstTaskAt: backoffMs > 0 ? first.at + backoffMs : undefined,
    newEvents: [first],
    buffered: [],
    activities: EMPTY_MAP,
    activityIds: EMPTY_MAP,
    timers: EMPTY_MAP,
    children: EMPTY_MAP,
    externalSignals: EMPTY_MAP,
    externalCancels: EMPTY_MAP,
    signalCount: 0,
    requestIds: EMPTY_SET,
    crossRunRequestIds: [],
    carriedRequestIds: [],
    cancelRequested: false,
    memo: first.memo ?? NO_FIELDS,
    searchAttributes: first.searchAttributes ?? NO_FIELDS,
    runExpiresAt: expiryOf(first),
    owed: [],
    strikes: 0,
    strikesBundle: undefined,
    due: new DueQueue(),
  };
  return twin;
}

/**
 * Folds one change. `epoch` is the store's epoch of the batch that holds it.
 * @throws {TroupeAssertionError} when the change cannot follow this state: our bug, never swallowed.
 */
export function evolve(state: RunState, change: Change, epoch: number): void {
  const twin = state as Twin;
  twin.due.memo = undefined;
  if (change.kind === 'fact') {
    const { fact } = change;
    (facts[fact.kind] as (state: Twin, fact: FactByKind<FactKind>) => void)(twin, fact);
    return;
  }
  const { event } = change;
  assert(event.eventId === twin.lastEventId + 1, 'history has a gap');
  assert(event.at >= twin.lastEventAt, 'history goes back in time');
  assert(twin.status === 'RUNNING', 'an event behind the end of its run');
  twin.lastEventId = event.eventId;
  twin.lastEventAt = event.at;
  twin.newEvents.push(event);
  (events[event.kind] as (state: Twin, event: HistoryEvent, epoch: number) => void)(twin, event, epoch);
}

/** The encoder tells what the run's frames weigh now. */
export function setHistorySize(state: RunState, bytes: number): void {
  (state as Twin).historySizeBytes = bytes;
}

/** What came from outside: folded when it is buffered (`eventId` 0), and again, idempotently, when it gets its id. */
const outside: {
  readonly [K in BufferableKind]: (state: Twin, event: EventBody<K>, eventId: EventId) => void;
} = {
  workflowExecutionSignaled(state, event, eventId) {
    if (eventId !== 0) state.signalCount += 1;
    rememberRequest(state, event.requestId, event.externalWorkflowExecution !== undefined);
  },
  workflowExecutionCancelRequested(state, event) {
    state.cancelRequested = true;
    rememberRequest(state, event.requestId, event.externalWorkflowExecution !== undefined);
  },
  timerFired: (state, event) => void state.timers.delete(event.timerId),
  activityTaskStarted: ignore,
  activityTaskCompleted: endActivity,
  activityTaskFailed: endActivity,
  activityTaskTimedOut: endActivity,
  activityTaskCanceled: endActivity,
  startChildWorkflowExecutionFailed: endChild,
  childWorkflowExecutionStarted(state, event, eventId) {
    const child = state.children.get(event.initiatedEventId);
    // Absent: it has closed in the buffer behind this event.
    if (child === undefined) return;
    const { initiated } = child;
    const started = { eventId, execution: event.workflowExecution };
    own(state, 'children').set(event.initiatedEventId, { initiated, started });
  },
  childWorkflowExecutionCompleted: endChild,
  childWorkflowExecutionFailed: endChild,
  childWorkflowExecutionCanceled: endChild,
  childWorkflowExecutionTimedOut: endChild,
  childWorkflowExecutionTerminated: endChild,
  signalExternalWorkflowExecutionFailed: endExternalSignal,
  externalWorkflowExecutionSignaled: endExternalSignal,
  requestCancelExternalWorkflowExecutionFailed: endExternalCancel,
  externalWorkflowExecutionCancelRequested: endExternalCancel,
};

const events: {
  readonly [K in EventKind]: (state: Twin, event: EventByKind<K>, epoch: number) => void;
} = {
  ...withIds(outside),
  workflowExecutionStarted() {
    assert(false, 'a history has two Started events');
  },
  workflowExecutionCompleted: (state, event) => close(state, event, 'COMPLETED'),
  workflowExecutionFailed: (state, event) => close(state, event, 'FAILED'),
  workflowExecutionTimedOut: (state, event) => close(state, event, 'TIMED_OUT'),
  workflowExecutionCanceled: (state, event) => close(state, event, 'CANCELED'),
  workflowExecutionTerminated: (state, event) => close(state, event, 'TERMINATED'),
  workflowExecutionContinuedAsNew: (state, event) => close(state, event, 'CONTINUED_AS_NEW'),

  workflowTaskScheduled(state, event) {
    const { eventId: scheduledEventId, at: scheduledAt, attempt } = event;
    assert(
      state.workflowTask.kind === 'none' || state.workflowTask.scheduledEventId === 0,
      'a second workflow task',
    );
    state.workflowTask = { kind: 'scheduled', scheduledEventId, scheduledAt, attempt };
    state.lastTaskFailure = undefined;
    state.awaitsParent = false;
    state.firstTaskAt = undefined;
  },
  workflowTaskStarted(state, event) {
    const task = state.workflowTask;
    assert(
      task.kind === 'scheduled' && task.scheduledEventId === event.scheduledEventId,
      'started a task that is not scheduled',
    );
    const { scheduledEventId, scheduledAt, attempt } = task;
    const { eventId: startedEventId, at: startedAt, identity, requestId } = event;
    state.workflowTask = {
      kind: 'started',
      scheduledEventId,
      startedEventId,
      scheduledAt,
      startedAt,
      attempt,
      identity,
      requestId,
    };
  },
  workflowTaskCompleted(state, event) {
    endTask(state, event.startedEventId);
    state.lastCompletedTaskStartedEventId = event.startedEventId;
    state.lastCompletedTaskIdentity = event.identity;
    state.lastTaskFailure = undefined;
    state.newEvents = [];
  },
  workflowTaskTimedOut: (state, event) => endTask(state, event.startedEventId),
  workflowTaskFailed: (state, event) => endTask(state, event.startedEventId),

  activityTaskScheduled(state, scheduled, epoch) {
    const begun: ActivityState = {
      kind: 'started',
      at: scheduled.at,
      epoch,
      // Whoever completes a task takes the activities it begins at once.
      identity: state.lastCompletedTaskIdentity,
      async: false,
    };
    const activity: PendingActivity = { scheduled, attempt: 1, state: begun, hasFact: false };
    own(state, 'activities').set(scheduled.eventId, activity);
    own(state, 'activityIds').set(scheduled.activityId, scheduled.eventId);
    const at = activityDueAt(activity);
    if (at !== NEVER) pushDue(state, at, scheduled.eventId, undefined);
  },
  activityTaskCancelRequested(state, event) {
    const activity = state.activities.get(event.scheduledEventId);
    // Absent: its end waits in the buffer.
    if (activity === undefined) return;
    state.activities.set(event.scheduledEventId, { ...activity, cancelRequestedEventId: event.eventId });
  },

  timerStarted(state, event) {
    const { timerId, eventId: startedEventId } = event;
    const fireAt = event.at + event.startToFireTimeoutMs;
    own(state, 'timers').set(timerId, { timerId, startedEventId, fireAt });
    pushDue(state, fireAt, startedEventId, timerId);
  },
  timerCanceled: (state, event) => void state.timers.delete(event.timerId),

  startChildWorkflowExecutionInitiated: (state, initiated) =>
    void own(state, 'children').set(initiated.eventId, { initiated }),
  signalExternalWorkflowExecutionInitiated: (state, initiated) =>
    void own(state, 'externalSignals').set(initiated.eventId, initiated),
  requestCancelExternalWorkflowExecutionInitiated: (state, initiated) =>
    void own(state, 'externalCancels').set(initiated.eventId, initiated),

  markerRecorded: ignore,
  upsertWorkflowSearchAttributes(state, event) {
    state.searchAttributes = merged(state.searchAttributes, event.searchAttributes);
  },
  workflowPropertiesModified(state, event) {
    state.memo = merged(state.memo, event.upsertedMemo);
  },
};

const facts: { readonly [K in FactKind]: (state: Twin, fact: FactByKind<K>) => void } = {
  activity(state, fact) {
    const before = state.activities.get(fact.scheduledEventId);
    assert(before !== undefined, 'a fact about an activity that is not pending');
    const after = withFact(before, fact);
    state.activities.set(fact.scheduledEventId, after);
    const at = activityDueAt(after);
    if (at < activityDueAt(before)) pushDue(state, at, fact.scheduledEventId, undefined);
  },
  workflowTask(state, fact) {
    state.lastTaskFailure = fact.lastFailure;
    const task = state.workflowTask;
    if (task.kind === 'none' || task.scheduledEventId === 0) {
      state.workflowTask = transientTask(fact);
    } else if (task.kind === 'scheduled') {
      const { kind, scheduledEventId, scheduledAt, attempt } = task;
      const { notBefore } = fact;
      state.workflowTask = {
        kind,
        scheduledEventId,
        scheduledAt,
        attempt,
        ...(notBefore !== undefined && { notBefore }),
      };
    }
  },
  buffered(state, fact) {
    state.buffered = fact.events;
    for (const event of fact.events) foldOutside(state, event);
  },
  carriedRequestIds(state, fact) {
    state.carriedRequestIds = fact.requestIds;
    for (const requestId of fact.requestIds) addRequestId(state, requestId);
  },
  owed(state, fact) {
    state.owed = fact.sends;
  },
  strikes(state, fact) {
    state.strikes = fact.count;
    state.strikesBundle = fact.bundleHash;
  },
  firstTaskReleased(state) {
    state.awaitsParent = false;
  },
};

function foldOutside(state: Twin, event: NewEvent): void {
  assert(isBufferable(event), 'an event that must not wait is buffered');
  (outside[event.kind] as (state: Twin, event: NewEvent, eventId: EventId) => void)(state, event, 0);
}

type OutsideFolds = { readonly [K in BufferableKind]: (state: Twin, event: EventByKind<K>) => void };
function withIds(folds: typeof outside): OutsideFolds {
  const entries = Object.entries(folds).map(([kind, fold]) => [
    kind,
    (state: Twin, event: HistoryEvent) =>
      (fold as (state: Twin, event: HistoryEvent, eventId: EventId) => void)(state, event, event.eventId),
  ]);
  return Object.fromEntries(entries) as OutsideFolds;
}

function close(state: Twin, event: CloseEvent, status: RunStatus): void {
  state.status = status;
  state.closeEvent = event;
  state.workflowTask = { kind: 'none' };
  state.lastTaskFailure = undefined;
  state.awaitsParent = false;
  state.firstTaskAt = undefined;
  state.runExpiresAt = undefined;
  state.newEvents = [];
  state.activities = EMPTY_MAP;
  state.activityIds = EMPTY_MAP;
  state.timers = EMPTY_MAP;
  state.children = EMPTY_MAP;
  state.externalSignals = EMPTY_MAP;
  state.externalCancels = EMPTY_MAP;
  state.due.clear();
}

function endTask(state: Twin, startedEventId: EventId): void {
  const task = state.workflowTask;
  assert(
    task.kind === 'started' && task.startedEventId === startedEventId,
    'ended a task that is not started',
  );
  state.workflowTask = { kind: 'none' };
}

function transientTask({ attempt, scheduledAt, notBefore, started }: WorkflowTaskFact): Twin['workflowTask'] {
  assert(attempt > 1, 'a first attempt has events');
  if (started === undefined) {
    const backoff = notBefore === undefined ? {} : { notBefore };
    return { kind: 'scheduled', scheduledEventId: 0, scheduledAt, attempt, ...backoff };
  }
  const { at: startedAt, identity, requestId } = started;
  return {
    kind: 'started',
    scheduledEventId: 0,
    startedEventId: 0,
    scheduledAt,
    startedAt,
    attempt,
    identity,
    requestId,
  };
}

function withFact(activity: PendingActivity, fact: ActivityFact): PendingActivity {
  const { attempt, state, lastFailure, heartbeatDetails, lastHeartbeatAt } = fact;
  const { scheduled, cancelRequestedEventId } = activity;
  return {
    scheduled,
    attempt,
    state,
    hasFact: true,
    ...(cancelRequestedEventId !== undefined && { cancelRequestedEventId }),
    ...(lastFailure !== undefined && { lastFailure }),
    ...(heartbeatDetails !== undefined && { heartbeatDetails }),
    ...(lastHeartbeatAt !== undefined && { lastHeartbeatAt }),
  };
}

function endActivity(state: Twin, event: { readonly scheduledEventId: EventId }): void {
  const activity = state.activities.get(event.scheduledEventId);
  if (activity === undefined) return;
  state.activities.delete(event.scheduledEventId);
  const { activityId } = activity.scheduled;
  // An activity that was cancelled before it began may have left its id to the next one, in the same turn.
  if (state.activityIds.get(activityId) === event.scheduledEventId) state.activityIds.delete(activityId);
}

function endChild(state: Twin, event: { readonly initiatedEventId: EventId }): void {
  state.children.delete(event.initiatedEventId);
}
function endExternalSignal(state: Twin, event: { readonly initiatedEventId: EventId }): void {
  state.externalSignals.delete(event.initiatedEventId);
}
function endExternalCancel(state: Twin, event: { readonly initiatedEventId: EventId }): void {
  state.externalCancels.delete(event.initiatedEventId);
}

function rememberRequest(state: Twin, requestId: string | undefined, isCrossRun: boolean): void {
  if (requestId === undefined || state.requestIds.has(requestId)) return;
  addRequestId(state, requestId);
  if (isCrossRun) state.crossRunRequestIds.push(requestId);
}

function addRequestId(state: Twin, requestId: string): void {
  if (state.requestIds === EMPTY_SET) state.requestIds = new Set();
  state.requestIds.add(requestId);
}

type MapField = 'activities' | 'activityIds' | 'timers' | 'children' | 'externalSignals' | 'externalCancels';
/** The run's own map, to put something in. */
function own<F extends MapField>(state: Pick<Twin, F>, field: F): Twin[F] {
  if (state[field] === EMPTY_MAP) state[field] = new Map() as Twin[F];
  return state[field];
}

function pushDue(state: Twin, at: number, eventId: EventId, timerId: string | undefined): void {
  state.due.push({ at, eventId, timerId });
  const items = state.activities.size + state.timers.size;
  state.due.compact(items, state, currentDueOf);
}

/** Start, delay and run timeout added up, but not beyond the end of the chain. */
function expiryOf(started: EventByKind<'workflowExecutionStarted'>): number | undefined {
  const { runTimeoutMs, executionExpirationTime, firstWorkflowTaskBackoffMs } = started;
  if (runTimeoutMs === undefined) return executionExpirationTime;
  const expiresAt = started.at + (firstWorkflowTaskBackoffMs ?? 0) + runTimeoutMs;
  return Math.min(expiresAt, executionExpirationTime ?? NEVER);
}

/** The upserted keys in the place of the old ones; a key upserted as nothing is gone. */
const merged = (current: PayloadMap, upserted: PayloadMap): PayloadMap =>
  withoutUnset({ ...current, ...upserted });

function ignore(): void {
  // Nothing of the state depends on this event.
}
