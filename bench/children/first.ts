// Opens an engine on a fresh store, runs one workflow with one activity, and says when its result was there.
import { Troupe } from 'troupe';
import * as activities from '../code/activities.ts';
import { readJob, tell } from '../lib/child.ts';

export interface FirstJob {
  readonly folder: string;
  /** A bundle that lies ready, or files that are bundled at open. */
  readonly workflows: { readonly bundle: string } | { readonly files: string };
}
/** Moments are milliseconds of the epoch. */
export interface FirstReport {
  readonly kind: 'first';
  /** When Node had started, and this program's imports were loaded. */
  readonly loadedAt: number;
  readonly resultAt: number;
}

const now = (): number => performance.timeOrigin + performance.now();
const loadedAt = now();
const { folder, workflows } = readJob<FirstJob>();
const troupe = await Troupe.open({
  path: folder,
  activities,
  ...('bundle' in workflows
    ? { workflowBundle: { codePath: workflows.bundle } }
    : { workflowsPath: workflows.files }),
});
const result: unknown = await troupe.client.workflow.execute('sequence', { workflowId: 'first', args: [1] });
const resultAt = now();
if (result !== 1) throw new Error(`the first workflow gave ${String(result)}`);
tell({ kind: 'first', loadedAt, resultAt } as FirstReport);
await troupe.close();
process.disconnect();
