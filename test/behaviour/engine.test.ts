// The engine in its process: events and statistics, options, folders, closing and opening again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker as NodeThread } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { Troupe, StoreError, StoreFormatError, StoreUnavailableError } from 'troupe';
import { ServiceError, type WorkflowHandle } from 'troupe/client';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { run } from './examples/command.ts';
import { eventually, inEachModeTogether, removeTemporaryFolders, temporaryFolder } from './support/modes.ts';
import { endless, go, job, throwsPlain, waits, whichQueue } from './workflows/hosted.ts';

const workflowsPath = new URL('./workflows/hosted.ts', import.meta.url);
const logger = { warn: () => undefined, error: () => undefined };
let count = 0;
const fresh = (): { workflowId: string } => ({ workflowId: `w-${(count += 1)}` });
const caught = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error,
  );

inEachModeTogether({ workflowsPath }, (running) => {
  test('a listener hears of each start and end once, and of nothing after it has left', async () => {
    const { troupe } = running;
    const { workflow } = troupe.client;
    const heard: string[] = [];
    const started = ({ execution }: { execution: { workflowId: string } }): void =>
      void heard.push(`started ${execution.workflowId}`);
    const closed = ({ execution, status }: { execution: { workflowId: string }; status: string }): void =>
      void heard.push(`${status} ${execution.workflowId}`);
    troupe.on('workflowStarted', started).on('workflowClosed', closed);
    const [done, ended] = [fresh(), fresh()];
    await workflow.execute(whichQueue, done);
    await (await workflow.start(waits, ended)).terminate();
    await eventually('all is heard', () => heard.length === 4);
    troupe.off('workflowStarted', started).off('workflowClosed', closed);
    await workflow.execute(whichQueue, fresh());
    expect(heard).toEqual([
      `started ${done.workflowId}`,
      `COMPLETED ${done.workflowId}`,
      `started ${ended.workflowId}`,
      `TERMINATED ${ended.workflowId}`,
    ]);
  });

  test('a failed task is told with its cause, its attempt and its stack in the source', async () => {
    const { troupe } = running;
    const failures: { message: string; attempt: number; cause: string; stack: string }[] = [];
    const heard = ({
      message,
      attempt,
      cause,
      failure,
    }: {
      message: string;
      attempt: number;
      cause: string;
      failure: { stackTrace?: string };
    }): void => void failures.push({ message, attempt, cause, stack: failure.stackTrace ?? '' });
    troupe.on('turnFailed', heard);
    const handle = await troupe.client.workflow.start(throwsPlain, fresh());
    await eventually('the task fails', () => failures.length > 0);
    troupe.off('turnFailed', heard);
    expect(failures[0]).toMatchObject({
      message: 'a mistake',
      attempt: 1,
      cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
    });
    expect(failures[0]?.stack).toContain('hosted.ts:');
    const { pendingWorkflowTask } = (await handle.describe()).raw;
    expect(pendingWorkflowTask).toMatchObject({ lastFailure: { message: 'a mistake' } });
    await handle.terminate();
  });

  test('a listener that throws, or rejects, takes nothing from the others and is logged', async () => {
    const { troupe, log } = running;
    const started: string[] = [];
    const throws = (): never => {
      throw new Error('listener');
    };
    const rejects = (): unknown => Promise.reject(new Error('listener'));
    const hears = (event: { execution: { workflowId: string } }): void =>
      void started.push(event.execution.workflowId);
    troupe.on('workflowStarted', throws).on('workflowStarted', rejects).on('workflowStarted', hears);
    const options = fresh();
    expect(await troupe.client.workflow.execute(whichQueue, options)).toBe('default');
    await eventually('the last listener hears of it', () => started.includes(options.workflowId));
    troupe.off('workflowStarted', throws).off('workflowStarted', rejects).off('workflowStarted', hears);
    const lines = log.filter((line) => line === "A listener of the event 'workflowStarted' failed");
    expect(lines).toHaveLength(2);
    await troupe.client.workflow.execute(whichQueue, fresh());
    expect(started).toEqual([options.workflowId]);
  });

  test('statistics add up', async () => {
    const { troupe } = running;
    const handle = await troupe.client.workflow.start(waits, fresh());
    const result = handle.result();
    await handle.signal(go);
    await result;
    await eventually('nothing is on its way', () => troupe.stats().backlog === 0);
    const { commits, runningActivities, waitingActivities, waiters, store } = troupe.stats();
    expect(commits.answered).toBeLessThanOrEqual(commits.durable);
    expect(commits.operations).toBeGreaterThan(commits.durable / 2);
    expect({ runningActivities, waitingActivities, waiters }).toEqual({
      runningActivities: 0,
      waitingActivities: 0,
      waiters: 0,
    });
    expect(store).not.toBe('');
    expect(troupe.failure).toBeUndefined();
  });
});

