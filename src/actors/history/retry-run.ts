// A run that fails or times out under a retry policy: whether its chain goes on, and the next attempt.
import type { Failure, RetryState } from '../../model/failure';
import type { RunId } from '../../model/ids';
import type { DurationMs } from '../../model/time';
import type { RunDraft } from './draft';
import { startSuccessor, successorBackoff } from './new-run';
import { askRetry } from './retry';
import { runOptionsOf } from './run-options';

export type RunRetry =
  | {
      readonly kind: 'retry';
      readonly newExecutionRunId: RunId;
      readonly backoffMs: DurationMs;
      readonly retryState: RetryState;
    }
  | { readonly kind: 'stop'; readonly retryState: RetryState };

/** Before the close event: it tells which run comes next. */
export function askRunRetry(run: RunDraft, failure: Failure): RunRetry {
  const { retryPolicy: policy, attempt, executionExpirationTime: expiresAt } = run.state.started;
  const { now } = run;
  if (expiresAt !== undefined && now >= expiresAt) return { kind: 'stop', retryState: 'TIMEOUT' };
  if (policy === undefined) return { kind: 'stop', retryState: 'RETRY_POLICY_NOT_SET' };
  const verdict = askRetry({ policy, attempt, failure, now, expiresAt });
  if (verdict.kind === 'stop') return verdict;
  return {
    kind: 'retry',
    newExecutionRunId: run.ctx.newRunId(),
    backoffMs: successorBackoff(run.state, now, verdict.intervalMs),
    retryState: 'IN_PROGRESS',
  };
}

/** What the close event says about it. */
export const retryAttributes = (
  retry: RunRetry,
): { readonly retryState: RetryState; readonly newExecutionRunId?: RunId } =>
  retry.kind === 'retry'
    ? { retryState: retry.retryState, newExecutionRunId: retry.newExecutionRunId }
    : { retryState: retry.retryState };

/** After the close event. */
export function continueAfter(run: RunDraft, retry: RunRetry, failure: Failure): void {
  if (retry.kind === 'stop') return;
  const { started } = run.state;
  startSuccessor(run, {
    runId: retry.newExecutionRunId,
    initiator: 'RETRY',
    attempt: started.attempt + 1,
    // A retry begins where its predecessor began: with the memo and attributes of the start.
    options: runOptionsOf(started),
    backoffMs: retry.backoffMs,
    failure,
    ...(started.userMetadata !== undefined && { userMetadata: started.userMetadata }),
  });
}
