// Inside a thread of the activity pool: loads the module of the activities and makes attempts of them. Loaded by path.
import { inspect } from 'node:util';
import { isRecord } from '../common/error-inspection';
import { IllegalStateError } from '../common/errors';
import type { LogLevel, Logger, LogMetadata } from '../common/logger';
import { noopMetricMeter } from '../common/metrics';
import type { LoadThreadActivities, LogActivityLine } from '../model/activity-pool';
import { activitiesOf } from './activities';
import { Attempt, type AttemptEnvironment } from './attempt';
import { importFile, loadConverters } from './load-converters';

export const loadThreadActivities: LoadThreadActivities = async (code) => {
  const activities = activitiesOf(exportsOf(await importFile(code.activitiesFile, 'activitiesPath')));
  const environment: Omit<AttemptEnvironment, 'logger'> = {
    ...(await loadConverters(code)),
    interceptors: [],
    logsDebug: code.logsDebug,
    metricMeter: noopMetricMeter,
    client: () => {
      throw new IllegalStateError('An activity that runs on a thread of the pool has no client');
    },
  };
  return {
    names: activities.names,
    prepare(task, port, log) {
      const attempt = new Attempt(task, port, { ...environment, logger: loggerOf(log) });
      return {
        cancel: (reason) => attempt.cancel(reason),
        run() {
          attempt.start(activities);
          return attempt.outcome;
        },
      };
    },
  };
};

/** A CommonJS module's exports come as its default, and only those that Node could guess beside it. */
function exportsOf(module: Record<string, unknown>): object {
  const { default: whole, ...named } = module;
  if (typeof whole === 'function') return module;
  return isRecord(whole) ? { ...whole, ...named } : named;
}

function loggerOf(send: LogActivityLine): Logger {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void =>
    send(level, message, sendable(meta));
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}

/** What cannot be cloned travels as its text. */
function sendable(meta: LogMetadata): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const key of Object.keys(meta)) {
    const value: unknown = meta[key];
    sent[key] = isClonable(value) ? value : inspect(value);
  }
  return sent;
}

function isClonable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
