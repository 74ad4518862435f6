// How a run begins and how it ends. Pure.
import type {
  WorkflowExecutionCanceled,
  WorkflowExecutionCompleted,
  WorkflowExecutionContinuedAsNew,
  WorkflowExecutionFailed,
  WorkflowExecutionStarted,
  WorkflowExecutionTerminated,
  WorkflowExecutionTimedOut,
} from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import { INITIATOR, RETRY_STATE } from '../codes';
import { readFailure, writeFailure, writeFailureOf } from '../failure';
import {
  readExecution,
  readOptionalRunOptions,
  readParent,
  writeExecutionOf,
  writeParent,
  writeRunOptions,
} from '../parts';
import { eventCodec } from './codec';

export const workflowExecutionStarted = eventCodec(
  1,
  (event: WorkflowExecutionStarted, writer) => [
    writeRunOptions(event, writer),
    event.workflowId,
    // Most often the same text: its own run.
    writer.name(event.originalExecutionRunId),
    writer.name(event.firstExecutionRunId),
    event.continuedExecutionRunId ?? null,
    INITIATOR.codeOf(event.initiator),
    writeFailureOf(event.continuedFailure, writer),
    writer.listOf(event.lastCompletionResult),
    writer.name(event.identity),
    event.attempt,
    event.executionExpirationTime ?? null,
    event.firstWorkflowTaskBackoffMs ?? null,
    event.parent === undefined ? null : writeParent(event.parent, writer),
    writeExecutionOf(event.root),
  ],
  (cells, { eventId, at }, reader) => {
    const options = cells[0];
    const event: Mutable<WorkflowExecutionStarted> = {
      kind: 'workflowExecutionStarted',
      eventId,
      at,
      workflowType: reader.name(options[0]),
      taskQueue: reader.name(options[1]),
      input: reader.list(options[2]),
      header: reader.map(options[3]),
      taskTimeoutMs: options[4],
      workflowId: cells[1],
      originalExecutionRunId: reader.name(cells[2]),
      firstExecutionRunId: reader.name(cells[3]),
      identity: reader.name(cells[8]),
      attempt: cells[9],
    };
    readOptionalRunOptions(event, options, reader);
    if (cells[4] !== null) event.continuedExecutionRunId = cells[4];
    if (cells[5] !== null) event.initiator = INITIATOR.word(cells[5]);
    if (cells[6] !== null) event.continuedFailure = readFailure(cells[6], reader);
    if (cells[7] !== null) event.lastCompletionResult = reader.list(cells[7]);
    if (cells[10] !== null) event.executionExpirationTime = cells[10];
    if (cells[11] !== null) event.firstWorkflowTaskBackoffMs = cells[11];
    if (cells[12] !== null) event.parent = readParent(cells[12], reader);
    if (cells[13] !== null) event.root = readExecution(cells[13]);
    return event;
  },
);

export const workflowExecutionCompleted = eventCodec(
  2,
  (event: WorkflowExecutionCompleted, writer) => [
    writer.payloadOf(event.result),
    event.workflowTaskCompletedEventId,
    event.newExecutionRunId ?? null,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionCompleted> = {
      kind: 'workflowExecutionCompleted',
      eventId,
      at,
      workflowTaskCompletedEventId: cells[1],
    };
    if (cells[0] !== null) event.result = reader.payload(cells[0]);
    if (cells[2] !== null) event.newExecutionRunId = cells[2];
    return event;
  },
);

export const workflowExecutionFailed = eventCodec(
  3,
  (event: WorkflowExecutionFailed, writer) => [
    writeFailure(event.failure, writer),
    RETRY_STATE.code(event.retryState),
    event.workflowTaskCompletedEventId,
    event.newExecutionRunId ?? null,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionFailed> = {
      kind: 'workflowExecutionFailed',
      eventId,
      at,
      failure: readFailure(cells[0], reader),
      retryState: RETRY_STATE.word(cells[1]),
      workflowTaskCompletedEventId: cells[2],
    };
    if (cells[3] !== null) event.newExecutionRunId = cells[3];
    return event;
  },
);

export const workflowExecutionTimedOut = eventCodec(
  4,
  (event: WorkflowExecutionTimedOut) => [RETRY_STATE.code(event.retryState), event.newExecutionRunId ?? null],
  (cells, { eventId, at }) => {
    const event: Mutable<WorkflowExecutionTimedOut> = {
      kind: 'workflowExecutionTimedOut',
      eventId,
      at,
      retryState: RETRY_STATE.word(cells[0]),
    };
    if (cells[1] !== null) event.newExecutionRunId = cells[1];
    return event;
  },
);

export const workflowExecutionCanceled = eventCodec(
  21,
  (event: WorkflowExecutionCanceled, writer) => [
    writer.listOf(event.details),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionCanceled> = {
      kind: 'workflowExecutionCanceled',
      eventId,
      at,
      workflowTaskCompletedEventId: cells[1],
    };
    if (cells[0] !== null) event.details = reader.list(cells[0]);
    return event;
  },
);

export const workflowExecutionTerminated = eventCodec(
  27,
  (event: WorkflowExecutionTerminated, writer) => [
    event.reason ?? null,
    writer.listOf(event.details),
    writer.name(event.identity),
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionTerminated> = {
      kind: 'workflowExecutionTerminated',
      eventId,
      at,
      identity: reader.name(cells[2]),
    };
    if (cells[0] !== null) event.reason = cells[0];
    if (cells[1] !== null) event.details = reader.list(cells[1]);
    return event;
  },
);

export const workflowExecutionContinuedAsNew = eventCodec(
  28,
  (event: WorkflowExecutionContinuedAsNew, writer) => [
    event.newExecutionRunId,
    writer.name(event.workflowType),
    writer.name(event.taskQueue),
    writer.list(event.input),
    writer.map(event.header),
    writer.mapOf(event.memo),
    writer.mapOf(event.searchAttributes),
    event.runTimeoutMs ?? null,
    event.taskTimeoutMs,
    event.backoffStartIntervalMs ?? null,
    INITIATOR.code(event.initiator),
    writeFailureOf(event.failure, writer),
    writer.listOf(event.lastCompletionResult),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionContinuedAsNew> = {
      kind: 'workflowExecutionContinuedAsNew',
      eventId,
      at,
      newExecutionRunId: cells[0],
      workflowType: reader.name(cells[1]),
      taskQueue: reader.name(cells[2]),
      input: reader.list(cells[3]),
      header: reader.map(cells[4]),
      taskTimeoutMs: cells[8],
      initiator: INITIATOR.word(cells[10]),
      workflowTaskCompletedEventId: cells[13],
    };
    if (cells[5] !== null) event.memo = reader.map(cells[5]);
    if (cells[6] !== null) event.searchAttributes = reader.map(cells[6]);
    if (cells[7] !== null) event.runTimeoutMs = cells[7];
    if (cells[9] !== null) event.backoffStartIntervalMs = cells[9];
    if (cells[11] !== null) event.failure = readFailure(cells[11], reader);
    if (cells[12] !== null) event.lastCompletionResult = reader.list(cells[12]);
    return event;
  },
);
