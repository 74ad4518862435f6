// The options with which a run is started: picked from whatever carries them, and their timeouts cut to fit. Pure computation.
import type { RunOptions } from '../../model/event';
import { WORKFLOW_TASK_TIMEOUT_MAX_MS, WORKFLOW_TASK_TIMEOUT_MS } from '../../model/limits';
import type { DurationMs } from '../../model/time';

/** The options alone, without the rest of the event or command that carries them. */
export function runOptionsOf(carrier: RunOptions): RunOptions {
  const { workflowType, taskQueue, input, header, memo, searchAttributes } = carrier;
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, retryPolicy, cronSchedule } = carrier;
  return {
    workflowType,
    taskQueue,
    input,
    header,
    taskTimeoutMs,
    ...(memo !== undefined && { memo }),
    ...(searchAttributes !== undefined && { searchAttributes }),
    ...(executionTimeoutMs !== undefined && { executionTimeoutMs }),
    ...(runTimeoutMs !== undefined && { runTimeoutMs }),
    ...(retryPolicy !== undefined && { retryPolicy }),
    ...(cronSchedule !== undefined && { cronSchedule }),
  };
}

/** No part outlives its whole: task in run in execution. 0 is "not set". */
export function withCappedTimeouts(options: RunOptions): RunOptions {
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs } = options;
  const cappedRunMs = shorter(runTimeoutMs, executionTimeoutMs);
  const cappedTaskMs = cappedTaskTimeout(taskTimeoutMs, cappedRunMs);
  const isFit = cappedRunMs === runTimeoutMs && cappedTaskMs === taskTimeoutMs && executionTimeoutMs !== 0;
  return isFit ? options : withTimeouts(options, executionTimeoutMs, cappedRunMs, cappedTaskMs);
}

function withTimeouts(
  options: RunOptions,
  executionTimeoutMs: DurationMs | undefined,
  runTimeoutMs: DurationMs | undefined,
  taskTimeoutMs: DurationMs,
): RunOptions {
  const { executionTimeoutMs: _, runTimeoutMs: __, ...rest } = options;
  return {
    ...rest,
    ...(executionTimeoutMs && { executionTimeoutMs }),
    ...(runTimeoutMs !== undefined && { runTimeoutMs }),
    taskTimeoutMs,
  };
}

/** The shorter of two timeouts, of those that are set. */
export function shorter(a: DurationMs | undefined, b: DurationMs | undefined): DurationMs | undefined {
  if (!a) return b || undefined;
  return b ? Math.min(a, b) : a;
}

function cappedTaskTimeout(taskTimeoutMs: DurationMs, runTimeoutMs: DurationMs | undefined): DurationMs {
  const wantedMs = taskTimeoutMs || WORKFLOW_TASK_TIMEOUT_MS;
  return Math.min(wantedMs, WORKFLOW_TASK_TIMEOUT_MAX_MS, runTimeoutMs ?? WORKFLOW_TASK_TIMEOUT_MAX_MS);
}
