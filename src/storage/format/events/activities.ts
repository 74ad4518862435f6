// The life of an activity. Pure.
import type {
  ActivityTaskCancelRequested,
  ActivityTaskCanceled,
  ActivityTaskCompleted,
  ActivityTaskFailed,
  ActivityTaskScheduled,
  ActivityTaskStarted,
  ActivityTaskTimedOut,
} from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import { RETRY_STATE } from '../codes';
import { readFailure, writeFailure, writeFailureOf } from '../failure';
import { readRetryPolicy, writeRetryPolicy } from '../parts';
import { eventCodec } from './codec';

export const activityTaskScheduled = eventCodec(
  10,
  (event: ActivityTaskScheduled, writer) => [
    event.activityId,
    writer.name(event.activityType),
    writer.name(event.taskQueue),
    writer.map(event.header),
    writer.list(event.input),
    event.scheduleToCloseTimeoutMs,
    event.scheduleToStartTimeoutMs,
    event.startToCloseTimeoutMs,
    event.heartbeatTimeoutMs,
    writeRetryPolicy(event.retryPolicy),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'activityTaskScheduled',
    eventId,
    at,
    activityId: cells[0],
    activityType: reader.name(cells[1]),
    taskQueue: reader.name(cells[2]),
    header: reader.map(cells[3]),
    input: reader.list(cells[4]),
    scheduleToCloseTimeoutMs: cells[5],
    scheduleToStartTimeoutMs: cells[6],
    startToCloseTimeoutMs: cells[7],
    heartbeatTimeoutMs: cells[8],
    retryPolicy: readRetryPolicy(cells[9]),
    workflowTaskCompletedEventId: cells[10],
  }),
);

export const activityTaskStarted = eventCodec(
  11,
  (event: ActivityTaskStarted, writer) => [
    event.scheduledEventId,
    writer.name(event.identity),
    event.requestId,
    event.attempt,
    writeFailureOf(event.lastFailure, writer),
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<ActivityTaskStarted> = {
      kind: 'activityTaskStarted',
      eventId,
      at,
      scheduledEventId: cells[0],
      identity: reader.name(cells[1]),
      requestId: cells[2],
      attempt: cells[3],
    };
    if (cells[4] !== null) event.lastFailure = readFailure(cells[4], reader);
    return event;
  },
);

export const activityTaskCompleted = eventCodec(
  12,
  (event: ActivityTaskCompleted, writer) => [
    writer.payloadOf(event.result),
    event.scheduledEventId,
    event.startedEventId,
    writer.name(event.identity),
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<ActivityTaskCompleted> = {
      kind: 'activityTaskCompleted',
      eventId,
      at,
      scheduledEventId: cells[1],
      startedEventId: cells[2],
      identity: reader.name(cells[3]),
    };
    if (cells[0] !== null) event.result = reader.payload(cells[0]);
    return event;
  },
);

export const activityTaskFailed = eventCodec(
  13,
  (event: ActivityTaskFailed, writer) => [
    writeFailure(event.failure, writer),
    event.scheduledEventId,
    event.startedEventId,
    writer.name(event.identity),
    RETRY_STATE.code(event.retryState),
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'activityTaskFailed',
    eventId,
    at,
    failure: readFailure(cells[0], reader),
    scheduledEventId: cells[1],
    startedEventId: cells[2],
    identity: reader.name(cells[3]),
    retryState: RETRY_STATE.word(cells[4]),
  }),
);

export const activityTaskTimedOut = eventCodec(
  14,
  (event: ActivityTaskTimedOut, writer) => [
    writeFailure(event.failure, writer),
    event.scheduledEventId,
    event.startedEventId,
    RETRY_STATE.code(event.retryState),
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'activityTaskTimedOut',
    eventId,
    at,
    failure: readFailure(cells[0], reader),
    scheduledEventId: cells[1],
    startedEventId: cells[2],
    retryState: RETRY_STATE.word(cells[3]),
  }),
);

export const activityTaskCancelRequested = eventCodec(
  15,
  (event: ActivityTaskCancelRequested) => [event.scheduledEventId, event.workflowTaskCompletedEventId],
  (cells, { eventId, at }) => ({
    kind: 'activityTaskCancelRequested',
    eventId,
    at,
    scheduledEventId: cells[0],
    workflowTaskCompletedEventId: cells[1],
  }),
);

export const activityTaskCanceled = eventCodec(
  16,
  (event: ActivityTaskCanceled, writer) => [
    writer.listOf(event.details),
    event.latestCancelRequestedEventId,
    event.scheduledEventId,
    event.startedEventId,
    writer.name(event.identity),
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<ActivityTaskCanceled> = {
      kind: 'activityTaskCanceled',
      eventId,
      at,
      latestCancelRequestedEventId: cells[1],
      scheduledEventId: cells[2],
      startedEventId: cells[3],
      identity: reader.name(cells[4]),
    };
    if (cells[0] !== null) event.details = reader.list(cells[0]);
    return event;
  },
);
