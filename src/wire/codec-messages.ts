// Messages as cells: number of the kind, namespace, workflow id, run id, body. Pure.
import { assert } from '../model/assert';
import type { CloseEvent } from '../model/event';
import type { Address, RunId, WorkflowId } from '../model/ids';
import type {
  CancelMessage,
  Message,
  MessageByKind,
  MessageKind,
  QueryMessage,
  SignalMessage,
  StartChildMessage,
  StartMessage,
  TerminateMessage,
  TurnCompletedMessage,
} from '../model/message';
import type { Mutable } from '../model/mutable';
import type { Cell, Cells, NameRef, Reader, Writer } from '../storage/format/cells';
import {
  CHILD_START_FAILED_CAUSE,
  EXTERNAL_FAILED_CAUSE,
  REUSE_POLICY,
  TASK_FAILED_CAUSE,
} from '../storage/format/codes';
import { readEvents, writeEvents } from '../storage/format/events';
import { readFailure, writeFailure } from '../storage/format/failure';
import {
  readExecution,
  readParent,
  readRunOptions,
  readSdkMetadata,
  readStamp,
  readUserMetadata,
  writeExecution,
  writeParent,
  writeRunOptions,
  writeSdkMetadata,
  writeStamp,
  writeUserMetadataOf,
} from '../storage/format/parts';
import { readCommands, writeCommands } from './codec-commands';
import {
  CONFLICT_POLICY,
  readActivity,
  readOutcome,
  readOwedBy,
  readSender,
  readSignal,
  REJECT_CONDITION,
  writeActivity,
  writeOutcome,
  writeOwedByOf,
  writeSenderOf,
  writeSignal,
} from './codec-message-parts';

interface MessageCodec<M extends Message> {
  readonly write: (message: M, writer: Writer) => Cells;
  readonly read: (cells: Cells, to: Address, reader: Reader) => M;
}

const message = <M extends Message, const C extends Cells>(
  write: (message: M, writer: Writer) => C,
  read: (cells: C, to: Address, reader: Reader) => NoInfer<M>,
): MessageCodec<M> => ({ write, read: read as unknown as MessageCodec<M>['read'] });

/** A message without anything but its kind and its address. */
const NOTHING: Cells = [];

