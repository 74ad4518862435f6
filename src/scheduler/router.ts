// The way of every message: workflow id → shard → lane, and of every batch: lane → committer → release. Host thread.
// It never looks into what it passes on, and nothing leaves it before the batch that carries it is durable.
import { assert } from '../model/assert';
import type { Effect } from '../model/effect';
import type { Address, Namespace, RunId, WorkflowId } from '../model/ids';
import type { ActivityGrantedMessage, Message } from '../model/message';
import { SECOND_MS, type DurationMs } from '../model/time';
import { decodeBatch, encodePost } from '../wire/codec';
import type { LaneSetup } from '../wire/lane-setup';
import type {
  Batch,
  BundleEntry,
  EvictProposal,
  Handle,
  LaneStats,
  NamespaceEntry,
  Wanted,
  WorkerEntry,
} from '../wire/traffic';
import type { Clock } from './clock';
import type { Entropy } from './entropy';
import { LaneSlot } from './lane-slot';
import type { LaneDeath, LaneFactory } from './lanes/lane';
import { Residents, type StoredRuns } from './residents';
import { shardOf } from './shard-of';
import type { TaskQueues } from './task-queues';
import type { Timers } from './timers';

export interface BatchCommit {
  /** Calls back once, when the batch and everything that this lane submitted before it is durable. */
  submit(batch: { readonly lane: number; readonly ops: Batch['ops'] }, onDurable: () => void): void;
}

/** A run that has something to do by itself. */
export interface AwakeRun {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly runId: RunId;
}

export type Setting = NamespaceEntry | BundleEntry | WorkerEntry;

export interface RouterOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly lanes: LaneFactory;
  readonly laneCount: number;
  readonly shardCount: number;
  readonly laneSetup: Omit<LaneSetup, 'lane' | 'generation' | 'seed'>;
  readonly stored: StoredRuns;
  readonly commit: BatchCommit;
  readonly queues: TaskQueues;
  readonly timers: () => Timers;
  readonly release: (effects: readonly Effect[]) => void;
  /** Workflows that were awake when a lane lost its memory (or at open). */
  readonly awake: () => Iterable<AwakeRun>;
  readonly onReplaced: (lane: number, death: LaneDeath, culprit: WorkflowId | undefined) => void;
  readonly onWarning: (message: string, error?: unknown) => void;
}

/** Slots per task queue that one drain may begin activities with. */
const GRANTS_PER_POST = 256;
/** Awake workflows are loaded in chunks of this many, so that the host loop is not blocked. */
const RECOVERY_CHUNK = 500;
/** A lane that dies again and again is respawned after 1 s, 2 s, 4 s … */
const RESPAWN_INITIAL_MS = 1 * SECOND_MS;
const RESPAWN_MAX_MS = 60 * SECOND_MS;

