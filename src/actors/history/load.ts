// A run from its stored rows and back: frames and facts in, state out; and which facts a state needs beside its events.
// Shard thread. Loading is nothing but folding.
import { assert } from '../../model/assert';
import type { HistoryEvent } from '../../model/event';
import type { ActivityFact, Fact, WorkflowTaskFact } from '../../model/fact';
import { beginRun, evolve, type RunIdentity, setHistorySize } from './evolve';
import { isChildsFirstRun, type PendingActivity, type RunFacts, type RunState } from './run-state';

/** One stored frame: events that were committed together, and the store's epoch of that moment. */
export interface LoadedFrame {
  readonly epoch: number;
  readonly events: readonly HistoryEvent[];
}
export interface RunHead extends RunIdentity {
  readonly historySizeBytes: number;
}

/** @throws {TroupeAssertionError} when the rows do not fit together. */
export function load(frames: readonly LoadedFrame[], stored: RunFacts, head: RunHead): RunState {
  const first = frames[0]?.events[0];
  assert(first !== undefined, 'a run without events');
  const state = beginRun(head, first);
  for (const { epoch, events } of frames) {
    for (const event of events) if (event !== first) evolve(state, { kind: 'event', event }, epoch);
  }
  const epoch = frames.at(-1)?.epoch ?? 0;
  for (const fact of inFoldingOrder(stored)) evolve(state, { kind: 'fact', fact }, epoch);
  setHistorySize(state, head.historySizeBytes);
  return state;
}

/** What the events do not say about this run: its rows A and F. */
export function factsOf(state: RunState): RunFacts {
  const activities: ActivityFact[] = [];
  for (const activity of state.activities.values()) {
    const fact = activityFactOf(activity);
    if (fact !== undefined) activities.push(fact);
  }
  return { activities, ...runFactsOf(state) };
}

/** Row F alone. */
export function runFactsOf(state: RunState): Omit<RunFacts, 'activities'> {
  const { buffered, carriedRequestIds, owed, strikes, strikesBundle } = state;
  const firstTaskReleased =
    isChildsFirstRun(state.started) && !state.awaitsParent && state.firstTaskAt !== undefined;
  return {
    workflowTask: taskFactOf(state),
    buffered,
    carriedRequestIds,
    owed,
    strikes,
    ...(strikesBundle !== undefined && { strikesBundle }),
    firstTaskReleased,
  };
}

/** One row A; absent: the activity's event says everything. */
export function activityFactOf(activity: PendingActivity): ActivityFact | undefined {
  if (!activity.hasFact) return undefined;
  const { scheduled, attempt, state, lastFailure, heartbeatDetails, lastHeartbeatAt } = activity;
  return {
    kind: 'activity',
    scheduledEventId: scheduled.eventId,
    attempt,
    state,
    ...(lastFailure !== undefined && { lastFailure }),
    ...(heartbeatDetails !== undefined && { heartbeatDetails }),
    ...(lastHeartbeatAt !== undefined && { lastHeartbeatAt }),
  };
}

function taskFactOf(state: RunState): WorkflowTaskFact | undefined {
  const { workflowTask: task, lastTaskFailure: lastFailure } = state;
  if (task.kind === 'none') return undefined;
  const isTransient = task.scheduledEventId === 0;
  const notBefore = task.kind === 'scheduled' ? task.notBefore : undefined;
  if (!isTransient && notBefore === undefined && lastFailure === undefined) return undefined;
  return {
    kind: 'workflowTask',
    attempt: task.attempt,
    scheduledAt: task.scheduledAt,
    ...(notBefore !== undefined && { notBefore }),
    ...(lastFailure !== undefined && { lastFailure }),
    ...(isTransient &&
      task.kind === 'started' && {
        started: { at: task.startedAt, identity: task.identity, requestId: task.requestId },
      }),
  };
}

/** What is about a buffered activity's end comes after what is about the activity. */
function inFoldingOrder(stored: RunFacts): readonly Fact[] {
  const { activities, workflowTask, buffered, carriedRequestIds, owed, firstTaskReleased } = stored;
  const { strikes: count, strikesBundle: bundleHash } = stored;
  const facts: Fact[] = [...activities];
  if (workflowTask !== undefined) facts.push(workflowTask);
  if (buffered.length > 0) facts.push({ kind: 'buffered', events: buffered });
  if (carriedRequestIds.length > 0) facts.push({ kind: 'carriedRequestIds', requestIds: carriedRequestIds });
  if (owed.length > 0) facts.push({ kind: 'owed', sends: owed });
  if (count > 0) facts.push({ kind: 'strikes', count, ...(bundleHash !== undefined && { bundleHash }) });
  if (firstTaskReleased) facts.push({ kind: 'firstTaskReleased' });
  return facts;
}
