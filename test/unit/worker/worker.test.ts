// The life of a worker, on an engine that only registers.
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getClient } from '../../../src/activity';
import { Client } from '../../../src/client/client';
import { gatewayKey } from '../../../src/client/connection-like';
import type { Gateway } from '../../../src/model/gateway';
import {
  CombinedWorkerRunError,
  GracefulShutdownPeriodExpiredError,
  PromiseCompletionTimeoutError,
} from '../../../src/worker/errors';
import { Runtime } from '../../../src/worker/runtime';
import { workerHostKey } from '../../../src/worker/worker-host';
import { Worker } from '../../../src/worker/worker';
import type { WorkerOptions } from '../../../src/worker/worker-options';
import { FakePort, recordingLogger, taskOf } from '../activity/fixtures';
import { FakeHost } from './fake-host';

const activities = { work: async () => 1 };
let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  Runtime.install({ logger: recordingLogger().logger, shutdownSignals: ['SIGUSR2'] });
});
afterEach(() => Runtime.instance().shutdown());

const create = (options: Partial<WorkerOptions> = {}): Promise<Worker> =>
  Worker.create({ connection: host.connection, activities, ...options });
const tick = (): Promise<void> => new Promise(setImmediate);

describe('a worker', () => {
  test('registers when it runs, not before, and with what it was given', async () => {
    const worker = await create({
      namespace: 'ns',
      taskQueue: 'q',
      identity: 'me',
      maxConcurrentActivityTaskExecutions: 3,
    });
    expect(worker.getState()).toBe('INITIALIZED');
    expect(host.registered).toEqual([]);
    const running = worker.run();
    await tick();
    expect(worker.getState()).toBe('RUNNING');
    expect(worker.getStatus()).toMatchObject({ runState: 'RUNNING', activityPollerState: 'POLLING' });
    expect(host.registered).toMatchObject([
      { spec: { namespace: 'ns', taskQueue: 'q', identity: 'me', maxConcurrentActivities: 3 } },
    ]);
    expect(host.registered[0]?.spec).not.toHaveProperty('bundle');
    worker.shutdown();
    await running;
  });

  test('drains: it stops when the engine says that all activities have ended', async () => {
    host.holds = true;
    const worker = await create({ shutdownGraceTime: '1s', shutdownForceTime: '5s' });
    const running = worker.run();
    await tick();
    worker.shutdown();
    expect(worker.getState()).toBe('STOPPING');
    await tick();
    expect(worker.getState()).toBe('DRAINING');
    expect(host.registered[0]?.shutdown).toEqual({ graceMs: 1_000, forceMs: 5_000 });
    host.end();
    await running;
    expect(worker.getState()).toBe('STOPPED');
  });

  test('tells activities at once to stop, and waits for them, when no time is given', async () => {
    const worker = await create();
    const running = worker.run();
    await tick();
    worker.shutdown();
    await running;
    expect(host.registered[0]?.shutdown).toEqual({ graceMs: 0 });
  });

  test('fails when activities go on after shutdownForceTime', async () => {
    const worker = await create({ shutdownForceTime: 20 });
    host.runningActivities = 2;
    const running = worker.run();
    await tick();
    expect(worker.getStatus().numInFlightActivities).toBe(2);
    worker.shutdown();
    await expect(running).rejects.toThrow(GracefulShutdownPeriodExpiredError);
    expect(worker.getState()).toBe('FAILED');
  });

  test('that the engine refuses fails', async () => {
    host.refusal = new Error('other code');
    const worker = await create();
    await expect(worker.run()).rejects.toBe(host.refusal);
    expect(worker.getState()).toBe('FAILED');
  });

  test('runs once, and can be shut down only while it runs', async () => {
    const worker = await create();
    expect(() => worker.shutdown()).toThrow('Not running. Current state: INITIALIZED');
    const running = worker.run();
    await expect(worker.run()).rejects.toThrow('runs once');
    worker.shutdown();
    expect(() => worker.shutdown()).toThrow('Not running');
    await running;
  });

  test('ends on a signal of the runtime, unless its owner decides', async () => {
    const worker = await create();
    const running = worker.run();
    await tick();
    process.emit('SIGUSR2');
    await running;
    const owned = await create();
    const ownedRunning = owned.runWithoutSignals();
    await tick();
    expect(process.listenerCount('SIGUSR2')).toBe(0);
    owned.shutdownWithin(100);
    await ownedRunning;
    expect(host.registered[1]?.shutdown).toEqual({ graceMs: 50, forceMs: 100 });
  });

  test('may be told to end before it was registered', async () => {
    const worker = await create();
    const running = worker.run();
    worker.shutdown();
    await running;
    expect(worker.getState()).toBe('STOPPED');
  });

  test('needs a connection of this package', async () => {
    await expect(create({ connection: {} as never })).rejects.toThrow('connection must be');
  });

  test('runs no activities when these are switched off', async () => {
    const worker = await create({ enableNonLocalActivities: false });
    const running = worker.run();
    await tick();
    expect(host.registered[0]?.spec).not.toHaveProperty('activities');
    worker.shutdown();
    await running;
  });

  test('bundles its workflows', async () => {
    const workflowsPath = path.join(import.meta.dirname, 'fixtures/workflows.ts');
    const worker = await create({ workflowsPath });
    const running = worker.run();
    await tick();
    expect(host.registered[0]?.spec.bundle).toMatchObject({
      name: 'workflows.ts',
      hash: expect.any(String) as string,
    });
    worker.shutdown();
    await running;
  });

  test('gives its activities the client of its connection', async () => {
    const gateway: Gateway = { request: () => Promise.reject(new Error('unused')) };
    const connection = { [workerHostKey]: host, [gatewayKey]: gateway };
    const worker = await create({
      connection,
      namespace: 'ns',
      activities: { work: () => String((getClient() as Client).options.namespace) },
    });
    expect(worker.client).toBeInstanceOf(Client);
    const running = worker.run();
    await tick();
    const outcome = await host.registered[0]?.spec.activities?.run(taskOf('work'), new FakePort()).outcome;
    expect(outcome).toEqual({ kind: 'completed', result: '"ns"' });
    worker.shutdown();
    await running;
  });
});

