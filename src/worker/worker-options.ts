// Options of `Worker.create`: every name that Temporal has. Some mean something here, some mean nothing and are accepted, and some
// would change what a user may rely on: those are refused.
import { availableParallelism, hostname } from 'node:os';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '../activity/interceptors';
import type { Context } from '../activity/context';
import { assertDataConverter, assertId } from '../client/validation';
import { assertList, assertObject } from '../common/assert-object';
import type { DataConverter } from '../common/data-converter';
import { isRecord } from '../common/error-inspection';
import { ValueError } from '../common/errors';
import { optionalDurationToMs, type Duration } from '../common/time';
import type { DurationMs } from '../model/time';
import type { AnySinks } from './sinks';
import type { WorkerConnection } from './worker-host';

/** The code of a bundle, as `bundleWorkflowCode` gave it, or the file it was written to. */
export interface WorkflowBundle {
  code: string;
  /** Default: the one at the end of `code`, if there is one. */
  sourceMap?: string;
}
export interface WorkflowBundlePath {
  codePath: string;
}
export type WorkflowBundleOption = WorkflowBundle | WorkflowBundlePath;

export interface BundlerOptions {
  /** Modules that workflow code imports and never uses: they become empty. */
  ignoreModules?: string[];
  /** Refused: bundles are made by esbuild. */
  webpackConfigHook?: unknown;
}

export interface WorkerInterceptors {
  /** For activities on the host thread. */
  activity?: ActivityInterceptorsFactory[];
  /** @deprecated use `activity` */
  activityInbound?: ActivityInboundCallsInterceptorFactory[];
  /** Modules with an export `interceptors`, put into the bundle. With `workflowBundle` they must be in it already. */
  workflowModules?: string[];
}
/** @deprecated */
export type ActivityInboundCallsInterceptorFactory = (context: Context) => ActivityInboundCallsInterceptor;

/** What a workflow bundle is made from, wherever one is needed. */
export interface WorkflowCodeOptions {
  /** The file, or folder with an index file, whose exports are the workflows. A path, a URL or a `file:` string. */
  workflowsPath?: string | URL;
  /** Instead of `workflowsPath`, and preferred to it. */
  workflowBundle?: WorkflowBundleOption;
  bundlerOptions?: BundlerOptions;
  dataConverter?: DataConverter;
  interceptors?: WorkerInterceptors;
  /** `'context'`: each workflow has a V8 context of its own, at 100 times the cost. Default: `'auto'`, only where code needs it. */
  isolation?: 'auto' | 'context';
}

export interface WorkerOptions extends WorkflowCodeOptions {
  /** Default: the engine of this process. */
  connection?: WorkerConnection;
  /** Default: `default`. */
  namespace?: string;
  /** Default: `default`. */
  taskQueue?: string;
  /** Recorded in histories. Default: process id and host name. */
  identity?: string;

  /** Functions by name: an object, or an imported module. They run on the host thread: those that compute belong to `activitiesPath`. */
  activities?: object;
  /** A file of activities that run on threads of their own, because they compute. TypeScript or JavaScript. */
  activitiesPath?: string | URL;
  /** Threads for `activitiesPath`, each of which runs one activity at a time. Default: one less than there are cores. */
  activityThreads?: number;
  /** Default: 100; with `activitiesPath` alone, its number of threads. */
  maxConcurrentActivityTaskExecutions?: number;

  /** How long activities may go on, once the worker was told to stop, before they are told as well. Default: 0. */
  shutdownGraceTime?: Duration;
  /** Activities that run on even then are given up after this, and `run` rejects. Default: never. */
  shutdownForceTime?: Duration;

  /** What workflow code calls through `proxySinks`. */
  sinks?: AnySinks;

  /** `activityTaskSlotSupplier` of the type `fixed-size` is the same as `maxConcurrentActivityTaskExecutions`; others are refused. */
  tuner?: { activityTaskSlotSupplier?: { type: string; numSlots?: number }; [part: string]: unknown };
  /** `false`: registers no activities. */
  enableNonLocalActivities?: boolean;

  // Refused: a worker without them would not do what they say.
  maxActivitiesPerSecond?: number;
  maxTaskQueueActivitiesPerSecond?: number;
  useVersioning?: boolean;
  workerDeploymentOptions?: object;
  nexusServices?: readonly unknown[];
  plugins?: readonly unknown[];
  patchActivationCallback?: unknown;
  workflowFailureErrorTypes?: object;