describe('options', () => {
  afterEach(removeTemporaryFolders);

  test.each([
    [{ threads: -1 }, /threads/],
    [{ threads: 1.5 }, /threads/],
    [{ store: 'postgres' }, /store/],
    [{ store: 'memory', path: '/tmp/x' }, /path/],
    [{ path: '' }, /path/],
    [{ turnLimit: 1 }, /turnLimit/],
    [{ retention: '1 minute' }, /retention/],
    [{ cacheBytes: 1 }, /cacheBytes/],
    [{ idleEvict: 'soon' }, /soon/],
    [{ taskQueue: 'x'.repeat(1_001), activities: {} }, /taskQueue/],
    [{ activities: 'a string' }, /activities/],
    [{ sinks: 5 }, /^sinks: an object such as .* not 5$/],
    [{ interceptors: 5 }, /^interceptors: an object such as .* not 5$/],
    [{ dataConverter: 5 }, /^dataConverter: an object such as .* not 5$/],
    [{ workflowBundle: 'x' }, /^workflowBundle: .* or \{ codePath \}, not x$/],
    [{ plugins: [{}] }, /^plugins: plugins are not supported/],
    [{ taskQeue: 'orders' }, /Troupe\.open has no option 'taskQeue'\. Is 'taskQueue' meant\?/],
    [{ workflowpath: 'x' }, /Is 'workflowsPath' meant/],
    [{ maxWorkflows: 7 }, /has no option 'maxWorkflows'\. It knows namespace, taskQueue, path/],
  ])('%j is refused', async (options, message) => {
    const given = { store: 'memory', threads: 0, logger, ...options } as object;
    if ('path' in options && !('store' in options)) delete (given as { store?: string }).store;
    const error = await caught(Troupe.open(given));
    expect(error.name).toMatch(/ValueError|TypeError/);
    expect(error.message).toMatch(message);
  });

  test.each([{ sinks: 5 }, { activities: {}, activityThreads: 0 }, { workflowBundle: 'x' }])(
    'with %j no folder is made',
    async (wrong) => {
      const path = join(temporaryFolder(), 'never');
      const error = await caught(Troupe.open({ path, threads: 0, logger, ...(wrong as object) }));
      expect(error.name).toMatch(/ValueError|TypeError/);
      expect(existsSync(path)).toBe(false);
    },
  );

  test('workflow code that is not there, or is broken, is refused before anything is opened', async () => {
    const path = join(temporaryFolder(), 'never');
    const error = await caught(Troupe.open({ path, threads: 0, logger, workflowsPath: '/no/such/file.ts' }));
    expect(error.message).toContain('/no/such/file.ts');
    const again = await Troupe.open({ path, threads: 0, logger });
    await again.close();
  });
});

