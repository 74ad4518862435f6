// Runs many workflows, then ten times as many in all, and says what this process holds after either. Runs with --expose-gc, workflow
// code on the same thread: so one collection reaches all of it.
import { Troupe } from 'troupe';
import * as activities from '../code/activities.ts';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { atOnce } from '../lib/in-batches.ts';
import { untilResident } from '../lib/resident.ts';
import { settledMemory } from '../lib/settled.ts';
import type { MemoryParts } from '../lib/settled.ts';

export interface SoakJob {
  readonly folder: string;
  readonly workflows: number;
}
export interface SoakReport {
  readonly kind: 'soak';
  readonly before: MemoryParts;
  readonly after: MemoryParts;
  readonly perSecond: number;
}

/** More than the engine remembers of runs that have ended. */
const WARM_UP = 25_000;
const IN_FLIGHT = 500;
const TIMES = 10;

const { folder, workflows } = readJob<SoakJob>();
const troupe = await Troupe.open({ path: folder, threads: 0, workflowsPath: WORKFLOWS, activities });
const guard = new DurabilityGuard(troupe);
await run('warm-up', WARM_UP, 'nothing', 'done');
await run('first', workflows, 'sequence', 1);
await untilResident(troupe, 0);
const before = await settledMemory();
const startedAt = performance.now();
const more = (TIMES - 1) * workflows;
await run('more', more, 'sequence', 1);
const perSecond = (more * 1_000) / (performance.now() - startedAt);
await untilResident(troupe, 0);
const after = await settledMemory();
tell({ kind: 'soak', before, after, perSecond } as SoakReport);
await troupe.close();
process.disconnect();

async function run(name: string, count: number, workflow: string, expected: unknown): Promise<void> {
  await atOnce(IN_FLIGHT, count, async (index) => {
    const workflowId = `${name}-${index}`;
    const result: unknown = await troupe.client.workflow.execute(workflow, { workflowId, args: [1] });
    guard.check();
    if (result !== expected) throw new Error(`${workflowId} gave ${String(result)}`);
  });
}
