// The life of a child workflow, as its parent sees it. Pure.
import type {
  ChildRef,
  ChildWorkflowExecutionCanceled,
  ChildWorkflowExecutionCompleted,
  ChildWorkflowExecutionFailed,
  ChildWorkflowExecutionStarted,
  ChildWorkflowExecutionTerminated,
  ChildWorkflowExecutionTimedOut,
  StartChildWorkflowExecutionFailed,
  StartChildWorkflowExecutionInitiated,
} from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import type { Reader, Writer } from '../cells';
import { CHILD_START_FAILED_CAUSE, PARENT_CLOSE_POLICY, RETRY_STATE, REUSE_POLICY } from '../codes';
import { readFailure, writeFailure } from '../failure';
import { readExecution, readOptionalRunOptions, writeExecution, writeRunOptions } from '../parts';
import { eventCodec } from './codec';

export const startChildWorkflowExecutionInitiated = eventCodec(
  29,
  (event: StartChildWorkflowExecutionInitiated, writer) => [
    writeRunOptions(event, writer),
    writer.name(event.namespace),
    event.workflowId,
    PARENT_CLOSE_POLICY.code(event.parentClosePolicy),
    REUSE_POLICY.code(event.workflowIdReusePolicy),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const options = cells[0];
    const event: Mutable<StartChildWorkflowExecutionInitiated> = {
      kind: 'startChildWorkflowExecutionInitiated',
      eventId,
      at,
      workflowType: reader.name(options[0]),
      taskQueue: reader.name(options[1]),
      input: reader.list(options[2]),
      header: reader.map(options[3]),
      taskTimeoutMs: options[4],
      namespace: reader.name(cells[1]),
      workflowId: cells[2],
      parentClosePolicy: PARENT_CLOSE_POLICY.word(cells[3]),
      workflowIdReusePolicy: REUSE_POLICY.word(cells[4]),
      workflowTaskCompletedEventId: cells[5],
    };
    readOptionalRunOptions(event, options, reader);
    return event;
  },
);

export const startChildWorkflowExecutionFailed = eventCodec(
  30,
  (event: StartChildWorkflowExecutionFailed, writer) => [
    writer.name(event.namespace),
    event.workflowId,
    writer.name(event.workflowType),
    CHILD_START_FAILED_CAUSE.code(event.cause),
    event.initiatedEventId,
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'startChildWorkflowExecutionFailed',
    eventId,
    at,
    namespace: reader.name(cells[0]),
    workflowId: cells[1],
    workflowType: reader.name(cells[2]),
    cause: CHILD_START_FAILED_CAUSE.word(cells[3]),
    initiatedEventId: cells[4],
    workflowTaskCompletedEventId: cells[5],
  }),
);

const writeRef = (child: ChildRef, writer: Writer) =>
  [
    writer.name(child.namespace),
    writeExecution(child.workflowExecution),
    writer.name(child.workflowType),
    child.initiatedEventId,
  ] as const;
type RefCells = ReturnType<typeof writeRef>;
const readRef = (cells: RefCells, reader: Reader): ChildRef => ({
  namespace: reader.name(cells[0]),
  workflowExecution: readExecution(cells[1]),
  workflowType: reader.name(cells[2]),
  initiatedEventId: cells[3],
});

export const childWorkflowExecutionStarted = eventCodec(
  31,
  (event: ChildWorkflowExecutionStarted, writer) => [writeRef(event, writer), writer.map(event.header)],
  (cells, { eventId, at }, reader) => ({
    kind: 'childWorkflowExecutionStarted',
    eventId,
    at,
    ...readRef(cells[0], reader),
    header: reader.map(cells[1]),
  }),
);

export const childWorkflowExecutionCompleted = eventCodec(
  32,
  (event: ChildWorkflowExecutionCompleted, writer) => [
    writeRef(event, writer),
    writer.payloadOf(event.result),
    event.startedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<ChildWorkflowExecutionCompleted> = {
      kind: 'childWorkflowExecutionCompleted',
      eventId,
      at,
      ...readRef(cells[0], reader),
      startedEventId: cells[2],
    };
    if (cells[1] !== null) event.result = reader.payload(cells[1]);
    return event;
  },
);

export const childWorkflowExecutionFailed = eventCodec(
  33,
  (event: ChildWorkflowExecutionFailed, writer) => [
    writeRef(event, writer),
    writeFailure(event.failure, writer),
    RETRY_STATE.code(event.retryState),
    event.startedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'childWorkflowExecutionFailed',
    eventId,
    at,
    ...readRef(cells[0], reader),
    failure: readFailure(cells[1], reader),
    retryState: RETRY_STATE.word(cells[2]),
    startedEventId: cells[3],
  }),
);

export const childWorkflowExecutionCanceled = eventCodec(
  34,
  (event: ChildWorkflowExecutionCanceled, writer) => [
    writeRef(event, writer),
    writer.listOf(event.details),
    event.startedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<ChildWorkflowExecutionCanceled> = {
      kind: 'childWorkflowExecutionCanceled',
      eventId,
      at,
      ...readRef(cells[0], reader),
      startedEventId: cells[2],
    };
    if (cells[1] !== null) event.details = reader.list(cells[1]);
    return event;
  },
);

export const childWorkflowExecutionTimedOut = eventCodec(
  35,
  (event: ChildWorkflowExecutionTimedOut, writer) => [
    writeRef(event, writer),
    RETRY_STATE.code(event.retryState),
    event.startedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'childWorkflowExecutionTimedOut',
    eventId,
    at,
    ...readRef(cells[0], reader),
    retryState: RETRY_STATE.word(cells[1]),
    startedEventId: cells[2],
  }),
);

export const childWorkflowExecutionTerminated = eventCodec(
  36,
  (event: ChildWorkflowExecutionTerminated, writer) => [writeRef(event, writer), event.startedEventId],
  (cells, { eventId, at }, reader) => ({
    kind: 'childWorkflowExecutionTerminated',
    eventId,
    at,
    ...readRef(cells[0], reader),
    startedEventId: cells[1],
  }),
);
