// Effects as cells: number of the kind, body; and so on, flat. Pure.
import type { ActivityTask, Effect, EffectByKind } from '../model/effect';
import type { SinkCall } from '../model/turn';
import { codec } from '../storage/format/cells';
import type { Mutable } from '../model/mutable';
import type { Cell, Cells, Reader, Writer } from '../storage/format/cells';
import { codes, TASK_FAILED_CAUSE } from '../storage/format/codes';
import { readFailure, writeFailure } from '../storage/format/failure';
import { readExecution, readRetryPolicy, writeExecution, writeRetryPolicy } from '../storage/format/parts';
import { pushMessage, readCloseEvent, readMessage, writeCloseEvent } from './codec-messages';
import { readReply, writeReply } from './codec-replies';
import { codecTable } from './codec-table';

const CANCEL_REASON = codes<EffectByKind<'cancelActivity'>['reason']>({
  requested: 1,
  timedOut: 2,
  notFound: 3,
});

const writeTask = (task: ActivityTask, writer: Writer) =>
  [
    writer.name(task.namespace),
    task.execution.workflowId,
    task.execution.runId,
    writer.name(task.workflowType),
    task.scheduledEventId,
    task.activityId,
    writer.name(task.activityType),
    writer.name(task.taskQueue),
    writer.map(task.header),
    writer.list(task.input),
    task.attempt,
    task.scheduledAt,
    task.currentAttemptScheduledAt,
    task.startedAt,
    task.scheduleToCloseTimeoutMs,
    task.startToCloseTimeoutMs,
    task.heartbeatTimeoutMs,
    writer.payloadOf(task.heartbeatDetails),
    writeRetryPolicy(task.retryPolicy),
  ] as const;

function readTask(cells: ReturnType<typeof writeTask>, reader: Reader): ActivityTask {
  const task: Mutable<ActivityTask> = {
    namespace: reader.name(cells[0]),
    execution: { workflowId: cells[1], runId: cells[2] },
    workflowType: reader.name(cells[3]),
    scheduledEventId: cells[4],
    activityId: cells[5],
    activityType: reader.name(cells[6]),
    taskQueue: reader.name(cells[7]),
    header: reader.map(cells[8]),
    input: reader.list(cells[9]),
    attempt: cells[10],
    scheduledAt: cells[11],
    currentAttemptScheduledAt: cells[12],
    startedAt: cells[13],
    scheduleToCloseTimeoutMs: cells[14],
    startToCloseTimeoutMs: cells[15],
    heartbeatTimeoutMs: cells[16],
    retryPolicy: readRetryPolicy(cells[18]),
  };
  if (cells[17] !== null) task.heartbeatDetails = reader.payload(cells[17]);
  return task;
}

