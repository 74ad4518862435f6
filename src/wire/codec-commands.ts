// Commands as cells. Pure. In-process turns never send them; a turn completed elsewhere does.
import { assert } from '../model/assert';
import type { Command, CommandByKind, CommandKind } from '../model/command';
import type { ExternalTarget } from '../model/event';
import type { RetryPolicy } from '../model/retry-policy';
import { codec } from '../storage/format/cells';
import type { Mutable } from '../model/mutable';
import type { Cell, Cells, Codec, Reader, Writer } from '../storage/format/cells';
import { PARENT_CLOSE_POLICY, REUSE_POLICY } from '../storage/format/codes';
import { readMarkerDetails, writeMarkerDetails } from '../storage/format/events/records';
import { readFailure, writeFailure, writeFailureOf } from '../storage/format/failure';
import { readUserMetadata, writeUserMetadataOf } from '../storage/format/parts';
import type { UserMetadataCells } from '../storage/format/parts';
import { codecTable } from './codec-table';

const writePolicyOf = (policy: Partial<RetryPolicy> | undefined) =>
  policy === undefined
    ? null
    : ([
        policy.initialIntervalMs ?? null,
        policy.backoffCoefficient ?? null,
        policy.maximumIntervalMs ?? null,
        policy.maximumAttempts ?? null,
        policy.nonRetryableErrorTypes ?? null,
      ] as const);
function readPolicy(cells: NonNullable<ReturnType<typeof writePolicyOf>>): Partial<RetryPolicy> {
  const policy: Mutable<Partial<RetryPolicy>> = {};
  if (cells[0] !== null) policy.initialIntervalMs = cells[0];
  if (cells[1] !== null) policy.backoffCoefficient = cells[1];
  if (cells[2] !== null) policy.maximumIntervalMs = cells[2];
  if (cells[3] !== null) policy.maximumAttempts = cells[3];
  if (cells[4] !== null) policy.nonRetryableErrorTypes = cells[4];
  return policy;
}

const writeTarget = ({ namespace, workflowId, runId }: ExternalTarget, writer: Writer) =>
  [writer.name(namespace), workflowId, runId ?? null] as const;
function readTarget(cells: ReturnType<typeof writeTarget>, reader: Reader): ExternalTarget {
  const target: Mutable<ExternalTarget> = { namespace: reader.name(cells[0]), workflowId: cells[1] };
  if (cells[2] !== null) target.runId = cells[2];
  return target;
}

