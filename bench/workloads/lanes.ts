// W2 on one, two and four threads for workflow code: the host's thread is one in all of them.
import { executeRows } from '../lib/execute.ts';
import type { Row } from '../lib/measure.ts';
import type { Workload } from '../lib/workload.ts';

const LANES = [1, 2, 4];

export const lanes: Workload = {
  id: 'lanes',
  title: 'one activity, on 1, 2 and 4 threads for workflow code',
  isLong: true,
  async run(bench) {
    const rows: Row[] = [];
    for (const threads of LANES) {
      const what = `one activity, ${threads} thread${threads === 1 ? '' : 's'}`;
      const name = { workload: 'lanes', what, unit: 'workflows/s' };
      const execution = { workflow: 'sequence', args: [1], expected: 1 } as const;
      rows.push(...(await executeRows(bench, name, [1_000], execution, { threads })));
    }
    return rows;
  },
};
