// Wake-ups of runs: one per run, the earliest thing that is due in it. Host thread. What is due is the fold's business.
// Runs in memory wait here; runs that were evicted wait on disk (table T) and come here a minute before they are due.
import type { Execution, Namespace, RunId } from '../model/ids';
import { MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../model/time';
import type { Clock } from './clock';
import { MomentHeap } from './heap';

export interface WakeUp {
  readonly namespace: Namespace;
  readonly execution: Execution;
}

/** Table T is read this far ahead, this often. */
export const WINDOW_MS: DurationMs = MINUTE_MS;
/** A host loop that came back this late was stalled: results that wait in it must be seen before any timeout fires. */
const STALL_MS: DurationMs = 1 * SECOND_MS;
/** Wake-ups sent in one go, so that a million due at once do not stall the host. */
const FIRE_MAX = 1_000;

export interface TimersOptions {
  readonly clock: Clock;
  readonly wake: (wakeUp: WakeUp) => void;
  /** Rows of table T that are due before `until`. */
  readonly due: (until: EpochMs) => Iterable<WakeUp & { readonly at: EpochMs }>;
  /** The host loop was blocked for so long. */
  readonly onStall: (stalledMs: DurationMs) => void;
}

export class Timers {
  readonly #options: TimersOptions;
  readonly #heap = new MomentHeap<RunId>();
  readonly #wakeUps = new Map<RunId, WakeUp>();
  #armedFor: EpochMs | undefined;
  #disarm: () => void = () => undefined;
  #stopWindow: () => void = () => undefined;
  #stopped = false;

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /** Begins to read table T. */
  start(): void {
    this.#readWindow();
  }

  get size(): number {
    return this.#heap.size;
  }

  /** Replaces the run's wake-up. */
  set(wakeUp: WakeUp, at: EpochMs | undefined): void {
    const { runId } = wakeUp.execution;
    if (at === undefined) {
      this.forget(runId);
      return;
    }
    this.#heap.set(runId, at);
    this.#wakeUps.set(runId, wakeUp);
    this.#arm();
  }

  forget(run: RunId): void {
    this.#heap.delete(run);
    this.#wakeUps.delete(run);
  }

  /** The run left memory with its wake-up on disk: nearer than the window it is kept, farther it is forgotten. */
  evicted(run: RunId): void {
    const at = this.#heap.at(run);
    if (at !== undefined && at > this.#options.clock.now() + WINDOW_MS) this.forget(run);
  }

  stop(): void {
    this.#stopped = true;
    this.#disarm();
    this.#stopWindow();
  }

  #readWindow(): void {
    if (this.#stopped) return;
    const { clock, due } = this.#options;
    // Twice the interval, so that a row which is written just after one reading is seen by the next in time.
    for (const { namespace, execution, at } of due(clock.now() + 2 * WINDOW_MS)) {
      if (this.#heap.at(execution.runId) === undefined) this.set({ namespace, execution }, at);
    }
    this.#stopWindow = clock.setTimer(WINDOW_MS, () => this.#readWindow());
  }

  #arm(): void {
    const next = this.#heap.earliest;
    if (this.#stopped || !next) return;
    if (this.#armedFor !== undefined && this.#armedFor <= next.at) return;
    this.#disarm();
    this.#armedFor = next.at;
    this.#disarm = this.#options.clock.setTimerAt(next.at, () => this.#onTimer());
  }

  #onTimer(): void {
    const { clock } = this.#options;
    const lateMs = clock.now() - (this.#armedFor ?? clock.now());
    this.#armedFor = undefined;
    if (lateMs < STALL_MS) {
      this.#fire();
      return;
    }
    this.#options.onStall(lateMs);
    clock.soon(() => clock.soon(() => this.#fire()));
  }

  #fire(): void {
    if (this.#stopped) return;
    const now = this.#options.clock.now();
    for (let fired = 0; fired < FIRE_MAX; fired += 1) {
      const next = this.#heap.earliest;
      if (!next || next.at > now) break;
      const wakeUp = this.#wakeUps.get(next.key);
      this.forget(next.key);
      if (wakeUp) this.#options.wake(wakeUp);
    }
    this.#arm();
  }
}
