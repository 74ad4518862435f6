// W3: ten trivial activities, one after the other.
import { executeRows } from '../lib/execute.ts';
import type { Workload } from '../lib/workload.ts';

export const tenActivities: Workload = {
  id: 'W3',
  title: 'start → result, ten activities in sequence',
  run: (bench) =>
    executeRows(bench, { workload: 'W3', what: 'ten activities', unit: 'workflows/s' }, [1, 10, 100, 1_000], {
      workflow: 'sequence',
      args: [10],
      expected: 10,
    }),
};
