// Starts workflows, brings them into the state that is asked for, and says what each costs in memory, and where. Runs with
// --expose-gc. With workflow code on the same thread one collection reaches all of it; with a thread of its own, only the host's part.
import { setTimeout as sleep } from 'node:timers/promises';
import { Troupe } from 'troupe';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { atOnce } from '../lib/in-batches.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { untilResident } from '../lib/resident.ts';
import { settledMemory } from '../lib/settled.ts';
import type { MemoryParts } from '../lib/settled.ts';

export interface MemoryJob {
  readonly folder: string;
  readonly workflows: number;
  /** cached: all stay in memory, ready for their next message; suspended: all have left it; closed: all have ended. */
  readonly state: 'cached' | 'suspended' | 'closed';
  /** 1: of the heap only the host's part is told. */
  readonly threads: 0 | 1;
  /** For so long it is watched while nothing happens. */
  readonly idleMs: number;
}
export interface MemoryReport {
  readonly kind: 'memory';
  readonly each: MemoryParts;
  /** Of the whole process, at the end. */
  readonly residentBytes: number;
  /** Processor time while nothing happens, in cores. */
  readonly idleCores: number;
  /** Of a signal to one of them, until it is durable; closed ones get none. */
  readonly signalMs: number | undefined;
}

/** More than the engine remembers of runs that have ended: that must not count as theirs. */
const WARM_UP = { cached: 500, suspended: 500, closed: 25_000 };
const SIGNALS = 50;

const { folder, workflows, state, threads, idleMs } = readJob<MemoryJob>();
const troupe = await Troupe.open({
  path: folder,
  threads,
  workflowsPath: WORKFLOWS,
  cacheBytes: 64 * 2 ** 30,
  idleEvict: state === 'cached' ? '1 day' : '1 ms',
});
const guard = new DurabilityGuard(troupe);
const warmUp = WARM_UP[state];
await start('warm-up', warmUp);
await untilResident(troupe, state === 'cached' ? warmUp : 0);
const before = await settledMemory();
await start('measured', workflows);
await untilResident(troupe, state === 'cached' ? warmUp + workflows : 0);
const after = await settledMemory();
const idle = process.cpuUsage();
await sleep(idleMs);
const { user, system } = process.cpuUsage(idle);
tell({
  kind: 'memory',
  each: {
    resident: (after.resident - before.resident) / workflows,
    heap: (after.heap - before.heap) / workflows,
    external: (after.external - before.external) / workflows,
    pageCache: (after.pageCache - before.pageCache) / workflows,
  },
  residentBytes: after.resident,
  idleCores: (user + system) / 1_000 / idleMs,
  signalMs: state === 'closed' ? undefined : await signalSome(),
} as MemoryReport);
await troupe.close();
process.disconnect();

async function start(name: string, count: number): Promise<void> {
  const workflow = state === 'closed' ? 'nothing' : 'suspended';
  await atOnce(500, count, async (index) => {
    const handle = await troupe.client.workflow.start(workflow, { workflowId: `${name}-${index}` });
    if (state === 'closed') await handle.result();
    guard.check();
  });
}

/** One after the other, to some of them. */
async function signalSome(): Promise<number> {
  const startedAt = performance.now();
  for (let sent = 0; sent < SIGNALS; sent += 1) {
    const index = Math.floor((sent * workflows) / SIGNALS);
    await troupe.client.workflow.getHandle(`measured-${index}`).signal('ping');
    guard.check();
  }
  return (performance.now() - startedAt) / SIGNALS;
}
