// The life of a workflow task: scheduled, started, failed or timed out, tried again. Its completion is messages/turn-completed.
// A first attempt has events. Later ones are transient: facts only, until one succeeds and all of its events are written then.
import { assert } from '../../model/assert';
import type { HistoryEvent, NewEvent, WorkflowTaskFailedCause } from '../../model/event';
import type { WorkflowTaskFact } from '../../model/fact';
import type { Failure } from '../../model/failure';
import type { EventId } from '../../model/ids';
import type { TurnCompletedMessage } from '../../model/message';
import {
  BUFFERED_EVENTS_MAX,
  HISTORY_BYTES_SUGGEST,
  HISTORY_EVENTS_SUGGEST,
  LAST_FAILURE_BYTES_MAX,
  WORKFLOW_TASK_RETRY_INITIAL_MS,
  WORKFLOW_TASK_RETRY_MAX_MS,
} from '../../model/limits';
import type { DurationMs } from '../../model/time';
import type { Mutable } from '../../model/mutable';
import { type EventBody, inLeavingOrder } from './buffering';
import type { RunDraft } from './draft';
import { cutFailure } from './failures';
import {
  executionOf,
  isOpen,
  type RunState,
  type ScheduledWorkflowTask,
  type StartedWorkflowTask,
} from './run-state';

/** Recorded as the author of what no worker and no client did. */
export const SERVICE_IDENTITY = 'history-service';

/** Schedules a task unless there is one. A transient one that nobody runs becomes an ordinary one: there are new events to see. */
export function scheduleTask(run: RunDraft): void {
  const { state } = run;
  const task = state.workflowTask;
  if (!isOpen(state) || state.awaitsParent || task.kind === 'started') return;
  if (task.kind === 'scheduled' && task.scheduledEventId !== 0) return;
  const { lastTaskFailure: lastFailure } = state;
  const { taskQueue, taskTimeoutMs: startToCloseTimeoutMs } = state.started;
  const { at } = run.add({
    kind: 'workflowTaskScheduled',
    eventId: 0,
    at: 0,
    taskQueue,
    startToCloseTimeoutMs,
    attempt: 1,
  });
  if (task.kind === 'none') return;
  // New events must not make a broken workflow spin: the back-off goes on.
  const { notBefore } = task;
  if (notBefore === undefined && lastFailure === undefined) return;
  run.note({
    kind: 'workflowTask',
    attempt: 1,
    scheduledAt: at,
    ...(notBefore !== undefined && { notBefore }),
    ...(lastFailure !== undefined && { lastFailure }),
  });
}

/** The back-off of the scheduled task is over. */
export function endBackoff(run: RunDraft): void {
  const { workflowTask: task, lastTaskFailure: lastFailure } = run.state;
  assert(task.kind === 'scheduled', 'a back-off without a task');
  run.note({
    kind: 'workflowTask',
    attempt: task.attempt,
    scheduledAt: task.scheduledAt,
    ...(lastFailure !== undefined && { lastFailure }),
  });
}

export function startTask(
  run: RunDraft,
  task: ScheduledWorkflowTask,
  by: { readonly identity: string; readonly requestId: string },
): void {
  const { identity, requestId } = by;
  if (task.scheduledEventId !== 0) {
    run.add(startedBody(run.state, task.scheduledEventId, run.state.lastEventId + 1, by));
    return;
  }
  const { lastTaskFailure: lastFailure } = run.state;
  run.note({
    kind: 'workflowTask',
    attempt: task.attempt,
    scheduledAt: task.scheduledAt,
    ...(lastFailure !== undefined && { lastFailure }),
    // Not before it was scheduled, even if the clock was set back: its events must be in order.
    started: { at: Math.max(run.now, task.scheduledAt), identity, requestId },
  });
}

export interface TaskFailure {
  readonly cause: WorkflowTaskFailedCause;
  readonly failure?: Failure;
  readonly identity: string;
}