const TABLE = codecTable<Effect>({
  answer: codec(
    ({ waiter, reply }: EffectByKind<'answer'>, writer) => [waiter, writeReply(reply, writer)],
    (cells, reader) => ({ kind: 'answer', waiter: cells[0], reply: readReply(cells[1], reader) }),
  ),
  runActivity: codec(
    ({ task }: EffectByKind<'runActivity'>, writer) => writeTask(task, writer),
    (cells, reader) => ({ kind: 'runActivity', task: readTask(cells, reader) }),
  ),
  queueActivity: codec(
    (effect: EffectByKind<'queueActivity'>, writer) => [
      writer.name(effect.namespace),
      writeExecution(effect.execution),
      writer.name(effect.taskQueue),
      effect.scheduledEventId,
      effect.attempt,
    ],
    (cells, reader) => ({
      kind: 'queueActivity',
      namespace: reader.name(cells[0]),
      execution: readExecution(cells[1]),
      taskQueue: reader.name(cells[2]),
      scheduledEventId: cells[3],
      attempt: cells[4],
    }),
  ),
  cancelActivity: codec(
    ({ execution, scheduledEventId, attempt, reason }: EffectByKind<'cancelActivity'>) => [
      writeExecution(execution),
      scheduledEventId,
      attempt,
      CANCEL_REASON.code(reason),
    ],
    (cells) => ({
      kind: 'cancelActivity',
      execution: readExecution(cells[0]),
      scheduledEventId: cells[1],
      attempt: cells[2],
      reason: CANCEL_REASON.word(cells[3]),
    }),
  ),
  wakeAt: codec(
    ({ namespace, execution, at }: EffectByKind<'wakeAt'>, writer) => [
      writer.name(namespace),
      execution.workflowId,
      execution.runId,
      at ?? null,
    ],
    (cells, reader) => {
      const namespace = reader.name<EffectByKind<'wakeAt'>['namespace']>(cells[0]);
      const execution = { workflowId: cells[1], runId: cells[2] };
      if (cells[3] === null) return { kind: 'wakeAt', namespace, execution };
      return { kind: 'wakeAt', namespace, execution, at: cells[3] };
    },
  ),
  send: codec(
    ({ message }: EffectByKind<'send'>, writer) => {
      const cells: Cell[] = [];
      pushMessage(cells, message, writer);
      return cells;
    },
    (cells, reader) => ({ kind: 'send', message: readMessage(cells, 0, reader) }),
  ),
  runStarted: codec(
    ({ namespace, execution, workflowType }: EffectByKind<'runStarted'>, writer) => [
      writer.name(namespace),
      writeExecution(execution),
      writer.name(workflowType),
    ],
    (cells, reader) => ({
      kind: 'runStarted',
      namespace: reader.name(cells[0]),
      execution: readExecution(cells[1]),
      workflowType: reader.name(cells[2]),
    }),
  ),
  runClosed: codec(
    ({ namespace, execution, workflowType, closeEvent }: EffectByKind<'runClosed'>, writer) => [
      writer.name(namespace),
      writeExecution(execution),
      writer.name(workflowType),
      writeCloseEvent(closeEvent, writer),
    ],
    (cells, reader) => ({
      kind: 'runClosed',
      namespace: reader.name(cells[0]),
      execution: readExecution(cells[1]),
      workflowType: reader.name(cells[2]),
      closeEvent: readCloseEvent(cells[3], reader),
    }),
  ),
  turnFailed: codec(
    (effect: EffectByKind<'turnFailed'>, writer) => [
      writer.name(effect.namespace),
      writeExecution(effect.execution),
      writer.name(effect.workflowType),
      writer.name(effect.taskQueue),
      effect.attempt,
      TASK_FAILED_CAUSE.code(effect.cause),
      writeFailure(effect.failure, writer),
    ],
    (cells, reader) => ({
      kind: 'turnFailed',
      namespace: reader.name(cells[0]),
      execution: readExecution(cells[1]),
      workflowType: reader.name(cells[2]),
      taskQueue: reader.name(cells[3]),
      attempt: cells[4],
      cause: TASK_FAILED_CAUSE.word(cells[5]),
      failure: readFailure(cells[6], reader),
    }),
  ),
  taskWaits: codec(
    ({ namespace, execution, taskQueue }: EffectByKind<'taskWaits'>, writer) => [
      writer.name(namespace),
      writeExecution(execution),
      writer.name(taskQueue),
    ],
    (cells, reader) => ({
      kind: 'taskWaits',
      namespace: reader.name(cells[0]),
      execution: readExecution(cells[1]),
      taskQueue: reader.name(cells[2]),
    }),
  ),
  sinkCalls: codec(
    (effect: EffectByKind<'sinkCalls'>, writer) => [
      writer.name(effect.namespace),
      writeExecution(effect.execution),
      writer.name(effect.workflowType),
      writer.name(effect.taskQueue),
      effect.calls.map(({ sink, fn, args }) => [writer.name(sink), writer.name(fn), args] as const),
    ],
    (cells, reader) => ({
      kind: 'sinkCalls',
      namespace: reader.name(cells[0]),
      execution: readExecution(cells[1]),
      workflowType: reader.name(cells[2]),
      taskQueue: reader.name(cells[3]),
      calls: cells[4].map(([sink, fn, args]): SinkCall => ({
        sink: reader.name(sink),
        fn: reader.name(fn),
        args,
      })),
    }),
  ),
});

const EFFECT_CELLS = 2;

export function writeEffects(effects: readonly Effect[], writer: Writer): Cells {
  const cells: Cell[] = [];
  for (const effect of effects) {
    const { number, write } = TABLE.ofKind(effect.kind);
    cells.push(number, write(effect, writer));
  }
  return cells;
}

export function readEffects(cells: Cells, reader: Reader): readonly Effect[] {
  const effects: Effect[] = [];
  for (let at = 0; at < cells.length; at += EFFECT_CELLS) {
    effects.push(TABLE.read(cells[at] as number, cells[at + 1] as Cells, reader));
  }
  return effects;
}
