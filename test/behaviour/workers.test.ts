// Workers and connections as code for Temporal uses them: several queues, workers that come and go, threads for activities.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Troupe, RemoteServerError, WorkerConflictError } from 'troupe';
import { Client, Connection, type WorkflowHandle } from 'troupe/client';
import { TestWorkflowEnvironment } from 'troupe/testing';
import {
  bundleWorkflowCode,
  GracefulShutdownPeriodExpiredError,
  IllegalStateError,
  NativeConnection,
  Worker,
  type WorkerOptions,
} from 'troupe/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually, removeTemporaryFolders, temporaryFolder } from './support/modes.ts';
import { call, fanOut, go, monthly, retriesForDays, waits, whichQueue } from './workflows/hosted.ts';

const workflowsPath = new URL('./workflows/hosted.ts', import.meta.url).pathname;
const logger = { warn: () => undefined, error: () => undefined };
const DAY_MS = 86_400_000;
const MINUTE = { startToCloseTimeout: '1 minute' as const };
let count = 0;
const fresh = (): { workflowId: string } => ({ workflowId: `w-${(count += 1)}` });
const caught = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error,
  );

describe('workers', () => {
  let env: TestWorkflowEnvironment;
  let workflowBundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;
  beforeAll(async () => {
    workflowBundle = await bundleWorkflowCode({ workflowsPath });
  });
  beforeEach(async () => {
    env = await TestWorkflowEnvironment.createLocal();
  });
  afterEach(() => env.teardown());

  const create = (taskQueue: string, options: Partial<WorkerOptions> = {}): Promise<Worker> =>
    Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, ...options });

  test('each queue has its own worker, and a workflow may use activities of another queue', async () => {
    const { workflow } = env.client;
    const name = async (queue: string): Promise<string> => queue;
    const one = await create('one', { activities: { name: () => name('one') } });
    const two = await create('two', { activities: { name: () => name('two') } });
    await one.runUntil(
      two.runUntil(async () => {
        expect(await workflow.execute(whichQueue, { ...fresh(), taskQueue: 'one' })).toBe('one');
        expect(await workflow.execute(whichQueue, { ...fresh(), taskQueue: 'two' })).toBe('two');
        for (const taskQueue of ['one', 'two']) {
          const args: Parameters<typeof call> = [{ ...MINUTE, taskQueue }, 'name'];
          expect(await workflow.execute(call, { ...fresh(), taskQueue: 'one', args })).toBe(taskQueue);
        }
      }),
    );
  });

  test('what is started before its worker waits for it', async () => {
    const { workflow } = env.client;
    const handle = await workflow.start(call, { ...fresh(), taskQueue: 'later', args: [MINUTE, 'name'] });
    await handle.signal(go);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect((await handle.fetchHistory()).events.map(({ eventType }) => eventType)).not.toContain(
      'EVENT_TYPE_WORKFLOW_TASK_COMPLETED',
    );
    const worker = await create('later', { activities: { name: async () => 'here I am' } });
    expect(await worker.runUntil(handle.result())).toBe('here I am');
  });

  test('a worker that only has workflows leaves activities to one that has them', async () => {
    const { workflow } = env.client;
    const workflows = await create('split');
    await workflows.runUntil(async () => {
      const handle = await workflow.start(call, { ...fresh(), taskQueue: 'split', args: [MINUTE, 'name'] });
      await eventually(
        'the activity is scheduled',
        async () => (await handle.fetchHistory()).events.length >= 5,
      );
      const activities = await Worker.create({
        connection: env.nativeConnection,
        taskQueue: 'split',
        activities: { name: async () => 'by the other' },
      });
      expect(await activities.runUntil(handle.result())).toBe('by the other');
    });
  });

  test('a workflow goes on with the next worker of its queue', async () => {
    const { workflow } = env.client;
    const first = await create('relay');
    let handle: WorkflowHandle<typeof waits> | undefined;
    await first.runUntil(async () => {
      handle = await workflow.start(waits, { ...fresh(), taskQueue: 'relay' });
      await eventually('it waits', async () => (await handle!.fetchHistory()).events.length >= 4);
    });
    await handle!.signal(go);
    expect((await handle!.describe()).status.name).toBe('RUNNING');
    const second = await create('relay');
    expect(await second.runUntil(handle!.result())).toBe('went');
  });

  test('two workers with the same code share a queue; with other code the second is refused', async () => {
    const activities = { name: async () => 'x' };
    const first = await create('shared', { activities });
    const same = await create('shared', { activities });
    const other = await create('shared', { activities: { name: async () => 'y' } });
    await first.runUntil(async () => {
      await same.runUntil(async () => undefined);
      const error = await caught(other.run());
      expect(error).toBeInstanceOf(WorkerConflictError);
      expect(error.message).toContain("'shared'");
      expect(other.getState()).toBe('FAILED');
    });
  });

  test('a worker runs once, and says in which state it is', async () => {
    const worker = await create('states');
    expect(worker.getState()).toBe('INITIALIZED');
    expect(() => worker.shutdown()).toThrow(IllegalStateError);
    const running = worker.run();
    expect(worker.getState()).toBe('RUNNING');
    await eventually('it polls', () => worker.getStatus().workflowPollerState === 'POLLING');
    worker.shutdown();
    await running;
    expect(worker.getState()).toBe('STOPPED');
    expect(await caught(worker.run())).toBeInstanceOf(IllegalStateError);
  });

  test('runUntil gives the value, or throws what was thrown, and ends the worker', async () => {
    const good = await create('until');
    expect(await good.runUntil(async () => 7)).toBe(7);
    expect(good.getState()).toBe('STOPPED');
    const bad = await create('until');
    const error = await caught(bad.runUntil(Promise.reject(new RangeError('inner'))));
    expect(error).toBeInstanceOf(RangeError);
    expect(bad.getState()).toBe('STOPPED');
  });

  test('activities that run at a shutdown may end, are told, and are given up, in this order', async () => {
    const { workflow } = env.client;
    const { Context } = await import('troupe/activity');
    const seen: string[] = [];
    const activities = {
      polite: async (): Promise<string> => {
        seen.push('began');
        await Context.current().cancelled.catch(() => seen.push('told'));
        return 'done';
      },
      stubborn: (): Promise<void> => {
        seen.push('began');
        return new Promise(() => undefined);
      },
    };
    const polite = await create('polite', { activities, shutdownGraceTime: 20 });
    await polite.runUntil(async () => {
      await workflow.start(call, { ...fresh(), taskQueue: 'polite', args: [MINUTE, 'polite'] });
      await eventually('it runs', () => seen.length === 1);
    });
    expect(seen).toEqual(['began', 'told']);
    const stubborn = await create('stubborn', { activities, shutdownForceTime: 50 });
    const error = await caught(
      stubborn.runUntil(async () => {
        await workflow.start(call, { ...fresh(), taskQueue: 'stubborn', args: [MINUTE, 'stubborn'] });
        await eventually('it runs', () => seen.length === 3);
      }),
    );
    expect(error).toBeInstanceOf(GracefulShutdownPeriodExpiredError);
  });

  test('no more activities run at once than the worker allows', async () => {
    let running = 0;
    const slow = async (): Promise<number> => {
      running += 1;
      const atOnce = running;
      await new Promise((resolve) => setTimeout(resolve, 3));
      running -= 1;
      return atOnce;
    };
    const worker = await create('few', { activities: { slow }, maxConcurrentActivityTaskExecutions: 3 });
    const most = await worker.runUntil(
      env.client.workflow.execute(fanOut, { ...fresh(), taskQueue: 'few', args: [20] }),
    );
    expect(most).toBe(3);
  });

  test('a bundle may be written to a file, and read by a worker', async () => {
    const codePath = join(temporaryFolder(), 'bundle.js');
    writeFileSync(codePath, workflowBundle.code);
    const worker = await create('file', { workflowBundle: { codePath } });
    const result = await worker.runUntil(
      env.client.workflow.execute(whichQueue, { ...fresh(), taskQueue: 'file' }),
    );
    expect(result).toBe('file');
    removeTemporaryFolders();
  });

  test.each([
    [{ useVersioning: true }, /useVersioning/],
    [{ maxActivitiesPerSecond: 5 }, /maxActivitiesPerSecond/],
    [{ taskQueue: '' }, /taskQueue/],
    [{ maxConcurrentActivityTaskExecutions: 0 }, /maxConcurrentActivityTaskExecutions/],
    [{ bundlerOptions: { webpackConfigHook: () => undefined } }, /webpackConfigHook/],
  ])('the option %j is refused with its name', async (options, message) => {
    const worker = Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'q',
      workflowsPath,
      ...(options as Partial<WorkerOptions>),
    });
    expect((await caught(worker)).message).toMatch(message);
  });

  test('work that no worker takes is told after a while, with the queues that are served', async () => {
    const lines: [string, unknown][] = [];
    const troupe = await Troupe.open({
      store: 'memory',
      threads: 0,
      workflowsPath,
      logger: { warn: (line, meta) => void lines.push([line, meta]), error: () => undefined },
    });
    const told = new Promise((resolve) => troupe.on('queueUnserved', resolve));
    await troupe.client.workflow.start(whichQueue, { workflowId: 'misspelt', taskQueue: 'defualt' });
    expect(await told).toEqual({ namespace: 'default', taskQueue: 'defualt', served: ['default'] });
    expect(lines.join()).toContain("'defualt'");
    await troupe.close({ within: 0 });
  });
});

