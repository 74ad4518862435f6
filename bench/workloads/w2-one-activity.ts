// W2: one trivial activity, awaited.
import { executeRows } from '../lib/execute.ts';
import type { Workload } from '../lib/workload.ts';

export const oneActivity: Workload = {
  id: 'W2',
  title: 'start → result, one activity',
  run: (bench) =>
    executeRows(bench, { workload: 'W2', what: 'one activity', unit: 'workflows/s' }, [1, 10, 100, 1_000], {
      workflow: 'sequence',
      args: [1],
      expected: 1,
    }),
};
