// Jobs on the tape. The frequent ones field by field: V8 takes three times as long for a loop over the keys of whatever comes. Pure.
import { assert } from '../../model/assert';
import type { Failure } from '../../model/failure';
import type { Execution, RunId } from '../../model/ids';
import type { Mutable } from '../../model/mutable';
import type { Payload, PayloadMap } from '../../model/payload';
import type { RetryPolicy } from '../../model/retry-policy';
import type { DurationMs, EpochMs } from '../../model/time';
import type { ActivationJob, ChildStartOutcome, InitializeWorkflow, Resolution } from '../../model/turn';
import { put, putValue, RARE, take, takeValue } from './cells';

type JobOf<K extends ActivationJob['kind']> = Extract<ActivationJob, { readonly kind: K }>;

export function putJob(job: ActivationJob): void {
  const { kind } = job;
  if (kind === 'resolveActivity' || kind === 'resolveChild') {
    put(kind);
    put(job.seq);
    putResolution(job.resolution);
  } else if (kind === 'resolveChildStart') {
    put(kind);
    put(job.seq);
    putValue(job.outcome);
  } else if (kind === 'fireTimer') {
    put(kind);
    put(job.seq);
  } else if (kind === 'signalWorkflow') {
    put(kind);
    putSignal(job);
  } else if (kind === 'initializeWorkflow') {
    put(kind);
    putInitialize(job);
  } else {
    put(RARE);
    putValue(job);
  }
}

export function takeJob(): ActivationJob {
  const kind = take();
  if (kind === 'resolveActivity' || kind === 'resolveChild') {
    return { kind, seq: take() as number, resolution: takeResolution() };
  }
  if (kind === 'resolveChildStart') {
    return { kind, seq: take() as number, outcome: takeValue() as ChildStartOutcome };
  }
  if (kind === 'fireTimer') return { kind, seq: take() as number };
  if (kind === 'signalWorkflow') return takeSignal();
  if (kind === 'initializeWorkflow') return takeInitialize();
  assert(kind === RARE, 'a tape with a job that nobody wrote');
  return takeValue() as ActivationJob;
}

function putResolution(resolution: Resolution): void {
  put(resolution.kind);
  putValue(resolution.kind === 'completed' ? resolution.result : resolution.failure);
}

function takeResolution(): Resolution {
  const kind = take() as Resolution['kind'];
  const value = takeValue();
  if (kind !== 'completed') return { kind, failure: value } as Resolution;
  return value === undefined ? { kind } : ({ kind, result: value } as Resolution);
}

function putSignal(job: JobOf<'signalWorkflow'>): void {
  put(job.signalName);
  putValue(job.input);
  put(job.identity);
  putValue(job.header);
}

const takeSignal = (): ActivationJob =>
  ({
    kind: 'signalWorkflow',
    signalName: take(),
    input: takeValue(),
    identity: take(),
    header: takeValue(),
  }) as JobOf<'signalWorkflow'>;

function putInitialize(job: InitializeWorkflow): void {
  put(job.namespace);
  put(job.workflowId);
  put(job.runId);
  put(job.workflowType);
  put(job.taskQueue);
  putValue(job.input);
  putValue(job.header);
  put(job.attempt);
  put(job.runStartTime);
  put(job.startTime);
  put(job.firstExecutionRunId);
  put(job.taskTimeoutMs);
  put(job.randomSeedHigh);
  put(job.randomSeedLow);
  putValue(job.memo);
  putValue(job.searchAttributes);
  put(job.continuedFromExecutionRunId);
  putValue(job.parent);
  putValue(job.root);
  putValue(job.lastResult);
  putValue(job.lastFailure);
  put(job.executionTimeoutMs);
  put(job.executionExpirationTime);
  put(job.runTimeoutMs);
  putValue(job.retryPolicy);
  put(job.cronSchedule);
  put(job.firstWorkflowTaskBackoffMs);
}

function takeInitialize(): InitializeWorkflow {
  const job = {
    kind: 'initializeWorkflow',
    namespace: take(),
    workflowId: take(),
    runId: take(),
    workflowType: take(),
    taskQueue: take(),
    input: takeValue(),
    header: takeValue(),
    attempt: take(),
    runStartTime: take(),
    startTime: take(),
    firstExecutionRunId: take(),
    taskTimeoutMs: take(),
    randomSeedHigh: take(),
    randomSeedLow: take(),
  } as Mutable<InitializeWorkflow>;
  const memo = takeValue();
  if (memo !== undefined) job.memo = memo as PayloadMap;
  const searchAttributes = takeValue();
  if (searchAttributes !== undefined) job.searchAttributes = searchAttributes as PayloadMap;
  const continuedFromExecutionRunId = take();
  if (continuedFromExecutionRunId !== undefined)
    job.continuedFromExecutionRunId = continuedFromExecutionRunId as RunId;
  const parent = takeValue();
  if (parent !== undefined) job.parent = parent as NonNullable<InitializeWorkflow['parent']>;
  const root = takeValue();
  if (root !== undefined) job.root = root as Execution;
  const lastResult = takeValue();
  if (lastResult !== undefined) job.lastResult = lastResult as Payload;
  const lastFailure = takeValue();
  if (lastFailure !== undefined) job.lastFailure = lastFailure as Failure;
  const executionTimeoutMs = take();
  if (executionTimeoutMs !== undefined) job.executionTimeoutMs = executionTimeoutMs as DurationMs;
  const executionExpirationTime = take();
  if (executionExpirationTime !== undefined) job.executionExpirationTime = executionExpirationTime as EpochMs;
  const runTimeoutMs = take();
  if (runTimeoutMs !== undefined) job.runTimeoutMs = runTimeoutMs as DurationMs;
  const retryPolicy = takeValue();
  if (retryPolicy !== undefined) job.retryPolicy = retryPolicy as RetryPolicy;
  const cronSchedule = take();
  if (cronSchedule !== undefined) job.cronSchedule = cronSchedule as string;
  const firstWorkflowTaskBackoffMs = take();
  if (firstWorkflowTaskBackoffMs !== undefined)
    job.firstWorkflowTaskBackoffMs = firstWorkflowTaskBackoffMs as DurationMs;
  return job;
}
