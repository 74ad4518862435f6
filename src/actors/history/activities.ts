// The life of an activity's attempts: begun, queued, failed, tried again, ended. Facts only, until the last attempt ends:
// its Started event is written together with its end, as Temporal does, so that retries leave no events.
import type { ActivityTask } from '../../model/effect';
import type { ActivityTaskScheduled } from '../../model/event';
import type { ActivityFact, ActivityState } from '../../model/fact';
import type { Failure, RetryState, TimeoutType } from '../../model/failure';
import type { EventId } from '../../model/ids';
import { LAST_FAILURE_BYTES_MAX } from '../../model/limits';
import type { Mutable } from '../../model/mutable';
import type { Payload, Payloads } from '../../model/payload';
import type { DurationMs, EpochMs } from '../../model/time';
import { activityExpiresAt, NEVER } from './activity-due';
import type { BufferableEvent, EventBody } from './buffering';
import type { RunDraft } from './draft';
import { activityTimeout, cutFailure, noTimeForRetry, withTimeoutContext } from './failures';
import { activityFactOf } from './load';
import { askRetry, type RetryVerdict } from './retry';
import { executionOf, type PendingActivity, type RunState } from './run-state';

/** Temporal's details of a cancelled activity that never ran, as JSON text. */
const NOT_STARTED: Payloads = ['"ACTIVITY_ID_NOT_STARTED"'];

/** Just scheduled: attempt 1 begins in this batch if there is a slot for it, and nothing but its event is stored. */
export function dispatchFirstAttempt(run: RunDraft, scheduled: ActivityTaskScheduled): void {
  const { draft, ctx, state } = run;
  const { eventId: scheduledEventId, taskQueue, at } = scheduled;
  if (!ctx.takeActivitySlot(state.namespace, taskQueue)) {
    queueAttempt(run, pendingActivity(state, scheduledEventId), at);
    return;
  }
  const activity = pendingActivity(state, scheduledEventId);
  draft.release({ kind: 'runActivity', task: activityTask(state, activity, at, at) });
}

/** The back-off is over: begin, or queue for a slot. */
export function dispatchRetry(run: RunDraft, activity: PendingActivity, dueAt: EpochMs): void {
  const { ctx, state } = run;
  if (ctx.takeActivitySlot(state.namespace, activity.scheduled.taskQueue)) {
    beginAttempt(run, activity, dueAt, ctx.identity);
  } else {
    queueAttempt(run, activity, run.now);
  }
}

/** A slot is there: from the commit of this batch on the attempt counts as dispatched. */
export function beginAttempt(
  run: RunDraft,
  activity: PendingActivity,
  attemptScheduledAt: EpochMs,
  identity: string,
): void {
  const { now: at, ctx, state } = run;
  noteActivity(run, activity, { state: { kind: 'started', at, epoch: ctx.epoch, identity, async: false } });
  run.draft.release({ kind: 'runActivity', task: activityTask(state, activity, attemptScheduledAt, at) });
}

/** What a fact changes; what is left out stays. */
interface ActivityChange {
  readonly state?: ActivityState;
  readonly attempt?: number;
  readonly lastFailure?: Failure;
  readonly heartbeatDetails?: Payload;
  readonly lastHeartbeatAt?: EpochMs;
}

export function noteActivity(run: RunDraft, activity: PendingActivity, change: ActivityChange): void {
  const { scheduled, attempt, state } = activity;
  const fact: ActivityFact = {
    kind: 'activity',
    scheduledEventId: scheduled.eventId,
    attempt,
    state,
    ...activityFactOf(activity),
    ...change,
  };
  run.note(fact);
}

/** The attempt failed as its worker says. */
export function failAttempt(
  run: RunDraft,
  activity: PendingActivity,
  failure: Failure,
  identity: string,
): void {
  const verdict = askActivityRetry(run, activity, failure);
  if (verdict.kind === 'retry') {
    retryLater(run, activity, { intervalMs: verdict.intervalMs, from: run.now }, failure);
    return;
  }
  const { retryState } = verdict;
  const { eventId: scheduledEventId } = activity.scheduled;
  endActivity(run, activity, (startedEventId) => ({
    kind: 'activityTaskFailed',
    failure,
    scheduledEventId,
    startedEventId,
    identity,
    retryState,
  }));
}

