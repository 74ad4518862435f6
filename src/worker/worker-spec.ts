// From the options of a worker to what the engine registers: its code loaded, its threads started.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadConverters } from '../activity/load-converters';
import type { ActivityInterceptorsFactory } from '../activity/interceptors';
import type { AttemptEnvironment } from '../activity/attempt';
import { bundleActivities } from '../bundle';
import type { Logger } from '../common/logger';
import { ValueError } from '../common/errors';
import type { ActivityPool, OpenActivityPool } from '../model/activity-pool';
import { namespace, taskQueueName } from '../model/ids';
import type { ActivityRunner, WorkerSpec } from '../model/worker';
import { activityPoolPort } from './activity-pool-port';
import { createActivityRunner, type ActivityRunnerOptions } from './activity-runner';
import { guardedLogger, mayWrite } from './logger';
import { Runtime } from './runtime';
import { sinkDispatcher } from './sinks';
import type { CompiledWorkerOptions } from './worker-options';
import { temporaryFolder } from './temporary-folder';
import { loadWorkflowBundle } from './workflow-bundle';

/** A worker's registration, and what it holds besides: call `close` when the worker has ended. */
export interface LoadedWorkerSpec extends WorkerSpec {
  close(): Promise<void>;
}

export interface WorkerSpecParts {
  readonly client?: AttemptEnvironment['client'];
}

/** @throws {ValueError | TypeError | BundleError} an option is wrong, or code cannot be loaded */
export async function loadWorkerSpec(
  options: CompiledWorkerOptions,
  parts: WorkerSpecParts = {},
): Promise<LoadedWorkerSpec> {
  const { logger } = Runtime.instance();
  const bundle = await loadWorkflowBundle(options);
  const { activities, close } = await loadActivities(options, logger, parts);
  return {
    namespace: namespace(options.namespace),
    taskQueue: taskQueueName(options.taskQueue),
    identity: options.identity,
    ...(bundle !== undefined && { bundle }),
    ...(activities !== undefined && { activities }),
    maxConcurrentActivities: options.maxConcurrentActivityTaskExecutions,
    onSinkCalls: sinkDispatcher(options.sinks ?? {}, guardedLogger(logger)),
    close,
  };
}

async function loadActivities(
  options: CompiledWorkerOptions,
  logger: Logger,
  parts: WorkerSpecParts,
): Promise<{ readonly activities?: ActivityRunner; readonly close: () => Promise<void> }> {
  const { activities, activitiesPath, enableNonLocalActivities = true } = options;
  if (!enableNonLocalActivities || (activities === undefined && activitiesPath === undefined)) {
    return { close: async () => undefined };
  }
  const converters = await loadConverters(options.dataConverter ?? {});
  const threads =
    activitiesPath === undefined ? undefined : await openThreads(options, activitiesPath, logger);
  const runnerOptions: ActivityRunnerOptions = {
    ...converters,
    ...parts,
    logger,
    interceptors: interceptorsOf(options),
    ...(threads && { pool: threads.pool, poolHash: threads.hash }),
  };
  const close = threads?.close ?? (async () => undefined);
  try {
    return { activities: createActivityRunner(activities, runnerOptions), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function interceptorsOf({
  interceptors = {},
}: CompiledWorkerOptions): readonly ActivityInterceptorsFactory[] {
  const { activity = [], activityInbound = [] } = interceptors;
  return [
    ...activityInbound.map((factory): ActivityInterceptorsFactory => (context) => ({
      inbound: factory(context),
    })),
    ...activity,
  ];
}

interface Threads {
  readonly pool: ActivityPool;
  readonly hash: string;
  readonly close: () => Promise<void>;
}

async function openThreads(
  options: CompiledWorkerOptions,
  activitiesPath: string | URL,
  logger: Logger,
): Promise<Threads> {
  const module = await bundleActivities(activitiesPath);
  const folder = module.kind === 'bundle' ? await temporaryFolder() : undefined;
  try {
    const activitiesFile =
      module.kind === 'file' ? module.file : path.join(folder?.path ?? '', `${module.hash}.mjs`);
    if (module.kind === 'bundle') await writeFile(activitiesFile, module.code);
    const pool = await open(options, activitiesFile, logger);
    const close = async (): Promise<void> => {
      await pool.close();
      await folder?.remove();
    };
    return { pool, hash: module.hash, close };
  } catch (error) {
    await folder?.remove();
    throw error;
  }
}

async function open(
  { activityThreads, dataConverter = {} }: CompiledWorkerOptions,
  activitiesFile: string,
  logger: Logger,
): Promise<ActivityPool> {
  const { payloadConverterPath, failureConverterPath } = dataConverter;
  const openPool: OpenActivityPool = activityPoolPort();
  const lines = guardedLogger(logger);
  try {
    return await openPool({
      code: {
        activitiesFile,
        ...(payloadConverterPath !== undefined && { payloadConverterPath }),
        ...(failureConverterPath !== undefined && { failureConverterPath }),
        logsDebug: mayWrite(logger, 'DEBUG'),
      },
      threads: activityThreads,
      log: (level, message, meta) => void lines.log(level, message, meta),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ValueError(`activitiesPath: no thread could load it: ${reason}`, error);
  }
}
