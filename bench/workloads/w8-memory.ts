// W8: what a workflow costs that sleeps for a month: in memory and ready, and out of memory.
import type { MemoryJob, MemoryReport } from '../children/memory.ts';
import { startChild } from '../lib/child.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const CHILD = new URL('../children/memory.ts', import.meta.url);

export const memory: Workload = {
  id: 'W8',
  title: 'memory of sleeping workflows',
  async run(bench) {
    const suspended = await memoryRow(bench, 'suspended', bench.size({ quick: 5_000, full: 50_000 }));
    const cached = await memoryRow(bench, 'cached', bench.size({ quick: 2_000, full: 10_000 }));
    return [suspended, cached];
  },
};

function memoryRow(bench: Bench, state: MemoryJob['state'], workflows: number): Promise<Row> {
  const what = `resident per ${state} workflow (of ${workflows.toLocaleString('en-US')})`;
  return repeat({ workload: 'W8', what, unit: 'KB', better: 'lower' }, bench.longRepeats, async () => {
    bench.progress(`W8 ${what}`);
    return bench.inFreshFolder(async (folder) => {
      const job: MemoryJob = { folder, workflows, state };
      const child = startChild(CHILD, job, ['--expose-gc']);
      const { bytesEach, idleCores } = await child.next<MemoryReport>('memory');
      await child.ended();
      return { value: bytesEach / 1_024, note: `idle: ${(idleCores * 100).toFixed(1)} % of a core` };
    });
  });
}