/**
 * The attempt ended with its process: nobody needs to wait for the timeout. Its back-off counts from its start, the last that is known of
 * it: a process that was away for longer goes on at once.
 */
export function endWithItsProcess(run: RunDraft, activity: PendingActivity, startedAt: EpochMs): void {
  timeOutAttempt(run, activity, 'START_TO_CLOSE', startedAt);
  const pending = run.state.activities.get(activity.scheduled.eventId);
  if (pending?.state.kind === 'retrying' && pending.state.at <= run.now) {
    dispatchRetry(run, pending, pending.state.at);
  }
}

/** Nobody answered in time. `backOffFrom`: what another attempt's back-off counts from. */
export function timeOutAttempt(
  run: RunDraft,
  activity: PendingActivity,
  timeoutType: TimeoutType,
  backOffFrom: EpochMs = run.now,
): void {
  const { scheduled, attempt, state, lastFailure, heartbeatDetails } = activity;
  const { eventId: scheduledEventId } = scheduled;
  if (state.kind !== 'retrying') {
    const execution = executionOf(run.state);
    const reason = 'timedOut';
    run.draft.release({ kind: 'cancelActivity', execution, scheduledEventId, attempt, reason });
  }
  const failure = activityTimeout(timeoutType);
  const verdict = askActivityRetry(run, activity, failure);
  if (verdict.kind === 'retry') {
    const context = withTimeoutContext(failure, undefined, heartbeatDetails);
    retryLater(run, activity, { intervalMs: verdict.intervalMs, from: backOffFrom }, context);
    return;
  }
  const { retryState } = verdict;
  const reported = withTimeoutContext(
    reportedTimeout(failure, timeoutType, retryState),
    lastFailure,
    heartbeatDetails,
  );
  const ended = (startedEventId: EventId): BufferableEvent => ({
    kind: 'activityTaskTimedOut',
    failure: reported,
    scheduledEventId,
    startedEventId,
    retryState,
  });
  if (state.kind === 'started') {
    endActivity(run, activity, ended);
  } else {
    run.addOutside(ended(0));
    run.wantTask();
  }
}

export function completeActivity(
  run: RunDraft,
  activity: PendingActivity,
  result: Payload,
  identity: string,
): void {
  const { eventId: scheduledEventId } = activity.scheduled;
  endActivity(run, activity, (startedEventId) => ({
    kind: 'activityTaskCompleted',
    eventId: 0,
    at: 0,
    result,
    scheduledEventId,
    startedEventId,
    identity,
  }));
}

/** The worker obeyed a cancel request. */
export function cancelAttempt(
  run: RunDraft,
  activity: PendingActivity,
  cancelRequestedEventId: EventId,
  details: Payloads | undefined,
  identity: string,
): void {
  const { eventId: scheduledEventId } = activity.scheduled;
  endActivity(run, activity, (startedEventId) => ({
    kind: 'activityTaskCanceled',
    latestCancelRequestedEventId: cancelRequestedEventId,
    scheduledEventId,
    startedEventId,
    identity,
    ...(details !== undefined && { details }),
  }));
}

/** Nobody runs it: a cancel request ends it at once. The event is for whoever records the request. */
export function cancelUnstarted(
  run: RunDraft,
  activity: PendingActivity,
  cancelRequestedEventId: EventId,
): BufferableEvent {
  const { attempt } = activity;
  const { eventId: scheduledEventId } = activity.scheduled;
  const execution = executionOf(run.state);
  run.draft.release({ kind: 'cancelActivity', execution, scheduledEventId, attempt, reason: 'notFound' });
  return {
    kind: 'activityTaskCanceled',
    details: NOT_STARTED,
    latestCancelRequestedEventId: cancelRequestedEventId,
    scheduledEventId,
    startedEventId: 0,
    identity: run.state.lastCompletedTaskIdentity,
  };
}

