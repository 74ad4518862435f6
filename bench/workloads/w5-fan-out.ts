// W5: a hundred activities at once, all awaited.
import { executeRows } from '../lib/execute.ts';
import type { Workload } from '../lib/workload.ts';

export const fanOut: Workload = {
  id: 'W5',
  title: 'fan-out of 100 activities',
  run: (bench) =>
    executeRows(bench, { workload: 'W5', what: 'fan-out of 100 activities', unit: 'workflows/s' }, [16], {
      workflow: 'fanOut',
      args: [100],
      expected: 100,
    }),
};
