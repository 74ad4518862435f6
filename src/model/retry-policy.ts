// Retry policies with every default filled in. Formula and stop reasons: history/retry.ts.
import type { DurationMs } from './time';

export interface RetryPolicy {
  /** Default 1 s. */
  readonly initialIntervalMs: DurationMs;
  /** At least 1; default 2. */
  readonly backoffCoefficient: number;
  /** Default 100 times the initial interval. */
  readonly maximumIntervalMs: DurationMs;
  /** 0: unlimited. */
  readonly maximumAttempts: number;
  readonly nonRetryableErrorTypes: readonly string[];
}
