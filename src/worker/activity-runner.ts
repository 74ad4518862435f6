// Runs the activities of one worker: on the host thread, or on the threads of a pool where the worker has one.
import { createHash } from 'node:crypto';
import { activitiesOf } from '../activity/activities';
import { Attempt, type AttemptEnvironment } from '../activity/attempt';
import { defaultDataConverter } from '../common/converter/default-data-converter';
import { IllegalStateError, ValueError } from '../common/errors';
import { noopMetricMeter } from '../common/metrics';
import type { ActivityPool } from '../model/activity-pool';
import type { ActivityRunner } from '../model/worker';
import { mayWrite } from './logger';
import { Runtime } from './runtime';

export interface ActivityRunnerOptions extends Partial<Omit<AttemptEnvironment, 'logsDebug'>> {
  readonly pool?: ActivityPool;
  /** Of the pool's module: part of the fingerprint. */
  readonly poolHash?: string;
}

/** @throws {ValueError} a name is registered for both the host thread and the pool */
export function createActivityRunner(
  activities: object | undefined,
  options: ActivityRunnerOptions = {},
): ActivityRunner {
  const { pool, poolHash = '', logger = Runtime.instance().logger } = options;
  const environment: AttemptEnvironment = {
    payloadConverter: defaultDataConverter.payloadConverter,
    failureConverter: defaultDataConverter.failureConverter,
    interceptors: [],
    metricMeter: noopMetricMeter,
    client: () => {
      throw new IllegalStateError('This worker has no client');
    },
    ...options,
    logger,
    logsDebug: mayWrite(logger, 'DEBUG'),
  };
  const pooled = new Set(pool?.names);
  const registered = activitiesOf(activities ?? {}, pool?.names);
  const twice = registered.names.filter((name) => isOwn(activities, name) && pooled.has(name));
  if (twice.length > 0) {
    throw new ValueError(
      `activities and activitiesPath both have '${twice.join("', '")}': register each once`,
    );
  }
  const isPooled = (activityType: string): boolean =>
    pooled.has(activityType) || (pooled.has('default') && !isOwn(activities, activityType));
  return {
    fingerprint: fingerprintOf(activities ?? {}, poolHash),
    run(task, port) {
      if (pool !== undefined && isPooled(task.activityType)) return pool.run(task, port);
      const attempt = new Attempt(task, port, environment);
      attempt.start(registered);
      return attempt;
    },
  };
}

const isOwn = (activities: object | undefined, name: string): boolean =>
  activities !== undefined &&
  typeof Reflect.get(activities, name) === 'function' &&
  Object.hasOwn(activities, name);

/** Names and sources: two calls of one factory give functions that are as good as each other. */
function fingerprintOf(activities: object, poolHash: string): string {
  const hash = createHash('sha256').update(poolHash);
  const functions = Object.entries(activities).filter(([, value]) => typeof value === 'function');
  for (const [name, value] of functions.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\0${name}\0${String(value)}`);
  }
  return hash.digest('hex');
}