/** A kind that is missing here does not compile. */
const CODECS: { readonly [K in MessageKind]: MessageCodec<MessageByKind<K>> } = {
  start: message(
    (start: StartMessage, writer) => [
      start.waiter,
      start.newRunId,
      start.requestId,
      writer.name(start.identity),
      writeRunOptions(start.options, writer),
      REUSE_POLICY.code(start.reusePolicy),
      CONFLICT_POLICY.code(start.conflictPolicy),
      start.startDelayMs ?? null,
      writeUserMetadataOf(start.userMetadata, writer),
      start.signal === undefined ? null : writeSignal(start.signal, writer),
    ],
    (cells, to, reader) => {
      const start: Mutable<StartMessage> = {
        kind: 'start',
        to,
        waiter: cells[0],
        newRunId: cells[1],
        requestId: cells[2],
        identity: reader.name(cells[3]),
        options: readRunOptions(cells[4], reader),
        reusePolicy: REUSE_POLICY.word(cells[5]),
        conflictPolicy: CONFLICT_POLICY.word(cells[6]),
      };
      if (cells[7] !== null) start.startDelayMs = cells[7];
      if (cells[8] !== null) start.userMetadata = readUserMetadata(cells[8], reader);
      if (cells[9] !== null) start.signal = readSignal(cells[9], reader);
      return start;
    },
  ),
  startChild: message(
    (start: StartChildMessage, writer) => [
      start.newRunId,
      writeParent(start.parent, writer),
      writeExecution(start.root),
      writeRunOptions(start.options, writer),
      REUSE_POLICY.code(start.reusePolicy),
      writeUserMetadataOf(start.userMetadata, writer),
    ],
    (cells, to, reader) => {
      const start: Mutable<StartChildMessage> = {
        kind: 'startChild',
        to,
        newRunId: cells[0],
        parent: readParent(cells[1], reader),
        root: readExecution(cells[2]),
        options: readRunOptions(cells[3], reader),
        reusePolicy: REUSE_POLICY.word(cells[4]),
      };
      if (cells[5] !== null) start.userMetadata = readUserMetadata(cells[5], reader);
      return start;
    },
  ),
  signal: message(
    (signal: SignalMessage, writer) => [
      signal.waiter,
      writeSignal(signal.signal, writer),
      writer.name(signal.identity),
      writeSenderOf(signal.sender, writer),
      signal.childWorkflowOnly ?? null,
    ],
    (cells, to, reader) => {
      const signal: Mutable<SignalMessage> = {
        kind: 'signal',
        to,
        waiter: cells[0],
        signal: readSignal(cells[1], reader),
        identity: reader.name(cells[2]),
      };
      if (cells[3] !== null) signal.sender = readSender(cells[3], reader);
      if (cells[4] !== null) signal.childWorkflowOnly = cells[4];
      return signal;
    },
  ),
  cancel: message(
    (cancel: CancelMessage, writer) => [
      cancel.waiter,
      cancel.requestId,
      writer.name(cancel.identity),
      cancel.reason ?? null,
      cancel.firstExecutionRunId ?? null,
      writeSenderOf(cancel.sender, writer),
      cancel.childWorkflowOnly ?? null,
      writeOwedByOf(cancel.owedBy, writer),
    ],
    (cells, to, reader) => {
      const cancel: Mutable<CancelMessage> = {
        kind: 'cancel',
        to,
        waiter: cells[0],
        requestId: cells[1],
        identity: reader.name(cells[2]),
      };
      if (cells[3] !== null) cancel.reason = cells[3];
      if (cells[4] !== null) cancel.firstExecutionRunId = cells[4];
      if (cells[5] !== null) cancel.sender = readSender(cells[5], reader);
      if (cells[6] !== null) cancel.childWorkflowOnly = cells[6];
      if (cells[7] !== null) cancel.owedBy = readOwedBy(cells[7], reader);
      return cancel;
    },
  ),
  terminate: message(
    (terminate: TerminateMessage, writer) => [
      terminate.waiter,
      writer.name(terminate.identity),
      terminate.reason ?? null,
      writer.listOf(terminate.details),
      terminate.firstExecutionRunId ?? null,
      writeOwedByOf(terminate.owedBy, writer),
    ],
    (cells, to, reader) => {
      const terminate: Mutable<TerminateMessage> = {
        kind: 'terminate',
        to,
        waiter: cells[0],
        identity: reader.name(cells[1]),
      };
      if (cells[2] !== null) terminate.reason = cells[2];
      if (cells[3] !== null) terminate.details = reader.list(cells[3]);
      if (cells[4] !== null) terminate.firstExecutionRunId = cells[4];
      if (cells[5] !== null) terminate.owedBy = readOwedBy(cells[5], reader);
      return terminate;
    },
  ),
  query: message(
    (query: QueryMessage, writer) => [
      query.waiter,
      writer.name(query.queryType),
      writer.list(query.input),
      writer.map(query.header),
      REJECT_CONDITION.code(query.rejectCondition),
      query.expiresAt,
    ],
    (cells, to, reader) => ({
      kind: 'query',
      to,
      waiter: cells[0],
      queryType: reader.name(cells[1]),
      input: reader.list(cells[2]),
      header: reader.map(cells[3]),
      rejectCondition: REJECT_CONDITION.word(cells[4]),
      expiresAt: cells[5],
    }),
  ),
  describe: message(
    ({ waiter }: MessageByKind<'describe'>) => [waiter],
    (cells, to) => ({ kind: 'describe', to, waiter: cells[0] }),
  ),
  delete: message(
    ({ waiter, identity }: MessageByKind<'delete'>, writer) => [waiter, writer.name(identity)],
    (cells, to, reader) => ({ kind: 'delete', to, waiter: cells[0], identity: reader.name(cells[1]) }),
  ),
  wake: message(
    (_: MessageByKind<'wake'>) => NOTHING,
    (_, to) => ({ kind: 'wake', to }),
  ),
  activityGranted: message(
    (granted: MessageByKind<'activityGranted'>, writer) => [
      granted.scheduledEventId,
      granted.attempt,
      writer.name(granted.identity),
    ],
    (cells, to, reader) => ({
      kind: 'activityGranted',
      to,
      scheduledEventId: cells[0],
      attempt: cells[1],
      identity: reader.name(cells[2]),
    }),
  ),
  activityResolved: message(
    (resolved: MessageByKind<'activityResolved'>, writer) => [
      resolved.waiter,
      writeActivity(resolved.activity),
      writer.name(resolved.identity),
      writeOutcome(resolved.outcome, writer),
    ],
    (cells, to, reader) => ({
      kind: 'activityResolved',
      to,
      waiter: cells[0],
      activity: readActivity(cells[1]),
      identity: reader.name(cells[2]),
      outcome: readOutcome(cells[3], reader),
    }),
  ),
  activityHeartbeat: message(
    (heartbeat: MessageByKind<'activityHeartbeat'>, writer) => [
      heartbeat.waiter,
      writeActivity(heartbeat.activity),
      writer.name(heartbeat.identity),
      writer.payloadOf(heartbeat.details),
    ],
    (cells, to, reader) => {
      const heartbeat: Mutable<MessageByKind<'activityHeartbeat'>> = {
        kind: 'activityHeartbeat',
        to,
        waiter: cells[0],
        activity: readActivity(cells[1]),
        identity: reader.name(cells[2]),
      };
      if (cells[3] !== null) heartbeat.details = reader.payload(cells[3]);
      return heartbeat;
    },
  ),
  childStarted: message(
    (started: MessageByKind<'childStarted'>, writer) => [
      started.initiatedEventId,
      writeExecution(started.child),
      writer.name(started.namespace),
    ],
    (cells, to, reader) => ({
      kind: 'childStarted',
      to,
      initiatedEventId: cells[0],
      child: readExecution(cells[1]),
      namespace: reader.name(cells[2]),
    }),
  ),
  childStartFailed: message(
    (failed: MessageByKind<'childStartFailed'>) => [
      failed.initiatedEventId,
      CHILD_START_FAILED_CAUSE.code(failed.cause),
    ],
    (cells, to) => ({
      kind: 'childStartFailed',
      to,
      initiatedEventId: cells[0],
      cause: CHILD_START_FAILED_CAUSE.word(cells[1]),
    }),
  ),
  firstTaskReleased: message(
    ({ parentGone }: MessageByKind<'firstTaskReleased'>) => [parentGone],
    (cells, to) => ({ kind: 'firstTaskReleased', to, parentGone: cells[0] }),
  ),
  childClosed: message(
    (closed: MessageByKind<'childClosed'>, writer) => [
      closed.initiatedEventId,
      writeExecution(closed.child),
      writer.name(closed.namespace),
      writeCloseEvent(closed.closeEvent, writer),
    ],
    (cells, to, reader) => ({
      kind: 'childClosed',
      to,
      initiatedEventId: cells[0],
      child: readExecution(cells[1]),
      namespace: reader.name(cells[2]),
      closeEvent: readCloseEvent(cells[3], reader),
    }),
  ),
  owedSettled: message(
    ({ key }: MessageByKind<'owedSettled'>) => [key],
    (cells, to) => ({ kind: 'owedSettled', to, key: cells[0] }),
  ),
  externalResolved: message(
    (resolved: MessageByKind<'externalResolved'>) => [
      resolved.what === 'signal',
      resolved.initiatedEventId,
      EXTERNAL_FAILED_CAUSE.codeOf(resolved.cause),
    ],
    (cells, to) => {
      const resolved: Mutable<MessageByKind<'externalResolved'>> = {
        kind: 'externalResolved',
        to,
        what: cells[0] ? 'signal' : 'cancel',
        initiatedEventId: cells[1],
      };
      if (cells[2] !== null) resolved.cause = EXTERNAL_FAILED_CAUSE.word(cells[2]);
      return resolved;
    },
  ),
  turnStarted: message(
    ({ identity, requestId }: MessageByKind<'turnStarted'>, writer) => [writer.name(identity), requestId],
    (cells, to, reader) => ({
      kind: 'turnStarted',
      to,
      identity: reader.name(cells[0]),
      requestId: cells[1],
    }),
  ),
  turnCompleted: message(
    (completed: TurnCompletedMessage, writer) => [
      completed.startedEventId,
      writer.name(completed.identity),
      writeCommands(completed.commands, writer),
      writeStamp(completed.stamp, writer),
      completed.sdkMetadata === undefined ? null : writeSdkMetadata(completed.sdkMetadata, writer),
      completed.eagerSlots ?? null,
    ],
    (cells, to, reader) => {
      const completed: Mutable<TurnCompletedMessage> = {
        kind: 'turnCompleted',
        to,
        startedEventId: cells[0],
        identity: reader.name(cells[1]),
        commands: readCommands(cells[2], reader),
        stamp: readStamp(cells[3], reader),
      };
      if (cells[4] !== null) completed.sdkMetadata = readSdkMetadata(cells[4], reader);
      if (cells[5] !== null) completed.eagerSlots = cells[5];
      return completed;
    },
  ),
  turnFailed: message(
    (failed: MessageByKind<'turnFailed'>, writer) => [
      failed.startedEventId,
      writer.name(failed.identity),
      TASK_FAILED_CAUSE.code(failed.cause),
      writeFailure(failed.failure, writer),
    ],
    (cells, to, reader) => ({
      kind: 'turnFailed',
      to,
      startedEventId: cells[0],
      identity: reader.name(cells[1]),
      cause: TASK_FAILED_CAUSE.word(cells[2]),
      failure: readFailure(cells[3], reader),
    }),
  ),
  struck: message(
    ({ reason }: MessageByKind<'struck'>) => [reason],
    (cells, to) => ({ kind: 'struck', to, reason: cells[0] }),
  ),
};
const BY_KIND = CODECS as Readonly<Record<MessageKind, MessageCodec<Message>>>;
/** Both ends of a thread border run this code: a kind's place in the table is its number. */
const KINDS = Object.keys(CODECS) as MessageKind[];
const NUMBERS = Object.fromEntries(KINDS.map((kind, number) => [kind, number])) as Record<
  MessageKind,
  number
