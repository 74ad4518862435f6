// One seed: clients start, signal, cancel, terminate and query while the process crashes and commits go wrong; then everything is
// healed and must come to its end. The ledger knows what was acknowledged; the invariants say what that means.
import type { RunId } from '../../../src/model/ids.ts';
import { RequestRefused } from '../../../src/model/gateway.ts';
import { createRandom, type Random } from '../kill-9/random.ts';
import type { Fault } from '../report.ts';
import { checkInvariants, fault, type ClientLedger } from './invariants.ts';
import { randomProgram } from './random-program.ts';
import { idOf, NAMESPACE, QUEUE, settled, World, type WorldCounts } from './world.ts';
import type { WorkflowBundle } from '../../../src/bundle/index.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly bundle: WorkflowBundle;
  /** Workflows that clients start. */
  readonly workflows: number;
  /** Steps in which things go wrong. */
  readonly steps: number;
}

export interface SimulationResult extends WorldCounts {
  readonly seed: number;
  readonly virtualMs: number;
  readonly acknowledged: number;
  readonly faults: readonly Fault[];
}

/** Steps after which a healed world that has not come to its end is stuck. */
const LIVENESS_STEPS_MAX = 200_000;
/** All timers of a program are far shorter. */
const LIVENESS_MS_MAX = 24 * 3_600_000;

export async function simulate({
  seed,
  bundle,
  workflows,
  steps,
}: SimulationOptions): Promise<SimulationResult> {
  const random = createRandom(seed);
  const world = new World({
    random,
    bundle,
    faultyCommits: random.below(2) === 0 ? 0 : 20 + random.below(200),
    lostLanes: random.below(2) === 0 ? 0 : 5 + random.below(200),
    cacheBytes: random.below(2) === 0 ? 1 : 64 * 1_024 * 1_024,
  });
  const ledger: ClientLedger = { starts: new Map(), signals: [], terminated: new Set(), results: new Map() };
  const clients = new Clients(world, random, ledger, workflows);
  const began = world.now;
  await world.boot();
  const crashOdds = 20 + random.below(400);
  for (let step = 0; step < steps; step += 1) {
    if (random.below(5) === 0) clients.act();
    if (random.below(crashOdds) === 0) await world.crash();
    await world.step();
  }
  world.heal();
  await world.crash();
  const faults = await bringToItsEnd(world, clients);
  if (faults.length === 0) faults.push(...(await checkInvariants(world, ledger, bundle)));
  return {
    seed,
    ...world.counts,
    virtualMs: world.now - began,
    acknowledged: clients.acknowledged,
    faults,
  };
}

/** Liveness: whoever waits for a signal stops waiting by itself, so every workflow ends. */
async function bringToItsEnd(world: World, clients: Clients): Promise<Fault[]> {
  clients.repeatStarts();
  const deadline = world.now + LIVENESS_MS_MAX;
  for (let step = 0; step < LIVENESS_STEPS_MAX; step += 1) {
    await world.step();
    if (step % 500 !== 0) continue;
    const open = await settled(
      world,
      world.request({
        kind: 'count',
        namespace: NAMESPACE,
        filter: { statuses: ['RUNNING'] },
      }),
    );
    if (open.count === 0 && clients.pending === 0) return [];
    if (world.now > deadline) return [fault('live', `after a day ${open.count} workflows are still open`)];
  }
  return [fault('live', 'the healed world does not come to rest')];
}

class Clients {
  acknowledged = 0;
  /** Starts that are not acknowledged. */
  pending = 0;
  #next = 0;
  readonly #programs: readonly string[];

  constructor(
    readonly world: World,
    readonly random: Random,
    readonly ledger: ClientLedger,
    readonly count: number,
  ) {
    const ids = Array.from({ length: count }, (_, index) => `w${index}`);
    this.#programs = ids.map((id) => JSON.stringify(randomProgram(random, id, [...ids, 'nobody'])));
  }

  act(): void {
    const { random, count } = this;
    const choice = random.below(12);
    if (this.#next < count && choice < 5) return this.#start(this.#next++);
    if (this.#next === 0) return;
    const index = random.below(this.#next);
    if (choice < 9) return this.#signal(index);
    if (choice === 9) return this.#start(index);
    if (choice === 10 && random.below(4) === 0) return this.#terminate(index);
    if (choice === 11 && random.below(4) === 0) return this.#cancel(index);
    this.#query(index);
  }

  /** Clients that had no answer ask again, with the request id they had. */
  repeatStarts(): void {
    // Whoever asked an earlier life will never be answered.
    this.pending = 0;
    for (let index = 0; index < this.#next; index += 1) this.#start(index);
  }

  #start(index: number): void {
    const id = `w${index}`;
    const requestId = `start-${id}`;
    this.pending += 1;
    this.#ask(
      this.world.request({
        kind: 'start',
        namespace: NAMESPACE,
        workflowId: idOf(id),
        requestId,
        identity: 'client',
        reusePolicy: 'REJECT_DUPLICATE',
        conflictPolicy: 'FAIL',
        options: {
          workflowType: 'interpret',
          taskQueue: QUEUE,
          input: [this.#programs[index] as string, '[]'],
          header: {},
          taskTimeoutMs: 10_000,
        },
      }),
      ({ runId }) => {
        const known = this.ledger.starts.get(id);
        if (known !== undefined && known !== runId) this.ledger.starts.set(id, 'two runs' as RunId);
        else this.ledger.starts.set(id, runId);
      },
      () => (this.pending -= 1),
    );
  }

  #signal(index: number): void {
    const value = this.ledger.signals.length;
    const signal = { workflowId: `w${index}`, value, acked: false };
    this.ledger.signals.push(signal);
    this.#ask(
      this.world.request({
        kind: 'signal',
        to: { namespace: NAMESPACE, workflowId: idOf(`w${index}`) },
        signalName: 'poke',
        input: [String(value)],
        header: {},
        requestId: `signal-${value}`,
        identity: 'client',
      }),
      () => void (signal.acked = true),
    );
  }

  #terminate(index: number): void {
    this.#ask(
      this.world.request({
        kind: 'terminate',
        to: { namespace: NAMESPACE, workflowId: idOf(`w${index}`) },
        identity: 'client',
      }),
      () => void this.ledger.terminated.add(`w${index}`),
    );
  }

  #cancel(index: number): void {
    this.#ask(
      this.world.request({
        kind: 'cancel',
        to: { namespace: NAMESPACE, workflowId: idOf(`w${index}`) },
        requestId: `cancel-${index}`,
        identity: 'client',
      }),
      () => undefined,
    );
  }

  #query(index: number): void {
    this.#ask(
      this.world.request({
        kind: 'query',
        to: { namespace: NAMESPACE, workflowId: idOf(`w${index}`) },
        queryType: 'seen',
        input: [],
        header: {},
        rejectCondition: 'NONE',
      }),
      () => undefined,
    );
  }

  /** Refusals are answers too; a crash leaves the question open. */
  #ask<T>(answer: Promise<T>, acked: (reply: T) => void, ended: () => void = () => undefined): void {
    answer.then(
      (reply) => {
        this.acknowledged += 1;
        acked(reply);
        ended();
      },
      (error: unknown) => {
        if (error instanceof RequestRefused) this.acknowledged += 1;
        ended();
      },
    );
  }
}
