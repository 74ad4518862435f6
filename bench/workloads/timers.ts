// Very many timers at once: sleeping workflows, all out of memory, due as densely as a million in a minute. The host's loop is the
// program's own: whatever the engine has to do, it must not stand still.
import type { TimersJob, TimersReport } from '../children/timers.ts';
import { startChild } from '../lib/child.ts';
import type { Row } from '../lib/measure.ts';
import { StallProbe } from '../lib/stalls.ts';
import type { Workload } from '../lib/workload.ts';

const CHILD = new URL('../children/timers.ts', import.meta.url);
const MB = 2 ** 20;

export const timers: Workload = {
  id: 'timers',
  title: 'timers, due as densely as a million in a minute',
  isLong: true,
  run: (bench) =>
    bench.inFreshFolder(async (folder) => {
      const workflows = bench.scale({ quick: 5_000, full: 100_000 });
      const { threads } = bench.engine;
      const what = `${workflows.toLocaleString('en-US')} timers`;
      bench.progress(`timers ${what}`);
      const job: TimersJob = { folder, workflows, ...(threads !== undefined && { threads }) };
      const child = startChild(CHILD, job);
      await child.next('due');
      const idle = new StallProbe();
      const report = await child.next<TimersReport>('timers');
      const { longestMs: idleStallMs } = idle.stop();
      await child.ended();
      return rowsOf(report, what, idleStallMs);
    }),
};

/** `idleStallMs`: what a process that does nothing sees meanwhile, which is the machine's. */
function rowsOf(report: TimersReport, timersText: string, idleStallMs: number): Row[] {
  const { longestMs, longestCollectionMs, firedPerSecond, startedPerSecond, lateness, cores, foreign } =
    report;
  const collections = `collections ${longestCollectionMs.toFixed(0)} ms at most`;
  return [
    {
      workload: 'timers',
      what: `${timersText}: longest stall of the host`,
      unit: 'ms',
      better: 'lower',
      values: [longestMs],
      cores,
      foreign,
      note: `99 % under ${report.p99Ms.toFixed(0)} ms, ${collections}; an idle process ${idleStallMs.toFixed(0)} ms`,
    },
    {
      workload: 'timers',
      what: `${timersText}: fired, latency from when each was due`,
      unit: 'workflows/s',
      better: 'higher',
      values: [firedPerSecond],
      latencyMs: lateness,
      note: `started ${Math.round(startedPerSecond).toLocaleString('en-US')}/s`,
    },
    {
      workload: 'timers',
      what: `${timersText}: resident while all sleep`,
      unit: 'MB',
      better: 'lower',
      values: [report.residentBytes / MB],
      note: `${(report.peakBytes / MB).toFixed(0)} MB at most while they wake up`,
    },
  ];
}
