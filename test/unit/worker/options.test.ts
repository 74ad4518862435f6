// Options of a worker: what they default to, and what is refused before anything is touched.
import { describe, expect, test } from 'vitest';
import { compileWorkerOptions, type WorkerOptions } from '../../../src/worker/worker-options';

const activities = { work: async () => 1 };

describe('defaults', () => {
  test('are one queue, one namespace, 100 activities at once', () => {
    const options = compileWorkerOptions({ activities });
    expect(options).toMatchObject({
      namespace: 'default',
      taskQueue: 'default',
      maxConcurrentActivityTaskExecutions: 100,
    });
    expect(options.identity).toMatch(/^\d+@.+/);
    expect(options).not.toHaveProperty('shutdownGraceTimeMs');
  });

  test('of a worker that has only threads: as many activities as threads', () => {
    const options = compileWorkerOptions({ activitiesPath: './a.ts', activityThreads: 3 });
    expect(options.maxConcurrentActivityTaskExecutions).toBe(3);
    const both = compileWorkerOptions({ activitiesPath: './a.ts', activities, activityThreads: 3 });
    expect(both.maxConcurrentActivityTaskExecutions).toBe(100);
  });
});

test('an isolation that does not exist is refused', () => {
  const options = { activities, isolation: 'shared' } as unknown as WorkerOptions;
  expect(() => compileWorkerOptions(options)).toThrow("isolation: 'auto' or 'context', not \"shared\"");
});

test('durations are read', () => {
  expect(
    compileWorkerOptions({ activities, shutdownGraceTime: '2s', shutdownForceTime: 5_000 }),
  ).toMatchObject({ shutdownGraceTimeMs: 2_000, shutdownForceTimeMs: 5_000 });
});

test('a fixed-size tuner is a number of activities', () => {
  const tuner = { activityTaskSlotSupplier: { type: 'fixed-size', numSlots: 7 } };
  expect(compileWorkerOptions({ activities, tuner }).maxConcurrentActivityTaskExecutions).toBe(7);
});

test('options of Temporal that mean nothing here are accepted', () => {
  const options: WorkerOptions = {
    activities,
    buildId: 'b',
    debugMode: true,
    isolateExecutionTimeout: '5s',
    maxCachedWorkflows: 10,
    maxConcurrentWorkflowTaskExecutions: 10,
    maxConcurrentWorkflowTaskPolls: 2,
    maxHeartbeatThrottleInterval: '60s',
    reuseV8Context: true,
    stickyQueueScheduleToStartTimeout: '10s',
    workflowThreadPoolSize: 2,
    nexusServices: [],
    plugins: [],
    useVersioning: false,
    workflowFailureErrorTypes: {},
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    dataConverter: { payloadCodecs: [] },
  };
  expect(() => compileWorkerOptions(options)).not.toThrow();
});

describe('refused', () => {
  const wrong: [string, object, RegExp][] = [
    ['no code at all', { activities: undefined }, /needs code/],
    ['activities that are no object', { activities: 'a' }, /activities: an object/],
    ['an empty task queue', { taskQueue: '' }, /taskQueue/],
    ['a task queue that is too long', { taskQueue: 'q'.repeat(1_001) }, /taskQueue/],
    ['no slots', { maxConcurrentActivityTaskExecutions: 0 }, /maxConcurrentActivityTaskExecutions: a whole/],
    ['half a thread', { activityThreads: 0.5 }, /activityThreads: a whole number from 1 to 64, not 0.5/],
    ['a grace time that is no duration', { shutdownGraceTime: 'soon' }, /shutdownGraceTime/],
    ['a negative force time', { shutdownForceTime: -1 }, /shutdownForceTime/],
    ['a webpack hook', { bundlerOptions: { webpackConfigHook: () => ({}) } }, /esbuild.*ignoreModules/],
    ['codecs', { dataConverter: { payloadCodecs: [{}] } }, /payloadCodecs: not supported yet/],
    ['rate limits', { maxActivitiesPerSecond: 3 }, /maxActivitiesPerSecond: rates/],
    ['versioning', { useVersioning: true }, /useVersioning: worker versioning.*patched/],
    ['deployments', { workerDeploymentOptions: {} }, /workerDeploymentOptions/],
    ['Nexus services', { nexusServices: [{}] }, /Nexus/],
    ['plugins', { plugins: [{}] }, /plugins/],
    ['sinks that are no object', { sinks: 5 }, /^sinks: an object such as .* not 5$/],
    ['a sink that is no object', { sinks: { log: 5 } }, /^sinks.log: an object such as/],
    ['a function instead of a sink function', { sinks: { log: { say: () => 1 } } }, /^sinks.log.say: .* fn$/],
    ['interceptors that are no object', { interceptors: 5 }, /^interceptors: an object such as .* not 5$/],
    ['one interceptor', { interceptors: { activity: () => ({}) } }, /^interceptors.activity: a list of/],
    ['one module', { interceptors: { workflowModules: './i' } }, /^interceptors.workflowModules: a list of/],
    [
      'a data converter that is no object',
      { dataConverter: 5 },
      /^dataConverter: an object such as .* not 5$/,
    ],
    ['a path as a bundle', { workflowBundle: './bundle.js' }, /^workflowBundle: .* or \{ codePath \}, not/],
    ['a bundle without code', { workflowBundle: {} }, /^workflowBundle: \{ code \}/],
    ['bundler options that are no object', { bundlerOptions: 5 }, /^bundlerOptions: an object such as/],
    ['a resource tuner', { tuner: { tunerOptions: {} } }, /fixed-size/],
  ];
  test.each(wrong)('%s', (_, changes, message) => {
    expect(() => compileWorkerOptions({ activities, ...changes })).toThrow(message);
  });
});
