// Small workflows, alone and beside a client that pushes payloads of 1 MB without a pause: how much of the engine these take. And, to
// compare, beside one that pushes small ones as fast as it can.
import { closedLoop } from '../lib/loop.ts';
import { repeat } from '../lib/measure.ts';
import type { Row, Sample } from '../lib/measure.ts';
import type { Bench, Opened, Workload } from '../lib/workload.ts';

const IN_FLIGHT = 16;
/** Of whoever pushes. */
const PUSHED_IN_FLIGHT = 4;
const MB = 1_000_000;

export const share: Workload = {
  id: 'share',
  title: 'small workflows beside payloads of 1 MB',
  isLong: true,
  run: (bench) =>
    bench.withTroupe(async (opened) => [
      await shareRow(bench, opened, 'alone', undefined),
      await shareRow(bench, opened, 'beside payloads of 100 B', 100),
      await shareRow(bench, opened, 'beside payloads of 1 MB', MB),
    ]),
};

function shareRow(bench: Bench, opened: Opened, beside: string, bytes: number | undefined): Promise<Row> {
  const what = `one activity, ${beside}`;
  const name = {
    workload: 'share',
    what,
    inFlight: IN_FLIGHT,
    unit: 'workflows/s',
    better: 'higher',
  } as const;
  return repeat(name, bench.repeats, async () => {
    bench.progress(`share ${what}`);
    if (bytes === undefined) return small(bench, opened);
    const pusher = push(opened, 'x'.repeat(bytes));
    const startedAt = performance.now();
    const sample = await small(bench, opened);
    const seconds = (performance.now() - startedAt) / 1_000;
    const pushed = await pusher.stop();
    return { ...sample, note: `${(pushed / seconds).toFixed(0)}/s pushed, ${PUSHED_IN_FLIGHT} in flight` };
  });
}

async function small(bench: Bench, { troupe, guard, nextId }: Opened): Promise<Sample> {
  const { perSecond, latency, cores, foreign } = await closedLoop(IN_FLIGHT, bench.window, async () => {
    const sum: unknown = await troupe.client.workflow.execute('sequence', {
      workflowId: nextId(),
      args: [1],
    });
    guard.check();
    if (sum !== 1) throw new Error(`one activity gave ${String(sum)}`);
  });
  return { value: perSecond, latency, cores, foreign };
}

/** Until it is stopped; tells how many there were then. */
function push({ troupe, guard, nextId }: Opened, text: string): { stop(): Promise<number> } {
  let isStopped = false;
  let pushed = 0;
  const pushing = Array.from({ length: PUSHED_IN_FLIGHT }, async () => {
    while (!isStopped) {
      const result: unknown = await troupe.client.workflow.execute('echo', {
        workflowId: nextId(),
        args: [text],
      });
      guard.check();
      if (result !== text) throw new Error('something else came back');
      pushed += 1;
    }
  });
  return {
    async stop() {
      const count = pushed;
      isStopped = true;
      await Promise.all(pushing);
      return count;
    },
  };
}