>;
const BY_NUMBER = KINDS.map((kind) => BY_KIND[kind]);

export const MESSAGE_CELLS = 5;

/** Appends `MESSAGE_CELLS` cells. */
export function pushMessage(cells: Cell[], message: Message, writer: Writer): void {
  const { kind, to } = message;
  cells.push(
    NUMBERS[kind],
    writer.name(to.namespace),
    to.workflowId,
    to.runId ?? null,
    BY_KIND[kind].write(message, writer),
  );
}

export function readMessage(cells: Cells, at: number, reader: Reader): Message {
  const found = BY_NUMBER[cells[at] as number];
  assert(found !== undefined, 'a message of an unknown kind');
  const to: Mutable<Address> = {
    namespace: reader.name(cells[at + 1] as NameRef),
    workflowId: cells[at + 2] as WorkflowId,
  };
  const runId = cells[at + 3] as RunId | null;
  if (runId !== null) to.runId = runId;
  return found.read(cells[at + 4] as Cells, to, reader);
}

export const writeCloseEvent = (event: CloseEvent, writer: Writer): Cells => writeEvents([event], writer);
export function readCloseEvent(cells: Cells, reader: Reader): CloseEvent {
  const [event] = readEvents<CloseEvent>(cells, reader);
  assert(event !== undefined, 'a close event is missing');
  return event;
}
