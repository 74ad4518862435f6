import { expect, test } from 'vitest';
import type { Namespaces } from '../../../src/scheduler/namespaces';
import { StoreReader } from '../../../src/scheduler/stored-runs';
import { activityKey, historyKey } from '../../../src/storage/format/keys';
import { MemoryStore } from '../../../src/storage/memory/memory-store';
import type { WriteOp } from '../../../src/storage/store';
import { run } from './fixtures';

test('a history that grows while it is read ends with what its activities fit to', async () => {
  const store = new MemoryStore();
  const reader = new StoreReader(store, {} as Namespaces);
  const frame = (n: number): WriteOp => ({
    table: 'H',
    key: historyKey(run(1), n),
    value: new Uint8Array([n % 256]),
  });
  const frames = Array.from({ length: 3_000 }, (_, n) => frame(n + 1));
  await store.commit(frames);
  const reading = reader.readRun(run(1));
  let pages = 0;
  let step = reading.next();
  for (; step.done !== true; step = reading.next()) {
    pages += 1;
    const n = 3_000 + pages;
    await store.commit([frame(n), { table: 'A', key: activityKey(run(1), n), value: new Uint8Array([1]) }]);
  }
  expect(pages).toBeGreaterThan(2);
  expect(step.value.frames).toHaveLength(3_000 + pages);
  expect(step.value.activities).toHaveLength(pages);
  expect(reader.run(run(1)).frames).toEqual(step.value.frames);
  await store.close();
});
