// Workflows that have left memory: how long a signal to one of them takes until it is durable, loading and replay included.
import { atOnce } from '../lib/in-batches.ts';
import { CpuMeter } from '../lib/machine.ts';
import { repeat } from '../lib/measure.ts';
import type { Row, RowName } from '../lib/measure.ts';
import { untilResident } from '../lib/resident.ts';
import { Samples } from '../lib/statistics.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const IN_FLIGHT = 16;

export const reload: Workload = {
  id: 'reload',
  title: 'signals to workflows out of memory',
  isLong: true,
  run: async (bench) => [await reloadRow(bench)],
};

const NAME: RowName = {
  workload: 'reload',
  what: 'signals that load and replay their workflow',
  inFlight: IN_FLIGHT,
  unit: 'signals/s',
  better: 'higher',
};

function reloadRow(bench: Bench): Promise<Row> {
  const workflows = bench.size({ quick: 500, full: 5_000 });
  return bench.withTroupe(
    async ({ troupe, guard, nextId }) => {
      const { workflow } = troupe.client;
      const ids = Array.from({ length: workflows }, nextId);
      await atOnce(200, workflows, async (index) => {
        await workflow.start('receive', { workflowId: ids[index] as string, args: [1_000_000] });
      });
      return repeat(NAME, bench.repeats, async () => {
        bench.progress(`reload ${NAME.what}`);
        await untilResident(troupe, 0);
        const samples = new Samples();
        const cpu = new CpuMeter();
        const startedAt = performance.now();
        await atOnce(IN_FLIGHT, workflows, async (index) => {
          const sentAt = performance.now();
          await workflow.getHandle(ids[index] as string).signal('ping');
          guard.check();
          samples.add(performance.now() - sentAt);
        });
        const seconds = (performance.now() - startedAt) / 1_000;
        return { value: workflows / seconds, latency: samples.latency(), ...cpu.read() };
      });
    },
    { idleEvict: '1 ms' },
  );
}
