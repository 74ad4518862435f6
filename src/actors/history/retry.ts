// Whether something that failed is tried again, and when: activities and whole runs. Pure computation.
// Formula and order of reasons are Temporal's: interval = initial × coefficient^(attempt − 1), cut to the maximum.
import type { Failure, RetryState, TimeoutType } from '../../model/failure';
import type { RetryPolicy } from '../../model/retry-policy';
import { type DurationMs, type EpochMs, SECOND_MS } from '../../model/time';

export type RetryVerdict =
  | { readonly kind: 'retry'; readonly intervalMs: DurationMs }
  | { readonly kind: 'stop'; readonly retryState: RetryState };

export interface RetryQuestion {
  readonly policy: RetryPolicy;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly failure: Failure;
  readonly now: EpochMs;
  /** A next attempt must begin by then; absent: no limit. */
  readonly expiresAt: EpochMs | undefined;
}

export function askRetry({ policy, attempt, failure, now, expiresAt }: RetryQuestion): RetryVerdict {
  if (isOverallTimeout(failure)) return stop('TIMEOUT');
  if (!isRetryable(failure, policy.nonRetryableErrorTypes)) return stop('NON_RETRYABLE_FAILURE');
  if (policy.maximumAttempts > 0 && attempt >= policy.maximumAttempts) {
    return stop('MAXIMUM_ATTEMPTS_REACHED');
  }
  const intervalMs = nextRetryDelayOf(failure) ?? intervalAfter(policy, attempt);
  if (expiresAt !== undefined && now + intervalMs > expiresAt) return stop('TIMEOUT');
  return { kind: 'retry', intervalMs };
}

const DEFAULT_INITIAL_INTERVAL_MS = SECOND_MS;
const DEFAULT_BACKOFF_COEFFICIENT = 2;
const DEFAULT_MAXIMUM_INTERVALS = 100;

/** What is missing, or 0, gets Temporal's default. */
export function withRetryDefaults(partial: Partial<RetryPolicy> = {}): RetryPolicy {
  const initialIntervalMs = partial.initialIntervalMs || DEFAULT_INITIAL_INTERVAL_MS;
  return {
    initialIntervalMs,
    backoffCoefficient: partial.backoffCoefficient || DEFAULT_BACKOFF_COEFFICIENT,
    maximumIntervalMs: partial.maximumIntervalMs || initialIntervalMs * DEFAULT_MAXIMUM_INTERVALS,
    maximumAttempts: partial.maximumAttempts ?? 0,
    nonRetryableErrorTypes: partial.nonRetryableErrorTypes ?? [],
  };
}

/** Why the policy cannot be; absent: it can. A policy of one attempt is never looked at. */
export function retryPolicyProblem(policy: RetryPolicy): string | undefined {
  if (policy.maximumAttempts === 1) return undefined;
  if (policy.initialIntervalMs < 0) return 'InitialInterval cannot be negative on retry policy.';
  if (policy.backoffCoefficient < 1) return 'BackoffCoefficient cannot be less than 1 on retry policy.';
  if (policy.maximumIntervalMs < policy.initialIntervalMs) {
    return 'MaximumInterval cannot be less than InitialInterval on retry policy.';
  }
  if (policy.maximumAttempts < 0) return 'MaximumAttempts cannot be negative on retry policy.';
  return undefined;
}

/** How these timeouts are named in a list of non-retryable error types. */
const TIMEOUT_ERROR_TYPES: Partial<Readonly<Record<TimeoutType, string>>> = {
  START_TO_CLOSE: 'TemporalTimeout:StartToClose',
  HEARTBEAT: 'TemporalTimeout:Heartbeat',
};

function isRetryable({ info }: Failure, nonRetryableErrorTypes: readonly string[]): boolean {
  switch (info?.kind) {
    case 'terminated':
    case 'canceled':
      return false;
    case 'server':
      return !info.nonRetryable;
    case 'application':
      return !info.nonRetryable && !nonRetryableErrorTypes.includes(info.type ?? '');
    case 'timeout': {
      const errorType = TIMEOUT_ERROR_TYPES[info.timeoutType];
      return errorType !== undefined && !nonRetryableErrorTypes.includes(errorType);
    }
    case 'activity':
    case 'childWorkflow':
    case 'resetWorkflow':
    case undefined:
      // What wraps another failure; its cause is not looked at.
      return true;
  }
}

/** Timeouts over all attempts, or of waiting: another attempt cannot help. */
function isOverallTimeout({ info }: Failure): boolean {
  return (
    info?.kind === 'timeout' &&
    (info.timeoutType === 'SCHEDULE_TO_START' || info.timeoutType === 'SCHEDULE_TO_CLOSE')
  );
}

const nextRetryDelayOf = ({ info }: Failure): DurationMs | undefined =>
  info?.kind === 'application' ? info.nextRetryDelayMs : undefined;

function intervalAfter(policy: RetryPolicy, attempt: number): DurationMs {
  const intervalMs = policy.initialIntervalMs * policy.backoffCoefficient ** (attempt - 1);
  return Math.round(Math.min(intervalMs, policy.maximumIntervalMs));
}

const stop = (retryState: RetryState): RetryVerdict => ({ kind: 'stop', retryState });
