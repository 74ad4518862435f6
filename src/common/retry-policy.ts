// Retry policies as users write them, and their way to the engine's own. Pure.
import type { RetryPolicy as ModelRetryPolicy } from '../model/retry-policy';
import { compact } from './compact';
import { ValueError } from './errors';
import { optionalDurationToMs, type Duration } from './time';

/** How often, and after which pauses, a failed activity or workflow is tried again. */
export interface RetryPolicy {
  /** The pause grows by this factor. At least 1; default 2. */
  backoffCoefficient?: number;
  /** Pause after the first attempt. Default: 1 second. */
  initialInterval?: Duration;
  /** Attempts in all. Default: unlimited. */
  maximumAttempts?: number;
  /** No pause is longer. Default: 100 times the initial interval. */
  maximumInterval?: Duration;
  /** Types of ApplicationFailures after which there is no further attempt. */
  nonRetryableErrorTypes?: string[];
}

const INITIAL_INTERVAL_MS = 1_000;
const COEFFICIENT = 2;
const MAXIMUM_INTERVAL_FACTOR = 100;

/**
 * Only what the user has set: the engine fills in the rest.
 *
 * @throws {ValueError | TypeError} a rule is broken
 */
export function compileRetryPolicy(policy: RetryPolicy): Partial<ModelRetryPolicy> {
  const { backoffCoefficient, maximumAttempts, nonRetryableErrorTypes } = policy;
  if (backoffCoefficient !== undefined && !(backoffCoefficient >= 1 && Number.isFinite(backoffCoefficient))) {
    throw new ValueError(`retry.backoffCoefficient is ${backoffCoefficient}: it must be at least 1`);
  }
  const initialIntervalMs = intervalMs(policy.initialInterval, 'retry.initialInterval');
  const maximumIntervalMs = intervalMs(policy.maximumInterval, 'retry.maximumInterval');
  if (maximumIntervalMs !== undefined && maximumIntervalMs < (initialIntervalMs ?? INITIAL_INTERVAL_MS)) {
    throw new ValueError('retry.maximumInterval is shorter than retry.initialInterval');
  }
  return compact<Partial<ModelRetryPolicy>>({
    initialIntervalMs,
    backoffCoefficient,
    maximumIntervalMs,
    maximumAttempts: attempts(maximumAttempts),
    nonRetryableErrorTypes: nonRetryableErrorTypes === undefined ? undefined : [...nonRetryableErrorTypes],
  });
}

/** Every default filled in. */
export function withRetryDefaults(policy: Partial<ModelRetryPolicy>): ModelRetryPolicy {
  const initialIntervalMs = policy.initialIntervalMs ?? INITIAL_INTERVAL_MS;
  return {
    initialIntervalMs,
    backoffCoefficient: policy.backoffCoefficient ?? COEFFICIENT,
    maximumIntervalMs: policy.maximumIntervalMs ?? initialIntervalMs * MAXIMUM_INTERVAL_FACTOR,
    maximumAttempts: policy.maximumAttempts ?? 0,
    nonRetryableErrorTypes: policy.nonRetryableErrorTypes ?? [],
  };
}

/** The engine's policy as users see it. */
export function decompileRetryPolicy(policy: Partial<ModelRetryPolicy> | undefined): RetryPolicy | undefined {
  if (policy === undefined) return undefined;
  const { initialIntervalMs, backoffCoefficient, maximumIntervalMs, maximumAttempts } = policy;
  return compact<RetryPolicy>({
    backoffCoefficient,
    initialInterval: initialIntervalMs,
    maximumInterval: maximumIntervalMs,
    maximumAttempts: maximumAttempts === 0 ? undefined : maximumAttempts,
    nonRetryableErrorTypes:
      policy.nonRetryableErrorTypes === undefined ? undefined : [...policy.nonRetryableErrorTypes],
  });
}

function intervalMs(interval: Duration | undefined, name: string): number | undefined {
  const length = optionalDurationToMs(interval, name);
  if (length === 0) throw new ValueError(`${name} is 0: it must be longer`);
  return length;
}

function attempts(maximum: number | undefined): number | undefined {
  // Temporal's way to say "unlimited", which is the default.
  if (maximum === undefined || maximum === Number.POSITIVE_INFINITY) return undefined;
  if (!Number.isSafeInteger(maximum) || maximum < 1) {
    throw new ValueError(`retry.maximumAttempts is ${maximum}: it must be a positive whole number`);
  }
  return maximum;
}
