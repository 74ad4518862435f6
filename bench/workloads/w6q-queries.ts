// W6q: queries of suspended workflows.
import { closedLoop } from '../lib/loop.ts';
import { repeat } from '../lib/measure.ts';
import type { Row } from '../lib/measure.ts';
import type { Workload } from '../lib/workload.ts';

export const queries: Workload = {
  id: 'W6q',
  title: 'queries of suspended workflows',
  run: (bench) =>
    bench.withTroupe(async ({ troupe, guard, nextId }) => {
      const rows: Row[] = [];
      for (const inFlight of [1, 16]) {
        const handles = await Promise.all(
          Array.from({ length: inFlight }, () =>
            troupe.client.workflow.start('answer', { workflowId: nextId() }),
          ),
        );
        rows.push(
          await repeat(
            { workload: 'W6q', what: 'queries', inFlight, unit: 'queries/s', better: 'higher' },
            bench.repeats,
            async () => {
              bench.progress(`W6q queries, ${inFlight} in flight`);
              const { perSecond, latency, cores, foreign } = await closedLoop(
                inFlight,
                bench.window,
                async (index) => {
                  const answer: unknown = await handles[index % inFlight]?.query('value');
                  guard.check();
                  if (answer !== 42) throw new Error(`a query gave ${String(answer)}`);
                },
              );
              return { value: perSecond, latency, cores, foreign };
            },
          ),
        );
        await Promise.all(handles.map((handle) => handle.signal('ping')));
      }
      return rows;
    }),
};
