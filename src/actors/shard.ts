// One lane's share of all workflows: posts in, batches out. Shard thread (or the host's, with `threads: 0`).
// Awaits nothing: any await would let messages overtake each other. Nothing that exists only here was ever acknowledged.
import { assert } from '../model/assert';
import type { Effect } from '../model/effect';
import type { Namespace, RunId, TaskQueueName } from '../model/ids';
import type { DurationMs, EpochMs } from '../model/time';
import { decodePost, encodeBatch } from '../wire/codec';
import type { LaneSetup } from '../wire/lane-setup';
import type {
  BatchOp,
  EvictProposal,
  Handle,
  NamespaceEntry,
  PostEntry,
  UnusedGrant,
  Wanted,
} from '../wire/traffic';
import type { TurnMonitor } from '../wire/turn-monitor';
import { createChance, type Chance } from './chance';
import { LaneCode, type CreateRealm, type ServingWorker } from './code';
import type { DecideContext, DecidedEffect } from './history/decision';
import { Residency } from './residency';
import { WakeUps } from './wake-ups';
import { WorkflowActor, type Lane } from './workflow-actor';

export interface ShardOptions {
  readonly setup: LaneSetup;
  readonly monitor: TurnMonitor;
  readonly createRealm: CreateRealm;
}

type EntryHandlers = {
  readonly [K in PostEntry['kind']]: (entry: Extract<PostEntry, { readonly kind: K }>) => void;
};

/** A batch of more ends: the host commits it while the lane goes on. */
const BATCH_BYTES_MAX = 256 * 1_024;

const queueKey = (namespace: Namespace, taskQueue: TaskQueueName): string => `${namespace}\u0000${taskQueue}`;

export class Shard implements Lane {
  readonly epoch: number;
  ops: BatchOp[] = [];
  readonly counts = { turns: 0, replays: 0 };
  readonly #setup: LaneSetup;
  readonly #monitor: TurnMonitor;
  readonly #code: LaneCode;
  readonly #chance: Chance;
  readonly #residency: Residency;
  readonly #actors = new Map<Handle, WorkflowActor>();
  readonly #namespaces = new Map<Namespace, NamespaceEntry>();
  /** Who waits for a worker, by queue. */
  readonly #waiting = new Map<string, Set<WorkflowActor>>();
  /** Slots that this drain may still begin activities with. */
  readonly #grants = new Map<string, UnusedGrant & { count: number }>();
  /** Actors with something to do in this drain, in the order in which they were reached. */
  readonly #dirty = new Set<WorkflowActor>();
  #effects: Effect[] = [];
  readonly #wakeUps = new WakeUps();
  #consumed: number[] = [];
  #wanted: Wanted[] = [];
  #evict: EvictProposal[] = [];
  #seenSeq = 0;
  #weighed = 0;
  #opBytes = 0;
  #now: EpochMs = 0;
  /** The one that was asked for last in this drain: the next is nearly always the same. */
  #lastContext:
    | { readonly namespace: Namespace; readonly taskQueue: TaskQueueName; readonly context: DecideContext }
    | undefined;

  constructor({ setup, monitor, createRealm }: ShardOptions) {
    this.epoch = setup.epoch;
    this.#setup = setup;
    this.#monitor = monitor;
    this.#code = new LaneCode(createRealm);
    this.#chance = createChance(setup.seed);
    this.#residency = new Residency(setup);
  }

