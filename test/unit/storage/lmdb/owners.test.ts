// One folder, several processes: one owner at a time, and never two that write.
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreFencedError, StoreLockedError } from '../../../../src/storage/errors';
import type { StoreError } from '../../../../src/storage/errors';
import { openLmdbStore } from '../../../../src/storage/lmdb/open-store';
import type { Store } from '../../../../src/storage/store';
import { makeFolder, openStore } from '../folders';
import { ManualClock } from '../manual-clock';
import { Owner } from './owner';

const encoder = new TextEncoder();
const op = (key: string) => ({ table: 'H', key: encoder.encode(key), value: encoder.encode(key) }) as const;
const keys = (store: Store): string[] => [...store.range('H')].map(([key]) => Buffer.from(key).toString());

/** Time passes as fast as the processes look at each other. */
async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => void (isOver = true);
  void work.then(over, over);
  while (!isOver) {
    clock.pass(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}

/** Resolves with the store's failure. */
const failureOf = (store: Store): Promise<StoreError> => new Promise((resolve) => store.onFailure(resolve));

describe('a folder that is open in another process', () => {
  test('is refused, and its owner is named', async () => {
    const folder = await makeFolder();
    const owner = await Owner.start(folder);
    const error: unknown = await openLmdbStore({ path: folder, clock: new ManualClock() }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StoreLockedError);
    expect(error).toMatchObject({ owner: { pid: owner.pid } });
    expect(await owner.ask('commit a')).toStrictEqual({ committed: 'a' });
    await owner.end();
  });

  test('is opened when its owner closes it, if one waits', async () => {
    const folder = await makeFolder();
    const owner = await Owner.start(folder);
    await owner.ask('commit a');
    const clock = new ManualClock();
    const opening = openStore(folder, { clock, waitForOwner: true });
    owner.say('close');
    const store = await passing(clock, opening);
    expect(keys(store)).toStrictEqual(['a']);
    expect(store.meta.epoch).toBe(2);
  });

  test('is refused when its owner has not closed it in time', async () => {
    const folder = await makeFolder();
    await Owner.start(folder, { beatMs: 20 });
    const waiting = Owner.begin(folder, { beatMs: 20, waitForOwner: 200 });
    expect(await waiting.hear()).toMatchObject({ error: 'StoreLockedError' });
  });

  test('is opened at once when its owner was killed, with all that was acknowledged', async () => {
    const folder = await makeFolder();
    const owner = await Owner.start(folder);
    for (const key of ['a', 'b', 'c'])
      expect(await owner.ask(`commit ${key}`)).toStrictEqual({ committed: key });
    await owner.kill();
    const store = await openStore(folder);
    expect(keys(store)).toStrictEqual(['a', 'b', 'c']);
  });

  test('goes to those who wait one by one', async () => {
    const folder = await makeFolder();
    const owner = await Owner.start(folder);
    const waiting = [1, 2, 3].map(() => Owner.begin(folder, { waitForOwner: 60_000 }));
    await owner.kill();
    const epochs: (number | undefined)[] = [];
    const turn = async (each: Owner): Promise<void> => {
      epochs.push((await each.hear()).opened);
      await each.end();
    };
    await Promise.all(waiting.map(turn));
    expect(epochs).toStrictEqual([2, 3, 4]);
  });
});

describe('an owner that is silent', () => {
  test('loses the folder to whoever waits, and writes nothing any more when it wakes', async () => {
    const folder = await makeFolder();
    const silent = await Owner.start(folder, { beatMs: 20 });
    expect(await silent.ask('commit a')).toStrictEqual({ committed: 'a' });
    silent.pause();
    const next = Owner.begin(folder, { beatMs: 20, waitForOwner: 60_000 });
    expect(await next.hear()).toStrictEqual({ opened: 2 });
    expect(await next.ask('commit b')).toStrictEqual({ committed: 'b' });

    silent.resume();
    silent.say('commit c');
    const heard = [await silent.hear(), await silent.hear()];
    expect(heard).toContainEqual({ failed: 'StoreFencedError' });
    expect(heard.some(({ committed }) => committed !== undefined)).toBe(false);
    expect(await next.ask('commit d')).toStrictEqual({ committed: 'd' });
    expect(await next.ask('keys')).toStrictEqual({ keys: ['a', 'b', 'd'] });
  });

  test('on another machine is waited for, and lost after three beats', async () => {
    const folder = await makeFolder();
    const clock = new ManualClock();
    const lock = join(folder, 'LOCK');
    await writeFile(
      lock,
      `${JSON.stringify({ pid: 1, host: 'another machine', token: 'x', since: '2026-01-01T00:00:00Z' })}\n`,
    );
    const seconds = clock.now() / 1_000;
    await utimes(lock, seconds, seconds);
    const store = await passing(clock, openStore(folder, { clock }));
    // The lock was fresh when it was first seen.
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(3 * 2_000);
    await store.commit([op('a')]);
  });

  test('whose LOCK cannot be read is waited for too', async () => {
    const folder = await makeFolder();
    const clock = new ManualClock();
    await writeFile(join(folder, 'LOCK'), 'not JSON');
    const store = await passing(clock, openStore(folder, { clock }));
    await store.commit([op('a')]);
    expect(JSON.parse(await readFile(join(folder, 'LOCK'), 'utf8'))).toMatchObject({ pid: process.pid });
  });
});

describe('an owner whose folder is taken away', () => {
  test('fails when its LOCK is gone', async () => {
    const folder = await makeFolder();
    const clock = new ManualClock();
    const store = await openStore(folder, { clock });
    const failing = failureOf(store);
    await rm(join(folder, 'LOCK'));
    expect(await passing(clock, failing)).toBeInstanceOf(StoreFencedError);
  });

  test('fails when its data file is gone, or another one', async () => {
    for (const change of ['gone', 'another']) {
      const folder = await makeFolder();
      const clock = new ManualClock();
      const store = await openStore(folder, { clock });
      const failing = failureOf(store);
      await rm(join(folder, 'data.mdb'));
      if (change === 'another') await writeFile(join(folder, 'data.mdb'), 'another');
      expect(await passing(clock, failing)).toMatchObject({ kind: 'damaged' });
    }
  });

  test('keeps it while its beats go on', async () => {
    const folder = await makeFolder();
    const clock = new ManualClock();
    const store = await openStore(folder, { clock });
    for (let beat = 0; beat < 50; beat += 1) {
      clock.pass(2_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(store.failure).toBeUndefined();
    await store.commit([op('a')]);
  });
});

describe('a folder that is opened twice in one process', () => {
  test('is one store, which is closed when it was closed twice', async () => {
    const folder = await makeFolder();
    const [one, two] = await Promise.all([openStore(folder), openStore(folder)]);
    expect(one).toBe(two);
    await one.close();
    await two.commit([op('a')]);
    await two.close();
    const again = await openStore(folder);
    expect([again.meta.epoch, keys(again)]).toStrictEqual([2, ['a']]);
  });

  test('is closed before it is opened again', async () => {
    const folder = await makeFolder();
    const store = await openStore(folder);
    const commit = store.commit([op('a')]);
    const closing = store.close();
    const again = await openStore(folder);
    await Promise.all([commit, closing]);
    expect(again).not.toBe(store);
    expect(keys(again)).toStrictEqual(['a']);
  });

  test('is refused when it has failed: only a new process can tell what is there', async () => {
    const folder = await makeFolder();
    const store = await openStore(folder);
    store.poison(new StoreFencedError(folder, 'a test says so'));
    await expect(openStore(folder)).rejects.toMatchObject({ kind: 'poisoned' });
    await store.close();
    await expect(openStore(folder)).rejects.toMatchObject({ kind: 'poisoned' });
  });
});