describe('folders', () => {
  afterEach(removeTemporaryFolders);

  test('a file, or a folder beneath one, is refused with the reason', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, 'not a folder');
    for (const path of [file, join(file, 'below')]) {
      const error = await caught(Troupe.open({ path, threads: 0, logger }));
      expect(error).toBeInstanceOf(StoreError);
      expect(error.message).toContain(file);
    }
  });

  test.each([
    ['damaged', (data: Buffer) => Buffer.from(data).fill(0xa5, 0, 8_192)],
    ['cut off', (data: Buffer) => data.subarray(0, 5_000)],
    ['empty', () => Buffer.alloc(0)],
    ['foreign', () => Buffer.from('a text file of somebody else')],
  ])('a data file that is %s is refused, and left as it is', async (_what, spoil) => {
    const path = temporaryFolder();
    const troupe = await Troupe.open({ path, threads: 0, logger, workflowsPath });
    await troupe.client.workflow.execute(whichQueue, { workflowId: 'kept' });
    await troupe.close();
    const file = join(path, 'data.mdb');
    const data = readFileSync(file);
    const spoilt = spoil(data);
    writeFileSync(file, spoilt);
    const error = await caught(Troupe.open({ path, threads: 0, logger }));
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toContain(path);
    expect(readFileSync(file).equals(spoilt)).toBe(true);
    writeFileSync(file, data);
    const again = await Troupe.open({ path, threads: 0, logger });
    expect((await again.client.workflow.getHandle('kept').describe()).status.name).toBe('COMPLETED');
    await again.close();
  });

  test('of a newer version of Troupe is refused with both versions, and left as it is', async () => {
    const path = temporaryFolder();
    const troupe = await Troupe.open({ path, threads: 0, logger });
    await troupe.close();
    const file = join(path, 'STORE');
    const { crc32: _, ...fields } = JSON.parse(readFileSync(file, 'utf8')) as {
      formatVersion: number;
      crc32: number;
    };
    const newer = { ...fields, formatVersion: fields.formatVersion + 1 };
    const text = JSON.stringify({ ...newer, crc32: crc32(JSON.stringify(newer)) });
    writeFileSync(file, text);
    const error = await caught(Troupe.open({ path, threads: 0, logger }));
    expect(error).toBeInstanceOf(StoreFormatError);
    expect(error.message).toContain(`format ${newer.formatVersion}`);
    expect(error.message).toContain(`format ${fields.formatVersion}`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  if (process.platform === 'linux') {
    // Not even the superuser makes files there.
    test('that cannot be written to is refused', async () => {
      const error = await caught(Troupe.open({ path: '/sys/kernel', threads: 0, logger }));
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect(error).toMatchObject({ reason: 'notWritable' });
      expect(error.message).toContain('/sys/kernel');
    });
  }

  test('in a worker thread a folder is refused with what to do instead; the memory store is not', async () => {
    const code = `
      const { parentPort, workerData: path } = require('node:worker_threads');
      const { Troupe } = require('troupe');
      const logger = { warn() {}, error() {} };
      const told = (options) => Troupe.open({ threads: 0, logger, ...options })
        .then((troupe) => troupe.close()).then(() => 'opened', ({ name, message }) => name + ': ' + message);
      (async () => parentPort.postMessage([await told({ path }), await told({ store: 'memory' })]))();`;
    const thread = new NodeThread(code, { eval: true, workerData: temporaryFolder() });
    const [folder, memory] = await new Promise<[string, string]>((resolve, reject) => {
      thread.on('message', resolve).on('error', reject);
    });
    await thread.terminate();
    expect(folder).toMatch(/^StoreThreadError: .*main thread.*memory store/s);
    expect(memory).toBe('opened');
  });

  test('opened many times at once it is one engine; closed by its last user it opens again', async () => {
    const path = temporaryFolder();
    const troupes = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        Troupe.open({ path, threads: 1, logger, ...(index === 0 && { workflowsPath }) }),
      ),
    );
    const [first, ...others] = troupes as [Troupe, ...Troupe[]];
    const handle = await others[3]!.client.workflow.start(waits, { workflowId: 'shared' });
    await Promise.all(others.map((troupe) => troupe.close()));
    expect((await first.client.workflow.getHandle('shared').describe()).status.name).toBe('RUNNING');
    await expect(handle.describe()).resolves.toBeDefined();
    await first.close();
    const again = await Troupe.open({ path, threads: 1, logger, workflowsPath });
    await again.client.workflow.getHandle('shared').signal(go);
    expect(await again.client.workflow.getHandle('shared').result()).toBe('went');
    await again.close();
  });

  test('two engines in memory are two', async () => {
    const one = await Troupe.open({ store: 'memory', threads: 0, logger, workflowsPath });
    const two = await Troupe.open({ store: 'memory', threads: 0, logger, workflowsPath });
    await one.client.workflow.execute(whichQueue, { workflowId: 'here' });
    expect((await two.client.workflow.count()).count).toBe(0);
    await one.close();
    await two.close();
  });
});

