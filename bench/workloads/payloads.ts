// The size of what is passed on: one activity that gives back its input, of so many bytes; and how much the others notice of it.
import { closedLoop } from '../lib/loop.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const IN_FLIGHT = 16;
const SIZES = [
  { bytes: 100, what: '100 B' },
  { bytes: 10_000, what: '10 KB' },
  { bytes: 1_000_000, what: '1 MB' },
] as const;

export const payloads: Workload = {
  id: 'payload',
  title: 'payloads of 100 B to 1 MB',
  isLong: true,
  async run(bench) {
    const rows: Row[] = [];
    for (const { bytes, what } of SIZES) rows.push(await payloadRow(bench, bytes, what));
    return rows;
  },
};

function payloadRow(bench: Bench, bytes: number, size: string): Promise<Row> {
  const what = `one activity, ${size} in and out`;
  const text = 'x'.repeat(bytes);
  const name = {
    workload: 'payload',
    what,
    inFlight: IN_FLIGHT,
    unit: 'workflows/s',
    better: 'higher',
  } as const;
  return bench.withTroupe(({ troupe, guard, nextId }) =>
    repeat(name, bench.repeats, async () => {
      bench.progress(`payload ${what}`);
      const { perSecond, latency, cores, foreign } = await closedLoop(IN_FLIGHT, bench.window, async () => {
        const result: unknown = await troupe.client.workflow.execute('echo', {
          workflowId: nextId(),
          args: [text],
        });
        guard.check();
        if (result !== text) throw new Error('something else came back');
      });
      return { value: perSecond, latency, cores, foreign };
    }),
  );
}
