// The first job of a run, made of its first event. Pure.
import type { WorkflowExecutionStarted } from '../../model/event';
import type { Namespace, RunId } from '../../model/ids';
import type { InitializeWorkflow } from '../../model/turn';
import type { EpochMs } from '../../model/time';
import type { Mutable } from '../../model/mutable';
import { seedOf } from './seed';

/** What the history of a run does not say about it. */
export interface RunIdentity {
  readonly namespace: Namespace;
  readonly runId: RunId;
}

/** `firstTaskAt`: the time of the activation that carries this job. */
export function initializeWorkflow(
  run: RunIdentity,
  event: WorkflowExecutionStarted,
  firstTaskAt: EpochMs,
): InitializeWorkflow {
  const seed = seedOf(event.originalExecutionRunId);
  const lastResult = event.lastCompletionResult?.[0];
  const job: Mutable<InitializeWorkflow> = {
    kind: 'initializeWorkflow',
    namespace: run.namespace,
    workflowId: event.workflowId,
    runId: run.runId,
    workflowType: event.workflowType,
    taskQueue: event.taskQueue,
    input: event.input,
    header: event.header,
    attempt: event.attempt,
    runStartTime: firstTaskAt,
    startTime: event.at,
    firstExecutionRunId: event.firstExecutionRunId,
    taskTimeoutMs: event.taskTimeoutMs,
    randomSeedHigh: seed.high,
    randomSeedLow: seed.low,
  };
  if (event.memo !== undefined) job.memo = event.memo;
  if (event.searchAttributes !== undefined) job.searchAttributes = event.searchAttributes;
  if (event.continuedExecutionRunId !== undefined) {
    job.continuedFromExecutionRunId = event.continuedExecutionRunId;
  }
  if (event.parent !== undefined) {
    const { namespace, execution } = event.parent;
    job.parent = { namespace, workflowId: execution.workflowId, runId: execution.runId };
  }
  if (event.root !== undefined) job.root = event.root;
  if (lastResult !== undefined) job.lastResult = lastResult;
  if (event.continuedFailure !== undefined) job.lastFailure = event.continuedFailure;
  if (event.executionTimeoutMs !== undefined) job.executionTimeoutMs = event.executionTimeoutMs;
  if (event.executionExpirationTime !== undefined) {
    job.executionExpirationTime = event.executionExpirationTime;
  }
  if (event.runTimeoutMs !== undefined) job.runTimeoutMs = event.runTimeoutMs;
  if (event.retryPolicy !== undefined) job.retryPolicy = event.retryPolicy;
  if (event.cronSchedule !== undefined) job.cronSchedule = event.cronSchedule;
  if (event.firstWorkflowTaskBackoffMs !== undefined) {
    job.firstWorkflowTaskBackoffMs = event.firstWorkflowTaskBackoffMs;
  }
  return job;
}
