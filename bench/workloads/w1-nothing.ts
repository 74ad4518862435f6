// W1: a workflow that returns at once. The cost of a start, of a turn and of a result.
import { executeRows } from '../lib/execute.ts';
import type { Workload } from '../lib/workload.ts';

export const nothing: Workload = {
  id: 'W1',
  title: 'start → result, no activity',
  run: (bench) =>
    executeRows(bench, { workload: 'W1', what: 'no activity', unit: 'workflows/s' }, [1, 10, 100, 1_000], {
      workflow: 'nothing',
      args: [],
      expected: 'done',
    }),
};
