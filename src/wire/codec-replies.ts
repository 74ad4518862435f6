// Replies as cells. Pure.
import type { ActivityState } from '../model/fact';
import type {
  PendingActivityDescription,
  PendingChildDescription,
  PendingWorkflowTaskDescription,
  Refusal,
  Reply,
  RunDescription,
} from '../model/reply';
import { codec } from '../storage/format/cells';
import type { Mutable } from '../model/mutable';
import type { Cells, Reader, Writer } from '../storage/format/cells';
import { codes, RUN_STATUS } from '../storage/format/codes';
import { readFailure, writeFailure, writeFailureOf } from '../storage/format/failure';
import { readExecution, writeExecution, writeExecutionOf } from '../storage/format/parts';
import { readCloseEvent, writeCloseEvent } from './codec-messages';
import { codecTable } from './codec-table';

type RefusalOf<K extends Refusal['kind']> = Extract<Refusal, { readonly kind: K }>;
type ReplyOf<K extends Reply['kind']> = Extract<Reply, { readonly kind: K }>;

const REFUSALS = codecTable<Refusal>({
  notFound: codec(
    ({ message }: RefusalOf<'notFound'>) => [message],
    ([message]) => ({ kind: 'notFound', message }),
  ),
  alreadyStarted: codec(
    ({ message, runId }: RefusalOf<'alreadyStarted'>) => [message, runId],
    ([message, runId]) => ({ kind: 'alreadyStarted', message, runId }),
  ),
  invalidArgument: codec(
    ({ message }: RefusalOf<'invalidArgument'>) => [message],
    ([message]) => ({ kind: 'invalidArgument', message }),
  ),
  failedPrecondition: codec(
    ({ message }: RefusalOf<'failedPrecondition'>) => [message],
    ([message]) => ({ kind: 'failedPrecondition', message }),
  ),
  resourceExhausted: codec(
    ({ message }: RefusalOf<'resourceExhausted'>) => [message],
    ([message]) => ({ kind: 'resourceExhausted', message }),
  ),
  queryRejected: codec(
    ({ status }: RefusalOf<'queryRejected'>) => [RUN_STATUS.code(status)],
    ([status]) => ({ kind: 'queryRejected', status: RUN_STATUS.word(status) }),
  ),
  queryFailed: codec(
    ({ failure, notRegistered }: RefusalOf<'queryFailed'>, writer) => [
      writeFailure(failure, writer),
      notRegistered,
    ],
    ([failure, notRegistered], reader) => ({
      kind: 'queryFailed',
      failure: readFailure(failure, reader),
      notRegistered,
    }),
  ),
  activityNotFound: codec(
    ({ message }: RefusalOf<'activityNotFound'>) => [message],
    ([message]) => ({ kind: 'activityNotFound', message }),
  ),
  deadlineExceeded: codec(
    ({ message }: RefusalOf<'deadlineExceeded'>) => [message],
    ([message]) => ({ kind: 'deadlineExceeded', message }),
  ),
});

const NOTHING: Cells = [];

const REPLIES = codecTable<Reply>({
  refused: codec(
    ({ refusal }: ReplyOf<'refused'>, writer) => {
      const { number, write } = REFUSALS.ofKind(refusal.kind);
      return [number, write(refusal, writer)];
    },
    ([number, cells], reader) => ({ kind: 'refused', refusal: REFUSALS.read(number, cells, reader) }),
  ),
  started: codec(
    ({ runId, firstExecutionRunId, isNew }: ReplyOf<'started'>) =>
      // Most often the same.
      [runId, firstExecutionRunId === runId ? null : firstExecutionRunId, isNew],
    (cells) => ({
      kind: 'started',
      runId: cells[0],
      firstExecutionRunId: cells[1] ?? cells[0],
      isNew: cells[2],
    }),
  ),
  signaled: codec(
    ({ runId }: ReplyOf<'signaled'>) => [runId],
    (cells) => ({ kind: 'signaled', runId: cells[0] }),
  ),
  done: codec(
    (_: ReplyOf<'done'>) => NOTHING,
    () => ({ kind: 'done' }),
  ),
  queryAnswered: codec(
    ({ result }: ReplyOf<'queryAnswered'>, writer) => [writer.payload(result)],
    (cells, reader) => ({ kind: 'queryAnswered', result: reader.payload(cells[0]) }),
  ),
  heartbeatRecorded: codec(
    ({ cancelRequested }: ReplyOf<'heartbeatRecorded'>) => [cancelRequested],
    (cells) => ({ kind: 'heartbeatRecorded', cancelRequested: cells[0] }),
  ),
  described: codec(
    ({ description }: ReplyOf<'described'>, writer) => [writeDescription(description, writer)],
    (cells, reader) => ({ kind: 'described', description: readDescription(cells[0], reader) }),
  ),
});

export function writeReply(reply: Reply, writer: Writer) {
  const { number, write } = REPLIES.ofKind(reply.kind);
  return [number, write(reply, writer)] as const;
}
export const readReply = (cells: ReturnType<typeof writeReply>, reader: Reader): Reply =>
  REPLIES.read(cells[0], cells[1], reader);

