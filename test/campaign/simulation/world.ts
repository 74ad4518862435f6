// A whole engine in one thread under a seed: its clock, its disk, its chance and the order of what happens are ours. Crashes and
// restarts it; everything that a user could see goes through the gateway.
import { visibilityRange } from '../../../src/storage/format/keys.ts';
import { bundleWorkflows, type WorkflowBundle } from '../../../src/bundle/index.ts';
import { fileURLToPath } from 'node:url';
import type { GatewayReplies, GatewayRequest, StartRequest } from '../../../src/model/gateway.ts';
import { namespace, taskQueueName, workflowId } from '../../../src/model/ids.ts';
import type { ActivityRunner, RunningAttempt } from '../../../src/model/worker.ts';
import type { ActivityTask } from '../../../src/model/effect.ts';
import type { ActivityOutcome } from '../../../src/model/message.ts';
import type { Engine } from '../../../src/scheduler/engine.ts';
import type { Lane, LaneFactory } from '../../../src/scheduler/lanes/lane.ts';
import { VirtualClock } from '../../../src/scheduler/virtual-clock.ts';
import {
  MemoryDisk,
  MemoryStore,
  type CommitFault,
  type MemoryStoreOptions,
} from '../../../src/storage/memory/memory-store.ts';
import { resolveSettings } from '../../../src/troupe/engine-options.ts';
import { openEngine } from '../../../src/troupe/open-engine.ts';
import { isLastOfPost } from '../../../src/wire/codec.ts';
import type { Random } from '../kill-9/random.ts';
import type { ClientLedger } from './client-ledger.ts';
import type { BrokenParts } from './mutant.ts';

export const NAMESPACE = namespace('default');
export const QUEUE = taskQueueName('default');

let bundling: Promise<WorkflowBundle> | undefined;
/** The interpreter, bundled once per process. */
export function interpreterBundle(): Promise<WorkflowBundle> {
  bundling ??= bundleWorkflows({
    workflowsPath: fileURLToPath(new URL('./interpreter.workflow.ts', import.meta.url)),
  });
  return bundling;
}

export interface WorldOptions {
  readonly random: Random;
  readonly bundle: WorkflowBundle;
  /** Of one commit in so many, something goes wrong; 0: never. */
  readonly faultyCommits: number;
  /** In one step of so many, the lane dies with all that it holds; 0: never. */
  readonly lostLanes: number;
  /** Bytes of workflows in memory: small makes everything leave all the time. */
  readonly cacheBytes: number;
  /** Told of what no engine may do, as it happens. */
  readonly ledger: ClientLedger;
  readonly broken?: BrokenParts;
}

export interface WorldCounts {
  crashes: number;
  lostLanes: number;
  /** Nothing was written, and the store said so. */
  commitsAbsent: number;
  /** The store could not tell; written or not. */
  commitsUnknown: number;
  attempts: number;
  events: number;
  /** Cold, at the end. */
  historiesReplayed: number;
}

/** One life of the process: what belongs to it is dead after a crash. */
interface Life {
  readonly engine: Engine;
  readonly store: MemoryStore;
  readonly clock: VirtualClock;
  readonly queue: (() => void)[];
  alive: boolean;
}

export class World {
  readonly options: WorldOptions;
  readonly counts: WorldCounts = {
    crashes: 0,
    lostLanes: 0,
    commitsAbsent: 0,
    commitsUnknown: 0,
    attempts: 0,
    events: 0,
    historiesReplayed: 0,
  };
  /** Attempts that were dispatched, by run and scheduled event, over all lives. */
  readonly dispatches = new Map<string, number[]>();
  /** How often the process has crashed, for whoever asked an earlier one. */
  life = 0;
  #disk = MemoryDisk.empty();
  #now = Date.UTC(2025, 0, 1);
  #life: Life | undefined;
  #isHealed = false;
  #lane: Lane | undefined;

  constructor(options: WorldOptions) {
    this.options = options;
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.#isHealed = true;
  }

  get now(): number {
    return this.#life?.clock.now() ?? this.#now;
  }

