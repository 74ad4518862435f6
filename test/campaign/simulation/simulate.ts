// One seed: clients start, signal, cancel, terminate and query while the process crashes and commits go wrong; then everything is
// healed and must come to its end. The ledger knows what was acknowledged; the invariants say what that means.
import type { WorkflowBundle } from '../../../src/bundle/index.ts';
import { createRandom } from '../kill-9/random.ts';
import type { Fault } from '../report.ts';
import { ClientLedger } from './client-ledger.ts';
import { Clients } from './clients.ts';
import { checkInvariants } from './invariants.ts';
import type { Mutant } from './mutant.ts';
import { NAMESPACE, settled, World, type WorldCounts } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly bundle: WorkflowBundle;
  /** Workflows that clients start. */
  readonly workflows: number;
  /** Steps in which things go wrong. */
  readonly steps: number;
  /** An engine that is broken on purpose. */
  readonly mutant?: Mutant;
}

export interface SimulationResult extends WorldCounts {
  readonly seed: number;
  readonly virtualMs: number;
  readonly acknowledged: number;
  readonly faults: readonly Fault[];
}

/** Steps after which a healed world that has not come to its end is stuck. */
const LIVENESS_STEPS_MAX = 40_000;
/** All timers of a program are far shorter. */
const LIVENESS_MS_MAX = 24 * 3_600_000;
/** Whoever asks is answered, or refused, within so long: queries wait for a worker, activities that were lost for their timeout. */
const ANSWER_MS_MAX = 10 * 60_000;

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, bundle, workflows, steps, mutant } = options;
  const random = createRandom(seed);
  const ledger = new ClientLedger();
  const world = new World({
    random,
    bundle,
    ledger,
    faultyCommits: random.below(2) === 0 ? 0 : 3 + random.below(40),
    lostLanes: random.below(2) === 0 ? 0 : 5 + random.below(200),
    cacheBytes: random.below(2) === 0 ? 1 : 64 * 1_024 * 1_024,
    ...(mutant !== undefined && { broken: mutant.make(createRandom(~seed)) }),
  });
  const clients = new Clients(world, random, ledger, workflows);
  const began = world.now;
  const { faults } = ledger;
  try {
    await world.boot();
    const crashOdds = 20 + random.below(400);
    for (let step = 0; step < steps && faults.length === 0; step += 1) {
      if (random.below(5) === 0) clients.act();
      if (random.below(crashOdds) === 0) await world.crash();
      await world.step();
    }
    world.heal();
    // Else whoever has asked this process must be answered by it.
    if (random.below(2) === 0) await world.crash();
    if (faults.length === 0) faults.push(...(await bringToItsEnd(world, clients)));
    if (faults.length === 0) faults.push(...(await checkInvariants(world, ledger, bundle)));
  } catch (error) {
    faults.push({ invariant: 'live', what: error instanceof Error ? String(error.stack) : String(error) });
  }
  return {
    seed,
    ...world.counts,
    virtualMs: world.now - began,
    acknowledged: clients.acknowledged,
    faults,
  };
}

/** Liveness: whoever waits for a signal stops waiting by itself, so every workflow ends; and every question is answered. */
async function bringToItsEnd(world: World, clients: Clients): Promise<Fault[]> {
  clients.repeatStarts();
  const deadline = world.now + LIVENESS_MS_MAX;
  let closedSince: number | undefined;
  for (let step = 0; step < LIVENESS_STEPS_MAX; step += 1) {
    await world.step();
    if (step % 500 !== 0) continue;
    const open = await settled(world, () =>
      world.request({
        kind: 'count',
        namespace: NAMESPACE,
        filter: { statuses: ['RUNNING'] },
      }),
    );
    if (open.count === 0 && clients.pending === 0) return [];
    if (open.count > 0) closedSince = undefined;
    else closedSince ??= world.now;
    if (closedSince !== undefined && world.now > closedSince + ANSWER_MS_MAX)
      return [{ invariant: 'live', what: `${clients.pending} requests are never answered` }];
    if (world.now > deadline)
      return [{ invariant: 'live', what: `after a day ${open.count} workflows are still open` }];
  }
  return [{ invariant: 'live', what: 'the healed world does not come to rest' }];
}
