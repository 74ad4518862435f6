// The bound of recovery: what was awake is read once and replayed at most once; what was at rest is not touched.
import { expect, test, vi } from 'vitest';
import { visibilityRange } from '../../../src/storage/format/keys';
import type { Table } from '../../../src/storage/store';
import { MemoryDisk, MemoryStore } from '../../../src/storage/memory/memory-store';
import { Troupe, type TroupeOptions } from '../../../src/troupe';

const WORKING = 200;
const RESTING = 100;
const WAIT = { timeout: 30_000 };
const logger = { warn: () => undefined, error: () => undefined };
const workflowsPath = new URL('./recovery-workflows.ts', import.meta.url);

test('at an open each run that has work is read and replayed once, and none that rests', async () => {
  const disk = MemoryDisk.empty();
  const open = (store: MemoryStore, step: () => Promise<string>, more: TroupeOptions = {}): Promise<Troupe> =>
    Troupe.openWith(
      {
        threads: 0,
        logger,
        workflowsPath,
        activities: { step },
        maxConcurrentActivityTaskExecutions: WORKING,
        ...more,
      },
      { store },
    );
  let begun = 0;
  const filled = new MemoryStore({ disk });
  const neverEnds = (): Promise<string> => {
    begun += 1;
    return new Promise(() => undefined);
  };
  const first = await open(filled, neverEnds, { idleEvict: 0 });
  const start = (type: string, count: number): Promise<unknown> => {
    const ids = Array.from({ length: count }, (_, index) => `${type}-${index}`);
    return Promise.all(ids.map((workflowId) => first.client.workflow.start(type, { workflowId })));
  };
  await start('works', WORKING);
  await start('rests', RESTING);
  // Those that wait for a signal have left memory: they rest.
  const awake = visibilityRange(1, 'awake');
  await vi.waitFor(() => expect([begun, filled.count('V', awake)]).toEqual([WORKING, WORKING]), WAIT);
  await first.close({ within: 0 });

  const store = new MemoryStore({ disk });
  const reads = countReads(store, ['H', 'A', 'F']);
  let asked = 0;
  let resume = (): void => undefined;
  const resumed = new Promise<void>((resolve) => (resume = resolve));
  const again = await open(store, async () => {
    asked += 1;
    await resumed;
    return 'done';
  });
  await vi.waitFor(() => expect([asked, again.stats().backlog]).toEqual([WORKING, 0]), WAIT);
  const onceEach = { rows: WORKING, reads: WORKING };
  expect(again.stats().residentWorkflows).toBe(WORKING);
  expect(reads()).toEqual({ H: onceEach, A: onceEach, F: onceEach });

  resume();
  const completed = "ExecutionStatus = 'Completed'";
  await vi.waitFor(
    async () => expect((await again.client.workflow.count(completed)).count).toBe(WORKING),
    WAIT,
  );
  expect(again.stats().lanes.map((lane) => lane?.replays)).toEqual([WORKING]);
  expect(reads().H).toEqual(onceEach);
  await again.close({ within: 0 });
}, 60_000);

/** How often the tables are read from here on, and of how many rows or ranges. */
function countReads<T extends Table>(
  store: MemoryStore,
  tables: readonly T[],
): () => Record<T, { readonly rows: number; readonly reads: number }> {
  const get = vi.spyOn(store, 'get');
  const range = vi.spyOn(store, 'range');
  const keysOf = (table: Table): string[] => {
    const keys = [
      ...get.mock.calls.map(([of, key]) => [of, key] as const),
      ...range.mock.calls.map(([of, options]) => [of, options?.start] as const),
    ];
    return keys.filter(([of]) => of === table).map(([, key]) => Buffer.from(key ?? []).toString('hex'));
  };
  return () => {
    const counts = tables.map((table) => {
      const keys = keysOf(table);
      return [table, { rows: new Set(keys).size, reads: keys.length }];
    });
    return Object.fromEntries(counts) as Record<T, { rows: number; reads: number }>;
  };
}
