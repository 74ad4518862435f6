// The door for activities: `troupe/activity`. Explicit names.
import type { ActivityCancellationDetails } from '../common/activity-cancellation-details';
import type { Logger } from '../common/logger';
import type { Loose } from '../common/loose';
import type { MetricMeter } from '../common/metrics';
import type { Duration } from '../common/time';
import { Context } from './context';
import type { Info } from './info';

export { CompleteAsyncError } from '../common/errors';
export { ApplicationFailure, CancelledFailure } from '../common/failure';
export type { ActivityFunction, ActivityInterface, UntypedActivities } from '../common/interfaces';
export { asyncLocalStorage, Context } from './context';
export type { Info } from './info';

/** What the running activity can know about its attempt. */
export function activityInfo(): Info {
  return Context.current().info;
}

/** Resolves after `duration`; rejects with a CancelledFailure as soon as the activity is to stop. */
export function sleep(duration: Duration): Promise<void> {
  return Context.current().sleep(duration);
}

/** Says that the activity is alive; a later attempt finds `details` in `activityInfo().heartbeatDetails`. */
export function heartbeat(details?: unknown): void {
  Context.current().heartbeat(details);
}

/** Rejects with a CancelledFailure when the activity is to stop. */
export function cancelled(): Promise<never> {
  return Context.current().cancelled;
}

/** Why the activity is to stop. Absent: it is not. */
export function cancellationDetails(): ActivityCancellationDetails | undefined {
  return Context.current().cancellationDetails;
}

/** Is aborted when the activity is to stop. */
export function cancellationSignal(): AbortSignal {
  return Context.current().cancellationSignal;
}

/** The `Client` of the worker's connection. */
export function getClient(): Loose {
  return Context.current().client;
}

/** The running activity's logger. */
export const log: Logger = {
  log: (level, message, meta): unknown => Context.current().log.log(level, message, meta),
  trace: (message, meta): unknown => Context.current().log.trace(message, meta),
  debug: (message, meta): unknown => Context.current().log.debug(message, meta),
  info: (message, meta): unknown => Context.current().log.info(message, meta),
  warn: (message, meta): unknown => Context.current().log.warn(message, meta),
  error: (message, meta): unknown => Context.current().log.error(message, meta),
};

/** The running activity's meter. */
export const metricMeter: MetricMeter = {
  createCounter: (...given) => Context.current().metricMeter.createCounter(...given),
  createHistogram: (...given) => Context.current().metricMeter.createHistogram(...given),
  createGauge: (...given) => Context.current().metricMeter.createGauge(...given),
  createUpDownCounter: (...given) => Context.current().metricMeter.createUpDownCounter(...given),
  withTags: (tags) => Context.current().metricMeter.withTags(tags),
};
