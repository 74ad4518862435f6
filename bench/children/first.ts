// Opens an engine on a fresh store, runs one workflow with one activity, and says when its result was there.
import { Troupe } from 'troupe';
import * as activities from '../code/activities.ts';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';

export interface FirstJob {
  readonly folder: string;
  /** File of the bundle; absent: the workflow files are bundled at open. */
  readonly bundle?: string;
}
/** Moments are milliseconds of the epoch. */
export interface FirstReport {
  readonly kind: 'first';
  /** When this program's own code and its imports were loaded. */
  readonly loadedAt: number;
  readonly resultAt: number;
}

const now = (): number => performance.timeOrigin + performance.now();
const loadedAt = now();
const { folder, bundle } = readJob<FirstJob>();
const troupe = await Troupe.open({
  path: folder,
  activities,
  ...(bundle === undefined ? { workflowsPath: WORKFLOWS } : { workflowBundle: { codePath: bundle } }),
});
const result: unknown = await troupe.client.workflow.execute('sequence', { workflowId: 'first', args: [1] });
const resultAt = now();
if (result !== 1) throw new Error(`the first workflow gave ${String(result)}`);
tell({ kind: 'first', loadedAt, resultAt } as FirstReport);
await troupe.close();
process.disconnect();