const writeDescription = (run: RunDescription, writer: Writer) =>
  [
    writer.name(run.namespace),
    writeExecution(run.execution),
    writer.name(run.workflowType),
    writer.name(run.taskQueue),
    RUN_STATUS.code(run.status),
    run.historyLength,
    run.historySizeBytes,
    run.startTime,
    run.executionTime,
    run.closeTime ?? null,
    writer.mapOf(run.memo),
    writer.mapOf(run.searchAttributes),
    run.parent === undefined
      ? null
      : ([writer.name(run.parent.namespace), writeExecution(run.parent.execution)] as const),
    writeExecutionOf(run.root),
    run.firstExecutionRunId,
    run.executionTimeoutMs ?? null,
    run.runTimeoutMs ?? null,
    run.taskTimeoutMs,
    writer.payloadOf(run.staticSummary),
    writer.payloadOf(run.staticDetails),
    run.pendingActivities.map((activity) => writePendingActivity(activity, writer)),
    run.pendingChildren.map((child) => writePendingChild(child, writer)),
    run.pendingWorkflowTask === undefined ? null : writePendingTask(run.pendingWorkflowTask, writer),
    run.cancelRequested,
    run.strikes,
    run.closeEvent === undefined ? null : writeCloseEvent(run.closeEvent, writer),
  ] as const;

function readDescription(cells: ReturnType<typeof writeDescription>, reader: Reader): RunDescription {
  const run: Mutable<RunDescription> = {
    namespace: reader.name(cells[0]),
    execution: readExecution(cells[1]),
    workflowType: reader.name(cells[2]),
    taskQueue: reader.name(cells[3]),
    status: RUN_STATUS.word(cells[4]),
    historyLength: cells[5],
    historySizeBytes: cells[6],
    startTime: cells[7],
    executionTime: cells[8],
    firstExecutionRunId: cells[14],
    taskTimeoutMs: cells[17],
    pendingActivities: cells[20].map((activity) => readPendingActivity(activity, reader)),
    pendingChildren: cells[21].map((child) => readPendingChild(child, reader)),
    cancelRequested: cells[23],
    strikes: cells[24],
  };
  if (cells[9] !== null) run.closeTime = cells[9];
  if (cells[10] !== null) run.memo = reader.map(cells[10]);
  if (cells[11] !== null) run.searchAttributes = reader.map(cells[11]);
  if (cells[12] !== null) {
    run.parent = { namespace: reader.name(cells[12][0]), execution: readExecution(cells[12][1]) };
  }
  if (cells[13] !== null) run.root = readExecution(cells[13]);
  if (cells[15] !== null) run.executionTimeoutMs = cells[15];
  if (cells[16] !== null) run.runTimeoutMs = cells[16];
  if (cells[18] !== null) run.staticSummary = reader.payload(cells[18]);
  if (cells[19] !== null) run.staticDetails = reader.payload(cells[19]);
  if (cells[22] !== null) run.pendingWorkflowTask = readPendingTask(cells[22], reader);
  if (cells[25] !== null) run.closeEvent = readCloseEvent(cells[25], reader);
  return run;
}

const ACTIVITY_STATE = codes<ActivityState['kind']>({ scheduled: 1, retrying: 2, started: 3 });

const writePendingActivity = (activity: PendingActivityDescription, writer: Writer) =>
  [
    activity.activityId,
    writer.name(activity.activityType),
    ACTIVITY_STATE.code(activity.state),
    activity.cancelRequested,
    activity.attempt,
    activity.maximumAttempts,
    activity.scheduledAt,
    activity.lastStartedAt ?? null,
    activity.lastHeartbeatAt ?? null,
    writer.payloadOf(activity.heartbeatDetails),
    writeFailureOf(activity.lastFailure, writer),
    activity.nextAttemptAt ?? null,
    writer.nameOf(activity.identity),
  ] as const;

function readPendingActivity(
  cells: ReturnType<typeof writePendingActivity>,
  reader: Reader,
): PendingActivityDescription {
  const activity: Mutable<PendingActivityDescription> = {
    activityId: cells[0],
    activityType: reader.name(cells[1]),
    state: ACTIVITY_STATE.word(cells[2]),
    cancelRequested: cells[3],
    attempt: cells[4],
    maximumAttempts: cells[5],
    scheduledAt: cells[6],
  };
  if (cells[7] !== null) activity.lastStartedAt = cells[7];
  if (cells[8] !== null) activity.lastHeartbeatAt = cells[8];
  if (cells[9] !== null) activity.heartbeatDetails = reader.payload(cells[9]);
  if (cells[10] !== null) activity.lastFailure = readFailure(cells[10], reader);
  if (cells[11] !== null) activity.nextAttemptAt = cells[11];
  if (cells[12] !== null) activity.identity = reader.name(cells[12]);
  return activity;
}

const writePendingChild = (child: PendingChildDescription, writer: Writer) =>
  [
    child.execution.workflowId,
    'runId' in child.execution ? child.execution.runId : null,
    writer.name(child.workflowType),
    child.initiatedEventId,
  ] as const;

const readPendingChild = (
  cells: ReturnType<typeof writePendingChild>,
  reader: Reader,
): PendingChildDescription => ({
  execution: cells[1] === null ? { workflowId: cells[0] } : { workflowId: cells[0], runId: cells[1] },
  workflowType: reader.name(cells[2]),
  initiatedEventId: cells[3],
});

const writePendingTask = (task: PendingWorkflowTaskDescription, writer: Writer) =>
  [
    task.state === 'started',
    task.scheduledAt,
    task.startedAt ?? null,
    task.attempt,
    writeFailureOf(task.lastFailure, writer),
    task.nextAttemptAt ?? null,
  ] as const;

function readPendingTask(
  cells: ReturnType<typeof writePendingTask>,
  reader: Reader,
): PendingWorkflowTaskDescription {
  const task: Mutable<PendingWorkflowTaskDescription> = {
    state: cells[0] ? 'started' : 'scheduled',
    scheduledAt: cells[1],
    attempt: cells[3],
  };
  if (cells[2] !== null) task.startedAt = cells[2];
  if (cells[4] !== null) task.lastFailure = readFailure(cells[4], reader);
  if (cells[5] !== null) task.nextAttemptAt = cells[5];
  return task;
}