describe('threads for activities', () => {
  let troupe: Troupe;
  beforeAll(async () => {
    troupe = await Troupe.open({
      store: 'memory',
      threads: 0,
      logger,
      workflowsPath,
      activitiesPath: new URL('./activities/computing.ts', import.meta.url),
      activityThreads: 2,
    });
  });
  afterAll(() => troupe.close({ within: '1 s' }));
  const run = (name: string, ...args: unknown[]): Promise<unknown> =>
    troupe.client.workflow.execute(call, {
      ...fresh(),
      args: [{ ...MINUTE, heartbeatTimeout: '5 s', retry: { initialInterval: 1 } }, name, ...args],
    });

  test('activities of activitiesPath run off the main thread', async () => {
    expect(await run('whereAmI')).toMatchObject({ isMainThread: false, attempt: 1 });
    expect(await run('compute', 1_000)).toBe(2_997);
  });

  test('the failure of one carries its type and its stack', async () => {
    const error = await caught(
      troupe.client.workflow.execute(call, {
        ...fresh(),
        args: [{ ...MINUTE, retry: { maximumAttempts: 1 } }, 'failOnThread'],
      }),
    );
    const { cause } = error.cause as Error;
    expect(cause).toMatchObject({ type: 'RangeError', message: 'on a thread' });
    expect((cause as Error).stack).toContain('computing.ts');
  });

  test.each(['dieOnThread', 'rejectOnThread'])(
    'one that ends its thread (%s) is tried again on another',
    async (name) => {
      expect(await run(name)).toBe('survived');
      expect(await run('whereAmI')).toMatchObject({ isMainThread: false });
    },
  );

  test('one that is cancelled is told on its thread', async () => {
    const handle = await troupe.client.workflow.start(call, {
      ...fresh(),
      args: [{ ...MINUTE, heartbeatTimeout: '5 s' }, 'waitOnThread'],
    });
    await eventually('it runs', () => troupe.stats().runningActivities === 1);
    await handle.cancel();
    await caught(handle.result());
    await eventually('it has ended', () => troupe.stats().runningActivities === 0);
  });

  test('many at once are all computed', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => run('compute', index)));
    expect(results).toHaveLength(20);
  });
});

