// W4: one workflow, many activities in sequence, each durable before the next. Beside it the disk's own time for the least
// that a step needs: an append and an fdatasync.
import { warmUp } from '../lib/loop.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import { CpuMeter, probeDisk } from '../lib/machine.ts';
import { median } from '../lib/statistics.ts';
import type { Bench, Workload } from '../lib/workload.ts';

export const sequentialStep: Workload = {
  id: 'W4',
  title: 'one workflow, steps in sequence',
  run: (bench) => bench.inFreshFolder((folder) => sequentialRows(bench, folder)),
};

async function sequentialRows(bench: Bench, folder: string): Promise<readonly Row[]> {
  const steps = bench.size({ quick: 300, full: 1_000 });
  const probes = [probeDisk(folder)];
  const row = await bench.withTroupe(async ({ troupe, guard, nextId }) => {
    const run = async (count: number): Promise<void> => {
      const result: unknown = await troupe.client.workflow.execute('sequence', {
        workflowId: nextId(),
        args: [count],
      });
      guard.check();
      if (result !== count) throw new Error(`${count} steps gave ${String(result)}`);
    };
    await warmUp(bench.window, () => run(50));
    return repeat(
      { workload: 'W4', what: `${steps} steps in one workflow`, unit: 'ms/step', better: 'lower' },
      bench.repeats,
      async () => {
        bench.progress(`W4 ${steps} steps in one workflow`);
        const cpu = new CpuMeter();
        const startedAt = performance.now();
        await run(steps);
        const value = (performance.now() - startedAt) / steps;
        probes.push(probeDisk(folder));
        return { value, ...cpu.read() };
      },
    );
  });
  const disk: Row = {
    workload: 'disk',
    what: 'append 400 B + fdatasync',
    unit: 'ms',
    better: 'lower',
    values: probes,
    note: `a step costs ${(median(row.values) / median(probes)).toFixed(1)} of these`,
  };
  return [row, disk];
}