  /**
   * Batches as they are ready, each in a buffer of its own; the last one at the end, be it empty. Nothing of the next post may be handled
   * before.
   * @throws when a run broke an assertion: what this lane holds is void then. The turn monitor names the run.
   */
  *handle(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>, void> {
    const post = decodePost(bytes);
    assert(post.generation === this.#setup.generation, 'a post for another generation');
    this.#now = post.now;
    this.#lastContext = undefined;
    if (post.stalledMs > 0) this.#allowForStall(post.stalledMs);
    for (const entry of post.entries) (this.#entries[entry.kind] as (entry: PostEntry) => void)(entry);
    let settled = 0;
    for (const actor of this.#dirty) {
      if (settled === this.#setup.batchWorkflows || this.#weighOps() > BATCH_BYTES_MAX) {
        yield this.#takeBatch(false);
        settled = 0;
      }
      this.#dirty.delete(actor);
      this.#settle(actor);
      settled += 1;
    }
    this.#evictSome();
    yield this.#takeBatch(true);
  }

  readonly #entries: EntryHandlers = {
    message: ({ handle, seq, message }) => {
      const actor = this.#actors.get(handle);
      assert(actor !== undefined, 'a message for a workflow that is not here');
      this.#seenSeq = seq;
      actor.receive({ seq, message });
      this.#dirty.add(actor);
    },
    load: (entry) => {
      const namespace = this.#namespaces.get(entry.namespace);
      assert(namespace !== undefined, 'a workflow of an unknown namespace');
      this.#monitor.enter(entry.handle);
      const actor = new WorkflowActor(this, entry, namespace);
      this.#monitor.leave();
      this.#actors.set(entry.handle, actor);
      this.#dirty.add(actor);
    },
    history: ({ handle, run }) => {
      const actor = this.#actors.get(handle);
      if (actor === undefined) return;
      this.#monitor.enter(handle);
      actor.receiveRows(run);
      this.#monitor.leave();
      this.#dirty.add(actor);
    },
    evicted: ({ handle }) => {
      const actor = this.#actors.get(handle);
      if (actor === undefined) return;
      actor.dropLive();
      this.#residency.remove(actor);
      this.#actors.delete(handle);
      this.#dirty.delete(actor);
      for (const waiting of this.#waiting.values()) waiting.delete(actor);
    },
    grant: ({ namespace, taskQueue, count }) => {
      const key = queueKey(namespace, taskQueue);
      const known = this.#grants.get(key);
      if (known === undefined) this.#grants.set(key, { namespace, taskQueue, count });
      else known.count += count;
    },
    bundle: (entry) => this.#code.addBundle(entry),
    worker: (entry) => {
      this.#code.setWorker(entry);
      this.#lastContext = undefined;
      const key = queueKey(entry.namespace, entry.taskQueue);
      if (entry.bundleHash === undefined) return;
      for (const actor of this.#waiting.get(key) ?? []) this.#dirty.add(actor);
      this.#waiting.delete(key);
    },
    namespace: (entry) => void this.#namespaces.set(entry.namespace, entry),
    tick: () => undefined,
  };

  context(namespace: Namespace, taskQueue: TaskQueueName | undefined): DecideContext {
    if (taskQueue === undefined) return this.#contextOf(undefined);
    const last = this.#lastContext;
    if (last?.namespace === namespace && last.taskQueue === taskQueue) return last.context;
    const context = this.#contextOf(this.#code.worker(namespace, taskQueue));
    this.#lastContext = { namespace, taskQueue, context };
    return context;
  }

  #contextOf(worker: ServingWorker | undefined): DecideContext {
    return {
      now: this.#now,
      epoch: this.epoch,
      identity: worker?.identity ?? this.#setup.identity,
      bundleHash: worker?.code.hash,
      newRunId: this.#newRunId,
      newRequestId: this.#newRequestId,
      takeActivitySlot: this.#takeSlot,
    };
  }

  readonly #newRunId = (): RunId => this.#chance.runId(this.#now);
  readonly #newRequestId = (): string => this.#chance.requestId();

  worker(namespace: Namespace, taskQueue: TaskQueueName): ServingWorker | undefined {
    return this.#code.worker(namespace, taskQueue);
  }

  awaitWorker(actor: WorkflowActor, namespace: Namespace, taskQueue: TaskQueueName): void {
    const key = queueKey(namespace, taskQueue);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, new Set([actor]));
    else waiting.add(actor);
  }

  release(effect: DecidedEffect): void {
    if (effect.kind === 'wakeAt') this.#wakeUps.add(effect);
    else this.#effects.push(effect);
  }

  wakeUpFired(runId: RunId): void {
    this.#wakeUps.fired(runId);
  }

  consumed(seq: number): void {
    this.#consumed.push(seq);
  }

  want(handle: Handle, runId: RunId): void {
    this.#wanted.push({ handle, runId });
  }

  /** A replay is many turns: each has the limit to itself. */
  beforeActivation(handle: Handle): void {
    this.#monitor.leave();
    this.#monitor.enter(handle);
  }

  #allowForStall(stalledMs: DurationMs): void {
    for (const actor of this.#actors.values()) {
      this.#monitor.enter(actor.handle);
      if (actor.allowForStall(stalledMs)) this.#dirty.add(actor);
      this.#monitor.leave();
    }
  }

  /** Not left on a throw: the host reads from the monitor whose workflow it was. */
  #settle(actor: WorkflowActor): void {
    this.#monitor.enter(actor.handle);
    actor.settle();
    this.#monitor.leave();
    if (actor.isOver) this.#propose(actor);
    else this.#residency.used(actor, this.#now);
  }

  #evictSome(): void {
    for (const actor of this.#residency.leaving(this.#now)) {
      if (actor.isQuiescent) {
        this.#propose(actor);
      } else {
        actor.dropLive();
        this.#residency.used(actor, this.#now);
      }
    }
  }

  /** Of this drain so far. */
  #weighOps(): number {
    for (; this.#weighed < this.ops.length; this.#weighed += 1) {
      this.#opBytes += this.ops[this.#weighed]?.value?.byteLength ?? 0;
    }
    return this.#opBytes;
  }

  /** The host says when it is final: a message may be on its way. */
  #propose(actor: WorkflowActor): void {
    actor.dropLive();
    this.#residency.remove(actor);
    const runId = actor.prepareEviction();
    const { handle } = actor;
    this.#evict.push(runId === undefined ? { handle } : { handle, runId });
  }

  readonly #takeSlot = (namespace: Namespace, taskQueue: TaskQueueName): boolean => {
    const grant = this.#grants.get(queueKey(namespace, taskQueue));
    if (grant === undefined || grant.count === 0) return false;
    grant.count -= 1;
    return true;
  };

  #takeBatch(isLast: boolean): Uint8Array<ArrayBuffer> {
    const unused = isLast ? [...this.#grants.values()].filter(({ count }) => count > 0) : [];
    if (isLast) this.#grants.clear();
    this.#wakeUps.moveTo(this.#effects);
    const bytes = encodeBatch({
      generation: this.#setup.generation,
      isLast,
      seenSeq: this.#seenSeq,
      consumed: this.#consumed,
      ops: this.ops,
      effects: this.#effects,
      evict: this.#evict,
      wanted: this.#wanted,
      unused,
      stats: {
        residentWorkflows: this.#actors.size,
        liveRuns: this.#residency.live,
        residentBytes: this.#residency.bytes,
        turns: this.counts.turns,
        replays: this.counts.replays,
      },
    });
    this.ops = [];
    this.#weighed = 0;
    this.#opBytes = 0;
    this.#effects = [];
    this.#consumed = [];
    this.#wanted = [];
    this.#evict = [];
    return bytes;
  }
}