  // Accepted: there is nothing here that they could change.
  buildId?: string;
  debugMode?: boolean;
  disablePayloadErrorLimit?: boolean;
  isolateExecutionTimeout?: Duration;
  maxCachedWorkflows?: number;
  maxConcurrentActivityTaskPolls?: number;
  maxConcurrentLocalActivityExecutions?: number;
  maxConcurrentNexusTaskExecutions?: number;
  maxConcurrentNexusTaskPolls?: number;
  maxConcurrentWorkflowTaskExecutions?: number;
  maxConcurrentWorkflowTaskPolls?: number;
  maxEagerActivityReservationsPerWorkflowTask?: number;
  maxHeartbeatThrottleInterval?: Duration;
  defaultHeartbeatThrottleInterval?: Duration;
  nonStickyToStickyPollRatio?: number;
  activityTaskPollerBehavior?: object;
  nexusTaskPollerBehavior?: object;
  workflowTaskPollerBehavior?: object;
  reuseV8Context?: boolean;
  showStackTraceSources?: boolean;
  stickyQueueScheduleToStartTimeout?: Duration;
  workflowThreadPoolSize?: number;
}

/** With every default filled in. */
export interface CompiledWorkerOptions extends Omit<
  WorkerOptions,
  'shutdownGraceTime' | 'shutdownForceTime' | 'connection'
> {
  readonly namespace: string;
  readonly taskQueue: string;
  readonly identity: string;
  readonly activityThreads: number;
  readonly maxConcurrentActivityTaskExecutions: number;
  /** Absent: the user set none. */
  readonly shutdownGraceTimeMs?: DurationMs;
  readonly shutdownForceTimeMs?: DurationMs;
}

const ACTIVITIES_DEFAULT = 100;
const ACTIVITIES_MAX = 100_000;
const THREADS_MAX = 64;

type Present = (value: unknown) => boolean;
const isPresent: Present = (value) => value !== undefined && value !== null && value !== false;
const isNotEmpty: Present = (value) => isPresent(value) && (value as readonly unknown[]).length !== 0;
const isAnyKey: Present = (value) => isPresent(value) && Object.keys(value as object).length !== 0;

/** Why, by option. */
const REFUSED: { readonly [K in keyof WorkerOptions]?: readonly [isGiven: Present, why: string] } = {
  maxActivitiesPerSecond: [isPresent, 'rates are not limited yet; maxConcurrentActivityTaskExecutions is'],
  maxTaskQueueActivitiesPerSecond: [
    isPresent,
    'rates are not limited yet; maxConcurrentActivityTaskExecutions is',
  ],
  useVersioning: [isPresent, 'worker versioning is not supported; use patched()'],
  workerDeploymentOptions: [isPresent, 'worker versioning is not supported; use patched()'],
  nexusServices: [isNotEmpty, 'Nexus is not supported'],
  plugins: [isNotEmpty, 'plugins are not supported'],
  patchActivationCallback: [isPresent, 'not supported'],
  workflowFailureErrorTypes: [isAnyKey, 'not supported yet: throw an ApplicationFailure to fail a workflow'],
};

/** @throws {ValueError | TypeError} names the option and what it may be; nothing was touched */
export function compileWorkerOptions(options: WorkerOptions): CompiledWorkerOptions {
  const { connection: _, shutdownGraceTime, shutdownForceTime, ...rest } = options;
  const { namespace = 'default', taskQueue = 'default', identity = `${process.pid}@${hostname()}` } = options;
  const { activityThreads = Math.max(1, availableParallelism() - 1) } = options;
  assertId(namespace, 'namespace');
  assertId(taskQueue, 'taskQueue');
  assertId(identity, 'identity');
  assertCode(options);
  refuseWrongOptions(options);
  whole('activityThreads', activityThreads, THREADS_MAX);
  const onlyThreads = options.activities === undefined && options.activitiesPath !== undefined;
  const maxConcurrentActivityTaskExecutions =
    options.maxConcurrentActivityTaskExecutions ??
    fixedSlots(options) ??
    (onlyThreads ? activityThreads : ACTIVITIES_DEFAULT);
  whole('maxConcurrentActivityTaskExecutions', maxConcurrentActivityTaskExecutions, ACTIVITIES_MAX);
  const graceMs = optionalDurationToMs(shutdownGraceTime, 'shutdownGraceTime');
  const forceMs = optionalDurationToMs(shutdownForceTime, 'shutdownForceTime');
  return {
    ...rest,
    namespace,
    taskQueue,
    identity,
    activityThreads,
    maxConcurrentActivityTaskExecutions,
    ...(graceMs !== undefined && { shutdownGraceTimeMs: graceMs }),
    ...(forceMs !== undefined && { shutdownForceTimeMs: forceMs }),
  };
}

