// Wake-ups of runs: one per run, the earliest thing that is due in it. Host thread. What is due is the fold's business.
// Runs in memory wait here; runs that were evicted wait on disk (table T) and come here a minute before they are due.
import type { Execution, Namespace, RunId } from '../model/ids';
import { MINUTE_MS, type DurationMs, type EpochMs } from '../model/time';
import type { Clock, StallWatch } from './clock';
import { MomentHeap } from './heap';
import { beginPortion } from './portion';

export interface WakeUp {
  readonly namespace: Namespace;
  readonly execution: Execution;
}

/** Table T is read this far ahead, this often. */
export const WINDOW_MS: DurationMs = MINUTE_MS;
/** Wake-ups sent in one go, so that a million due at once do not stall the host. */
const FIRE_MAX = 500;
/** While lanes have more than enough to do, nothing is added to it. */
const BUSY_MS: DurationMs = 5;

export interface TimersOptions {
  readonly clock: Clock;
  readonly wake: (wakeUp: WakeUp) => void;
  /** Whether what is due should wait a moment longer: whoever is woken takes memory. */
  readonly isBusy: () => boolean;
  /** Rows of table T that are due before `until`. */
  readonly due: (until: EpochMs) => Iterable<WakeUp & { readonly at: EpochMs }>;
  /** The host loop was blocked for so long. */
  readonly onStall: (stalledMs: DurationMs) => void;
}

export class Timers {
  readonly #options: TimersOptions;
  readonly #heap = new MomentHeap<RunId, WakeUp>();
  #armedFor: EpochMs | undefined;
  #disarm: () => void = () => undefined;
  #stopWindow: () => void = () => undefined;
  #stalls: StallWatch | undefined;
  /** What is due waits for something else first. */
  #isHolding = false;
  #stopped = false;

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /** Begins to read table T. */
  start(): void {
    this.#stalls = this.#options.clock.watchStalls();
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
    this.#heap.set(runId, at, wakeUp);
    this.#arm();
  }

  forget(run: RunId): void {
    this.#heap.delete(run);
  }

  /** Looks whether the host loop stood still: then results wait in it, and must be seen before any timeout fires. */
  noticeStall(): boolean {
    const stalledMs = this.#stalls?.take() ?? 0;
    if (stalledMs === 0 || this.#stopped) return false;
    this.#options.onStall(stalledMs);
    const { clock } = this.#options;
    this.#hold((release) => clock.soon(() => clock.soon(release)));
    return true;
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
    this.#stalls?.stop();
  }

  #readWindow(): void {
    if (this.#stopped) return;
    const { clock, due } = this.#options;
    // Twice the interval, so that a row which is written just after one reading is seen by the next in time.
    this.#readSome(due(clock.now() + 2 * WINDOW_MS)[Symbol.iterator]());
    this.#stopWindow = clock.setTimer(WINDOW_MS, () => this.#readWindow());
  }

  #readSome(rows: Iterator<WakeUp & { readonly at: EpochMs }>): void {
    if (this.#stopped) return;
    for (const hasTime = beginPortion(this.#options.clock); hasTime();) {
      const next = rows.next();
      if (next.done === true) return;
      const { namespace, execution, at } = next.value;
      if (this.#heap.at(execution.runId) === undefined) this.set({ namespace, execution }, at);
    }
    this.#options.clock.soon(() => this.#readSome(rows));
  }

  #arm(): void {
    const next = this.#heap.earliest;
    if (this.#stopped || this.#isHolding || !next) return;
    if (this.#armedFor !== undefined && this.#armedFor <= next.at) return;
    this.#disarm();
    this.#armedFor = next.at;
    this.#disarm = this.#options.clock.setTimerAt(next.at, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#armedFor = undefined;
    if (!this.noticeStall()) this.#fire();
  }

  #hold(until: (release: () => void) => void): void {
    if (this.#isHolding) return;
    this.#isHolding = true;
    until(() => {
      this.#isHolding = false;
      this.#fire();
    });
  }

  #fire(): void {
    if (this.#stopped || this.#isHolding) return;
    if (this.#options.isBusy()) {
      this.#hold((release) => void this.#options.clock.setTimer(BUSY_MS, release));
      return;
    }
    const now = this.#options.clock.now();
    for (let fired = 0; fired < FIRE_MAX; fired += 1) {
      const next = this.#heap.earliest;
      if (!next || next.at > now) break;
      this.forget(next.key);
      this.#options.wake(next.value);
    }
    this.#arm();
  }
}
