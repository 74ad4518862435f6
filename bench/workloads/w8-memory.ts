// W8: what a workflow costs that sleeps for a month, in memory and ready, and out of memory; and one that has ended. By part: the heap
// of the thread that runs workflow code, the host's, what V8 knows of outside its heap, and the mapped pages of the data file.
import type { MemoryJob, MemoryReport } from '../children/memory.ts';
import { startChild } from '../lib/child.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const CHILD = new URL('../children/memory.ts', import.meta.url);
const KB = 1_024;
type State = MemoryJob['state'];

const SIZES = {
  suspended: { quick: 3_000, full: 50_000, max: Infinity },
  /** A million of these would need 18 GB. */
  cached: { quick: 1_000, full: 10_000, max: 100_000 },
  closed: { quick: 5_000, full: 50_000, max: Infinity },
} as const;

export const memory: Workload = {
  id: 'W8',
  title: 'memory of sleeping and of closed workflows',
  async run(bench) {
    // The warm-up of the closed ones alone takes as long as a quick run may.
    const states = bench.size<readonly State[]>({
      quick: ['suspended', 'cached'],
      full: ['suspended', 'cached', 'closed'],
    });
    const rows: Row[] = [];
    for (const state of states) {
      const sizes = SIZES[state];
      rows.push(await memoryRow(bench, state, Math.min(sizes.max, bench.scale(sizes))));
    }
    return rows;
  },
};

function memoryRow(bench: Bench, state: State, workflows: number): Promise<Row> {
  const what = `resident per ${state} workflow (of ${workflows.toLocaleString('en-US')})`;
  return repeat({ workload: 'W8', what, unit: 'KB', better: 'lower' }, bench.longRepeats, async () => {
    bench.progress(`W8 ${what}`);
    const job = { workflows, state, idleMs: bench.size({ quick: 500, full: 2_000 }) };
    const whole = await measure(bench, { ...job, threads: 0 });
    const host = bench.size({ quick: false, full: true })
      ? await measure(bench, { ...job, threads: 1 })
      : undefined;
    return { value: whole.each.resident / KB, note: noteOf(whole, host) };
  });
}

const measure = (bench: Bench, job: Omit<MemoryJob, 'folder'>): Promise<MemoryReport> =>
  bench.inFreshFolder(async (folder) => {
    const child = startChild(CHILD, { ...job, folder }, ['--expose-gc']);
    const report = await child.next<MemoryReport>('memory');
    await child.ended();
    return report;
  });

function noteOf(whole: MemoryReport, host: MemoryReport | undefined): string {
  const { each, residentBytes, idleCores, signalMs } = whole;
  const kb = (bytes: number): string => (bytes / KB).toFixed(2);
  const parts = [
    host === undefined
      ? `heap ${kb(each.heap)} KB`
      : `heap ${kb(host.each.heap)} KB of the host, ${kb(each.heap - host.each.heap)} of the lane`,
    `${kb(each.external)} external`,
    `${kb(each.pageCache)} page cache`,
    `the process ${(residentBytes / KB / KB).toFixed(0)} MB`,
    `idle ${(idleCores * 100).toFixed(1)} % of a core`,
  ];
  if (signalMs !== undefined) parts.push(`a signal ${signalMs.toFixed(1)} ms`);
  return parts.join(', ');
}
