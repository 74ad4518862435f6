// What others ask of a run. Pure.
import type { WorkflowExecutionCancelRequested, WorkflowExecutionSignaled } from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import { readExecution, writeExecutionOf } from '../parts';
import { eventCodec } from './codec';

export const workflowExecutionSignaled = eventCodec(
  26,
  (event: WorkflowExecutionSignaled, writer) => [
    writer.name(event.signalName),
    writer.list(event.input),
    writer.name(event.identity),
    writer.map(event.header),
    writeExecutionOf(event.externalWorkflowExecution),
    event.requestId ?? null,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionSignaled> = {
      kind: 'workflowExecutionSignaled',
      eventId,
      at,
      signalName: reader.name(cells[0]),
      input: reader.list(cells[1]),
      identity: reader.name(cells[2]),
      header: reader.map(cells[3]),
    };
    if (cells[4] !== null) event.externalWorkflowExecution = readExecution(cells[4]);
    if (cells[5] !== null) event.requestId = cells[5];
    return event;
  },
);

export const workflowExecutionCancelRequested = eventCodec(
  20,
  (event: WorkflowExecutionCancelRequested, writer) => [
    event.cause ?? null,
    writer.name(event.identity),
    event.externalInitiatedEventId ?? null,
    writeExecutionOf(event.externalWorkflowExecution),
    event.requestId ?? null,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<WorkflowExecutionCancelRequested> = {
      kind: 'workflowExecutionCancelRequested',
      eventId,
      at,
      identity: reader.name(cells[1]),
    };
    if (cells[0] !== null) event.cause = cells[0];
    if (cells[2] !== null) event.externalInitiatedEventId = cells[2];
    if (cells[3] !== null) event.externalWorkflowExecution = readExecution(cells[3]);
    if (cells[4] !== null) event.requestId = cells[4];
    return event;
  },
);
