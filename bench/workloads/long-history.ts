// One workflow with a history of very many events, made by the product, out of memory, and asked a question: it is loaded and
// replayed. The time for each event must not grow with their number.
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandleWithFirstExecutionRunId } from 'troupe/client';
import type { longLived } from '../code/workflows.ts';
import { CpuMeter } from '../lib/machine.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import { untilResident } from '../lib/resident.ts';
import { StallProbe } from '../lib/stalls.ts';
import type { Bench, Opened, Workload } from '../lib/workload.ts';

/** Of an activity that is awaited: three of its own, three of the workflow task behind it. */
const EVENTS_PER_STEP = 6;
const LOOK_MS = 250;
/** Of the largest: 5,000, 10,000, 20,000 and 50,000. */
const SHARES = [0.1, 0.2, 0.4, 1];

export const longHistory: Workload = {
  id: 'long-history',
  title: 'replay of one history of up to 50,000 events (the limit is 51,200)',
  isLong: true,
  run(bench) {
    const largest = bench.scale({ quick: 5_000, full: 50_000 });
    return bench.withTroupe(
      async (opened) => {
        const handles = await Promise.all(
          SHARES.map((share) => grown(opened, Math.floor((largest * share) / EVENTS_PER_STEP))),
        );
        const rows: Row[] = [];
        for (const handle of handles) rows.push(await replayRow(bench, opened, handle));
        return rows;
      },
      { idleEvict: '1 ms' },
    );
  },
};

type Handle = WorkflowHandleWithFirstExecutionRunId<typeof longLived>;

async function grown({ troupe, nextId }: Opened, steps: number): Promise<Handle> {
  const { workflow } = troupe.client;
  const handle = await workflow.start<typeof longLived>('longLived', { workflowId: nextId(), args: [steps] });
  while ((await handle.describe()).historyLength < steps * EVENTS_PER_STEP) await sleep(LOOK_MS);
  return handle;
}

async function replayRow(bench: Bench, { troupe, guard }: Opened, handle: Handle): Promise<Row> {
  const { historyLength: events } = await handle.describe();
  const what = `load and replay of ${events.toLocaleString('en-US')} events`;
  const name = { workload: 'long-history', what, unit: 'events/s', better: 'higher' } as const;
  return repeat(name, bench.repeats, async () => {
    bench.progress(`long-history ${what}`);
    await untilResident(troupe, 0);
    const probe = new StallProbe();
    const cpu = new CpuMeter();
    const startedAt = performance.now();
    const steps = await handle.query('value');
    const ms = performance.now() - startedAt;
    guard.check();
    if (steps === 0) throw new Error('the history was not replayed');
    const { longestMs } = probe.stop();
    const note = `${ms.toFixed(0)} ms, of which the host stood still for ${longestMs.toFixed(0)} ms at a time`;
    return { value: (events * 1_000) / ms, note, ...cpu.read() };
  });
}
