// The options with which a run is started: picked from whatever carries them, and their timeouts cut to fit. Pure computation.
import type { RunOptions } from '../../model/event';
import { WORKFLOW_TASK_TIMEOUT_MAX_MS, WORKFLOW_TASK_TIMEOUT_MS } from '../../model/limits';
import type { Mutable } from '../../model/mutable';
import type { DurationMs } from '../../model/time';

type OptionalRunOptions = Pick<
  RunOptions,
  'memo' | 'searchAttributes' | 'executionTimeoutMs' | 'runTimeoutMs' | 'retryPolicy' | 'cronSchedule'
>;

/** The options alone, without the rest of the event or command that carries them. */
export function runOptionsOf(carrier: RunOptions): RunOptions {
  const { workflowType, taskQueue, input, header, taskTimeoutMs } = carrier;
  const options: Mutable<RunOptions> = { workflowType, taskQueue, input, header, taskTimeoutMs };
  addOptional(options, carrier);
  return options;
}

/** To what has the others already. Field by field: V8 takes a slow path for a spread, and for what follows it. */
export function addOptional(to: Mutable<OptionalRunOptions>, from: OptionalRunOptions): void {
  const { memo, searchAttributes, executionTimeoutMs, runTimeoutMs, retryPolicy, cronSchedule } = from;
  if (memo !== undefined) to.memo = memo;
  if (searchAttributes !== undefined) to.searchAttributes = searchAttributes;
  if (executionTimeoutMs !== undefined) to.executionTimeoutMs = executionTimeoutMs;
  if (runTimeoutMs !== undefined) to.runTimeoutMs = runTimeoutMs;
  if (retryPolicy !== undefined) to.retryPolicy = retryPolicy;
  if (cronSchedule !== undefined) to.cronSchedule = cronSchedule;
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
