// What `Troupe.open` is given: the engine's options, and those of its built-in worker. Host thread.
import type { KnownOptions } from '../common/known-options';
import type { WorkerOptions } from '../worker/worker-options';
import type { EngineSettings } from './engine-options';

/** Code for the built-in worker: the options of `Worker.create`, as far as they are about code and concurrency. */
type WorkerSettings = Partial<Omit<WorkerOptions, 'connection' | 'namespace' | 'identity' | 'taskQueue'>>;

export interface TroupeOptions extends EngineSettings, WorkerSettings {
  /** Of `troupe.client` and the built-in worker. Made on first use. Default: `default`. */
  namespace?: string;
  /** Of the built-in worker, and of workflows that are started without one. Default: `default`. */
  taskQueue?: string;
}

export const TROUPE_OPTIONS: KnownOptions<TroupeOptions> = {
  namespace: true,
  taskQueue: true,
  path: true,
  store: true,
  threads: true,
  waitForOwner: true,
  retention: true,
  turnLimit: true,
  cacheBytes: true,
  idleEvict: true,
  minFreeBytes: true,
  logger: true,
  identity: true,
  workflowsPath: true,
  workflowBundle: true,
  bundlerOptions: true,
  dataConverter: true,
  interceptors: true,
  isolation: true,
  activities: true,
  activitiesPath: true,
  activityThreads: true,
  maxConcurrentActivityTaskExecutions: true,
  shutdownGraceTime: true,
  shutdownForceTime: true,
  sinks: true,
  tuner: true,
  enableNonLocalActivities: true,
  maxActivitiesPerSecond: true,
  maxTaskQueueActivitiesPerSecond: true,
  useVersioning: true,
  workerDeploymentOptions: true,
  nexusServices: true,
  plugins: true,
  patchActivationCallback: true,
  workflowFailureErrorTypes: true,
  buildId: true,
  debugMode: true,
  disablePayloadErrorLimit: true,
  isolateExecutionTimeout: true,
  maxCachedWorkflows: true,
  maxConcurrentActivityTaskPolls: true,
  maxConcurrentLocalActivityExecutions: true,
  maxConcurrentNexusTaskExecutions: true,
  maxConcurrentNexusTaskPolls: true,
  maxConcurrentWorkflowTaskExecutions: true,
  maxConcurrentWorkflowTaskPolls: true,
  maxEagerActivityReservationsPerWorkflowTask: true,
  maxHeartbeatThrottleInterval: true,
  defaultHeartbeatThrottleInterval: true,
  nonStickyToStickyPollRatio: true,
  activityTaskPollerBehavior: true,
  nexusTaskPollerBehavior: true,
  workflowTaskPollerBehavior: true,
  reuseV8Context: true,
  showStackTraceSources: true,
  stickyQueueScheduleToStartTimeout: true,
  workflowThreadPoolSize: true,
};
