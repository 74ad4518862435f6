// Replay: a history read through workflow code, event after event, on one core. What an evicted workflow costs at its next message,
// and a determinism check of a whole deployment.
import { Worker } from 'troupe/worker';
import { WORKFLOWS } from '../lib/bench.ts';
import { fileURLToPath } from 'node:url';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

export const replay: Workload = {
  id: 'replay',
  title: 'replay of histories',
  run: async (bench) => [await replayRow(bench, 10), await replayRow(bench, 1_000)],
};

/** Of so many activities in sequence: six events each. */
function replayRow(bench: Bench, steps: number): Promise<Row> {
  const histories = Math.ceil(bench.size({ quick: 2_000, full: 20_000 }) / steps);
  const what = `replay of histories of ${steps.toLocaleString('en-US')} activities`;
  return bench.withTroupe(async ({ troupe, nextId }) => {
    bench.progress(`replay ${what}`);
    const workflowId = nextId();
    await troupe.client.workflow.execute('sequence', { workflowId, args: [steps] });
    const history = await troupe.client.workflow.getHandle(workflowId).fetchHistory();
    const events = history.events?.length ?? 0;
    const all = Array.from({ length: histories }, () => ({ workflowId, history }));
    const run = async (): Promise<number> => {
      const startedAt = performance.now();
      const results = Worker.runReplayHistories({ workflowsPath: fileURLToPath(WORKFLOWS) }, all);
      let first = 0;
      for await (const { error } of results) {
        if (error) throw error;
        // The bundle is made before the first result.
        if (first === 0) first = performance.now();
      }
      return histories > 1 ? performance.now() - first : performance.now() - startedAt;
    };
    const name = { workload: 'replay', what, unit: 'events/s', better: 'higher' } as const;
    return repeat(name, bench.repeats, async () => ({
      value: ((histories - 1) * events * 1_000) / (await run()),
      note: `${events} events each, from protobuf JSON`,
    }));
  });
}
