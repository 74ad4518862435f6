// The guard of the disk's free space, with a disk that says what the test wants.
import { describe, expect, test } from 'vitest';
import type { DiskSpace } from '../../../../src/storage/lmdb/space-guard';
import { CommitAbsentError } from '../../../../src/storage/errors';
import type { SpaceState, Store, WriteOp } from '../../../../src/storage/store';
import { makeFolder, openStore } from '../folders';
import { ManualClock } from '../manual-clock';

const MB = 1_024 * 1_024;
const LOW = { lowBytes: 100 * MB, lowFraction: 0.5, pollMs: 1_000 };

class Disk {
  freeBytes = 1_000 * MB;
  isBroken = false;
  measured = 0;
  readonly clock = new ManualClock();

  async open(lowBytes = LOW.lowBytes): Promise<Store> {
    return openStore(await makeFolder(), {
      clock: this.clock,
      space: { ...LOW, lowBytes },
      measureSpace: () => this.measure(),
    });
  }

  private async measure(): Promise<DiskSpace> {
    this.measured += 1;
    if (this.isBroken) throw new Error('the disk does not answer');
    return { freeBytes: this.freeBytes, totalBytes: 10_000 * MB };
  }

  /** The next poll has been answered. */
  async poll(): Promise<void> {
    const { measured } = this;
    this.clock.pass(LOW.pollMs);
    while (this.measured === measured) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const row = (key: number, bytes = 1): WriteOp => ({
  table: 'H',
  key: new Uint8Array([key]),
  value: new Uint8Array(bytes),
});

describe('the free space of the disk', () => {
  test('is low below the limit, and ok again only when there is some more', async () => {
    const disk = new Disk();
    const store = await disk.open();
    const seen: SpaceState[] = [];
    store.space.onChange((state) => seen.push(state));
    const states: SpaceState[] = [];
    for (const free of [100, 99, 105, 109, 111, 101, 99]) {
      disk.freeBytes = free * MB;
      await disk.poll();
      states.push(store.space.state);
      expect(store.space.freeBytes).toBe(free * MB);
    }
    expect(states).toStrictEqual(['ok', 'low', 'low', 'low', 'ok', 'ok', 'low']);
    expect(seen).toStrictEqual(['low', 'ok', 'low']);
  });

  test('is low where there is none, even without a limit', async () => {
    const disk = new Disk();
    const store = await disk.open(0);
    const states: SpaceState[] = [];
    for (const free of [1, 0, 1]) {
      disk.freeBytes = free;
      await disk.poll();
      states.push(store.space.state);
    }
    expect(states).toStrictEqual(['ok', 'low', 'ok']);
  });

  test('is known when the store is open', async () => {
    const disk = new Disk();
    disk.freeBytes = 10 * MB;
    expect((await disk.open()).space.state).toBe('low');
  });

  test('counts as it was while the disk does not answer', async () => {
    const disk = new Disk();
    const store = await disk.open();
    disk.isBroken = true;
    await disk.poll();
    expect([store.space.state, store.space.freeBytes]).toStrictEqual(['ok', 1_000 * MB]);
    disk.isBroken = false;
    disk.freeBytes = MB;
    await disk.poll();
    expect(store.space.state).toBe('low');
  });

  test('does not keep what runs from being written', async () => {
    const disk = new Disk();
    disk.freeBytes = MB;
    const store = await disk.open();
    expect(store.space.state).toBe('low');
    await store.commit([row(1)]);
    expect(store.count('H')).toBe(1);
  });

  test('that may not hold a commit is measured again; one for which there is no room is absent and never begun', async () => {
    const disk = new Disk();
    disk.freeBytes = 66 * MB;
    const store = await disk.open(0);
    const { measured } = disk;
    await store.commit([row(1, MB)]);
    expect(disk.measured).toBe(measured);
    // What it has written itself counts until the next measurement.
    for (let key = 2; disk.measured === measured; key += 1) await store.commit([row(key, MB)]);
    const rows = store.count('H');
    expect(rows).toBeLessThan(10);
    // Somebody else has written.
    disk.freeBytes = MB;
    await expect(store.commit([row(100, MB)])).rejects.toThrow(CommitAbsentError);
    expect(store.space.state).toBe('low');
    expect(store.count('H')).toBe(rows);
    await store.commit([row(101)]);
    // Not room enough for what was refused.
    await disk.poll();
    expect(store.space.state).toBe('low');
    disk.freeBytes = 10 * MB;
    await disk.poll();
    expect(store.space.state).toBe('ok');
    await store.commit([row(100, MB)]);
    expect(store.failure).toBeUndefined();
  });

  test('is enough on a small disk for a commit of very many small rows', async () => {
    const disk = new Disk();
    disk.freeBytes = 5 * MB;
    const store = await disk.open(0);
    const many = Array.from({ length: 10_000 }, (_, n): WriteOp => ({
      table: 'H',
      key: new Uint8Array([n >> 8, n & 0xff, 1]),
      value: new Uint8Array(100),
    }));
    await store.commit(many);
    expect(store.count('H')).toBe(10_000);
    expect(store.space.state).toBe('ok');
  });

  test('is measured no more when the store is closed', async () => {
    const disk = new Disk();
    const store = await disk.open();
    await store.close();
    const { measured } = disk;
    disk.clock.pass(100_000);
    expect([disk.measured, disk.clock.timers]).toStrictEqual([measured, 0]);
  });

  test('tells nobody who no longer listens', async () => {
    const disk = new Disk();
    const store = await disk.open();
    const stop = store.space.onChange(() => expect.unreachable());
    stop();
    disk.freeBytes = 0;
    await disk.poll();
    expect(store.space.state).toBe('low');
  });
});