  async boot(): Promise<void> {
    const { random, bundle, cacheBytes } = this.options;
    const queue: (() => void)[] = [];
    const clock = new VirtualClock({ startsAt: this.#now, soon: (run) => void queue.push(run) });
    const { openStore = (with_: MemoryStoreOptions) => new MemoryStore(with_), wrapLanes } =
      this.options.broken ?? {};
    const store = openStore({ disk: this.#disk, flush: 'manual', fault: () => this.#commitFault() });
    const settings = resolveSettings({
      store: 'memory',
      threads: 0,
      cacheBytes: 1_048_576,
      identity: 'simulated',
      logger: { warn: () => undefined, error: () => undefined },
    });
    const { engine } = await openEngine(
      { ...settings, cacheBytes, idleEvictMs: 1_000 + random.below(60_000) },
      {
        clock,
        store,
        wrapLanes: (lanes) => this.#withinReach(wrapLanes?.(lanes) ?? lanes),
        batchWorkflows: 1 + random.below(8),
        fillRandom: (bytes) => {
          for (let index = 0; index < bytes.length; index += 1) bytes[index] = random.below(256);
        },
      },
    );
    const life: Life = { engine, store, clock, queue, alive: true };
    this.#life = life;
    engine.events.on('fatal', () => undefined);
    await engine.registerWorker({
      namespace: NAMESPACE,
      taskQueue: QUEUE,
      identity: 'worker',
      bundle,
      activities: this.#activities(life),
      maxConcurrentActivities: 1 + random.below(20),
      onSinkCalls: () => undefined,
    });
  }

  /** The process is gone in an instant: of its work only what the disk holds remains. */
  async crash(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#now = life.clock.now();
    life.alive = false;
    this.#disk = life.store.crash();
    this.#life = undefined;
    this.counts.crashes += 1;
    this.life += 1;
    await this.boot();
  }

  /** Rows by table, once nothing is on its way. */
  async rowsAtRest(): Promise<Readonly<Record<'activities' | 'awake' | 'owing' | 'wake', number>>> {
    await settled(this, () => this.#alive().engine.whenIdle());
    const { store } = this.#alive();
    return {
      activities: store.count('A'),
      awake: store.count('V', visibilityRange(1, 'awake')),
      owing: store.count('W'),
      wake: store.count('T'),
    };
  }

  #alive(): Life {
    if (this.#life === undefined) throw new Error('no process is alive');
    return this.#life;
  }

  request<R extends GatewayRequest>(request: R): Promise<GatewayReplies[R['kind']]> {
    const life = this.#life;
    if (life === undefined) return new Promise(() => undefined);
    return life.engine.request(request);
  }

  /** One thing happens: work that is ready, a commit that ends, or, when there is neither, the next moment. */
  async step(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    const { random } = this.options;
    if (life.store.space.state === 'low' && random.below(20) === 0) life.store.space.set('ok');
    if (this.#isLaneToBeLost()) await this.#loseLane();
    const canFlush = life.store.hasPending;
    if (life.queue.length > 0 && !(canFlush && random.below(3) === 0)) life.queue.shift()?.();
    else if (canFlush) life.store.flushNext();
    else life.clock.fireNext();
    await macrotask();
    // A store that failed ends its process.
    if (life.alive && life.store.failure !== undefined) await this.crash();
  }

  /** A lane can be lost at any moment, also between two batches of one post. */
  #withinReach(lanes: LaneFactory): LaneFactory {
    return (setup, events) => {
      const onBatch = (batch: Uint8Array): void => {
        events.onBatch(batch);
        if (!isLastOfPost(batch) && this.#isLaneToBeLost()) void this.#loseLane();
      };
      this.#lane = lanes(setup, { ...events, onBatch });
      return this.#lane;
    };
  }

  #isLaneToBeLost(): boolean {
    const { random, lostLanes } = this.options;
    return lostLanes > 0 && !this.#isHealed && random.below(lostLanes) === 0;
  }

  async #loseLane(): Promise<void> {
    this.counts.lostLanes += 1;
    await this.#lane?.terminate('simulated');
  }

  #commitFault(): CommitFault | undefined {
    const { random, faultyCommits } = this.options;
    if (this.#isHealed || faultyCommits === 0 || random.below(faultyCommits) !== 0) return undefined;
    switch (random.below(4)) {
      case 0:
        this.counts.commitsUnknown += 1;
        return { kind: 'unknown' };
      case 1:
        this.counts.commitsUnknown += 1;
        return { kind: 'executeAndError' };
      case 2:
        return { kind: 'delay', flushes: 1 + random.below(5) };
      default:
        this.counts.commitsAbsent += 1;
        return { kind: 'absent' };
    }
  }

  #activities(life: Life): ActivityRunner {
    return {
      fingerprint: 'simulated',
      run: (task) => this.#attempt(life, task),
    };
  }

  /** Takes some virtual time, and fails as often as its arguments say. */
  #attempt(life: Life, task: ActivityTask): RunningAttempt {
    this.counts.attempts += 1;
    this.#noteDispatch(task);
    const [value, failures] = task.input.map((text) => JSON.parse(text as string) as number);
    let end: (outcome: ActivityOutcome) => void = () => undefined;
    const outcome = new Promise<ActivityOutcome>((resolve) => (end = resolve));
    life.clock.setTimer(this.options.random.below(2_000), () => {
      if (!life.alive) return;
      if (task.attempt <= (failures ?? 0)) {
        end({
          kind: 'failed',
          failure: { message: `attempt ${task.attempt}`, info: { kind: 'application', nonRetryable: false } },
        });
      } else {
        end({ kind: 'completed', result: JSON.stringify(value) });
      }
    });
    return { outcome, cancel: () => end({ kind: 'canceled' }) };
  }

  /** I11: no attempt twice, whatever crashed in between. I20: none of a run that is known to be terminated. */
  #noteDispatch({
    execution: { workflowId: id, runId },
    scheduledEventId,
    attempt,
    startedAt,
  }: ActivityTask): void {
    const { ledger } = this.options;
    const key = `${runId}/${scheduledEventId}`;
    const before = this.dispatches.get(key) ?? [];
    if (before.some((earlier) => earlier >= attempt))
      ledger.say('I11', `attempt ${attempt} of ${key} was dispatched after ${before.join(', ')}`);
    this.dispatches.set(key, [...before, attempt]);
    if (ledger.terminated.has(id)) ledger.say('I20', `${key} was dispatched after ${id} was terminated`);
    if (startedAt > this.now) ledger.say('I16', `attempt ${attempt} of ${key} begins in the future`);
  }
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const idOf = (text: string): ReturnType<typeof workflowId> => workflowId(text);

/**
 * Steps until the answer is there. A process that crashes meanwhile never answers, and one may crash in a healed world too: by a commit
 * that was on its way before. Its successor is asked again.
 */
export async function settled<T>(world: World, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const { life } = world;
    const answer = ask();
    if (await isAnswered(world, answer, life)) return answer;
  }
}

/** False: the process that was asked is gone. */
async function isAnswered(world: World, answer: Promise<unknown>, life: number): Promise<boolean> {
  let done = false;
  const mark = (): void => void (done = true);
  answer.then(mark, mark);
  for (let step = 0; !done; step += 1) {
    if (world.life !== life) return false;
    if (step > 10_000) throw new Error('a request is not answered');
    await world.step();
  }
  return true;
}

/** Starts the interpreter; `program` as JSON. */
export const startRequest = (id: string, program: string): StartRequest => ({
  kind: 'start',
  namespace: NAMESPACE,
  workflowId: idOf(id),
  requestId: `start-${id}`,
  identity: 'client',
  reusePolicy: 'REJECT_DUPLICATE',
  conflictPolicy: 'FAIL',
  options: {
    workflowType: 'interpret',
    taskQueue: QUEUE,
    input: [program, '[]'],
    header: {},
    taskTimeoutMs: 10_000,
  },
});
