// W6: messages to sixteen workflows, to each one after the other: the sender waits until a message is durable.
import type { receive } from '../code/workflows.ts';
import { warmUp } from '../lib/loop.ts';
import { CpuMeter } from '../lib/machine.ts';
import { repeat } from '../lib/measure.ts';
import { Samples } from '../lib/statistics.ts';
import type { Opened, Workload } from '../lib/workload.ts';

const WORKFLOWS = 16;

export const signals: Workload = {
  id: 'W6',
  title: 'signals to 16 workflows',
  async run(bench) {
    const messages = bench.size({ quick: 100, full: 1_000 });
    const row = await bench.withTroupe(async (opened) => {
      await warmUp(bench.window, () => round(opened, messages, new Samples()));
      return repeat(
        {
          workload: 'W6',
          what: 'signals to 16 workflows',
          inFlight: WORKFLOWS,
          unit: 'signals/s',
          better: 'higher',
        },
        bench.repeats,
        async () => {
          bench.progress('W6 signals to 16 workflows');
          const samples = new Samples();
          const cpu = new CpuMeter();
          const seconds = await round(opened, messages, samples);
          return { value: samples.count / seconds, latency: samples.latency(), ...cpu.read() };
        },
      );
    });
    return [row];
  },
};

/** @returns the seconds from the first send to the last acknowledgement. */
async function round({ troupe, guard, nextId }: Opened, messages: number, samples: Samples): Promise<number> {
  const { workflow } = troupe.client;
  const handles = await Promise.all(
    Array.from({ length: WORKFLOWS }, () =>
      workflow.start<typeof receive>('receive', { workflowId: nextId(), args: [messages] }),
    ),
  );
  const startedAt = performance.now();
  await Promise.all(
    handles.map(async (handle) => {
      for (let sent = 0; sent < messages; sent += 1) {
        const sentAt = performance.now();
        await handle.signal('ping');
        guard.check();
        samples.add(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const handle of handles) {
    const received = await handle.result();
    guard.check();
    if (received !== messages) throw new Error(`${received} of ${messages} signals arrived`);
  }
  return seconds;
}
