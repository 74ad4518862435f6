// What a workflow costs in a store of so many: the same store grows, and the same workload runs at each size. Workflow ids are random.
import { randomUUID } from 'node:crypto';
import { atOnce } from '../lib/in-batches.ts';
import { CpuMeter } from '../lib/machine.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const IN_FLIGHT = 1_000;
const SMALLEST = 1_000;

export const growth: Workload = {
  id: 'growth',
  title: 'one activity, in stores of 10³ to 10⁶ runs, or more',
  isLong: true,
  run: growthRows,
};

async function growthRows(bench: Bench): Promise<Row[]> {
  const largest = bench.scale({ quick: 10_000, full: 1_000_000 });
  const sizes: number[] = [];
  for (let size = SMALLEST; size < largest; size *= 10) sizes.push(size);
  sizes.push(largest);
  const measured = bench.size({ quick: 2_000, full: 20_000 });
  return bench.withTroupe(async ({ troupe, guard }) => {
    let stored = 0;
    const run = async (count: number, workflow: 'nothing' | 'sequence'): Promise<void> => {
      await atOnce(IN_FLIGHT, count, async () => {
        await troupe.client.workflow.execute(workflow, { workflowId: randomUUID(), args: [1] });
        guard.check();
      });
      stored += count;
    };
    await run(measured, 'sequence');
    const rows: Row[] = [];
    for (const size of sizes) {
      bench.progress(`growth to ${size.toLocaleString('en-US')} runs`);
      if (size > stored) await run(size - stored, 'nothing');
      const values: number[] = [];
      const cpu = new CpuMeter();
      for (let repetition = 0; repetition < bench.longRepeats.repetitions; repetition += 1) {
        const startedAt = performance.now();
        await run(measured, 'sequence');
        values.push((measured * 1_000) / (performance.now() - startedAt));
      }
      const { cores, foreign } = cpu.read();
      const what = `one activity, in a store of ${size.toLocaleString('en-US')} runs`;
      const unit = 'workflows/s';
      rows.push({
        workload: 'growth',
        what,
        inFlight: IN_FLIGHT,
        unit,
        better: 'higher',
        values,
        cores,
        foreign,
      });
    }
    return rows;
  });
}
