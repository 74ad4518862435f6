// Failures as cells. Pure.
import type { Failure, FailureInfo } from '../../model/failure';
import type { WorkflowId, RunId } from '../../model/ids';
import type { Mutable } from '../../model/mutable';
import type { Absent, NameRef, PayloadRef, Reader, Writer } from './cells';
import { RETRY_STATE, TIMEOUT_TYPE } from './codes';

export type FailureCells = readonly [
  message: string,
  source: NameRef | Absent,
  stackTrace: string | Absent,
  encodedAttributes: PayloadRef | Absent,
  cause: FailureCells | Absent,
  info: InfoCells | Absent,
];

type List = readonly PayloadRef[] | Absent;
type InfoCells =
  | readonly [
      1,
      type: string | Absent,
      nonRetryable: boolean,
      details: List,
      delay: number | Absent,
      benign: boolean,
    ]
  | readonly [2, timeoutType: number, lastHeartbeatDetails: List]
  | readonly [3, details: List]
  | readonly [4]
  | readonly [5, nonRetryable: boolean]
  | readonly [6, lastHeartbeatDetails: List]
  | readonly [
      7,
      scheduledEventId: number,
      startedEventId: number,
      identity: NameRef,
      activityType: NameRef,
      activityId: string,
      retryState: number | Absent,
    ]
  | readonly [
      8,
      namespace: NameRef,
      workflowId: WorkflowId,
      runId: RunId | Absent,
      workflowType: NameRef,
      initiatedEventId: number,
      startedEventId: number,
      retryState: number | Absent,
    ];

export const writeFailure = (failure: Failure, writer: Writer): FailureCells => [
  failure.message,
  writer.nameOf(failure.source),
  failure.stackTrace ?? null,
  writer.payloadOf(failure.encodedAttributes),
  writeFailureOf(failure.cause, writer),
  failure.info === undefined ? null : writeInfo(failure.info, writer),
];

export const writeFailureOf = (failure: Failure | undefined, writer: Writer): FailureCells | Absent =>
  failure === undefined ? null : writeFailure(failure, writer);

export function readFailure(cells: FailureCells, reader: Reader): Failure {
  const failure: Mutable<Failure> = { message: cells[0] };
  if (cells[1] !== null) failure.source = reader.name(cells[1]);
  if (cells[2] !== null) failure.stackTrace = cells[2];
  if (cells[3] !== null) failure.encodedAttributes = reader.payload(cells[3]);
  if (cells[4] !== null) failure.cause = readFailure(cells[4], reader);
  if (cells[5] !== null) failure.info = readInfo(cells[5], reader);
  return failure;
}

function writeInfo(info: FailureInfo, writer: Writer): InfoCells {
  switch (info.kind) {
    case 'application': {
      const { type, nonRetryable, details, nextRetryDelayMs, category } = info;
      return [
        1,
        type ?? null,
        nonRetryable,
        writer.listOf(details),
        nextRetryDelayMs ?? null,
        category === 'BENIGN',
      ];
    }
    case 'timeout':
      return [2, TIMEOUT_TYPE.code(info.timeoutType), writer.listOf(info.lastHeartbeatDetails)];
    case 'canceled':
      return [3, writer.listOf(info.details)];
    case 'terminated':
      return [4];
    case 'server':
      return [5, info.nonRetryable];
    case 'resetWorkflow':
      return [6, writer.listOf(info.lastHeartbeatDetails)];
    case 'activity':
      return [
        7,
        info.scheduledEventId,
        info.startedEventId,
        writer.name(info.identity),
        writer.name(info.activityType),
        info.activityId,
        RETRY_STATE.codeOf(info.retryState),
      ];
    case 'childWorkflow':
      return [
        8,
        writer.name(info.namespace),
        info.workflowId,
        info.runId ?? null,
        writer.name(info.workflowType),
        info.initiatedEventId,
        info.startedEventId,
        RETRY_STATE.codeOf(info.retryState),
      ];
  }
}

function readInfo(cells: InfoCells, reader: Reader): FailureInfo {
  switch (cells[0]) {
    case 1: {
      const info: Mutable<Extract<FailureInfo, { kind: 'application' }>> = {
        kind: 'application',
        nonRetryable: cells[2],
      };
      if (cells[1] !== null) info.type = cells[1];
      if (cells[3] !== null) info.details = reader.list(cells[3]);
      if (cells[4] !== null) info.nextRetryDelayMs = cells[4];
      if (cells[5]) info.category = 'BENIGN';
      return info;
    }
    case 2: {
      const timeoutType = TIMEOUT_TYPE.word(cells[1]);
      if (cells[2] === null) return { kind: 'timeout', timeoutType };
      return { kind: 'timeout', timeoutType, lastHeartbeatDetails: reader.list(cells[2]) };
    }
    case 3:
      return cells[1] === null ? { kind: 'canceled' } : { kind: 'canceled', details: reader.list(cells[1]) };
    case 4:
      return { kind: 'terminated' };
    case 5:
      return { kind: 'server', nonRetryable: cells[1] };
    case 6: {
      if (cells[1] === null) return { kind: 'resetWorkflow' };
      return { kind: 'resetWorkflow', lastHeartbeatDetails: reader.list(cells[1]) };
    }
    case 7: {
      const info: Mutable<Extract<FailureInfo, { kind: 'activity' }>> = {
        kind: 'activity',
        scheduledEventId: cells[1],
        startedEventId: cells[2],
        identity: reader.name(cells[3]),
        activityType: reader.name(cells[4]),
        activityId: cells[5],
      };
      if (cells[6] !== null) info.retryState = RETRY_STATE.word(cells[6]);
      return info;
    }
    case 8: {
      const info: Mutable<Extract<FailureInfo, { kind: 'childWorkflow' }>> = {
        kind: 'childWorkflow',
        namespace: reader.name(cells[1]),
        workflowId: cells[2],
        workflowType: reader.name(cells[4]),
        initiatedEventId: cells[5],
        startedEventId: cells[6],
      };
      if (cells[3] !== null) info.runId = cells[3];
      if (cells[7] !== null) info.retryState = RETRY_STATE.word(cells[7]);
      return info;
    }
  }
}
