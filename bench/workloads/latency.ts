// Latency under a fixed rate of arrivals (open loop, no coordinated omission): one-activity workflows at shares of what a
// closed loop of a thousand callers reaches on the same store.
import { closedLoop, openLoop } from '../lib/loop.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Workload } from '../lib/workload.ts';

const SHARES = [0.25, 0.5, 0.75] as const;
const CALLERS = 1_000;

export const latency: Workload = {
  id: 'open',
  title: 'latency of one-activity workflows at a fixed rate of arrivals',
  run: (bench) =>
    bench.withTroupe(async ({ troupe, guard, nextId }) => {
      const execute = async (): Promise<void> => {
        await troupe.client.workflow.execute('sequence', { workflowId: nextId(), args: [1] });
        guard.check();
      };
      bench.progress('open: finding the capacity');
      const { perSecond: capacity } = await closedLoop(CALLERS, bench.window, execute);
      const rows: Row[] = [];
      for (const share of SHARES) {
        const rate = Math.max(1, Math.round(capacity * share));
        const what = `${rate.toLocaleString('en-US')} arrivals/s (${share * 100} % of capacity)`;
        bench.progress(`open: ${what}`);
        rows.push(
          await repeat(
            { workload: 'open', what, unit: 'ms p50', better: 'lower' },
            bench.longRepeats,
            async () => {
              const { latency, cores, foreign } = await openLoop(rate, bench.window, execute);
              return { value: latency.p50, latency, cores, foreign };
            },
          ),
        );
      }
      return rows;
    }),
};
