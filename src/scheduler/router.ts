// The way of every message: workflow id → shard → lane, and of every batch: lane → committer → release. Host thread.
// It never looks into what it passes on, and nothing leaves it before the batch that carries it is durable.
import { assert } from '../model/assert';
import type { Effect } from '../model/effect';
import { workflowKey } from '../model/ids';
import type { Address, Namespace, RunId, WorkflowId } from '../model/ids';
import { DRAIN_MESSAGES_MAX } from '../model/limits';
import type { ActivityGrantedMessage, Message } from '../model/message';
import type { Refusal } from '../model/reply';
import { SECOND_MS, type DurationMs } from '../model/time';
import { decodeBatch, encodePost, isLastOfPost } from '../wire/codec';
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
import { Asking } from './asking';
import type { Clock } from './clock';
import type { Entropy } from './entropy';
import { LaneSlot, type Strike } from './lane-slot';
import type { LaneDeath, LaneFactory } from './lanes/lane';
import { beginPortion } from './portion';
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

/** Slots per task queue that one drain may begin activities with: each of its messages may want one. */
const GRANTS_PER_POST = DRAIN_MESSAGES_MAX;
/** Awake workflows are loaded in chunks of this many, so that the host loop is not blocked. */
const RECOVERY_CHUNK = 500;
/** Entries for lanes beyond which nothing is added that can wait: loads hold whole histories in memory. */
const QUEUED_MAX = 4 * DRAIN_MESSAGES_MAX;
const QUEUED_BYTES_MAX = 64 * 1_024 * 1_024;
/** A lane that dies again and again is respawned after 1 s, 2 s, 4 s … */
const RESPAWN_INITIAL_MS = 1 * SECOND_MS;
const RESPAWN_MAX_MS = 60 * SECOND_MS;
/**
 * A workflow that has cost its lane so many generations in a row, none of which came to its end even once, is left out: neither is a
 * strike recorded, nor does any other workflow of the lane go on. More than the strikes that code can earn by itself.
 */
const FATAL_DEATHS = 5;

export class Router {
  readonly #options: RouterOptions;
  readonly #slots: readonly LaneSlot[];
  readonly #residents: Residents;
  readonly #stats: (LaneStats | undefined)[] = [];
  /** What every new lane is told first. */
  readonly #setting = new Map<string, Setting>();
  /** Workflows that no lane survives, until this process ends. */
  readonly #leftOut = new Set<string>();
  readonly #asking = new Asking();
  /** Recoveries that are not complete, and those of them that wait until lanes have less to do. */
  #recovering = 0;
  #recoveries: (() => void)[] = [];
  #flushing = false;
  #stopped = false;
  #held = false;
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