export class Router {
  readonly #options: RouterOptions;
  readonly #slots: readonly LaneSlot[];
  readonly #residents: Residents;
  readonly #stats: (LaneStats | undefined)[] = [];
  /** What every new lane is told first. */
  readonly #setting = new Map<string, Setting>();
  #flushing = false;
  #stopped = false;
  #held = false;
  #stalledMs: DurationMs = 0;
  #idle: (() => void)[] = [];

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#residents = new Residents(options.stored);
    this.#slots = Array.from({ length: options.laneCount }, (_, index) => new LaneSlot(index));
  }

  /** Starts the lanes and loads what was awake. */
  start(): void {
    for (const slot of this.#slots) this.#spawn(slot);
    this.#recover(() => true);
  }

  route(message: Message): void {
    if (this.#stopped) return;
    const slot = this.#slotOf(message.to);
    const seq = slot.keep(message);
    if (slot.state === 'down') return;
    this.#enqueue(slot, seq, message);
    this.#flushSoon();
  }

  /** To all lanes, now and after every replacement. */
  announce(entry: Setting): void {
    const key = settingKey(entry);
    this.#setting.delete(key);
    this.#setting.set(key, entry);
    for (const slot of this.#slots) {
      if (slot.state === 'running') slot.push(entry);
    }
    this.#flushSoon();
  }

  /** Lets the lanes look for idle workflows. */
  tick(): void {
    for (const slot of this.#slots) {
      if (slot.state === 'running' && !slot.hasWork) slot.push({ kind: 'tick' });
    }
    this.#flushSoon();
  }

  /** The host's loop was blocked: passed on with the next posts. */
  stalled(stalledMs: DurationMs): void {
    this.#stalledMs += stalledMs;
  }

  /** Whose number this is. */
  workflowOf(handle: Handle): WorkflowId | undefined {
    return this.#residents.byHandle(handle)?.workflowId;
  }

  get residentWorkflows(): number {
    return this.#residents.size;
  }

  get backlog(): number {
    let backlog = 0;
    for (const slot of this.#slots) backlog += slot.backlog;
    return backlog;
  }

  get stats(): readonly (LaneStats | undefined)[] {
    return this.#stats;
  }

  /** Ends a lane whose turn does not end; it is replaced. */
  kill(lane: number, reason: string): void {
    void this.#slots[lane]?.lane?.terminate(reason);
  }

  /** The commit of these lanes' batches did not happen: all that lanes hold in memory is void. Messages are kept. */
  void(): void {
    this.#held = true;
    for (const slot of this.#slots) {
      void slot.lane?.terminate('the store is full', true);
      this.#lose(slot);
      slot.unsettled = 0;
    }
  }

  /** Space is back: begin again from what is durable. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const slot of this.#slots) this.#revive(slot, undefined);
    this.#recover(() => true);
  }

  /** Resolves when nothing is on its way: no post unanswered, no batch unsettled, no message queued. */
  whenIdle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const ends: Promise<void>[] = [];
    for (const slot of this.#slots) {
      const { lane } = slot;
      slot.down();
      if (lane !== undefined) ends.push(lane.terminate('closed', true));
    }
    await Promise.all(ends);
  }

  #slotOf(to: Address): LaneSlot {
    const shard = shardOf(to.namespace, to.workflowId, this.#options.shardCount);
    const slot = this.#slots[shard % this.#slots.length];
    assert(slot, 'a shard has no lane');
    return slot;
  }

  #enqueue(slot: LaneSlot, seq: number, message: Message): void {
    const { namespace, workflowId } = message.to;
    let resident = this.#residents.find(namespace, workflowId);
    if (!resident) {
      const admitted = this.#residents.admit(slot.index, namespace, workflowId);
      resident = admitted.resident;
      slot.push(admitted.load);
    }
    resident.lastSeq = seq;
    slot.push({ kind: 'message', handle: resident.handle, seq, message });
  }

  #flushSoon(): void {
    if (this.#flushing || this.#stopped) return;
    this.#flushing = true;
    this.#options.clock.soon(() => {
      this.#flushing = false;
      for (const slot of this.#slots) this.#flush(slot);
    });
  }

  #flush(slot: LaneSlot): void {
    if (slot.state !== 'running' || slot.busy || !slot.hasWork || this.#stopped) return;
    const grants = this.#options.queues
      .grants(GRANTS_PER_POST)
      .map((grant) => ({ kind: 'grant' as const, ...grant }));
    const post = slot.takePost(this.#options.clock.now(), this.#stalledMs, grants);
    this.#stalledMs = 0;
    slot.lane?.post(encodePost(post));
  }

  #onBatch(slot: LaneSlot, generation: number, bytes: Uint8Array): void {
    if (generation !== slot.generation || this.#stopped) return;
    const batch = decodeBatch(bytes);
    assert(batch.generation === generation, 'a batch of another generation');
    slot.answered();
    this.#stats[slot.index] = batch.stats;
    for (const unused of batch.unused)
      this.#options.queues.giveBack(unused.namespace, unused.taskQueue, unused.count);
    slot.unsettled += 1;
    this.#options.commit.submit({ lane: slot.index, ops: batch.ops }, () =>
      this.#onDurable(slot, generation, batch),
    );
    this.#flush(slot);
  }

  #onDurable(slot: LaneSlot, generation: number, batch: Batch): void {
    if (this.#stopped) return;
    slot.unsettled -= 1;
    const grants = slot.settle(batch.consumed);
    if (generation === slot.generation) {
      for (const proposal of batch.evict) this.#evict(slot, proposal, batch.seenSeq);
      for (const wanted of batch.wanted) this.#answerWanted(slot, wanted);
    }
    this.#options.release(batch.effects);
    for (const grant of grants) this.#settleGrant(grant);
    if (slot.state === 'down' && slot.unsettled === 0 && !this.#held) this.#onSettled(slot);
    this.#flushSoon();
    this.#noticeIdle();
  }

  #settleGrant({ to, scheduledEventId, attempt }: ActivityGrantedMessage): void {
    const { workflowId, runId } = to;
    if (runId === undefined) return;
    this.#options.queues.settleGrant({ execution: { workflowId, runId }, scheduledEventId, attempt });
  }

  #evict(slot: LaneSlot, proposal: EvictProposal, seenSeq: number): void {
    const resident = this.#residents.byHandle(proposal.handle);
    if (!resident || resident.lastSeq > seenSeq) return;
    this.#residents.dismiss(resident);
    if (proposal.runId !== undefined) this.#options.timers().evicted(proposal.runId);
    slot.push({ kind: 'evicted', handle: proposal.handle });
  }

  #answerWanted(slot: LaneSlot, wanted: Wanted): void {
    if (!this.#residents.byHandle(wanted.handle)) return;
    slot.push({ kind: 'history', handle: wanted.handle, run: this.#residents.storedRun(wanted.runId) });
  }

  #spawn(slot: LaneSlot): void {
    const { lanes, laneSetup, entropy } = this.#options;
    const generation = slot.generation;
    slot.state = 'running';
    slot.lane = lanes(
      { ...laneSetup, lane: slot.index, generation, seed: entropy.seed() },
      {
        onBatch: (bytes) => this.#onBatch(slot, generation, bytes),
        onDied: (death) => this.#onDied(slot, generation, death),
      },
    );
    for (const entry of this.#setting.values()) slot.push(entry);
  }

  #lose(slot: LaneSlot): void {
    for (const grant of slot.down())
      this.#options.queues.giveBack(grant.namespace, grant.taskQueue, grant.count);
    this.#stats[slot.index] = undefined;
  }

  #onDied(slot: LaneSlot, generation: number, death: LaneDeath): void {
    if (generation !== slot.generation || this.#stopped) return;
    const culprit = death.culprit === undefined ? undefined : this.#residents.byHandle(death.culprit);
    this.#lose(slot);
    this.#options.onReplaced(slot.index, death, culprit?.workflowId);
    this.#strike =
      culprit === undefined
        ? undefined
        : {
            slot,
            to: { namespace: culprit.namespace, workflowId: culprit.workflowId },
            reason: death.reason,
          };
    if (slot.unsettled === 0) this.#onSettled(slot);
  }

  #strike: { readonly slot: LaneSlot; readonly to: Address; readonly reason: string } | undefined;

  /** Batches of the lost generation are settled: what is durable is known, and the lane can begin again. */
  #onSettled(slot: LaneSlot): void {
    const strike = this.#strike?.slot === slot ? this.#strike : undefined;
    if (strike) this.#strike = undefined;
    const delay =
      slot.deathsInARow <= 1
        ? 0
        : Math.min(RESPAWN_INITIAL_MS * 2 ** (slot.deathsInARow - 2), RESPAWN_MAX_MS);
    const revive = (): void => {
      if (this.#stopped || this.#held || slot.state === 'running') return;
      this.#revive(slot, strike);
      this.#recover((lane) => lane === slot.index);
    };
    if (delay === 0) revive();
    else this.#options.clock.setTimer(delay, revive);
  }

  /** A strike goes first, right behind what its workflow had not consumed: it is recorded before that code runs again. */
  #revive(slot: LaneSlot, strike: { readonly to: Address; readonly reason: string } | undefined): void {
    this.#residents.dismissLane(slot.index);
    this.#spawn(slot);
    const again = slot.takeKept();
    const isCulprit = ({ to }: Message): boolean =>
      strike !== undefined && to.workflowId === strike.to.workflowId && to.namespace === strike.to.namespace;
    const first: Message[] = strike
      ? [...again.filter(isCulprit), { kind: 'struck', to: strike.to, reason: strike.reason }]
      : [];
    for (const message of [...first, ...again.filter((one) => !isCulprit(one))])
      this.#enqueue(slot, slot.keep(message), message);
    this.#flushSoon();
  }

  /** Loads what was awake in the chosen lanes: each actor then releases what is outstanding. */
  #recover(chosen: (lane: number) => boolean): void {
    const awake = this.#options.awake()[Symbol.iterator]();
    const chunk = (): void => {
      if (this.#stopped || this.#held) return;
      for (let loaded = 0; loaded < RECOVERY_CHUNK;) {
        const next = awake.next();
        if (next.done === true) return;
        const slot = this.#slotOf(next.value);
        if (!chosen(slot.index) || slot.state === 'down') continue;
        this.#awaken(slot, next.value);
        loaded += 1;
      }
      this.#flushSoon();
      this.#options.clock.soon(chunk);
    };
    chunk();
    this.#flushSoon();
  }

  /** A run of the past that owes something is loaded by a message to it. */
  #awaken(slot: LaneSlot, { namespace, workflowId, runId }: AwakeRun): void {
    if (this.#residents.find(namespace, workflowId) === undefined) {
      const { load } = this.#residents.admit(slot.index, namespace, workflowId);
      slot.push(load);
      if (load.current?.runId === runId) return;
    }
    this.route({ kind: 'wake', to: { namespace, workflowId, runId } });
  }

  #isIdle(): boolean {
    return this.#slots.every((slot) => !slot.busy && !slot.hasWork && slot.unsettled === 0);
  }

  #noticeIdle(): void {
    if (this.#idle.length === 0 || !this.#isIdle()) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

/** A later entry of the same key replaces an earlier one. */
function settingKey(entry: Setting): string {
  switch (entry.kind) {
    case 'namespace':
      return `namespace ${entry.namespace}`;
    case 'bundle':
      return `bundle ${entry.hash}`;
    case 'worker':
      return `worker ${entry.namespace}\u0000${entry.taskQueue}`;
  }
}