describe('connections', () => {
  const { TROUPE_PATH } = process.env;
  afterEach(() => {
    if (TROUPE_PATH === undefined) delete process.env['TROUPE_PATH'];
    else process.env['TROUPE_PATH'] = TROUPE_PATH;
    removeTemporaryFolders();
  });

  test('without an address they are handles on the engine of this process', async () => {
    process.env['TROUPE_PATH'] = temporaryFolder();
    const connection = await Connection.connect();
    const native = await NativeConnection.connect({ address: 'localhost:7233' });
    const client = new Client({ connection });
    const worker = await Worker.create({ connection: native, taskQueue: 'q', workflowsPath });
    expect(await worker.runUntil(client.workflow.execute(whichQueue, { ...fresh(), taskQueue: 'q' }))).toBe(
      'q',
    );
    await native.close();
    expect((await client.workflow.count()).count).toBe(1);
    await connection.close();
    await connection.close();
    expect(await caught(client.workflow.count())).toBeInstanceOf(Error);

    const again = Connection.lazy();
    expect((await new Client({ connection: again }).workflow.count()).count).toBe(1);
    await again.close();
  });

  test.each([{ address: 'localhost:8000' }, { tls: {} }, { apiKey: 'secret' }])(
    '%j is refused: there is no server',
    async (options) => {
      expect(await caught(Connection.connect(options))).toBeInstanceOf(RemoteServerError);
      expect(await caught(NativeConnection.connect(options))).toBeInstanceOf(RemoteServerError);
    },
  );
});

