// The life of an activity. Pure.
import { eventShape } from '../event-shape';
import { always, optional, plain, required } from '../fields';
import { failure, retryState } from '../failure';
import { identity, named, retryPolicy, scheduled, started, taskCompleted, taskQueue } from '../parts';
import { headers, onlyPayload, payloads } from '../payloads';
import { duration, long, small, text } from '../scalars';

export const activityTaskScheduled = eventShape<'activityTaskScheduled'>({
  activityId: plain('activityId', text),
  activityType: plain('activityType', named),
  taskQueue: plain('taskQueue', taskQueue),
  header: always('header', headers),
  input: plain('input', payloads),
  scheduleToCloseTimeoutMs: always('scheduleToCloseTimeout', duration),
  scheduleToStartTimeoutMs: always('scheduleToStartTimeout', duration),
  startToCloseTimeoutMs: always('startToCloseTimeout', duration),
  heartbeatTimeoutMs: always('heartbeatTimeout', duration),
  retryPolicy: required('retryPolicy', retryPolicy),
  workflowTaskCompletedEventId: taskCompleted,
});

export const activityTaskStarted = eventShape<'activityTaskStarted'>({
  scheduledEventId: scheduled,
  identity,
  requestId: plain('requestId', text),
  attempt: plain('attempt', small),
  lastFailure: optional('lastFailure', failure),
});

export const activityTaskCompleted = eventShape<'activityTaskCompleted'>({
  result: optional('result', onlyPayload),
  scheduledEventId: scheduled,
  startedEventId: started,
  identity,
});

export const activityTaskFailed = eventShape<'activityTaskFailed'>({
  failure: required('failure', failure),
  scheduledEventId: scheduled,
  startedEventId: started,
  identity,
  retryState: required('retryState', retryState),
});

export const activityTaskTimedOut = eventShape<'activityTaskTimedOut'>({
  failure: required('failure', failure),
  scheduledEventId: scheduled,
  startedEventId: started,
  retryState: required('retryState', retryState),
});

export const activityTaskCancelRequested = eventShape<'activityTaskCancelRequested'>({
  scheduledEventId: scheduled,
  workflowTaskCompletedEventId: taskCompleted,
});

export const activityTaskCanceled = eventShape<'activityTaskCanceled'>({
  details: optional('details', payloads),
  latestCancelRequestedEventId: plain('latestCancelRequestedEventId', long),
  scheduledEventId: scheduled,
  startedEventId: started,
  identity,
});
