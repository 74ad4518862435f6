// What several kinds of messages have in common, as cells. Pure.
import type {
  ActivityOutcome,
  ActivityRef,
  OwedBy,
  QueryMessage,
  Sender,
  SignalBody,
  StartMessage,
} from '../model/message';
import type { PayloadRef, Reader, Writer } from '../storage/format/cells';
import { codes } from '../storage/format/codes';
import { readFailure, writeFailure } from '../storage/format/failure';
import type { FailureCells } from '../storage/format/failure';
import { readExecution, writeExecution } from '../storage/format/parts';

export const CONFLICT_POLICY = codes<StartMessage['conflictPolicy']>({
  FAIL: 1,
  USE_EXISTING: 2,
  TERMINATE_EXISTING: 3,
});
export const REJECT_CONDITION = codes<QueryMessage['rejectCondition']>({
  NONE: 1,
  NOT_OPEN: 2,
  NOT_COMPLETED_CLEANLY: 3,
});

export const writeSignal = ({ signalName, input, header, requestId }: SignalBody, writer: Writer) =>
  [writer.name(signalName), writer.list(input), writer.map(header), requestId] as const;
export const readSignal = (cells: ReturnType<typeof writeSignal>, reader: Reader): SignalBody => ({
  signalName: reader.name(cells[0]),
  input: reader.list(cells[1]),
  header: reader.map(cells[2]),
  requestId: cells[3],
});

export const writeSenderOf = (sender: Sender | undefined, writer: Writer) =>
  sender === undefined
    ? null
    : ([writer.name(sender.namespace), writeExecution(sender.execution), sender.eventId] as const);
export const readSender = (cells: NonNullable<ReturnType<typeof writeSenderOf>>, reader: Reader): Sender => ({
  namespace: reader.name(cells[0]),
  execution: readExecution(cells[1]),
  eventId: cells[2],
});

export const writeOwedByOf = (owedBy: OwedBy | undefined, writer: Writer) =>
  owedBy === undefined
    ? null
    : ([writer.name(owedBy.namespace), writeExecution(owedBy.execution), owedBy.key] as const);
export const readOwedBy = (cells: NonNullable<ReturnType<typeof writeOwedByOf>>, reader: Reader): OwedBy => ({
  namespace: reader.name(cells[0]),
  execution: readExecution(cells[1]),
  key: cells[2],
});

type ActivityCells = readonly [activityId: string] | readonly [scheduledEventId: number, attempt: number];
export const writeActivity = (activity: ActivityRef): ActivityCells =>
  activity.kind === 'id' ? [activity.activityId] : [activity.scheduledEventId, activity.attempt];
export const readActivity = (cells: ActivityCells): ActivityRef =>
  cells.length === 1
    ? { kind: 'id', activityId: cells[0] }
    : { kind: 'attempt', scheduledEventId: cells[0], attempt: cells[1] };

type OutcomeCells =
  | readonly [1, result: PayloadRef]
  | readonly [2, failure: FailureCells, lastHeartbeatDetails: PayloadRef | null]
  | readonly [3, details: readonly PayloadRef[] | null]
  | readonly [4];

export function writeOutcome(outcome: ActivityOutcome, writer: Writer): OutcomeCells {
  switch (outcome.kind) {
    case 'completed':
      return [1, writer.payload(outcome.result)];
    case 'failed':
      return [2, writeFailure(outcome.failure, writer), writer.payloadOf(outcome.lastHeartbeatDetails)];
    case 'canceled':
      return [3, writer.listOf(outcome.details)];
    case 'willCompleteAsync':
      return [4];
  }
}

export function readOutcome(cells: OutcomeCells, reader: Reader): ActivityOutcome {
  switch (cells[0]) {
    case 1:
      return { kind: 'completed', result: reader.payload(cells[1]) };
    case 2: {
      const failure = readFailure(cells[1], reader);
      if (cells[2] === null) return { kind: 'failed', failure };
      return { kind: 'failed', failure, lastHeartbeatDetails: reader.payload(cells[2]) };
    }
    case 3:
      return cells[1] === null ? { kind: 'canceled' } : { kind: 'canceled', details: reader.list(cells[1]) };
    case 4:
      return { kind: 'willCompleteAsync' };
  }
}