describe('runUntil', () => {
  test('gives the value of the promise, and stops the worker', async () => {
    const worker = await create();
    expect(await worker.runUntil(async () => 'done')).toBe('done');
    expect(worker.getState()).toBe('STOPPED');
    expect(await (await create()).runUntil(Promise.resolve(7))).toBe(7);
  });

  test('fails with the error of the promise', async () => {
    const error = new Error('mine');
    const worker = await create();
    await expect(worker.runUntil(() => Promise.reject(error))).rejects.toBe(error);
    expect(worker.getState()).toBe('STOPPED');
  });

  test('fails with the error of the worker, and what became of the promise', async () => {
    host.refusal = new Error('refused');
    const settled = await create();
    await expect(settled.runUntil(Promise.resolve(1))).rejects.toBe(host.refusal);
    const both = await create();
    const error = await both.runUntil(new Promise(() => undefined)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CombinedWorkerRunError);
    const { cause } = error as CombinedWorkerRunError;
    expect(cause.workerError).toBe(host.refusal);
    expect(cause.innerError).toBeInstanceOf(PromiseCompletionTimeoutError);
  });

  test('waits for the promise for as long as it was told when the worker was shut down', async () => {
    const worker = await create();
    const slow = new Promise((resolve) => setTimeout(resolve, 20, 'late'));
    const running = worker.runUntil(slow, { promiseCompletionTimeout: '10s' });
    worker.shutdown();
    expect(await running).toBe('late');
    const other = await create();
    const waiting = other.runUntil(new Promise(() => undefined), { promiseCompletionTimeout: 1 });
    other.shutdown();
    await expect(waiting).rejects.toThrow(PromiseCompletionTimeoutError);
  });
});
