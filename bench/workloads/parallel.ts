// One workflow with very many activities at once: what each of them costs must not grow with their number.
import { CpuMeter } from '../lib/machine.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Opened, Workload } from '../lib/workload.ts';

/** Of the largest: 250, 500, 1,000 and 2,000, which is the limit of pending activities. */
const SHARES = [1 / 8, 1 / 4, 1 / 2, 1];
/** So many activities make a figure, by one workflow after the other. */
const ACTIVITIES = { quick: 4_000, full: 40_000 };

export const parallel: Workload = {
  id: 'parallel',
  title: 'one workflow with 250 to 2,000 activities at once',
  isLong: true,
  run(bench) {
    const largest = bench.scale({ quick: 2_000, full: 2_000 });
    return bench.withTroupe(async (opened) => {
      for (let warmUp = 0; warmUp < 5; warmUp += 1) await fanOut(opened, 500);
      const rows: Row[] = [];
      for (const share of SHARES) rows.push(await widthRow(bench, opened, Math.ceil(largest * share)));
      return rows;
    });
  },
};

function widthRow(bench: Bench, opened: Opened, width: number): Promise<Row> {
  const what = `${width.toLocaleString('en-US')} activities at once: processor time of each`;
  const workflows = Math.ceil(bench.size(ACTIVITIES) / width);
  return repeat({ workload: 'parallel', what, unit: 'µs', better: 'lower' }, bench.repeats, async () => {
    bench.progress(`parallel ${what}`);
    const cpu = new CpuMeter();
    const startedAt = performance.now();
    for (let done = 0; done < workflows; done += 1) await fanOut(opened, width);
    const us = ((performance.now() - startedAt) * 1_000) / (workflows * width);
    const { cores, foreign } = cpu.read();
    return { value: us * cores, cores, foreign, note: `${us.toFixed(0)} µs by the clock` };
  });
}

async function fanOut({ troupe, guard, nextId }: Opened, width: number): Promise<void> {
  const count: unknown = await troupe.client.workflow.execute('fanOut', {
    workflowId: nextId(),
    args: [width],
  });
  guard.check();
  if (count !== width) throw new Error(`${String(count)} of ${width} activities ended`);
}