/** The started attempt failed: what waited gets its ids, and the task is tried again. */
export function failTask(run: RunDraft, { cause, failure, identity }: TaskFailure): void {
  const task = startedTask(run.state);
  const { scheduledEventId, startedEventId, attempt } = task;
  if (scheduledEventId !== 0) {
    const kind = 'workflowTaskFailed';
    const details = failure === undefined ? {} : { failure };
    run.add({ kind, scheduledEventId, startedEventId, cause, identity, ...details });
  }
  // Buffered events made the task fail: they are in the next one, which can start at once.
  if (cause === 'UNHANDLED_COMMAND') tryAgain(run, attempt, 0, undefined);
  else tryAgain(run, attempt, taskBackoff(attempt), failure);
}

/** Tells people. */
export function reportTaskFailure(
  run: RunDraft,
  attempt: number,
  cause: WorkflowTaskFailedCause,
  failure: Failure,
): void {
  const { namespace, started } = run.state;
  const { workflowType, taskQueue } = started;
  const execution = executionOf(run.state);
  run.draft.release({
    kind: 'turnFailed',
    namespace,
    execution,
    workflowType,
    taskQueue,
    attempt,
    cause,
    failure,
  });
}

/** The worker that runs the attempt is late. */
export function timeOutTask(run: RunDraft): void {
  const task = startedTask(run.state);
  const { scheduledEventId, startedEventId, attempt } = task;
  if (scheduledEventId !== 0) {
    const timeoutType = 'START_TO_CLOSE';
    run.add({ kind: 'workflowTaskTimedOut', scheduledEventId, startedEventId, timeoutType });
  }
  tryAgain(run, attempt, taskBackoff(attempt), undefined);
}

/** More waits for the end of the task than may: it ends now. */
export function relieveBuffer(run: RunDraft): void {
  if (run.state.buffered.length <= BUFFERED_EVENTS_MAX) return;
  failTask(run, { cause: 'FORCE_CLOSE_COMMAND', identity: SERVICE_IDENTITY });
}

/** Before a run is closed from outside: its open task ends here, so that what waited can be written. */
export function abandonTask(run: RunDraft): void {
  const task = run.state.workflowTask;
  if (task.kind !== 'started') return;
  const { scheduledEventId, startedEventId } = task;
  if (scheduledEventId !== 0) {
    const cause = 'FORCE_CLOSE_COMMAND';
    const identity = SERVICE_IDENTITY;
    run.add({ kind: 'workflowTaskFailed', scheduledEventId, startedEventId, cause, identity });
  }
  flushBuffered(run);
}

/** Gives ids to what waited for the end of the task. True: there was something. */
export function flushBuffered(run: RunDraft): boolean {
  const { buffered } = run.state;
  if (buffered.length === 0) return false;
  run.note({ kind: 'buffered', events: [] });
  const startedIds = new Map<string, EventId>();
  for (const body of inLeavingOrder(buffered)) {
    const event = run.add(withStartedId(body, startedIds));
    const started = startedKey(event);
    if (started !== undefined) startedIds.set(started, event.eventId);
  }
  return true;
}

/** What the executor needs for the scheduled or started task: a transient one has its two events only here. */
export function turnEvents(state: RunState): readonly HistoryEvent[] {
  const task = state.workflowTask;
  assert(task.kind === 'started', 'no task is started');
  if (task.scheduledEventId !== 0) return state.newEvents;
  const { scheduled, started } = transientEvents(state, task);
  const eventId = state.lastEventId + 1;
  return [
    ...state.newEvents,
    { ...scheduled, eventId, at: task.scheduledAt },
    { ...started, eventId: eventId + 1, at: task.startedAt },
  ];
}

/** The id by which the started task's completion names it: of its Started event, written or to be written. */
export const startedIdOf = (state: RunState, task: StartedWorkflowTask): EventId =>
  task.startedEventId === 0 ? state.lastEventId + 2 : task.startedEventId;

