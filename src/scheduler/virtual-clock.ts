// A clock that moves only when it is told to: tests, time skipping and simulation. Host thread.
import { assert } from '../model/assert';
import type { DurationMs, EpochMs } from '../model/time';
import type { Clock, StallWatch } from './clock';

interface Timer {
  readonly at: EpochMs;
  /** Ties fire in the order in which they were set. */
  readonly order: number;
  readonly fire: () => void;
}

export interface VirtualClockOptions {
  /** Where time begins. Default: 2020-01-01T00:00:00Z. */
  readonly startsAt?: EpochMs;
  /** How macrotasks run. Default: the event loop's own; a simulator passes its queue. */
  readonly soon?: (run: () => void) => void;
}

export class VirtualClock implements Clock {
  #now: EpochMs;
  #order = 0;
  /** Sorted, the next one to fire last. */
  readonly #timers: Timer[] = [];
  readonly #soon: (run: () => void) => void;

  constructor(options: VirtualClockOptions = {}) {
    this.#now = options.startsAt ?? Date.UTC(2020, 0, 1);
    this.#soon = options.soon ?? ((run) => void setImmediate(run));
  }

  now(): EpochMs {
    return this.#now;
  }

  monotonicMs(): DurationMs {
    return this.#now;
  }

  setTimerAt(at: EpochMs, fire: () => void): () => void {
    const timer: Timer = { at: Math.max(at, this.#now), order: this.#order++, fire };
    this.#timers.splice(this.#place(timer), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  setTimer(delayMs: DurationMs, fire: () => void): () => void {
    return this.setTimerAt(this.#now + delayMs, fire);
  }

  soon(run: () => void): void {
    this.#soon(run);
  }

  /** Its loop never stands still: that would take time. */
  watchStalls(): StallWatch {
    return { take: () => 0, stop: () => undefined };
  }

  /** When the next timer is due; absent: nothing waits. */
  get nextAt(): EpochMs | undefined {
    return this.#timers.at(-1)?.at;
  }

  /** Moves to the next timer, if one is due by `until`, and fires it. Returns whether one fired. */
  fireNext(until: EpochMs = Infinity): boolean {
    const timer = this.#timers.at(-1);
    if (!timer || timer.at > until) return false;
    this.#timers.pop();
    this.#now = Math.max(this.#now, timer.at);
    timer.fire();
    return true;
  }

  /** Moves forward without firing anything; timers that are passed fire when asked for. */
  moveTo(at: EpochMs): void {
    assert(at >= this.#now, 'virtual time moves forward only');
    this.#now = at;
  }

  #place(timer: Timer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle] as Timer;
      if (other.at > timer.at || (other.at === timer.at && other.order > timer.order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
