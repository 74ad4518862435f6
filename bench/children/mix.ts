// Small workflows and such that hold much, more of both than the budget for workflows in memory has room for, spoken to in turns. Says
// what the process holds beyond what it held without them. Runs with --expose-gc, workflow code on the same thread.
import { Troupe } from 'troupe';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { atOnce } from '../lib/in-batches.ts';
import { residentBytes } from '../lib/machine.ts';
import { untilResident } from '../lib/resident.ts';
import { settledMemory } from '../lib/settled.ts';
import type { MemoryParts } from '../lib/settled.ts';

export interface MixJob {
  readonly folder: string;
  readonly cacheBytes: number;
  readonly workflows: number;
  /** One in so many is large, and is given so much to hold. */
  readonly largeEvery: number;
  readonly largeBytes: number;
}
export interface MixReport {
  readonly kind: 'mix';
  readonly before: MemoryParts;
  readonly after: MemoryParts;
  /** What the engine says its workflows weigh, at most. */
  readonly countedBytes: number;
  readonly peakBytes: number;
  readonly inMemory: number;
}

const WARM_UP = 200;
const IN_FLIGHT = 64;
const ROUNDS = 2;
const LOOK_MS = 50;

const { folder, cacheBytes, workflows, largeEvery, largeBytes } = readJob<MixJob>();
const troupe = await Troupe.open({
  path: folder,
  threads: 0,
  workflowsPath: WORKFLOWS,
  cacheBytes,
  idleEvict: '1 day',
});
const guard = new DurabilityGuard(troupe);
const { workflow } = troupe.client;
await atOnce(IN_FLIGHT, WARM_UP, (index) => workflow.execute('nothing', { workflowId: `warm-up-${index}` }));
await untilResident(troupe, 0);
const before = await settledMemory();
let countedBytes = 0;
let peakBytes = 0;
const looking = setInterval(look, LOOK_MS);
await atOnce(IN_FLIGHT, workflows, async (index) => {
  const text = 'x'.repeat(index % largeEvery === 0 ? largeBytes : 10);
  await workflow.start('hold', { workflowId: `mix-${index}`, args: [text] });
  guard.check();
});
for (let round = 0; round < ROUNDS; round += 1) {
  await atOnce(IN_FLIGHT, workflows, async (index) => {
    await workflow.getHandle(`mix-${index}`).signal('ping');
    guard.check();
  });
}
clearInterval(looking);
const after = await settledMemory();
const inMemory = troupe.stats().residentWorkflows;
tell({ kind: 'mix', before, after, countedBytes, peakBytes, inMemory } as MixReport);
await troupe.close();
process.disconnect();

function look(): void {
  const counted = troupe.stats().lanes.reduce((sum, lane) => sum + (lane?.residentBytes ?? 0), 0);
  countedBytes = Math.max(countedBytes, counted);
  peakBytes = Math.max(peakBytes, residentBytes());
}
