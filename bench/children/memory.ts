// Starts workflows that sleep, and says what each costs in memory. Runs with --expose-gc, workflow code on the same thread:
// so one collection reaches all of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Troupe } from 'troupe';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { atOnce } from '../lib/in-batches.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { residentBytes } from '../lib/machine.ts';
import { untilResident } from '../lib/resident.ts';

export interface MemoryJob {
  readonly folder: string;
  readonly workflows: number;
  /** cached: all stay in memory, ready for their next message; suspended: all have left it. */
  readonly state: 'cached' | 'suspended';
}
export interface MemoryReport {
  readonly kind: 'memory';
  readonly bytesEach: number;
  /** Processor time while nothing happens, in cores. */
  readonly idleCores: number;
}

const WARM_UP = 500;
const IDLE_MS = 2_000;

const { folder, workflows, state } = readJob<MemoryJob>();
const troupe = await Troupe.open({
  path: folder,
  threads: 0,
  workflowsPath: WORKFLOWS,
  cacheBytes: 8 * 2 ** 30,
  idleEvict: state === 'cached' ? '1 day' : '1 ms',
});
const guard = new DurabilityGuard(troupe);
await start('warm-up', WARM_UP);
if (state === 'suspended') await untilResident(troupe, 0);
const before = await settledBytes();
await start('measured', workflows);
await untilResident(troupe, state === 'suspended' ? 0 : WARM_UP + workflows);
const after = await settledBytes();
const idle = process.cpuUsage();
await sleep(IDLE_MS);
const { user, system } = process.cpuUsage(idle);
tell({
  kind: 'memory',
  bytesEach: (after - before) / workflows,
  idleCores: (user + system) / 1_000 / IDLE_MS,
} as MemoryReport);
await troupe.close();
process.disconnect();

async function start(name: string, count: number): Promise<void> {
  await atOnce(500, count, async (index) => {
    await troupe.client.workflow.start('suspended', { workflowId: `${name}-${index}` });
    guard.check();
  });
}

/** What stays when all garbage is gone. */
async function settledBytes(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  return residentBytes();
}
