// The guard of the disk's free space, with a disk that says what the test wants.
import { describe, expect, test } from 'vitest';
import type { DiskSpace } from '../../../../src/storage/lmdb/space-guard';
import type { SpaceState, Store } from '../../../../src/storage/store';
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
    disk.freeBytes = 0;
    const store = await disk.open();
    await store.commit([{ table: 'H', key: new Uint8Array([1]), value: new Uint8Array([1]) }]);
    expect(store.count('H')).toBe(1);
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
