// Options of activities as workflow code gives them. Pure.
import { makeEnumConverters } from './enum-converters';
import type { Priority } from './priority';
import type { RetryPolicy } from './retry-policy';
import type { Duration } from './time';

/** What workflow code sees of an activity after it has cancelled it. */
export const ActivityCancellationType = {
  TRY_CANCEL: 'TRY_CANCEL',
  WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED',
  ABANDON: 'ABANDON',
} as const;
export type ActivityCancellationType =
  (typeof ActivityCancellationType)[keyof typeof ActivityCancellationType];

export const [encodeActivityCancellationType, decodeActivityCancellationType] = makeEnumConverters(
  { TRY_CANCEL: 0, WAIT_CANCELLATION_COMPLETED: 1, ABANDON: 2 },
  '',
);

/** At least one of `startToCloseTimeout` and `scheduleToCloseTimeout` must be given. */
export interface ActivityOptions {
  /** Default: a number, unique within the run. */
  activityId?: string;
  /** Default: the workflow's. */
  taskQueue?: string;
  /** The attempt must heartbeat at least this often. Default: it need not. */
  heartbeatTimeout?: Duration;
  retry?: RetryPolicy;
  /** Of one attempt. */
  startToCloseTimeout?: Duration;
  /** How long an attempt may wait for a worker. Default: unlimited. */
  scheduleToStartTimeout?: Duration;
  /** Of all attempts together. Default: unlimited. */
  scheduleToCloseTimeout?: Duration;
  /** Default: `TRY_CANCEL`. */
  cancellationType?: ActivityCancellationType;
  /** Default: true. */
  allowEagerDispatch?: boolean;
  /** @deprecated Has no effect. */
  versioningIntent?: 'COMPATIBLE' | 'DEFAULT';
  /** One line, shown to people. */
  summary?: string;
  priority?: Priority;
}

/** A local activity runs in the worker of its workflow's task. */
export interface LocalActivityOptions {
  retry?: RetryPolicy;
  startToCloseTimeout?: Duration;
  scheduleToStartTimeout?: Duration;
  scheduleToCloseTimeout?: Duration;
  /** Longer pauses between attempts become timers. Default: 1 minute. */
  localRetryThreshold?: Duration;
  cancellationType?: ActivityCancellationType;
  summary?: string;
}
