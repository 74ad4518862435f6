// From the start of a process to the result of its first workflow: with a bundle that lies ready, and with files to bundle. And the
// bundling alone. The program is JavaScript, as a user's is.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from 'troupe/worker';
import type { FirstJob, FirstReport } from '../children/first.ts';
import { WORKFLOWS } from '../lib/bench.ts';
import { startProgram } from '../lib/child.ts';
import { repeat } from '../lib/measure.ts';
import type { Row, Sample } from '../lib/measure.ts';
import { withProgram } from '../lib/program.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const PROGRAM = new URL('../children/first.ts', import.meta.url);
const WORKFLOW_FILES = fileURLToPath(WORKFLOWS);

export const coldStart: Workload = {
  id: 'cold',
  title: 'process start → first result; bundling',
  run: (bench) =>
    withProgram(PROGRAM, 'esm', async (program) => [
      await firstResult(bench, program, 'with a bundle that lies ready'),
      await firstResult(bench, program, 'with files to bundle'),
      await bundling(bench),
    ]),
};

function firstResult(
  bench: Bench,
  program: string,
  how: 'with a bundle that lies ready' | 'with files to bundle',
): Promise<Row> {
  const what = `process start → first result, ${how}`;
  return repeat({ workload: 'cold', what, unit: 'ms', better: 'lower' }, bench.repeats, () =>
    bench.inFreshFolder(async (folder): Promise<Sample> => {
      bench.progress(`cold ${what}`);
      const bundle = path.join(folder, 'bundle.js');
      if (how === 'with a bundle that lies ready') {
        const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOW_FILES });
        writeFileSync(bundle, code);
      }
      const job: FirstJob = {
        folder: path.join(folder, 'store'),
        workflows: how === 'with files to bundle' ? { files: WORKFLOW_FILES } : { bundle },
      };
      const startedAt = performance.timeOrigin + performance.now();
      const child = startProgram(program, job);
      const { resultAt, loadedAt } = await child.next<FirstReport>('first');
      await child.ended();
      return {
        value: resultAt - startedAt,
        note: `of them Node and the imports: ${Math.round(loadedAt - startedAt)} ms`,
      };
    }),
  );
}

function bundling(bench: Bench): Promise<Row> {
  const what = 'bundling of the workflow files';
  return repeat({ workload: 'cold', what, unit: 'ms', better: 'lower' }, bench.repeats, async () => {
    bench.progress(`cold ${what}`);
    const startedAt = performance.now();
    const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOW_FILES });
    return { value: performance.now() - startedAt, note: `${Math.round(code.length / 1_024)} KB` };
  });
}
