// The life of a workflow task. Pure.
import type {
  WorkflowTaskCompleted,
  WorkflowTaskFailed,
  WorkflowTaskScheduled,
  WorkflowTaskStarted,
  WorkflowTaskTimedOut,
} from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import { TASK_FAILED_CAUSE, TIMEOUT_TYPE } from '../codes';
import { readFailure, writeFailureOf } from '../failure';
import { readSdkMetadata, readStamp, writeSdkMetadata, writeStamp } from '../parts';
import { eventCodec } from './codec';

export const workflowTaskScheduled = eventCodec(
  5,
  (event: WorkflowTaskScheduled, writer) => [
    writer.name(event.taskQueue),
    event.startToCloseTimeoutMs,
    event.attempt,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'workflowTaskScheduled',
    eventId,
    at,
    taskQueue: reader.name(cells[0]),
    startToCloseTimeoutMs: cells[1],
    attempt: cells[2],
  }),
);

export const workflowTaskStarted = eventCodec(
  6,
  (event: WorkflowTaskStarted, writer) => [
    event.scheduledEventId,
    writer.name(event.identity),
    event.requestId,
    event.historySizeBytes,
    event.suggestContinueAsNew,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'workflowTaskStarted',
    eventId,
    at,
    scheduledEventId: cells[0],
    identity: reader.name(cells[1]),
    requestId: cells[2],
    historySizeBytes: cells[3],
    suggestContinueAsNew: cells[4],
  }),
);

export const workflowTaskCompleted = eventCodec(
  7,
  (event: WorkflowTaskCompleted, writer) => [
    event.scheduledEventId,
    event.startedEventId,
    writer.name(event.identity),
    event.sdkMetadata === undefined ? null : writeSdkMetadata(event.sdkMetadata, writer),
    event.stamp === undefined ? null : writeStamp(event.stamp, writer),
    writer.nameOf(event.buildId),
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowTaskCompleted> = {
      kind: 'workflowTaskCompleted',
      eventId,
      at,
      scheduledEventId: cells[0],
      startedEventId: cells[1],
      identity: reader.name(cells[2]),
    };
    if (cells[3] !== null) event.sdkMetadata = readSdkMetadata(cells[3], reader);
    if (cells[4] !== null) event.stamp = readStamp(cells[4], reader);
    if (cells[5] !== null) event.buildId = reader.name(cells[5]);
    return event;
  },
);

export const workflowTaskTimedOut = eventCodec(
  8,
  (event: WorkflowTaskTimedOut) => [
    event.scheduledEventId,
    event.startedEventId,
    TIMEOUT_TYPE.code(event.timeoutType),
  ],
  (cells, { eventId, at }) => ({
    kind: 'workflowTaskTimedOut',
    eventId,
    at,
    scheduledEventId: cells[0],
    startedEventId: cells[1],
    timeoutType: TIMEOUT_TYPE.word(cells[2]),
  }),
);

export const workflowTaskFailed = eventCodec(
  9,
  (event: WorkflowTaskFailed, writer) => [
    event.scheduledEventId,
    event.startedEventId,
    TASK_FAILED_CAUSE.code(event.cause),
    writeFailureOf(event.failure, writer),
    writer.name(event.identity),
    event.baseRunId ?? null,
    event.newRunId ?? null,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowTaskFailed> = {
      kind: 'workflowTaskFailed',
      eventId,
      at,
      scheduledEventId: cells[0],
      startedEventId: cells[1],
      cause: TASK_FAILED_CAUSE.word(cells[2]),
      identity: reader.name(cells[4]),
    };
    if (cells[3] !== null) event.failure = readFailure(cells[3], reader);
    if (cells[5] !== null) event.baseRunId = cells[5];
    if (cells[6] !== null) event.newRunId = cells[6];
    return event;
  },
);
