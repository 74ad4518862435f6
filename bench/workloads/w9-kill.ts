// W9: kill -9 in the middle of many ten-step workflows, and a restart: how long until all are done, what was lost, what was
// repeated. And the time in which many open workflows, all in the middle of an activity, are back at work: every one of those
// activities runs again at the same time.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { StepsJob, StepsReport } from '../children/steps.ts';
import { startChild } from '../lib/child.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const CHILD = new URL('../children/steps.ts', import.meta.url);
const STEPS = 10;

export const kill: Workload = {
  id: 'W9',
  title: 'kill -9 and restart',
  run: async (bench) => [await killRow(bench), await recoveryRow(bench)],
};

function killRow(bench: Bench): Promise<Row> {
  const workflows = bench.size({ quick: 200, full: 1_000 });
  const what = `kill -9 amid ${workflows.toLocaleString('en-US')} workflows of ten steps → all done`;
  return repeat({ workload: 'W9', what, unit: 's', better: 'lower' }, bench.longRepeats, () =>
    bench.inFreshFolder(async (data) => {
      const { folder, log } = filesIn(data);
      bench.progress(`W9 ${what}`);
      const job: StepsJob = { folder, log, workflows, steps: STEPS, start: true };
      const killed = startChild(CHILD, { ...job, tellAt: (workflows * STEPS) / 2 });
      await killed.next('reached');
      await killed.kill();
      const startedAt = performance.now();
      const restarted = startChild(CHILD, job);
      await restarted.next<StepsReport>('done');
      const seconds = (performance.now() - startedAt) / 1_000;
      await restarted.ended();
      const executions = readFileSync(log, 'utf8').trim().split('\n');
      const steps = new Set(executions).size;
      const lost = workflows * STEPS - steps;
      return { value: seconds, note: `${lost} steps lost, ${executions.length - steps} repeated` };
    }),
  );
}

function recoveryRow(bench: Bench): Promise<Row> {
  const workflows = bench.size({ quick: 1_000, full: 10_000 });
  const what = `recovery of ${workflows.toLocaleString('en-US')} open workflows`;
  return repeat({ workload: 'W9', what, unit: 's', better: 'lower' }, bench.longRepeats, () =>
    bench.inFreshFolder(async (data) => {
      const { folder, log } = filesIn(data);
      bench.progress(`W9 ${what}`);
      const job: StepsJob = { folder, log, workflows, steps: 1, start: true };
      const killed = startChild(CHILD, { ...job, hang: 'forever' });
      await killed.next('started');
      await killed.kill();
      const restarted = startChild(CHILD, { ...job, start: false, hang: 'until all run' });
      const { openMs, recoveredMs, doneMs } = await restarted.next<StepsReport>('done');
      await restarted.ended();
      const note = `open ${(openMs / 1_000).toFixed(2)} s, all done ${(doneMs / 1_000).toFixed(2)} s`;
      return { value: recoveredMs / 1_000, note };
    }),
  );
}

const filesIn = (data: string): { readonly folder: string; readonly log: string } => ({
  folder: path.join(data, 'store'),
  log: path.join(data, 'executions'),
});
