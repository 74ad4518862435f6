// Runs workflows of named steps, each of which leaves a line in a file; or opens what an earlier, killed process left.
import { closeSync, openSync, writeSync } from 'node:fs';
import { Troupe } from 'troupe';
import { WorkflowExecutionAlreadyStartedError } from 'troupe/client';
import * as activities from '../code/activities.ts';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { atOnce } from '../lib/in-batches.ts';
import { BENCH_OPTIONS } from '../lib/workload.ts';

export interface StepsJob {
  readonly folder: string;
  /** Gets the line `<workflow> <step>` for each execution. */
  readonly log: string;
  readonly workflows: number;
  readonly steps: number;
  /** False: they are there already. */
  readonly start: boolean;
  /** At this execution the process says `reached`. */
  readonly tellAt?: number;
  /** No execution ever ends; or none ends before every workflow has one. */
  readonly hang?: 'forever' | 'until all run';
}
export interface StepsReport {
  readonly kind: 'done';
  /** From before the store was opened. */
  readonly openMs: number;
  /** Until every workflow had a step executed again. */
  readonly recoveredMs: number;
  readonly doneMs: number;
}

const { folder, log, workflows, steps, start, tellAt, hang } = readJob<StepsJob>();
const file = openSync(log, 'a');
const startedAt = performance.now();
const since = (): number => performance.now() - startedAt;
const seen = new Set<string>();
let executed = 0;
let recoveredMs = 0;
let whenAllRun = (): void => undefined;
const allRun = new Promise<void>((resolve) => (whenAllRun = resolve));
activities.hookSteps(async (name, index) => {
  writeSync(file, `${name} ${index}\n`);
  executed += 1;
  if (executed === tellAt) tell({ kind: 'reached' });
  if (hang === 'forever') await new Promise<never>(() => undefined);
  seen.add(name);
  if (seen.size === workflows && recoveredMs === 0) {
    recoveredMs = since();
    whenAllRun();
  }
  if (hang === 'until all run') await allRun;
});

const troupe = await Troupe.open({
  ...BENCH_OPTIONS,
  maxConcurrentActivityTaskExecutions: Math.max(workflows, BENCH_OPTIONS.maxConcurrentActivityTaskExecutions),
  path: folder,
  workflowsPath: WORKFLOWS,
  activities,
});
const guard = new DurabilityGuard(troupe);
const openMs = since();
const { workflow } = troupe.client;
if (start) {
  await atOnce(500, workflows, startOrFind);
  tell({ kind: 'started' });
}
await atOnce(workflows, workflows, async (index) => {
  const result: unknown = await workflow.getHandle(idOf(index)).result();
  guard.check();
  if (result !== steps) throw new Error(`${idOf(index)} gave ${String(result)}, not ${steps}`);
});
tell({ kind: 'done', openMs, recoveredMs, doneMs: since() } as StepsReport);
await troupe.close();
closeSync(file);
process.disconnect();

async function startOrFind(index: number): Promise<void> {
  const workflowId = idOf(index);
  try {
    await workflow.start('namedSequence', {
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [workflowId, steps],
    });
    guard.check();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function idOf(index: number): string {
  return `w-${index}`;
}
