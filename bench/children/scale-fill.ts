// Fills a store with as many runs as are missing: most have ended, some sleep, out of memory. A store that was filled before is used
// again; one whose fill was interrupted is filled up.
import { randomUUID } from 'node:crypto';
import { Troupe } from 'troupe';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { atOnce } from '../lib/in-batches.ts';
import { writtenBytes } from '../lib/machine.ts';
import { untilResident } from '../lib/resident.ts';

export interface FillJob {
  readonly folder: string;
  readonly threads?: number;
  readonly closed: number;
  readonly sleeping: number;
  /** The oldest runs of all. */
  readonly rare: RareRuns;
}
/** Runs of a type of their own. */
export interface RareRuns {
  readonly type: string;
  readonly args: readonly unknown[];
  readonly runs: number;
}
/** Told now and then. */
export interface FillProgress {
  readonly kind: 'filling';
  readonly stored: number;
  readonly perSecond: number;
}
export interface FillReport {
  readonly kind: 'filled';
  /** Runs that were missing. */
  readonly made: number;
  readonly seconds: number;
  /** By the disk meanwhile, where the system tells. */
  readonly writtenBytes: number | undefined;
}

const IN_FLIGHT = 1_000;
const PORTION = 100_000;

const { folder, threads, closed, sleeping, rare } = readJob<FillJob>();
const troupe = await Troupe.open({
  path: folder,
  ...(threads !== undefined && { threads }),
  workflowsPath: WORKFLOWS,
  idleEvict: '500 ms',
});
const guard = new DurabilityGuard(troupe);
const { workflow } = troupe.client;
const written = writtenBytes(folder);
const startedAt = performance.now();
const hadClosed = (await workflow.count("ExecutionStatus != 'Running'")).count;
const hadOpen = (await workflow.count("ExecutionStatus = 'Running'")).count;
if (hadClosed === 0) await atOnce(rare.runs, rare.runs, () => run(rare.type, ...rare.args));
await atOnce(IN_FLIGHT, Math.max(0, sleeping - hadOpen), () => run('suspended'));
for (let stored = Math.max(hadClosed, rare.runs); stored < closed; stored += PORTION) {
  const portion = Math.min(PORTION, closed - stored);
  const begunAt = performance.now();
  await atOnce(IN_FLIGHT, portion, () => run('nothing'));
  const perSecond = (portion * 1_000) / (performance.now() - begunAt);
  tell({ kind: 'filling', stored: stored + portion, perSecond } as FillProgress);
}
await untilResident(troupe, 0);
const seconds = (performance.now() - startedAt) / 1_000;
await troupe.close();
const writtenAfter = writtenBytes(folder);
tell({
  kind: 'filled',
  made: Math.max(0, closed - hadClosed) + Math.max(0, sleeping - hadOpen),
  seconds,
  writtenBytes: written === undefined || writtenAfter === undefined ? undefined : writtenAfter - written,
} as FillReport);
process.disconnect();

async function run(type: string, ...args: unknown[]): Promise<void> {
  const handle = await workflow.start(type, { workflowId: randomUUID(), args });
  guard.check();
  if (type !== 'suspended') await handle.result();
}
