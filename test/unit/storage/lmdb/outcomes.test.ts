// How the outcome of a commit is judged, by an LMDB that fails as it is told.
import { describe, expect, test } from 'vitest';
import {
  CommitAbsentError,
  CommitUnknownError,
  StoreFencedError,
  StorePoisonedError,
} from '../../../../src/storage/errors';
import type { Environment, WriteOutcome } from '../../../../src/storage/lmdb/environment';
import { LmdbStore } from '../../../../src/storage/lmdb/lmdb-store';
import { SPACE_DEFAULTS, SpaceGuard } from '../../../../src/storage/lmdb/space-guard';
import type { WriteOp } from '../../../../src/storage/store';
import { ManualClock } from '../manual-clock';

const ERRNO = { EIO: 5, ENOSPC: 28, EDQUOT: 122, PANIC: -30_795 };
const META = { uuid: 'uuid', formatVersion: 2, shardCount: 256, createdAt: 0, epoch: 3 };
const bytes = (...all: readonly number[]): Uint8Array => new Uint8Array(all);
const put = (key: number, value: number): WriteOp => ({ table: 'H', key: bytes(key), value: bytes(value) });
const remove = (key: number): WriteOp => ({ table: 'H', key: bytes(key), value: null });

interface Given {
  readonly outcome: WriteOutcome | 'never';
  readonly freeBytes?: number;
  /** Of the commit; one put by default. */
  readonly ops?: readonly WriteOp[];
  /** What is in the store after it, by key, or that it cannot even be read. */
  readonly found?: Readonly<Record<number, number>> | 'unreadable';
}

const failed = (errno: number): WriteOutcome => ({
  kind: 'failed',
  errno,
  error: new Error(`errno ${errno}`),
});

async function storeWith({ outcome, freeBytes = 10 ** 12, found = {} }: Given): Promise<LmdbStore> {
  let isFirst = true;
  let isRenewed = false;
  const environment = {
    identity: META,
    write: () => {
      if (!isFirst) return Promise.resolve({ kind: 'committed' });
      isFirst = false;
      return outcome === 'never' ? new Promise(() => undefined) : Promise.resolve(outcome);
    },
    renewSnapshot: () => {
      isRenewed = true;
    },
    get: (_table: string, [key]: Uint8Array) => {
      if (found === 'unreadable') throw new Error('MDB_PANIC');
      if (!isRenewed) throw new Error('an old snapshot was read');
      const value = found[key as number];
      return value === undefined ? undefined : bytes(value);
    },
    close: () => Promise.reject(new Error('a failed store is not closed')),
  } as unknown as Environment;
  // There is room before the commit and after it: what was found in between judges it.
  let measured = 0;
  const measure = async () => ({ freeBytes: ++measured === 2 ? freeBytes : 10 ** 12, totalBytes: 10 ** 12 });
  const space = await SpaceGuard.start(measure, SPACE_DEFAULTS, new ManualClock());
  const nothing = async (): Promise<void> => undefined;
  const watch = { start: () => undefined, stop: nothing, release: nothing } as never;
  return new LmdbStore({ path: '/a/folder', meta: META, environment, space, watch });
}

const FULL = { freeBytes: 0 };

describe('a commit is absent, and the store goes on, when', () => {
  const cases: readonly (readonly [string, Given])[] = [
    ['the disk is full, and a row is not there', { outcome: failed(ERRNO.ENOSPC) }],
    ['the disk is full, and a row is as it was before', { outcome: failed(ERRNO.ENOSPC), found: { 1: 6 } }],
    [
      'the disk is full, and a row is still there',
      { outcome: failed(ERRNO.ENOSPC), ops: [put(1, 7), remove(2)], found: { 1: 7, 2: 1 } },
    ],
    ['the quota is used up', { outcome: failed(ERRNO.EDQUOT) }],
    ['a write was cut short on a disk without space', { outcome: failed(ERRNO.EIO), ...FULL }],
  ];
  test.each(cases)('%s', async (_, given) => {
    const store = await storeWith(given);
    await expect(store.commit(given.ops ?? [put(1, 7)])).rejects.toThrow(CommitAbsentError);
    expect([store.failure, store.space.state]).toStrictEqual([undefined, 'low']);
    await store.commit([put(1, 7)]);
  });
});

describe('nobody knows what became of a commit, and the store is out of use, when', () => {
  const cases: readonly (readonly [string, Given])[] = [
    [
      'the disk is full, but all is as the commit would leave it',
      { outcome: failed(ERRNO.ENOSPC), ops: [put(1, 7), remove(2)], found: { 1: 7 } },
    ],
    [
      'the disk is full, and the row that is missing is one that the commit removes again',
      { outcome: failed(ERRNO.ENOSPC), ops: [put(1, 7), put(2, 7), remove(2)], found: { 1: 7 } },
    ],
    ['the disk is full, and LMDB cannot be read', { outcome: failed(ERRNO.ENOSPC), found: 'unreadable' }],
    ['the disk fails with space left', { outcome: failed(ERRNO.EIO) }],
    ['LMDB gives up', { outcome: failed(ERRNO.PANIC), ...FULL }],
    [
      'the error has no number',
      { outcome: { kind: 'failed', errno: undefined, error: new Error('?') }, ...FULL },
    ],
  ];
  test.each(cases)('%s', async (_, given) => {
    const store = await storeWith(given);
    await expect(store.commit(given.ops ?? [put(1, 7)])).rejects.toThrow(CommitUnknownError);
    expect(store.failure).toBeInstanceOf(CommitUnknownError);
    await expect(store.commit(given.ops ?? [put(1, 7)])).rejects.toThrow(StorePoisonedError);
    // LMDB is not touched any more: its close may wait for ever.
    await store.close();
  });
});

test('a commit that found a younger epoch ends the store', async () => {
  const store = await storeWith({ outcome: { kind: 'fenced' } });
  await expect(store.commit([put(1, 7)])).rejects.toThrow(StoreFencedError);
  expect(store.failure).toBeInstanceOf(StoreFencedError);
});

test('a store that fails while a commit is in flight closes without it', async () => {
  const store = await storeWith({ outcome: 'never' });
  void store.commit([put(1, 7)]).catch(() => undefined);
  const closing = store.close();
  store.poison(new CommitUnknownError('/a/folder', 'no answer'));
  await closing;
});
