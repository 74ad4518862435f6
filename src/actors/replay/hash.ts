// A turn's fingerprint: what a cold replay under the same bundle must reproduce exactly. Pure.
// Over kinds, ids, types, names and durations; never over payloads (a codec or converter may vary their bytes) nor failures
// (their stack traces vary). FNV-1a over UTF-16 units: collisions of one in four thousand million only weaken a check.
import type { Command, CommandByKind, CommandKind } from '../../model/command';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
/** Between fields, so that 'ab','c' differs from 'a','bc'. No UTF-16 unit is as large. */
const FIELD_END = 0x10000;
const ABSENT = 0x10001;
/** Stored instead of 0, which means: no hash was recorded. */
const ZERO_STAND_IN = 1;

type Field = string | number | boolean | undefined;

/** Never 0. `randomDraws` and `counters` are the run's totals after the turn. */
export function hashTurn(commands: readonly Command[], randomDraws: number, counters: number): number {
  let hash = OFFSET_BASIS;
  for (const command of commands) {
    hash = hashField(hash, command.kind);
    const fieldsOf = fields[command.kind] as (command: Command) => readonly Field[];
    for (const field of fieldsOf(command)) hash = hashField(hash, field);
  }
  hash = hashField(hash, commands.length);
  hash = hashField(hash, randomDraws);
  hash = hashField(hash, counters);
  return hash >>> 0 || ZERO_STAND_IN;
}

const fields: { readonly [K in CommandKind]: (command: CommandByKind<K>) => readonly Field[] } = {
  scheduleActivityTask: (command) => [
    command.activityId,
    command.activityType,
    command.taskQueue,
    command.input.length,
    command.scheduleToCloseTimeoutMs,
    command.scheduleToStartTimeoutMs,
    command.startToCloseTimeoutMs,
    command.heartbeatTimeoutMs,
  ],
  requestCancelActivityTask: (command) => [command.scheduledEventId],
  startTimer: (command) => [command.timerId, command.startToFireTimeoutMs],
  cancelTimer: (command) => [command.timerId],
  completeWorkflowExecution: () => [],
  failWorkflowExecution: () => [],
  cancelWorkflowExecution: () => [],
  continueAsNewWorkflowExecution: (command) => [
    command.workflowType,
    command.taskQueue,
    command.input.length,
    command.runTimeoutMs,
    command.taskTimeoutMs,
    command.backoffStartIntervalMs,
  ],
  startChildWorkflowExecution: (command) => [
    command.workflowId,
    command.workflowType,
    command.taskQueue,
    command.input.length,
    command.executionTimeoutMs,
    command.runTimeoutMs,
    command.taskTimeoutMs,
    command.parentClosePolicy,
    command.workflowIdReusePolicy,
    command.cronSchedule,
  ],
  signalExternalWorkflowExecution: (command) => [
    command.workflowId,
    command.runId,
    command.signalName,
    command.input.length,
    command.childWorkflowOnly,
  ],
  requestCancelExternalWorkflowExecution: (command) => [
    command.workflowId,
    command.runId,
    command.childWorkflowOnly,
  ],
  recordMarker: (command) => [command.markerName, ...Object.keys(command.details)],
  upsertWorkflowSearchAttributes: (command) => Object.keys(command.searchAttributes),
  modifyWorkflowProperties: (command) => Object.keys(command.upsertedMemo),
};

function hashField(hash: number, field: Field): number {
  if (field === undefined) return hashUnit(hash, ABSENT);
  const text = typeof field === 'string' ? field : String(field);
  for (let index = 0; index < text.length; index++) hash = hashUnit(hash, text.charCodeAt(index));
  return hashUnit(hash, FIELD_END);
}

const hashUnit = (hash: number, unit: number): number => Math.imul(hash ^ unit, PRIME);
