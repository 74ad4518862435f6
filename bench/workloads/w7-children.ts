// W7: a parent starts ten children and awaits them.
import { executeRows } from '../lib/execute.ts';
import type { Workload } from '../lib/workload.ts';

export const children: Workload = {
  id: 'W7',
  title: 'parents with ten children',
  run: (bench) =>
    executeRows(bench, { workload: 'W7', what: 'ten children each', unit: 'parents/s' }, [16], {
      workflow: 'parent',
      args: [10],
      expected: 10,
    }),
};
