// Workflows with one activity, and which thread of the process spends how much on each. CommonJS, so that nothing but V8's own helpers has
// begun when the first line runs.
// First: see FIRST_THREADS.
import { FIRST_THREADS, threadTimes } from '../lib/threads.ts';
import { Troupe } from 'troupe';
import * as activities from '../code/activities.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { closedLoop, type Window } from '../lib/loop.ts';
import { CpuMeter } from '../lib/machine.ts';
import { BENCH_OPTIONS } from '../lib/workload.ts';

export interface BudgetJob {
  readonly folder: string;
  readonly workflowFiles: string;
  readonly inFlight: number;
  readonly window: Window;
}
/** Microseconds of processor time for each workflow. */
export interface Budget {
  /** API, routing, commits as far as they are JavaScript, activities, callers. */
  readonly host: number;
  /** Deciding, workflow code, encoding. */
  readonly lane: number;
  /** LMDB's writing, on libuv's threads. */
  readonly disk: number;
  /** Collection and compilation for all of them. */
  readonly helpers: number;
}
export interface BudgetReport extends Budget {
  readonly kind: 'budget';
  readonly perSecond: number;
  readonly foreign: number;
}

async function main(): Promise<void> {
  const { folder, workflowFiles, inFlight, window } = readJob<BudgetJob>();
  const options = { ...BENCH_OPTIONS, path: folder, threads: 1, workflowsPath: workflowFiles, activities };
  const troupe = await Troupe.open(options);
  const guard = new DurabilityGuard(troupe);
  let calls = 0;
  const execute = async (): Promise<void> => {
    const workflowId = `${process.pid}-${(calls += 1)}`;
    const result: unknown = await troupe.client.workflow.execute('sequence', { workflowId, args: [1] });
    guard.check();
    if (result !== 1) throw new Error(`a workflow gave ${String(result)}`);
  };
  await closedLoop(inFlight, { warmUpMs: window.warmUpMs, windowMs: window.warmUpMs }, execute);
  const before = threadTimes();
  const cpu = new CpuMeter();
  const { completed, perSecond } = await closedLoop(inFlight, { ...window, warmUpMs: 0 }, execute);
  const { foreign } = cpu.read();
  const used = [...threadTimes()].map(([id, us]): [number, number] => [
    id,
    (us - (before.get(id) ?? 0)) / completed,
  ]);
  const host = sum(used.filter(([id]) => id === process.pid));
  const others = used
    .filter(([id]) => id !== process.pid && !FIRST_THREADS.has(id))
    .sort((a, b) => b[1] - a[1]);
  tell({
    kind: 'budget',
    host,
    // There is one, and it does more than all of libuv's.
    lane: sum(others.slice(0, 1)),
    disk: sum(others.slice(1)),
    helpers: sum(used.filter(([id]) => id !== process.pid && FIRST_THREADS.has(id))),
    perSecond,
    foreign,
  } as BudgetReport);
  await troupe.close();
  process.disconnect();
}

const sum = (used: readonly (readonly [number, number])[]): number =>
  used.reduce((total, [, us]) => total + us, 0);

void main();