describe('environments for tests', () => {
  test('retries of days pass in a moment, but no time is skipped while an activity runs', async () => {
    const env = await TestWorkflowEnvironment.createTimeSkipping();
    const { activityInfo } = await import('troupe/activity');
    const times: number[] = [];
    const flaky = async (): Promise<number> => {
      const began = await env.currentTimeMs();
      await new Promise((resolve) => setTimeout(resolve, 20));
      times.push((await env.currentTimeMs()) - began);
      if (activityInfo().attempt < 4) throw new Error('not yet');
      return activityInfo().attempt;
    };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'q',
      workflowsPath,
      activities: { flaky },
    });
    expect(
      await worker.runUntil(env.client.workflow.execute(retriesForDays, { ...fresh(), taskQueue: 'q' })),
    ).toBe(4);
    // Half of the least that could be skipped.
    expect(Math.max(...times)).toBeLessThan(DAY_MS / 2);
    await env.teardown();
  });

  test('time that nobody waits for does not pass; sleep lets it pass', async () => {
    const env = await TestWorkflowEnvironment.createTimeSkipping();
    const worker = await Worker.create({ connection: env.nativeConnection, taskQueue: 'q', workflowsPath });
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(monthly, { ...fresh(), taskQueue: 'q', args: [2] });
      await eventually('it sleeps', async () => (await handle.fetchHistory()).events.length >= 5);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      const before = await env.currentTimeMs();
      await env.sleep('31 days');
      expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(31 * DAY_MS);
      const { events } = await handle.fetchHistory();
      expect(events.filter(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_FIRED')).toHaveLength(1);
      await env.sleep('31 days');
      expect((await handle.describe()).status.name).toBe('COMPLETED');
    });
    await env.teardown();
  });

  test('a local environment has the namespace it was asked for', async () => {
    const env = await TestWorkflowEnvironment.createLocal({ server: { namespace: 'mine' } });
    const worker = await Worker.create({
      connection: env.nativeConnection,
      namespace: env.namespace,
      taskQueue: 'q',
      workflowsPath,
    });
    expect(env.namespace).toBe('mine');
    expect(
      await worker.runUntil(env.client.workflow.execute(whichQueue, { ...fresh(), taskQueue: 'q' })),
    ).toBe('q');
    expect((await env.client.workflow.getHandle(`w-${count}`).fetchHistory()).events.length).toBeGreaterThan(
      0,
    );
    await env.teardown();
  });
});
