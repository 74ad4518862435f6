// What is due next in a run, and when: timers, activity timeouts and retries, the run's own timeout, delayed tasks. Pure computation.
// The host keeps one wake-up per run, at `dueAt`; a `wake` message makes `decide` do everything that is due.
import type { EventId } from '../../model/ids';
import type { EpochMs } from '../../model/time';
import { activityDueAt, NEVER } from './activity-due';
import type { DueEntry } from './due-queue';
import { isOpen, type PendingActivity, type PendingTimer, type RunState } from './run-state';

export type DueItem =
  | { readonly kind: 'timer'; readonly at: EpochMs; readonly timer: PendingTimer }
  | { readonly kind: 'activity'; readonly at: EpochMs; readonly scheduledEventId: EventId }
  /** The run's time is over (its own, or that of its chain). */
  | { readonly kind: 'runTimeout'; readonly at: EpochMs }
  /** The delayed first task. */
  | { readonly kind: 'firstTask'; readonly at: EpochMs }
  /** The back-off of a failed task is over. */
  | { readonly kind: 'taskReady'; readonly at: EpochMs }
  /** The worker that runs the task is late. */
  | { readonly kind: 'taskTimeout'; readonly at: EpochMs };

/** The earliest moment at which something of this run is due; absent: never. */
export function dueAt(state: RunState): EpochMs | undefined {
  const at = (state.due.memo ??= earliest(state));
  return at === NEVER ? undefined : at;
}

function earliest(state: RunState): EpochMs {
  if (!isOpen(state)) return NEVER;
  return Math.min(
    firstEntry(state)?.at ?? NEVER,
    state.runExpiresAt ?? NEVER,
    state.awaitsParent ? NEVER : (state.firstTaskAt ?? NEVER),
    taskDueAt(state),
  );
}

/** What is due first. At the same moment: timers and activities in event order, then tasks, then the end of the run. */
export function nextDue(state: RunState): DueItem | undefined {
  const at = dueAt(state);
  if (at === undefined) return undefined;
  const entry = firstEntry(state);
  if (entry?.at === at) return itemOf(state, entry);
  if (!state.awaitsParent && state.firstTaskAt === at) return { kind: 'firstTask', at };
  if (taskDueAt(state) === at) {
    return { kind: state.workflowTask.kind === 'started' ? 'taskTimeout' : 'taskReady', at };
  }
  return { kind: 'runTimeout', at };
}

function taskDueAt(state: RunState): EpochMs {
  const task = state.workflowTask;
  switch (task.kind) {
    case 'none':
      return NEVER;
    case 'scheduled':
      return task.notBefore ?? NEVER;
    case 'started':
      return task.startedAt + state.started.taskTimeoutMs;
  }
}

function firstEntry(state: RunState): DueEntry | undefined {
  return state.due.first(state, currentDueOf);
}

/** When an entry's item is really due; absent: it has ended. */
export function currentDueOf(
  state: Pick<RunState, 'activities' | 'timers'>,
  entry: DueEntry,
): EpochMs | undefined {
  if (entry.timerId !== undefined) {
    const timer = state.timers.get(entry.timerId);
    return timer?.startedEventId === entry.eventId ? timer.fireAt : undefined;
  }
  const activity = state.activities.get(entry.eventId);
  return activity === undefined ? undefined : dueOrNone(activity);
}

function dueOrNone(activity: PendingActivity): EpochMs | undefined {
  const at = activityDueAt(activity);
  return at === NEVER ? undefined : at;
}

function itemOf(state: RunState, entry: DueEntry): DueItem {
  if (entry.timerId === undefined) {
    return { kind: 'activity', at: entry.at, scheduledEventId: entry.eventId };
  }
  const timer = state.timers.get(entry.timerId) as PendingTimer;
  return { kind: 'timer', at: entry.at, timer };
}