/** The started attempt succeeded: its Completed event, whose id its commands' events name. */
export function completeTask(
  run: RunDraft,
  task: StartedWorkflowTask,
  by: Pick<TurnCompletedMessage, 'identity' | 'stamp' | 'sdkMetadata'>,
): EventId {
  const { identity, stamp, sdkMetadata } = by;
  let { scheduledEventId, startedEventId } = task;
  if (scheduledEventId === 0) {
    // Of a transient task all events are written now, with the times at which they happened.
    const { scheduled, started } = transientEvents(run.state, task);
    scheduledEventId = run.add(scheduled, task.scheduledAt).eventId;
    startedEventId = run.add(started, task.startedAt).eventId;
  }
  const completed: Mutable<EventBody<'workflowTaskCompleted'>> = {
    kind: 'workflowTaskCompleted',
    eventId: 0,
    at: 0,
    scheduledEventId,
    startedEventId,
    identity,
    stamp,
  };
  if (sdkMetadata !== undefined) completed.sdkMetadata = sdkMetadata;
  return run.add(completed).eventId;
}

function transientEvents(
  state: RunState,
  task: StartedWorkflowTask,
): {
  readonly scheduled: EventBody<'workflowTaskScheduled'>;
  readonly started: EventBody<'workflowTaskStarted'>;
} {
  const { taskQueue, taskTimeoutMs: startToCloseTimeoutMs } = state.started;
  const scheduledEventId = state.lastEventId + 1;
  return {
    scheduled: {
      kind: 'workflowTaskScheduled',
      taskQueue,
      startToCloseTimeoutMs,
      attempt: task.attempt,
    },
    started: startedBody(state, scheduledEventId, scheduledEventId + 1, task),
  };
}

function startedBody(
  state: RunState,
  scheduledEventId: EventId,
  startedEventId: EventId,
  { identity, requestId }: { readonly identity: string; readonly requestId: string },
): EventBody<'workflowTaskStarted'> {
  const { historySizeBytes } = state;
  return {
    kind: 'workflowTaskStarted',
    eventId: 0,
    at: 0,
    scheduledEventId,
    identity,
    requestId,
    historySizeBytes,
    suggestContinueAsNew:
      historySizeBytes >= HISTORY_BYTES_SUGGEST || startedEventId >= HISTORY_EVENTS_SUGGEST,
  };
}

function tryAgain(run: RunDraft, attempt: number, backoffMs: DurationMs, lastFailure?: Failure): void {
  const scheduledAt = run.now;
  const fact: WorkflowTaskFact = {
    kind: 'workflowTask',
    attempt: attempt + 1,
    scheduledAt,
    ...(backoffMs > 0 && { notBefore: scheduledAt + backoffMs }),
    ...(lastFailure !== undefined && { lastFailure: cutFailure(lastFailure, LAST_FAILURE_BYTES_MAX) }),
  };
  run.note(fact);
  if (flushBuffered(run)) run.wantTask();
}

/** After attempt 1 none, then 1 s, 2 s, 4 s … */
function taskBackoff(attempt: number): DurationMs {
  if (attempt === 1) return 0;
  return Math.min(WORKFLOW_TASK_RETRY_INITIAL_MS * 2 ** (attempt - 2), WORKFLOW_TASK_RETRY_MAX_MS);
}

function startedTask(state: RunState): StartedWorkflowTask {
  const task = state.workflowTask;
  assert(task.kind === 'started', 'no task is started');
  return task;
}

/** An activity's or a child's Started event, by what its end names. */
function startedKey(event: NewEvent): string | undefined {
  if (event.kind === 'activityTaskStarted') return `activity:${event.scheduledEventId}`;
  if (event.kind === 'childWorkflowExecutionStarted') return `child:${event.initiatedEventId}`;
  return undefined;
}

/** A copy: the buffered body may still wait to be encoded. */
function withStartedId(body: NewEvent, startedIds: ReadonlyMap<string, EventId>): NewEvent {
  const copy = { ...body };
  if (!('startedEventId' in copy) || copy.startedEventId !== 0) return copy;
  const key =
    'scheduledEventId' in copy
      ? `activity:${copy.scheduledEventId}`
      : 'initiatedEventId' in copy
        ? `child:${copy.initiatedEventId}`
        : '';
  return { ...copy, startedEventId: startedIds.get(key) ?? 0 };
}
