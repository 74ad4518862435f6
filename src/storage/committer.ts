// COMMIT: what is queued becomes one commit as soon as the last one has ended; no timer makes anybody wait. Host thread.
// A callback runs only when everything that was submitted before it by the same lane is durable. It never writes on its own
// account, and once an outcome is unknown it never calls back again.
import type { DurationMs } from '../model/time';
import { CommitAbsentError, CommitUnknownError, StoreClosedError, StoreError } from './errors';
import type { Store, Table, WriteOp } from './store';

/** A write operation as lanes send it. */
export interface SubmittedOp {
  readonly table: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

export interface Submission {
  readonly lane: number;
  /** May be empty: then nothing is written, but the callback still comes in its turn. */
  readonly ops: readonly SubmittedOp[];
}

export interface CommitterOptions {
  /** Real time, or the simulation's. */
  readonly clock: { readonly setTimer: (delayMs: DurationMs, fire: () => void) => () => void };
  /** The disk was full: nothing of what lanes had submitted is there, and none of it is called back. */
  readonly onAbsent: (error: CommitAbsentError) => void;
  /** The store is out of use. Called once, last. */
  readonly onFatal: (error: StoreError) => void;
}

const PATH = 'the store';
/**
 * A commit without an answer for so many beats has an unknown outcome. Beats, not a deadline: a host loop that stood
 * still for long has missed them as it has missed the answer.
 */
const BEATS_MAX = 10;
const BEAT_MS: DurationMs = 1_000;

interface Entry {
  /** Absent: the host's own. */
  readonly lane: number | undefined;
  readonly ops: readonly SubmittedOp[];
  readonly onDurable: () => void;
  /** Only of the host's own. */
  readonly reject: ((error: StoreError) => void) | undefined;
}

/** What one commit makes durable. */
interface Group {
  readonly entries: Entry[];
}

export class Committer {
  readonly #store: Store;
  readonly #options: CommitterOptions;
  #queue: Group = { entries: [] };
  #inFlight: Group | undefined;
  /** Rows of the host's own that met a full disk: they lead the next commit. */
  #held: Entry[] = [];
  /** Where the newest submission of a lane is that was not called back yet. */
  readonly #newest = new Map<number, Group>();
  #stopBeating: () => void = () => undefined;
  readonly #onIdle: (() => void)[] = [];
  #isStopped = false;
  #durable = 0;
  #operations = 0;

  constructor(store: Store, options: CommitterOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Commits that are durable. */
  get durable(): number {
    return this.#durable;
  }

  /** Operations in them. */
  get operations(): number {
    return this.#operations;
  }

  /** Submissions that wait for the commit in flight to end. */
  get queued(): number {
    return this.#queue.entries.length;
  }

  /** A lane's batch. Nothing to write and nothing of this lane on its way: called back at once. */
  submit({ lane, ops }: Submission, onDurable: () => void): void {
    if (this.#isStopped) return;
    const entry: Entry = { lane, ops, onDurable, reject: undefined };
    const newest = this.#newest.get(lane);
    if (ops.length > 0) {
      this.#queue.entries.push(entry);
      this.#newest.set(lane, this.#queue);
      this.#next();
    } else if (newest !== undefined) {
      newest.entries.push(entry);
    } else {
      onDurable();
    }
  }

  /** Rows of the host's own. A full disk delays them, until the next commit for which there is room. */
  submitOwn(ops: readonly WriteOp[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) return reject(new StoreClosedError(PATH));
      if (ops.length === 0) return resolve();
      this.#queue.entries.push({ lane: undefined, ops, onDurable: resolve, reject });
      this.#next();
    });
  }

  /** Resolves when nothing is on its way, or nothing ever will be. */
  whenIdle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Nothing is committed or called back any more. The commit in flight may still become durable. */
  stop(): void {
    this.#stop(new StoreClosedError(PATH));
  }

  get #isIdle(): boolean {
    return this.#isStopped || (this.#inFlight === undefined && this.#newest.size === 0 && this.queued === 0);
  }

  #next(): void {
    if (this.#inFlight !== undefined || this.#isStopped || this.queued === 0) return;
    const group = this.#queue;
    this.#queue = { entries: [] };
    this.#inFlight = group;
    if (this.#held.length > 0) group.entries.unshift(...this.#held.splice(0));
    const ops: WriteOp[] = [];
    for (const entry of group.entries) for (const op of entry.ops) ops.push(asWriteOp(op));
    this.#beat(BEATS_MAX);
    this.#store.commit(ops).then(
      () => this.#onDurable(group, ops.length),
      (error: unknown) => this.#onFailed(group, error),
    );
  }

  #beat(left: number): void {
    this.#stopBeating = this.#options.clock.setTimer(BEAT_MS, () => {
      if (left > 1) this.#beat(left - 1);
      else this.#fail(new CommitUnknownError(PATH, `no answer for ${BEATS_MAX} s`));
    });
  }

  /** The next commit is on its way before anybody is told of this one: the disk never waits for callbacks. */
  #onDurable(group: Group, operations: number): void {
    if (this.#isStopped) return;
    this.#stopBeating();
    this.#durable += 1;
    this.#operations += operations;
    this.#inFlight = undefined;
    this.#next();
    this.#callBack(group);
    this.#tellIdle();
  }

  #callBack({ entries }: Group): void {
    try {
      // Callbacks may append to these: batches without ops of lanes that are in here.
      for (const { onDurable } of entries) {
        if (this.#isStopped) return;
        onDurable();
      }
    } catch (cause) {
      this.#fail(new CommitUnknownError(PATH, 'what was durable could not be told', { cause }));
    }
    for (const { lane } of entries) this.#settle(lane, entries);
  }

  #settle(lane: number | undefined, entries: readonly Entry[]): void {
    if (lane !== undefined && this.#newest.get(lane)?.entries === entries) this.#newest.delete(lane);
  }

  #onFailed(group: Group, error: unknown): void {
    if (this.#isStopped) return;
    this.#stopBeating();
    if (error instanceof CommitAbsentError) this.#void(group, error);
    else if (error instanceof StoreError) this.#fail(error);
    else this.#fail(new CommitUnknownError(PATH, String(error), { cause: error }));
  }

  /** Lanes decide anew what they had decided; the host's own rows stay as they are. */
  #void(group: Group, error: CommitAbsentError): void {
    const { entries } = this.#queue;
    this.#held = [...group.entries, ...entries].filter(({ lane }) => lane === undefined);
    this.#queue = { entries: [] };
    this.#inFlight = undefined;
    this.#newest.clear();
    this.#options.onAbsent(error);
    this.#next();
    this.#tellIdle();
  }

  #fail(error: StoreError): void {
    if (this.#isStopped) return;
    this.#stop(error);
    this.#store.poison(error);
    this.#options.onFatal(error);
  }

  #stop(reason: StoreError): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stopBeating();
    const entries = [...this.#held, ...(this.#inFlight?.entries ?? []), ...this.#queue.entries];
    this.#held = [];
    this.#inFlight = undefined;
    this.#queue = { entries: [] };
    this.#newest.clear();
    for (const { reject } of entries) reject?.(reason);
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}

/** A letter that names no table is refused by the store before it writes anything. */
const asWriteOp = (op: SubmittedOp): WriteOp => op as SubmittedOp & { readonly table: Table };