const CODECS: { readonly [K in CommandKind]: Codec<CommandByKind<K>> } = {
  scheduleActivityTask: codec(
    (command: CommandByKind<'scheduleActivityTask'>, writer) => [
      command.activityId,
      writer.name(command.activityType),
      writer.name(command.taskQueue),
      writer.map(command.header),
      writer.list(command.input),
      command.scheduleToCloseTimeoutMs ?? null,
      command.scheduleToStartTimeoutMs ?? null,
      command.startToCloseTimeoutMs ?? null,
      command.heartbeatTimeoutMs ?? null,
      writePolicyOf(command.retryPolicy),
    ],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'scheduleActivityTask'>> = {
        kind: 'scheduleActivityTask',
        activityId: cells[0],
        activityType: reader.name(cells[1]),
        taskQueue: reader.name(cells[2]),
        header: reader.map(cells[3]),
        input: reader.list(cells[4]),
      };
      if (cells[5] !== null) command.scheduleToCloseTimeoutMs = cells[5];
      if (cells[6] !== null) command.scheduleToStartTimeoutMs = cells[6];
      if (cells[7] !== null) command.startToCloseTimeoutMs = cells[7];
      if (cells[8] !== null) command.heartbeatTimeoutMs = cells[8];
      if (cells[9] !== null) command.retryPolicy = readPolicy(cells[9]);
      return command;
    },
  ),
  requestCancelActivityTask: codec(
    (command: CommandByKind<'requestCancelActivityTask'>) => [command.scheduledEventId],
    (cells) => ({ kind: 'requestCancelActivityTask', scheduledEventId: cells[0] }),
  ),
  startTimer: codec(
    (command: CommandByKind<'startTimer'>) => [command.timerId, command.startToFireTimeoutMs],
    (cells) => ({ kind: 'startTimer', timerId: cells[0], startToFireTimeoutMs: cells[1] }),
  ),
  cancelTimer: codec(
    (command: CommandByKind<'cancelTimer'>) => [command.timerId],
    (cells) => ({ kind: 'cancelTimer', timerId: cells[0] }),
  ),
  completeWorkflowExecution: codec(
    (command: CommandByKind<'completeWorkflowExecution'>, writer) => [writer.payloadOf(command.result)],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'completeWorkflowExecution'>> = {
        kind: 'completeWorkflowExecution',
      };
      if (cells[0] !== null) command.result = reader.payload(cells[0]);
      return command;
    },
  ),
  failWorkflowExecution: codec(
    (command: CommandByKind<'failWorkflowExecution'>, writer) => [writeFailure(command.failure, writer)],
    (cells, reader) => ({ kind: 'failWorkflowExecution', failure: readFailure(cells[0], reader) }),
  ),
  cancelWorkflowExecution: codec(
    (command: CommandByKind<'cancelWorkflowExecution'>, writer) => [writer.listOf(command.details)],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'cancelWorkflowExecution'>> = { kind: 'cancelWorkflowExecution' };
      if (cells[0] !== null) command.details = reader.list(cells[0]);
      return command;
    },
  ),
  continueAsNewWorkflowExecution: codec(
    (command: CommandByKind<'continueAsNewWorkflowExecution'>, writer) => [
      writer.name(command.workflowType),
      writer.name(command.taskQueue),
      writer.list(command.input),
      writer.map(command.header),
      writer.mapOf(command.memo),
      writer.mapOf(command.searchAttributes),
      writePolicyOf(command.retryPolicy),
      command.runTimeoutMs ?? null,
      command.taskTimeoutMs ?? null,
      command.backoffStartIntervalMs ?? null,
    ],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'continueAsNewWorkflowExecution'>> = {
        kind: 'continueAsNewWorkflowExecution',
        workflowType: reader.name(cells[0]),
        taskQueue: reader.name(cells[1]),
        input: reader.list(cells[2]),
        header: reader.map(cells[3]),
      };
      if (cells[4] !== null) command.memo = reader.map(cells[4]);
      if (cells[5] !== null) command.searchAttributes = reader.map(cells[5]);
      if (cells[6] !== null) command.retryPolicy = readPolicy(cells[6]);
      if (cells[7] !== null) command.runTimeoutMs = cells[7];
      if (cells[8] !== null) command.taskTimeoutMs = cells[8];
      if (cells[9] !== null) command.backoffStartIntervalMs = cells[9];
      return command;
    },
  ),
  startChildWorkflowExecution: codec(
    (command: CommandByKind<'startChildWorkflowExecution'>, writer) => [
      writer.name(command.namespace),
      command.workflowId,
      writer.name(command.workflowType),
      writer.name(command.taskQueue),
      writer.list(command.input),
      writer.map(command.header),
      writer.mapOf(command.memo),
      writer.mapOf(command.searchAttributes),
      command.executionTimeoutMs ?? null,
      command.runTimeoutMs ?? null,
      command.taskTimeoutMs ?? null,
      PARENT_CLOSE_POLICY.codeOf(command.parentClosePolicy),
      REUSE_POLICY.codeOf(command.workflowIdReusePolicy),
      writePolicyOf(command.retryPolicy),
      command.cronSchedule ?? null,
    ],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'startChildWorkflowExecution'>> = {
        kind: 'startChildWorkflowExecution',
        namespace: reader.name(cells[0]),
        workflowId: cells[1],
        workflowType: reader.name(cells[2]),
        taskQueue: reader.name(cells[3]),
        input: reader.list(cells[4]),
        header: reader.map(cells[5]),
      };
      if (cells[6] !== null) command.memo = reader.map(cells[6]);
      if (cells[7] !== null) command.searchAttributes = reader.map(cells[7]);
      if (cells[8] !== null) command.executionTimeoutMs = cells[8];
      if (cells[9] !== null) command.runTimeoutMs = cells[9];
      if (cells[10] !== null) command.taskTimeoutMs = cells[10];
      if (cells[11] !== null) command.parentClosePolicy = PARENT_CLOSE_POLICY.word(cells[11]);
      if (cells[12] !== null) command.workflowIdReusePolicy = REUSE_POLICY.word(cells[12]);
      if (cells[13] !== null) command.retryPolicy = readPolicy(cells[13]);
      if (cells[14] !== null) command.cronSchedule = cells[14];
      return command;
    },
  ),
  signalExternalWorkflowExecution: codec(
    (command: CommandByKind<'signalExternalWorkflowExecution'>, writer) => [
      writeTarget(command, writer),
      writer.name(command.signalName),
      writer.list(command.input),
      writer.map(command.header),
      command.childWorkflowOnly,
    ],
    (cells, reader) => ({
      kind: 'signalExternalWorkflowExecution',
      ...readTarget(cells[0], reader),
      signalName: reader.name(cells[1]),
      input: reader.list(cells[2]),
      header: reader.map(cells[3]),
      childWorkflowOnly: cells[4],
    }),
  ),
  requestCancelExternalWorkflowExecution: codec(
    (command: CommandByKind<'requestCancelExternalWorkflowExecution'>, writer) => [
      writeTarget(command, writer),
      command.childWorkflowOnly,
      command.reason ?? null,
    ],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'requestCancelExternalWorkflowExecution'>> = {
        kind: 'requestCancelExternalWorkflowExecution',
        ...readTarget(cells[0], reader),
        childWorkflowOnly: cells[1],
      };
      if (cells[2] !== null) command.reason = cells[2];
      return command;
    },
  ),
  recordMarker: codec(
    (command: CommandByKind<'recordMarker'>, writer) => [
      command.markerName,
      writeMarkerDetails(command.details, writer),
      writeFailureOf(command.failure, writer),
    ],
    (cells, reader) => {
      const command: Mutable<CommandByKind<'recordMarker'>> = {
        kind: 'recordMarker',
        markerName: cells[0],
        details: readMarkerDetails(cells[1], reader),
      };
      if (cells[2] !== null) command.failure = readFailure(cells[2], reader);
      return command;
    },
  ),
  upsertWorkflowSearchAttributes: codec(
    (command: CommandByKind<'upsertWorkflowSearchAttributes'>, writer) => [
      writer.map(command.searchAttributes),
    ],
    (cells, reader) => ({ kind: 'upsertWorkflowSearchAttributes', searchAttributes: reader.map(cells[0]) }),
  ),
  modifyWorkflowProperties: codec(
    (command: CommandByKind<'modifyWorkflowProperties'>, writer) => [writer.map(command.upsertedMemo)],
    (cells, reader) => ({ kind: 'modifyWorkflowProperties', upsertedMemo: reader.map(cells[0]) }),
  ),
};
const TABLE = codecTable<Command>(CODECS);

/** Number, user metadata, body; and so on. */
const COMMAND_CELLS = 3;

export function writeCommands(commands: readonly Command[], writer: Writer): Cells {
  const cells: Cell[] = [];
  for (const command of commands) {
    const { number, write } = TABLE.ofKind(command.kind);
    cells.push(number, writeUserMetadataOf(command.userMetadata, writer), write(command, writer));
  }
  return cells;
}

export function readCommands(cells: Cells, reader: Reader): readonly Command[] {
  assert(cells.length % COMMAND_CELLS === 0, 'commands are cut short');
  const commands: Command[] = [];
  for (let at = 0; at < cells.length; at += COMMAND_CELLS) {
    const command: Mutable<Command> = TABLE.read(cells[at] as number, cells[at + 2] as Cells, reader);
    const metadata = cells[at + 1] as UserMetadataCells | null;
    if (metadata !== null) command.userMetadata = readUserMetadata(metadata, reader);
    commands.push(command);
  }
  return commands;
}
