import { describe, expect, test } from 'vitest';
import { CommitAbsentError, CommitUnknownError, StorePoisonedError } from '../../../src/storage/errors';
import { MemoryStore } from '../../../src/storage/memory/memory-store';
import type { CommitFault } from '../../../src/storage/memory/memory-store';
import type { WriteOp } from '../../../src/storage/store';
import { storeContract } from './contract';

storeContract('the memory store', async () => {
  const store = new MemoryStore();
  const { disk } = store;
  return {
    store,
    reopen: async () => new MemoryStore({ disk }),
    takeOver: async () => void new MemoryStore({ disk }),
    keysElsewhere: async () =>
      [...new MemoryStore({ disk }).range('H')].map(([key]) => Buffer.from(key).toString()),
  };
});

const OP: WriteOp = { table: 'H', key: new Uint8Array([1]), value: new Uint8Array([2]) };
const failing = (fault: CommitFault): MemoryStore =>
  new MemoryStore({ flush: 'manual', fault: (commit) => (commit === 1 ? fault : undefined) });

describe('a commit in memory', () => {
  test('is durable when it is flushed, not before', async () => {
    const store = new MemoryStore({ flush: 'manual' });
    const commit = store.commit([OP]);
    expect([store.hasPending, store.count('H')]).toStrictEqual([true, 0]);
    store.flushNext();
    await commit;
    expect([store.hasPending, store.count('H')]).toStrictEqual([false, 1]);
  });

  test('that meets a full disk is absent, and the store goes on', async () => {
    const store = failing({ kind: 'absent' });
    const commit = store.commit([OP]);
    store.flushNext();
    await expect(commit).rejects.toThrow(CommitAbsentError);
    expect([store.count('H'), store.space.state]).toStrictEqual([0, 'low']);
    const next = store.commit([OP]);
    store.flushNext();
    await next;
    expect(store.count('H')).toBe(1);
  });

  test.each([
    ['unknown', 0],
    ['executeAndError', 1],
  ] as const)('of which nobody knows what became of it (%s) ends the store', async (kind, rows) => {
    const store = failing({ kind });
    const commit = store.commit([OP]);
    store.flushNext();
    await expect(commit).rejects.toThrow(CommitUnknownError);
    await expect(store.commit([OP])).rejects.toThrow(StorePoisonedError);
    expect(new MemoryStore({ disk: store.disk }).count('H')).toBe(rows);
  });

  test('is lost when the process dies before its flush', async () => {
    const store = new MemoryStore({ flush: 'manual' });
    let isSettled = false;
    const settled = (): void => void (isSettled = true);
    void store.commit([OP]).then(settled, settled);
    const again = new MemoryStore({ disk: store.crash() });
    store.flushNext();
    await Promise.resolve();
    expect([again.count('H'), isSettled]).toStrictEqual([0, false]);
  });

  test('is not on a copy of the disk that was made before', async () => {
    const store = new MemoryStore();
    const before = store.disk.snapshot();
    await store.commit([OP]);
    expect(new MemoryStore({ disk: before }).count('H')).toBe(0);
    expect(new MemoryStore({ disk: store.disk.snapshot() }).count('H')).toBe(1);
  });
});
