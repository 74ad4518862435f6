// Activities on threads of their own. The thread's code is compiled for this test: threads cannot load TypeScript.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleActivities } from '../../../src/bundle/bundle-activities';
import type { ActivityPool } from '../../../src/model/activity-pool';
import type { ActivityOutcome } from '../../../src/model/message';
import { openActivityPool } from '../../../src/scheduler/activity-pool';
import { FakePort, taskOf } from '../activity/fixtures';

const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', name);
const source = (name: string): string => path.join(import.meta.dirname, '../../../src', name);

let folder: string;
let parts: { threadFile: string; loaderFile: string; abandonedGraceMs: number };
let activitiesFile: string;
const lines: [string, string, Record<string, unknown>][] = [];
let pool: ActivityPool | undefined;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'troupe-pool-test-'));
  const compile = async (entry: string): Promise<string> => {
    const outfile = path.join(folder, `${path.basename(entry, '.ts')}.cjs`);
    await build({ entryPoints: [source(entry)], outfile, bundle: true, platform: 'node', format: 'cjs' });
    return outfile;
  };
  parts = {
    threadFile: await compile('scheduler/activity-thread.ts'),
    loaderFile: await compile('activity/thread-activities.ts'),
    abandonedGraceMs: 50,
  };
  const module = await bundleActivities(fixture('cpu.ts'));
  activitiesFile = path.join(folder, 'activities.mjs');
  if (module.kind === 'bundle') writeFileSync(activitiesFile, module.code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  lines.length = 0;
  await pool?.close();
  pool = undefined;
});

async function open(threads = 1, file = activitiesFile): Promise<ActivityPool> {
  pool = await openActivityPool(
    { code: { activitiesFile: file, logsDebug: false }, threads, log: (...line) => void lines.push(line) },
    parts,
  );
  return pool;
}
const resultOf = (outcome: ActivityOutcome): unknown =>
  outcome.kind === 'completed' ? JSON.parse(outcome.result as string) : outcome;
const run = async (on: ActivityPool, name: string, ...args: unknown[]): Promise<unknown> =>
  resultOf(await on.run(taskOf(name, args), new FakePort()).outcome);
/** Resolves when the function has sent its first heartbeat. */
async function begun(port: FakePort): Promise<void> {
  while (port.details.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('functions run on a thread, and every file knows where it lies', async () => {
  const opened = await open();
  expect(opened.names).toContain('hash');
  expect(await run(opened, 'hash', 'x')).toMatch(/^2d711642/);
  expect(await run(opened, 'thread')).toMatchObject({
    isMainThread: false,
    url: pathToFileURL(fixture('cpu.ts')).href,
    nested: pathToFileURL(fixture('nested/here.ts')).href,
    folder: path.dirname(fixture('nested/here.ts')),
  });
});

test('bytes stay bytes', async () => {
  const encoding = new TextEncoder().encode('binary/plain');
  const task = taskOf('bytes', [], { input: [{ metadata: { encoding }, data: new Uint8Array([1, 2]) }] });
  const outcome = await (await open()).run(task, new FakePort()).outcome;
  expect(outcome).toMatchObject({ kind: 'completed', result: { data: new Uint8Array([2, 3]) } });
});

test('failures keep their type, and a stack with the lines of the source', async () => {
  const outcome = await (await open()).run(taskOf('fail'), new FakePort()).outcome;
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: { message: 'too far', info: { type: 'RangeError' } },
  });
  expect(outcome.kind === 'failed' && outcome.failure.stackTrace).toContain('fixtures/cpu.ts:10');
});

test('an unknown name fails retryably', async () => {
  expect(await run(await open(), 'missing')).toMatchObject({ failure: { info: { type: 'NotFoundError' } } });
});

describe('heartbeats', () => {
  test('reach the engine; of many in a moment the first and the last do, before the outcome', async () => {
    const port = new FakePort();
    await (await open()).run(taskOf('beat', [1_000]), port).outcome;
    expect(port.details[0]).toBe('1');
    expect(port.details.at(-1)).toBe('1000');
    expect(port.details.length).toBeLessThan(100);
  });

  test('of an earlier attempt are there to resume from', async () => {
    const task = taskOf('resume', [], { heartbeatDetails: '{"at":3}' });
    expect(resultOf(await (await open()).run(task, new FakePort()).outcome)).toEqual({ at: 3 });
  });
});