/** Waits for a slot; when one is free, the host sends `activityGranted`. */
function queueAttempt(run: RunDraft, activity: PendingActivity, since: EpochMs): void {
  noteActivity(run, activity, { state: { kind: 'scheduled', since } });
  const { namespace } = run.state;
  const { taskQueue, eventId: scheduledEventId } = activity.scheduled;
  const { attempt } = activity;
  const execution = executionOf(run.state);
  run.draft.release({ kind: 'queueActivity', namespace, execution, taskQueue, scheduledEventId, attempt });
}

function askActivityRetry(run: RunDraft, activity: PendingActivity, failure: Failure): RetryVerdict {
  if (activity.cancelRequestedEventId !== undefined) return { kind: 'stop', retryState: 'CANCEL_REQUESTED' };
  const { attempt, scheduled } = activity;
  const expiresAt = activityExpiresAt(activity);
  return askRetry({
    policy: scheduled.retryPolicy,
    attempt,
    failure,
    now: run.now,
    expiresAt: expiresAt === NEVER ? undefined : expiresAt,
  });
}

function retryLater(
  run: RunDraft,
  activity: PendingActivity,
  { intervalMs, from }: { readonly intervalMs: DurationMs; readonly from: EpochMs },
  failure: Failure,
): void {
  noteActivity(run, activity, {
    attempt: activity.attempt + 1,
    state: { kind: 'retrying', at: from + intervalMs, intervalMs },
    lastFailure: cutFailure(failure, LAST_FAILURE_BYTES_MAX),
  });
}

/** When there is no time for another attempt, it is the time over all attempts that has run out. */
const reportedTimeout = (failure: Failure, timeoutType: TimeoutType, retryState: RetryState): Failure =>
  retryState === 'TIMEOUT' && timeoutType !== 'SCHEDULE_TO_START' ? noTimeForRetry() : failure;

/** The Started event of the last attempt, and its end. An attempt that nobody began was ended by id, from outside. */
function endActivity(
  run: RunDraft,
  activity: PendingActivity,
  ended: (startedEventId: EventId) => BufferableEvent,
): void {
  const { scheduled, attempt, state, lastFailure } = activity;
  const started: Mutable<EventBody<'activityTaskStarted'>> = {
    kind: 'activityTaskStarted',
    eventId: 0,
    at: 0,
    scheduledEventId: scheduled.eventId,
    identity: state.kind === 'started' ? state.identity : '',
    requestId: run.ctx.newRequestId(),
    attempt,
  };
  if (lastFailure !== undefined) started.lastFailure = lastFailure;
  run.addOutside(ended(run.addOutside(started)));
  run.wantTask();
}

function pendingActivity(state: RunState, scheduledEventId: EventId): PendingActivity {
  return state.activities.get(scheduledEventId) as PendingActivity;
}

function activityTask(
  run: RunState,
  activity: PendingActivity,
  currentAttemptScheduledAt: EpochMs,
  startedAt: EpochMs,
): ActivityTask {
  const { scheduled, attempt, heartbeatDetails } = activity;
  const { activityId, activityType, taskQueue, header, input, retryPolicy } = scheduled;
  const { scheduleToCloseTimeoutMs, startToCloseTimeoutMs, heartbeatTimeoutMs } = scheduled;
  const task: ActivityTask = {
    namespace: run.namespace,
    execution: executionOf(run),
    workflowType: run.started.workflowType,
    scheduledEventId: scheduled.eventId,
    activityId,
    activityType,
    taskQueue,
    header,
    input,
    attempt,
    scheduledAt: scheduled.at,
    currentAttemptScheduledAt,
    startedAt,
    scheduleToCloseTimeoutMs,
    startToCloseTimeoutMs,
    heartbeatTimeoutMs,
    retryPolicy,
  };
  return heartbeatDetails === undefined ? task : { ...task, heartbeatDetails };
}
