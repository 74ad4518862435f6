// The first job of a run, made of its first event. Pure.
import type { WorkflowExecutionStarted } from '../../model/event';
import type { Namespace, RunId } from '../../model/ids';
import type { InitializeWorkflow } from '../../model/turn';
import type { EpochMs } from '../../model/time';
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
  return {
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
    ...(event.memo !== undefined && { memo: event.memo }),
    ...(event.searchAttributes !== undefined && { searchAttributes: event.searchAttributes }),
    ...(event.continuedExecutionRunId !== undefined && {
      continuedFromExecutionRunId: event.continuedExecutionRunId,
    }),
    ...(event.parent !== undefined && {
      parent: {
        namespace: event.parent.namespace,
        workflowId: event.parent.execution.workflowId,
        runId: event.parent.execution.runId,
      },
    }),
    ...(event.root !== undefined && { root: event.root }),
    ...(lastResult !== undefined && { lastResult }),
    ...(event.continuedFailure !== undefined && { lastFailure: event.continuedFailure }),
    ...(event.executionTimeoutMs !== undefined && { executionTimeoutMs: event.executionTimeoutMs }),
    ...(event.executionExpirationTime !== undefined && {
      executionExpirationTime: event.executionExpirationTime,
    }),
    ...(event.runTimeoutMs !== undefined && { runTimeoutMs: event.runTimeoutMs }),
    ...(event.retryPolicy !== undefined && { retryPolicy: event.retryPolicy }),
    ...(event.cronSchedule !== undefined && { cronSchedule: event.cronSchedule }),
    ...(event.firstWorkflowTaskBackoffMs !== undefined && {
      firstWorkflowTaskBackoffMs: event.firstWorkflowTaskBackoffMs,
    }),
  };
}
