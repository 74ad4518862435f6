// Bytes: what one workflow leaves in the store and what is written for it, on the way to its result.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { atOnce } from '../lib/in-batches.ts';
import { writtenBytes } from '../lib/machine.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const IN_FLIGHT = 100;

export const disk: Workload = {
  id: 'disk',
  title: 'bytes of store and bytes written',
  async run(bench) {
    if (bench.engine.store === 'memory') return [];
    const rows: Row[] = [];
    for (const [steps, what] of [
      [1, 'one activity'],
      [10, 'ten activities'],
    ] as const) {
      rows.push(...(await diskRows(bench, steps, what)));
    }
    return rows;
  },
};

function diskRows(bench: Bench, steps: number, what: string): Promise<Row[]> {
  const workflows = bench.size({ quick: 1_000, full: 10_000 });
  bench.progress(`disk ${what}`);
  return bench.withTroupe(async ({ troupe, guard, nextId }) => {
    const run = (): Promise<void> =>
      atOnce(IN_FLIGHT, workflows, async () => {
        await troupe.client.workflow.execute('sequence', { workflowId: nextId(), args: [steps] });
        guard.check();
      });
    const { store } = troupe.stats();
    const before = { size: sizeOf(store), written: writtenBytes(store) };
    await run();
    const written = writtenBytes(store);
    const row = (name: string, bytes: number): Row => ({
      workload: 'disk',
      what: `${name}, ${what}`,
      inFlight: IN_FLIGHT,
      unit: 'KB/workflow',
      better: 'lower',
      values: [bytes / workflows / 1_024],
    });
    return [
      row('store', sizeOf(store) - before.size),
      ...(written === undefined || before.written === undefined
        ? []
        : [row('written', written - before.written)]),
    ];
  });
}

const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
