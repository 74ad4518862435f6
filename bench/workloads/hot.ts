// One workflow that gets very many signals: what each of them costs must not grow with their number.
import type { receive } from '../code/workflows.ts';
import { atOnce } from '../lib/in-batches.ts';
import { CpuMeter } from '../lib/machine.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import { Samples } from '../lib/statistics.ts';
import type { Bench, Opened, Workload } from '../lib/workload.ts';

const IN_FLIGHT = 16;
/** Of the largest: 1,000, 2,000, 5,000 and 10,000, which is the limit of signals to one run. */
const SHARES = [0.1, 0.2, 0.5, 1];

export const hot: Workload = {
  id: 'hot',
  title: 'up to 10,000 signals to one workflow',
  isLong: true,
  run(bench) {
    const largest = bench.scale({ quick: 2_000, full: 10_000 });
    return bench.withTroupe(async (opened) => {
      await receiveAll(opened, 1_000, new Samples());
      const rows: Row[] = [];
      for (const share of SHARES) rows.push(await hotRow(bench, opened, Math.ceil(largest * share)));
      return rows;
    });
  },
};

function hotRow(bench: Bench, opened: Opened, signals: number): Promise<Row> {
  const what = `${signals.toLocaleString('en-US')} signals to one workflow`;
  const name = { workload: 'hot', what, inFlight: IN_FLIGHT, unit: 'signals/s', better: 'higher' } as const;
  return repeat(name, bench.repeats, async () => {
    bench.progress(`hot ${what}`);
    const samples = new Samples();
    const cpu = new CpuMeter();
    const startedAt = performance.now();
    await receiveAll(opened, signals, samples);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { value: signals / seconds, latency: samples.latency(), ...cpu.read() };
  });
}

async function receiveAll(
  { troupe, guard, nextId }: Opened,
  signals: number,
  samples: Samples,
): Promise<void> {
  const handle = await troupe.client.workflow.start<typeof receive>('receive', {
    workflowId: nextId(),
    args: [signals],
  });
  await atOnce(IN_FLIGHT, signals, async () => {
    const sentAt = performance.now();
    await handle.signal('ping');
    guard.check();
    samples.add(performance.now() - sentAt);
  });
  const received = await handle.result();
  guard.check();
  if (received !== signals) throw new Error(`${received} of ${signals} signals arrived`);
}
