// Signals and cancel requests to other workflows, as their sender sees them. Pure.
import type {
  ExternalTarget,
  ExternalWorkflowExecutionCancelRequested,
  ExternalWorkflowExecutionSignaled,
  RequestCancelExternalWorkflowExecutionFailed,
  RequestCancelExternalWorkflowExecutionInitiated,
  SignalExternalWorkflowExecutionFailed,
  SignalExternalWorkflowExecutionInitiated,
} from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import type { Reader, Writer } from '../cells';
import { EXTERNAL_FAILED_CAUSE } from '../codes';
import { eventCodec } from './codec';

const writeTarget = ({ namespace, workflowId, runId }: ExternalTarget, writer: Writer) =>
  [writer.name(namespace), workflowId, runId ?? null] as const;
type TargetCells = ReturnType<typeof writeTarget>;
function readTarget(cells: TargetCells, reader: Reader): ExternalTarget {
  const target: Mutable<ExternalTarget> = { namespace: reader.name(cells[0]), workflowId: cells[1] };
  if (cells[2] !== null) target.runId = cells[2];
  return target;
}

export const signalExternalWorkflowExecutionInitiated = eventCodec(
  37,
  (event: SignalExternalWorkflowExecutionInitiated, writer) => [
    writeTarget(event, writer),
    writer.name(event.signalName),
    writer.list(event.input),
    writer.map(event.header),
    event.childWorkflowOnly,
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'signalExternalWorkflowExecutionInitiated',
    eventId,
    at,
    ...readTarget(cells[0], reader),
    signalName: reader.name(cells[1]),
    input: reader.list(cells[2]),
    header: reader.map(cells[3]),
    childWorkflowOnly: cells[4],
    workflowTaskCompletedEventId: cells[5],
  }),
);

export const signalExternalWorkflowExecutionFailed = eventCodec(
  38,
  (event: SignalExternalWorkflowExecutionFailed, writer) => [
    writeTarget(event, writer),
    EXTERNAL_FAILED_CAUSE.code(event.cause),
    event.initiatedEventId,
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'signalExternalWorkflowExecutionFailed',
    eventId,
    at,
    ...readTarget(cells[0], reader),
    cause: EXTERNAL_FAILED_CAUSE.word(cells[1]),
    initiatedEventId: cells[2],
    workflowTaskCompletedEventId: cells[3],
  }),
);

export const externalWorkflowExecutionSignaled = eventCodec(
  39,
  (event: ExternalWorkflowExecutionSignaled, writer) => [writeTarget(event, writer), event.initiatedEventId],
  (cells, { eventId, at }, reader) => ({
    kind: 'externalWorkflowExecutionSignaled',
    eventId,
    at,
    ...readTarget(cells[0], reader),
    initiatedEventId: cells[1],
  }),
);

export const requestCancelExternalWorkflowExecutionInitiated = eventCodec(
  22,
  (event: RequestCancelExternalWorkflowExecutionInitiated, writer) => [
    writeTarget(event, writer),
    event.childWorkflowOnly,
    event.reason ?? null,
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<RequestCancelExternalWorkflowExecutionInitiated> = {
      kind: 'requestCancelExternalWorkflowExecutionInitiated',
      eventId,
      at,
      ...readTarget(cells[0], reader),
      childWorkflowOnly: cells[1],
      workflowTaskCompletedEventId: cells[3],
    };
    if (cells[2] !== null) event.reason = cells[2];
    return event;
  },
);

export const requestCancelExternalWorkflowExecutionFailed = eventCodec(
  23,
  (event: RequestCancelExternalWorkflowExecutionFailed, writer) => [
    writeTarget(event, writer),
    EXTERNAL_FAILED_CAUSE.code(event.cause),
    event.initiatedEventId,
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'requestCancelExternalWorkflowExecutionFailed',
    eventId,
    at,
    ...readTarget(cells[0], reader),
    cause: EXTERNAL_FAILED_CAUSE.word(cells[1]),
    initiatedEventId: cells[2],
    workflowTaskCompletedEventId: cells[3],
  }),
);

export const externalWorkflowExecutionCancelRequested = eventCodec(
  24,
  (event: ExternalWorkflowExecutionCancelRequested, writer) => [
    writeTarget(event, writer),
    event.initiatedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'externalWorkflowExecutionCancelRequested',
    eventId,
    at,
    ...readTarget(cells[0], reader),
    initiatedEventId: cells[1],
  }),
);