/** @throws {ValueError | TypeError} what is wrong in options of a worker, whether or not it is given code */
export function refuseWrongOptions(options: WorkerOptions): void {
  refuseUnsupported(options);
  refuseInCode(options);
  if (options.sinks !== undefined) assertSinks(options.sinks);
}

function assertSinks(sinks: unknown): void {
  assertObject(sinks, 'sinks', 'an object such as { name: { method: { fn } } }');
  for (const [name, sink] of Object.entries(sinks)) {
    assertObject(sink, `sinks.${name}`, 'an object such as { method: { fn } }');
    for (const [method, target] of Object.entries(sink) as [string, unknown][]) {
      if (isRecord(target) && typeof target['fn'] === 'function') continue;
      throw new TypeError(`sinks.${name}.${method}: an object with the function fn`);
    }
  }
}

function assertCode({ workflowsPath, workflowBundle, activities, activitiesPath }: WorkerOptions): void {
  if ([workflowsPath, workflowBundle, activities, activitiesPath].every((code) => code === undefined)) {
    throw new ValueError(
      'A worker needs code: give it workflowsPath, workflowBundle, activities or activitiesPath',
    );
  }
  if (activities !== undefined && (typeof activities !== 'object' || activities === null)) {
    throw new TypeError('activities: an object of functions, or an imported module');
  }
}

function refuseUnsupported(options: WorkerOptions): void {
  for (const name of Object.keys(REFUSED) as (keyof WorkerOptions)[]) {
    const [isGiven, why] = REFUSED[name] ?? [() => false, ''];
    if (isGiven(options[name])) throw new ValueError(`${name}: ${why}`);
  }
}

/** @throws {ValueError | TypeError} what cannot work wherever workflow code is bundled or values are converted */
export function refuseInCode({
  workflowBundle,
  bundlerOptions,
  dataConverter,
  interceptors,
  isolation = 'auto',
}: WorkflowCodeOptions): void {
  if (workflowBundle !== undefined) assertBundle(workflowBundle);
  if (dataConverter !== undefined) assertDataConverter(dataConverter);
  if (interceptors !== undefined) assertInterceptors(interceptors);
  if (bundlerOptions !== undefined) {
    assertObject(bundlerOptions, 'bundlerOptions', 'an object such as { ignoreModules }');
  }
  if (isolation !== 'auto' && isolation !== 'context') {
    throw new ValueError(`isolation: 'auto' or 'context', not ${JSON.stringify(isolation)}`);
  }
  if (isPresent(bundlerOptions?.webpackConfigHook)) {
    throw new ValueError(
      'bundlerOptions.webpackConfigHook: bundles are made by esbuild, without webpack. ' +
        'Use bundlerOptions.ignoreModules for modules that workflow code imports and never uses',
    );
  }
  if (isNotEmpty(dataConverter?.payloadCodecs)) {
    throw new ValueError('dataConverter.payloadCodecs: not supported yet');
  }
}

function assertBundle(bundle: unknown): void {
  const what = '{ code } as bundleWorkflowCode gave it, or { codePath }';
  assertObject(bundle, 'workflowBundle', what);
  const { code, codePath } = bundle as { readonly code?: unknown; readonly codePath?: unknown };
  if (typeof (codePath ?? code) !== 'string') throw new TypeError(`workflowBundle: ${what}`);
}

function assertInterceptors(interceptors: unknown): void {
  assertObject(interceptors, 'interceptors', 'an object such as { activity: [factory] }');
  const {
    activity = [],
    activityInbound = [],
    workflowModules = [],
  } = interceptors as Record<string, unknown>;
  const isFunction = (item: unknown): boolean => typeof item === 'function';
  assertList(activity, 'interceptors.activity', 'a list of functions', isFunction);
  assertList(activityInbound, 'interceptors.activityInbound', 'a list of functions', isFunction);
  const isText = (item: unknown): boolean => typeof item === 'string';
  assertList(workflowModules, 'interceptors.workflowModules', 'a list of modules, by name or path', isText);
}

function fixedSlots({ tuner }: WorkerOptions): number | undefined {
  if (tuner === undefined) return undefined;
  const { activityTaskSlotSupplier: supplier } = tuner;
  if (supplier?.type !== 'fixed-size' || supplier.numSlots === undefined) {
    throw new ValueError(
      "tuner: only an activityTaskSlotSupplier of the type 'fixed-size' with numSlots works here",
    );
  }
  return supplier.numSlots;
}

function whole(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new ValueError(`${name}: a whole number from 1 to ${max}, not ${String(value)}`);
  }
}