describe('closing', () => {
  afterEach(removeTemporaryFolders);

  test('who waits is told that the outcome is unknown; later calls are refused; closing twice is closing once', async () => {
    const troupe = await Troupe.open({ path: temporaryFolder(), threads: 1, logger, workflowsPath });
    const { workflow } = troupe.client;
    const handle = await workflow.start(waits, { workflowId: 'open' });
    const waiting = caught(handle.result());
    await Promise.all([troupe.close(), troupe.close()]);
    const error = await waiting;
    expect(error).toBeInstanceOf(ServiceError);
    expect(error.message).toMatch(/unknown|closed/);
    const later = await caught(workflow.start(waits, { workflowId: 'late' }));
    expect(later).toBeInstanceOf(ServiceError);
    expect(later.message).toBe('The engine is closed: nothing was done');
    expect(await caught(handle.signal(go))).toBeInstanceOf(ServiceError);
  });

  test('under load: what was acknowledged is there at the next open and goes on to its end', async () => {
    const path = temporaryFolder();
    const steps = new Map<string, number>();
    const activities = {
      step: async (what: string): Promise<string> => {
        steps.set(what, (steps.get(what) ?? 0) + 1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return what;
      },
    };
    const open = (): Promise<Troupe> => Troupe.open({ path, threads: 1, logger, workflowsPath, activities });
    const acknowledged: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const troupe = await open();
      const starts = Array.from({ length: 40 }, async (_, index) => {
        const number = round * 100 + index;
        await troupe.client.workflow.start(job, { workflowId: `job-${number}`, args: [number] });
        acknowledged.push(number);
      });
      await eventually('some have started', () => acknowledged.length > round * 40 + 10);
      await troupe.close({ within: 50 });
      await Promise.allSettled(starts);
    }
    const last = await open();
    const results = await Promise.all(
      acknowledged.map((number) => last.client.workflow.getHandle<typeof job>(`job-${number}`).result()),
    );
    expect(results).toEqual(acknowledged.map((number) => `${number}a ${number}b`));
    await last.close({ within: '2 s' });
  });

  test('an activity that never ends does not keep the engine from closing, and is tried again at the next open', async () => {
    const path = temporaryFolder();
    let attempts = 0;
    const open = (): Promise<Troupe> =>
      Troupe.open({
        path,
        threads: 0,
        logger,
        workflowsPath,
        activities: {
          step: (what: string): Promise<string> =>
            (attempts += 1) === 1 ? new Promise(() => undefined) : Promise.resolve(what),
        },
      });
    const first = await open();
    await first.client.workflow.start(job, { workflowId: 'stubborn', args: [1] });
    await eventually('it runs', () => attempts === 1);
    await first.close({ within: 100 });
    const second = await open();
    const handle: WorkflowHandle<typeof job> = second.client.workflow.getHandle('stubborn');
    expect(await handle.result()).toBe('1a 1b');
    await second.close();
  });
});

test('a turn that takes long is told, before its thread is replaced; others go on', async () => {
  onTestFinished(removeTemporaryFolders);
  const lines: string[] = [];
  const troupe = await Troupe.open({
    path: temporaryFolder(),
    threads: 1,
    turnLimit: 300,
    workflowsPath,
    logger: { warn: (line) => void lines.push(line), error: (line) => void lines.push(line) },
  });
  const told: unknown[] = [];
  troupe
    .on('slowTurn', (event) => void told.push(event))
    .on('laneReplaced', (event) => void told.push(event));
  const { workflow } = troupe.client;
  const handle = await workflow.start(endless, { workflowId: 'endless' });
  const other = workflow.execute(whichQueue, { workflowId: 'beside' });
  await eventually('both are told', () => told.length >= 2);
  expect(told[0]).toMatchObject({ lane: 0, workflowId: 'endless' });
  expect(told[1]).toMatchObject({
    lane: 0,
    workflowId: 'endless',
    reason: expect.stringContaining('without an await') as string,
  });
  expect(lines.join()).toMatch(/without an await.*was lost and is replaced/s);
  expect(await other).toBe('default');
  expect((await handle.describe()).raw.strikes).toBeGreaterThan(0);
  await handle.terminate();
  await troupe.close();
});

test('a program that only waits for workflows lives on while a lost thread is replaced after a pause, and ends when it has closed', async () => {
  const { how, output } = await run('test/behaviour/support/lone-script.ts', []);
  expect(output).toBe('fine, threads were lost: true\n');
  expect(how).toBe(0);
});
