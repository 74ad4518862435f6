// Where the processor time of a workflow with one activity goes, thread by thread, and what all of it makes: the budget is 100 µs, which
// is 20,000 workflows a second on two cores. What a single hop costs: micro/.
import { platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Budget, BudgetJob, BudgetReport } from '../children/budget.ts';
import { WORKFLOWS } from '../lib/bench.ts';
import { startProgram } from '../lib/child.ts';
import type { Row } from '../lib/measure.ts';
import { withProgram } from '../lib/program.ts';
import { median } from '../lib/statistics.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const PROGRAM = new URL('../children/budget.ts', import.meta.url);
const IN_FLIGHT = [100, 1_000];
const PARTS: Readonly<Record<keyof Budget, string>> = {
  host: 'the host’s thread',
  lane: 'the lane',
  disk: 'LMDB’s writing',
  helpers: 'V8’s helpers',
};

export const budget: Workload = {
  id: 'budget',
  title: 'processor time of one activity, by thread',
  isLong: true,
  async run(bench) {
    // Elsewhere threads do not tell.
    if (platform() !== 'linux') return [];
    const rows: Row[] = [];
    for (const inFlight of IN_FLIGHT) rows.push(...(await budgetRows(bench, inFlight)));
    return rows;
  },
};

async function budgetRows(bench: Bench, inFlight: number): Promise<Row[]> {
  const reports: BudgetReport[] = [];
  for (let repetition = 0; repetition < bench.longRepeats.repetitions; repetition += 1) {
    bench.progress(`budget ${inFlight} in flight`);
    reports.push(await measure(bench, inFlight));
  }
  const foreign = Math.max(...reports.map((report) => report.foreign));
  const row = (what: string, value: (report: BudgetReport) => number, note?: string): Row => ({
    workload: 'budget',
    what,
    inFlight,
    unit: 'µs',
    better: 'lower',
    values: reports.map(value),
    foreign,
    ...(note !== undefined && { note }),
  });
  const parts = Object.keys(PARTS) as (keyof Budget)[];
  const total = (report: BudgetReport): number => parts.reduce((sum, part) => sum + report[part], 0);
  const clock = median(reports.map(({ perSecond }) => 1e6 / perSecond));
  return [
    ...parts.map((part) => row(`processor time of one activity: ${PARTS[part]}`, (report) => report[part])),
    row('processor time of one activity: all threads', total, `${clock.toFixed(0)} µs by the clock`),
  ];
}

const measure = (bench: Bench, inFlight: number): Promise<BudgetReport> =>
  withProgram(PROGRAM, 'cjs', (file) =>
    bench.inFreshFolder(async (folder) => {
      const job: BudgetJob = {
        folder,
        workflowFiles: fileURLToPath(WORKFLOWS),
        inFlight,
        window: bench.window,
      };
      const child = startProgram(file, job);
      const report = await child.next<BudgetReport>('budget');
      await child.ended();
      return report;
    }),
  );