  /** A message from run to run. A request that is on its way already is dropped. */
  send(message: Message): void {
    if (this.#asking.begin(message)) this.route(message);
  }

  route(message: Message): void {
    if (this.#stopped) return;
    if (this.#leftOut.size > 0 && this.#isLeftOut(message.to)) return this.#turnAway(message);
    const slot = this.#slotOf(message.to);
    if (!slot.heavy.hold(message)) this.#deliver(slot, message);
    this.#flushSoon();
  }

  /** To all lanes, now and after every replacement. A bundle is known by its hash: once is enough, and before whoever uses it. */
  announce(entry: Setting): void {
    const key = settingKey(entry);
    if (entry.kind === 'bundle' && this.#setting.has(key)) return;
    this.#setting.delete(key);
    this.#setting.set(key, entry);
    for (const slot of this.#slots) {
      if (slot.state === 'running') slot.outbox.push(entry);
    }
    this.#flushSoon();
  }

  /** Resolves when every lane has handled what was announced until now, and what came of it is durable. */
  async whenHandled(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.whenHandled()));
  }

  /** Lets the lanes look for idle workflows. */
  tick(): void {
    for (const slot of this.#slots) {
      if (slot.state === 'running' && slot.outbox.size === 0) slot.outbox.push({ kind: 'tick' });
    }
    this.#flushSoon();
  }

  /** The host's loop was blocked: passed on with the next posts. */
  stalled(stalledMs: DurationMs): void {
    for (const slot of this.#slots) slot.stalledMs += stalledMs;
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

  /** More is on its way to lanes than they will have done in a moment, or there are none. */
  get isBusy(): boolean {
    if (this.#held) return true;
    let queued = 0;
    let bytes = 0;
    for (const slot of this.#slots) {
      queued += slot.outbox.size;
      bytes += slot.outbox.bytes;
      // What waits for a lane that is down keeps no other lane from anything.
      if (slot.state === 'down') continue;
      queued += slot.heavy.size;
      bytes += slot.heavy.bytes;
    }
    return queued > QUEUED_MAX || bytes > QUEUED_BYTES_MAX;
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
    this.#options.queues.voidGrants();
    this.#goOnRecovering();
    this.#noticeIdle();
  }

  /** Space is back: begin again from what is durable. */
  resume(): void {
    if (!this.#held || this.#stopped) return;
    this.#held = false;
    for (const slot of this.#slots) this.#revive(slot);
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
    const { length } = this.#slots;
    const slot = this.#slots[length === 1 ? 0 : this.#shardOf(to) % length];
    assert(slot, 'a shard has no lane');
    return slot;
  }

  #shardOf({ namespace, workflowId }: Address): number {
    return shardOf(namespace, workflowId, this.#options.shardCount);
  }

  #deliver(slot: LaneSlot, message: Message): void {
    const seq = slot.keep(message);
    if (slot.state === 'running') this.#enqueue(slot, seq, message);
  }

  /** Behind what is small and came before, and in front of what is small and comes from now on. */
  #deliverHeavy(slot: LaneSlot): void {
    if (slot.heavy.size === 0 || slot.outbox.hasApart) return;
    slot.outbox.apart(() => {
      for (const message of slot.heavy.take()) this.#deliver(slot, message);
    });
  }

  #enqueue(slot: LaneSlot, seq: number, message: Message): void {
    const { namespace, workflowId } = message.to;
    let resident = this.#residents.find(namespace, workflowId);
    if (!resident) {
      const admitted = this.#residents.admit(slot.index, namespace, workflowId);
      resident = admitted.resident;
      slot.outbox.push(admitted.load);
    }
    resident.lastSeq = seq;
    slot.outbox.push({ kind: 'message', handle: resident.handle, seq, message });
  }

  #flushSoon(): void {
    if (this.#flushing || this.#stopped) return;
    this.#flushing = true;
    this.#options.clock.soon(() => {
      this.#flushing = false;
      for (const slot of this.#slots) this.#flush(slot);
    });
  }

  /** Reads some of the rows that the next post needs, also while the lane has something to do, and posts what is ready. */
  #flush(slot: LaneSlot): void {
    const { outbox } = slot;
    if (slot.state !== 'running' || this.#stopped) return;
    if (!slot.busy) this.#deliverHeavy(slot);
    outbox.readSome((entry) => this.#residents.read(entry), beginPortion(this.#options.clock));
    if (!slot.busy && outbox.isReady) this.#post(slot);
    if (outbox.wantsRows) this.#flushSoon();
  }

  #post(slot: LaneSlot): void {
    const grants = this.#options.queues
      .grants(GRANTS_PER_POST, this.#slots.length)
      .map((grant) => ({ kind: 'grant' as const, ...grant }));
    const post = slot.takePost(this.#options.clock.now(), grants);
    slot.lane?.post(encodePost(post));
    if (this.#recoveries.length > 0 && !this.isBusy) this.#goOnRecovering();
  }

  #onBatch(slot: LaneSlot, generation: number, bytes: Uint8Array): void {
    if (generation !== slot.generation || this.#stopped) return;
    const isLast = isLastOfPost(bytes);
    const handled = isLast ? slot.answered() : 0;
    // The lane has work while this batch is read. Many batches may come in one turn of the loop: no more than one of them reads rows.
    if (isLast) this.#flush(slot);
    else if (slot.outbox.wantsRows) this.#flushSoon();
    const batch = decodeBatch(bytes);
    assert(batch.generation === generation, 'a batch of another generation');
    this.#stats[slot.index] = batch.stats;
    for (const unused of batch.unused)
      this.#options.queues.giveBack(unused.namespace, unused.taskQueue, unused.count);
    slot.unsettled += 1;
    this.#options.commit.submit({ lane: slot.index, ops: batch.ops }, () =>
      this.#onDurable(slot, generation, batch, handled),
    );
  }

  #onDurable(slot: LaneSlot, generation: number, batch: Batch, handled: number): void {
    if (this.#stopped) return;
    slot.unsettled -= 1;
    const awaited = slot.settle(batch.consumed);
    // Before anything leaves memory: an effect may be a message to it, or its wake-up.
    this.#options.release(batch.effects);
    if (generation === slot.generation) {
      for (const proposal of batch.evict) this.#evict(slot, proposal, batch.seenSeq);
      for (const wanted of batch.wanted) this.#answerWanted(slot, wanted);
      slot.handled(handled);
    }
    for (const message of awaited) if (message.kind === 'activityGranted') this.#settleGrant(message);
    // Behind the release: the batch that takes an outcome in may be the one that has asked again, because its run was loaded for it.
    this.#asking.settle(awaited);
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
    slot.outbox.push({ kind: 'evicted', handle: proposal.handle });
  }

  #answerWanted(slot: LaneSlot, wanted: Wanted): void {
    if (!this.#residents.byHandle(wanted.handle)) return;
    slot.outbox.push({ kind: 'unreadHistory', ...wanted });
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
    for (const entry of this.#setting.values()) slot.outbox.push(entry);
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
    slot.deathsInARow += 1;
    this.#options.onReplaced(slot.index, death, culprit?.workflowId);
    if (culprit !== undefined) {
      const { namespace, workflowId } = culprit;
      slot.strike = { to: { namespace, workflowId }, reason: death.reason };
      if (slot.deathsInARow >= FATAL_DEATHS) this.#leaveOut(slot, slot.strike);
    }
    if (slot.unsettled === 0) this.#onSettled(slot);
  }

  /** Batches of the lost generation are settled: what is durable is known, and the lane can begin again. */
  #onSettled(slot: LaneSlot): void {
    const delay =
      slot.deathsInARow <= 1
        ? 0
        : Math.min(RESPAWN_INITIAL_MS * 2 ** (slot.deathsInARow - 2), RESPAWN_MAX_MS);
    const revive = (): void => {
      if (this.#stopped || this.#held || slot.state === 'running') return;
      this.#revive(slot);
      this.#recover((lane) => lane === slot.index);
    };
    if (delay === 0) revive();
    else this.#options.clock.setTimer(delay, revive);
  }

  /**
   * A strike goes first, right behind what its workflow had not consumed. Its code may run again in the same drain, and the strike be
   * lost with it: then it is among what is redelivered the next time, and from the second strike on the task backs off.
   */
  #revive(slot: LaneSlot): void {
    const { strike } = slot;
    slot.strike = undefined;
    this.#residents.dismissLane(slot.index);
    this.#spawn(slot);
    const again = slot.takeKept();
    const isCulprit = ({ to }: Message): boolean =>
      strike !== undefined && to.workflowId === strike.to.workflowId && to.namespace === strike.to.namespace;
    const first: Message[] = strike
      ? [...again.filter(isCulprit), { kind: 'struck', to: strike.to, reason: strike.reason }]
      : [];
    const others = strike ? again.filter((one) => !isCulprit(one)) : again;
    for (const message of [...first, ...others]) {
      if (this.#isLeftOut(message.to)) this.#turnAway(message);
      else this.#deliver(slot, message);
    }
    for (const message of slot.heavy.remove((to) => this.#isLeftOut(to))) this.#turnAway(message);
    this.#flushSoon();
  }

  #isLeftOut(to: Address): boolean {
    return this.#leftOut.size > 0 && this.#leftOut.has(workflowKey(to));
  }

  #leaveOut(slot: LaneSlot, { to, reason }: Strike): void {
    this.#leftOut.add(workflowKey(to));
    this.#options.onWarning(
      `Workflow '${to.workflowId}' has ended thread ${slot.index} ${slot.deathsInARow} times in a row and is left out until this process ends`,
      reason,
    );
  }

  /** What it has on disk stays as it is. */
  #turnAway(message: Message): void {
    if ('waiter' in message && message.waiter !== 0) {
      this.#options.release([
        { kind: 'answer', waiter: message.waiter, reply: { kind: 'refused', refusal: LEFT_OUT } },
      ]);
    }
    if (message.kind === 'activityGranted') this.#settleGrant(message);
  }

  /** Loads what was awake in the chosen lanes: each actor then releases what is outstanding. */
  #recover(chosen: (lane: number) => boolean): void {
    const awake = this.#options.awake()[Symbol.iterator]();
    this.#recovering += 1;
    const chunk = (): void => {
      const isComplete = this.#recoverSome(awake, chosen);
      this.#flushSoon();
      if (isComplete) {
        this.#recovering -= 1;
        this.#noticeIdle();
      } else if (this.isBusy) {
        this.#recoveries.push(chunk);
      } else {
        this.#options.clock.soon(chunk);
      }
    };
    chunk();
  }

  /** True: there are no more, or it is in vain. */
  #recoverSome(awake: Iterator<AwakeRun>, chosen: (lane: number) => boolean): boolean {
    if (this.#stopped || this.#held) return true;
    const hasTime = beginPortion(this.#options.clock);
    for (let loaded = 0; loaded < RECOVERY_CHUNK && hasTime();) {
      const next = awake.next();
      if (next.done === true) return true;
      const slot = this.#slotOf(next.value);
      if (!chosen(slot.index) || slot.state === 'down' || this.#isLeftOut(next.value)) continue;
      this.#awaken(slot, next.value);
      loaded += 1;
    }
    return false;
  }

  #goOnRecovering(): void {
    const recoveries = this.#recoveries;
    this.#recoveries = [];
    for (const recovery of recoveries) this.#options.clock.soon(recovery);
  }

  /** A run of the past that owes something is loaded by a message to it. */
  #awaken(slot: LaneSlot, { namespace, workflowId, runId }: AwakeRun): void {
    if (this.#residents.find(namespace, workflowId) === undefined) {
      const { load } = this.#residents.admit(slot.index, namespace, workflowId);
      slot.outbox.push(load);
      if (this.#options.stored.current(namespace, workflowId) === runId) return;
    }
    this.route({ kind: 'wake', to: { namespace, workflowId, runId } });
  }

  #isIdle(): boolean {
    return this.#recovering === 0 && this.#slots.every((slot) => slot.isIdle(this.#held));
  }

  #noticeIdle(): void {
    if (this.#idle.length === 0 || !this.#isIdle()) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

const LEFT_OUT: Refusal = {
  kind: 'failedPrecondition',
  message:
    'This workflow has ended the thread it runs on, again and again, before it could handle a single message. It is left out until this process ends; the log says why.',
};

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