describe('cancellation', () => {
  test('reaches a function that waits', async () => {
    const port = new FakePort();
    const attempt = (await open()).run(taskOf('waitFor'), port);
    await begun(port);
    attempt.cancel('requested');
    expect(await attempt.outcome).toEqual({ kind: 'canceled' });
  });

  test('comes by the answer to a heartbeat, too', async () => {
    const port = new FakePort();
    const attempt = (await open()).run(taskOf('waitFor'), port);
    await begun(port);
    port.answer({ cancelRequested: true });
    expect(await attempt.outcome).toEqual({ kind: 'canceled' });
  });

  test('is seen by a function that never awaits, at its next heartbeat', async () => {
    const port = new FakePort();
    const attempt = (await open()).run(taskOf('spin'), port);
    await begun(port);
    attempt.cancel('requested');
    expect(await attempt.outcome).toEqual({ kind: 'canceled' });
  });

  test('of one that still waits for a thread ends it without beginning', async () => {
    const opened = await open();
    const port = new FakePort();
    const first = opened.run(taskOf('waitFor'), port);
    const second = opened.run(taskOf('hash', ['x']), new FakePort());
    const third = opened.run(taskOf('hash', ['x']), new FakePort());
    second.cancel('requested');
    third.cancel('workerShutdown');
    expect(await second.outcome).toEqual({ kind: 'canceled' });
    expect(await third.outcome).toMatchObject({
      kind: 'failed',
      failure: { info: { type: 'WorkerShutdown' } },
    });
    await begun(port);
    first.cancel('requested');
    await first.outcome;
    expect(await run(opened, 'hash', 'x')).toMatch(/^2d711642/);
  });

  test('that is ignored when nobody waits any more ends the thread, and the next attempt gets another', async () => {
    const opened = await open();
    const port = new FakePort();
    const attempt = opened.run(taskOf('stuck'), port);
    await begun(port);
    attempt.cancel('timedOut');
    expect(await attempt.outcome).toMatchObject({
      kind: 'failed',
      failure: { info: { type: 'ActivityThreadDied' } },
    });
    expect(await run(opened, 'hash', 'x')).toMatch(/^2d711642/);
  });
});

describe('a thread that dies', () => {
  test.each(['exit', 'reject'])(
    'in %s is a failed attempt that may be retried; others go on',
    async (name) => {
      const opened = await open();
      const dying = opened.run(taskOf(name), new FakePort()).outcome;
      const next = opened.run(taskOf('hash', ['x']), new FakePort()).outcome;
      expect(await dying).toMatchObject({
        kind: 'failed',
        failure: { info: { kind: 'application', type: 'ActivityThreadDied', nonRetryable: false } },
      });
      expect(resultOf(await next)).toMatch(/^2d711642/);
    },
  );
});

test('each thread runs one attempt at a time, first come, first served; those that wait send heartbeats', async () => {
  const opened = await open(2);
  const ports = [new FakePort(), new FakePort(), new FakePort()];
  const waiting = { heartbeatTimeoutMs: 20, heartbeatDetails: '"earlier"' };
  const attempts = ports.map((port, index) =>
    opened.run(taskOf('waitFor', [], index === 2 ? waiting : {}), port),
  );
  await Promise.all(ports.slice(0, 2).map(begun));
  const third = ports[2];
  if (third === undefined) throw new Error('no third');
  await begun(third);
  expect(third.details[0]).toBe('"earlier"');
  attempts[0]?.cancel('requested');
  while (!third.details.includes('"waiting"')) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const attempt of attempts) attempt.cancel('requested');
  expect(await Promise.all(attempts.map(({ outcome }) => outcome))).toEqual(
    attempts.map(() => ({ kind: 'canceled' })),
  );
});

test('log lines come to the host, what cannot be cloned as text', async () => {
  await run(await open(), 'say', 'hello');
  expect(lines).toMatchObject([['INFO', 'hello', { fn: '[Function: fn]', activityType: 'say' }]]);
  expect(lines[0]?.[2]['error']).toBeInstanceOf(Error);
});

test('closing ends whatever runs or waits', async () => {
  const opened = await open();
  const port = new FakePort();
  const running = opened.run(taskOf('stuck'), port).outcome;
  const waiting = opened.run(taskOf('hash', ['x']), new FakePort()).outcome;
  await begun(port);
  await opened.close();
  expect(await running).toMatchObject({ kind: 'failed' });
  expect(await waiting).toMatchObject({ kind: 'failed', failure: { info: { type: 'WorkerShutdown' } } });
});

describe('files', () => {
  test.each(['plain.mjs', 'plain.cjs'])('%s is loaded as it is', async (name) => {
    const module = await bundleActivities(fixture(name));
    expect(module).toMatchObject({ kind: 'file', file: fixture(name) });
    const opened = await open(1, fixture(name));
    expect(opened.names).toEqual(['double']);
    expect(await run(opened, 'double', 21)).toBe(42);
  });

  test('one that throws when it is loaded is an error at once', async () => {
    await expect(open(1, fixture('throws.mjs'))).rejects.toThrow(/activitiesPath: .*not at import time/);
  });

  test('one that does not compile names file and line; one that is missing says what was tried', async () => {
    await expect(bundleActivities(fixture('broken.ts'))).rejects.toThrow(
      /activitiesPath: .*[^]*broken\.ts:2/,
    );
    await expect(bundleActivities(fixture('none.ts'))).rejects.toThrow(/activitiesPath: no file at/);
  });
});
