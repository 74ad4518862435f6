// Commands on the tape. The frequent ones field by field, as with jobs. Pure.
import { assert } from '../../model/assert';
import type { ParentClosePolicy, WorkflowIdReusePolicy } from '../../model/event';
import type { Mutable } from '../../model/mutable';
import type { Payload, PayloadMap } from '../../model/payload';
import type { RetryPolicy } from '../../model/retry-policy';
import type { DurationMs } from '../../model/time';
import type { AskedCommand, WorkflowCommandByKind } from '../../model/turn';
import { put, putValue, RARE, take, takeValue } from './cells';

type ScheduleActivity = WorkflowCommandByKind<'scheduleActivity'>;
type StartChild = WorkflowCommandByKind<'startChild'>;
type StartTimer = WorkflowCommandByKind<'startTimer'>;

export function putCommand(command: AskedCommand): void {
  const { kind } = command;
  if (command.trace !== undefined) {
    // It is looked into, which is slow anyway.
    put(RARE);
    putValue(command);
  } else if (kind === 'scheduleActivity') {
    put(kind);
    putActivity(command);
  } else if (kind === 'startChild') {
    put(kind);
    putChild(command);
  } else if (kind === 'startTimer') {
    put(kind);
    putTimer(command);
  } else if (kind === 'completeWorkflow') {
    put(kind);
    putValue(command.result);
  } else {
    put(RARE);
    putValue(command);
  }
}

export function takeCommand(): AskedCommand {
  const kind = take();
  if (kind === 'scheduleActivity') return takeActivity();
  if (kind === 'startChild') return takeChild();
  if (kind === 'startTimer') return takeTimer();
  if (kind === 'completeWorkflow') return takeCompletion();
  assert(kind === RARE, 'a tape with a command that nobody wrote');
  return takeValue() as AskedCommand;
}

function putTimer(command: StartTimer): void {
  put(command.seq);
  put(command.delayMs);
  putValue(command.summary);
}

function takeTimer(): StartTimer {
  const command = { kind: 'startTimer', seq: take(), delayMs: take() } as Mutable<StartTimer>;
  const summary = takeValue();
  if (summary !== undefined) command.summary = summary as Payload;
  return command;
}

function takeCompletion(): AskedCommand {
  const result = takeValue();
  return result === undefined
    ? { kind: 'completeWorkflow' }
    : { kind: 'completeWorkflow', result: result as Payload };
}

function putActivity(command: ScheduleActivity): void {
  put(command.seq);
  put(command.activityId);
  put(command.activityType);
  put(command.taskQueue);
  putValue(command.header);
  putValue(command.input);
  put(command.cancellationType);
  put(command.scheduleToCloseTimeoutMs);
  put(command.scheduleToStartTimeoutMs);
  put(command.startToCloseTimeoutMs);
  put(command.heartbeatTimeoutMs);
  putValue(command.retryPolicy);
  putValue(command.summary);
}

function takeActivity(): ScheduleActivity {
  const command = {
    kind: 'scheduleActivity',
    seq: take(),
    activityId: take(),
    activityType: take(),
    taskQueue: take(),
    header: takeValue(),
    input: takeValue(),
    cancellationType: take(),
  } as Mutable<ScheduleActivity>;
  const scheduleToCloseTimeoutMs = take();
  if (scheduleToCloseTimeoutMs !== undefined)
    command.scheduleToCloseTimeoutMs = scheduleToCloseTimeoutMs as DurationMs;
  const scheduleToStartTimeoutMs = take();
  if (scheduleToStartTimeoutMs !== undefined)
    command.scheduleToStartTimeoutMs = scheduleToStartTimeoutMs as DurationMs;
  const startToCloseTimeoutMs = take();
  if (startToCloseTimeoutMs !== undefined)
    command.startToCloseTimeoutMs = startToCloseTimeoutMs as DurationMs;
  const heartbeatTimeoutMs = take();
  if (heartbeatTimeoutMs !== undefined) command.heartbeatTimeoutMs = heartbeatTimeoutMs as DurationMs;
  const retryPolicy = takeValue();
  if (retryPolicy !== undefined) command.retryPolicy = retryPolicy as Partial<RetryPolicy>;
  const summary = takeValue();
  if (summary !== undefined) command.summary = summary as Payload;
  return command;
}

function putChild(command: StartChild): void {
  put(command.seq);
  put(command.workflowId);
  put(command.workflowType);
  put(command.taskQueue);
  putValue(command.header);
  putValue(command.input);
  put(command.cancellationType);
  putValue(command.memo);
  putValue(command.searchAttributes);
  put(command.executionTimeoutMs);
  put(command.runTimeoutMs);
  put(command.taskTimeoutMs);
  put(command.parentClosePolicy);
  put(command.workflowIdReusePolicy);
  putValue(command.retryPolicy);
  put(command.cronSchedule);
  putValue(command.summary);
  putValue(command.details);
}

function takeChild(): StartChild {
  const command = {
    kind: 'startChild',
    seq: take(),
    workflowId: take(),
    workflowType: take(),
    taskQueue: take(),
    header: takeValue(),
    input: takeValue(),
    cancellationType: take(),
  } as Mutable<StartChild>;
  const memo = takeValue();
  if (memo !== undefined) command.memo = memo as PayloadMap;
  const searchAttributes = takeValue();
  if (searchAttributes !== undefined) command.searchAttributes = searchAttributes as PayloadMap;
  const executionTimeoutMs = take();
  if (executionTimeoutMs !== undefined) command.executionTimeoutMs = executionTimeoutMs as DurationMs;
  const runTimeoutMs = take();
  if (runTimeoutMs !== undefined) command.runTimeoutMs = runTimeoutMs as DurationMs;
  const taskTimeoutMs = take();
  if (taskTimeoutMs !== undefined) command.taskTimeoutMs = taskTimeoutMs as DurationMs;
  const parentClosePolicy = take();
  if (parentClosePolicy !== undefined) command.parentClosePolicy = parentClosePolicy as ParentClosePolicy;
  const workflowIdReusePolicy = take();
  if (workflowIdReusePolicy !== undefined)
    command.workflowIdReusePolicy = workflowIdReusePolicy as WorkflowIdReusePolicy;
  const retryPolicy = takeValue();
  if (retryPolicy !== undefined) command.retryPolicy = retryPolicy as Partial<RetryPolicy>;
  const cronSchedule = take();
  if (cronSchedule !== undefined) command.cronSchedule = cronSchedule as string;
  const summary = takeValue();
  if (summary !== undefined) command.summary = summary as Payload;
  const details = takeValue();
  if (details !== undefined) command.details = details as Payload;
  return command;
}
