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

export interface DueWakeUp extends WakeUp {
  readonly at: EpochMs;
}

/** Table T is read this often, and twice as far ahead. */
export const WINDOW_MS: DurationMs = MINUTE_MS;
/** Rows taken from it at a time, when more are due sooner: what is left is read when these have fired. */
export const ROWS_MAX = 50_000;
/** Wake-ups sent in one go, so that a million due at once do not stall the host. */
const FIRE_MAX = 500;
/** While lanes have more than enough to do, nothing is added to it. */
const BUSY_MS: DurationMs = 5;

export interface TimersOptions {
  readonly clock: Clock;
  readonly wake: (wakeUp: WakeUp) => void;
  /** Whether what is due should wait a moment longer: whoever is woken takes memory. */
  readonly isBusy: () => boolean;
  /** Rows of table T that are due at `until` or before it, and after `after`, in their order. */
  readonly due: (until: EpochMs, after: EpochMs | undefined) => Iterable<DueWakeUp>;
  /** The host loop was blocked for so long. */
  readonly onStall: (stalledMs: DurationMs) => void;
}

export class Timers {
  readonly #options: TimersOptions;
  readonly #heap = new MomentHeap<RunId, WakeUp>();
  /**
   * What is due until then is here, or will be when the reading that is on has ended: rows that are written later belong to runs that
   * are, or were, in memory. So no row is read twice, however many there are that nobody has dealt with yet.
   */
  #horizon: EpochMs | undefined;
  /** There are rows behind the horizon that are due sooner than they should be read. */
  #hasMore = false;
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
    this.#readOn();
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

  /** The run left memory with its wake-up on disk: if that is still to be read it is forgotten. */
  evicted(run: RunId): void {
    const at = this.#heap.at(run);
    if (at !== undefined && at > (this.#horizon ?? 0)) this.forget(run);
  }

  stop(): void {
    this.#stopped = true;
    this.#disarm();
    this.#stopWindow();
    this.#stalls?.stop();
  }

  #readOn(): void {
    if (this.#stopped) return;
    const { clock, due } = this.#options;
    const after = this.#horizon;
    // Twice the interval, so that nothing is late when the next reading takes a while.
    const until = Math.max(clock.now() + 2 * WINDOW_MS, after ?? 0);
    this.#horizon = until;
    this.#readSome({ rows: due(until, after)[Symbol.iterator](), taken: 0, last: until });
  }

  #readSome(reading: Reading): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    for (const hasTime = beginPortion(clock); hasTime();) {
      const next = reading.rows.next();
      if (next.done === true) {
        this.#stopWindow = clock.setTimer(WINDOW_MS, () => this.#readOn());
        return;
      }
      if (!this.#take(reading, next.value)) {
        this.#horizon = reading.last;
        this.#hasMore = true;
        this.#arm();
        return;
      }
    }
    clock.soon(() => this.#readSome(reading));
  }

  /** False: enough were taken. Those of one moment are taken together. */
  #take(reading: Reading, { namespace, execution, at }: DueWakeUp): boolean {
    if (reading.taken >= ROWS_MAX && at > reading.last) return false;
    reading.taken += 1;
    reading.last = at;
    if (this.#heap.at(execution.runId) === undefined) this.set({ namespace, execution }, at);
    return true;
  }

  #arm(): void {
    const next = this.#heap.earliest;
    if (this.#stopped || this.#isHolding) return;
    if (this.#hasMore && !(next && next.at <= (this.#horizon ?? 0))) {
      this.#hasMore = false;
      this.#options.clock.soon(() => this.#readOn());
    }
    if (!next || (this.#armedFor !== undefined && this.#armedFor <= next.at)) return;
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

interface Reading {
  readonly rows: Iterator<DueWakeUp>;
  taken: number;
  /** The moment of the row taken last. */
  last: EpochMs;
}
