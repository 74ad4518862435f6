// A clock that goes at its ordinary pace and can be made to jump to the next moment at which something is due: time skipping in
// tests. Host thread. Only moments are skipped to; lengths of real time (polls, throttles) stay what they are.
import type { DurationMs, EpochMs } from '../model/time';
import { systemClock, type Clock, type StallWatch } from './clock';

interface Timer {
  readonly at: EpochMs;
  readonly order: number;
  readonly fire: () => void;
}

export class SkippingClock implements Clock {
  #skippedMs: DurationMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  #disarm: () => void = () => undefined;

  now(): EpochMs {
    return systemClock.now() + this.#skippedMs;
  }

  monotonicMs(): DurationMs {
    return systemClock.monotonicMs();
  }

  setTimerAt(at: EpochMs, fire: () => void): () => void {
    const timer: Timer = { at, order: this.#order++, fire };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      if (this.#timers.delete(timer)) this.#arm();
    };
  }

  setTimer(delayMs: DurationMs, fire: () => void): () => void {
    return systemClock.setTimer(delayMs, fire);
  }

  soon(run: () => void): void {
    systemClock.soon(run);
  }

  watchStalls(): StallWatch {
    return systemClock.watchStalls();
  }

  /** Jumps to the next moment at which something is due, and lets it happen. False: nothing waits. */
  skipToNext(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#skippedMs += Math.max(0, next.at - this.now());
    this.#fireDue();
    return true;
  }

  stop(): void {
    this.#disarm();
    this.#timers.clear();
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || isBefore(timer, next)) next = timer;
    return next;
  }

  #fireDue(): void {
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.at > this.now()) break;
      this.#timers.delete(next);
      next.fire();
    }
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    const next = this.#next();
    if (next === undefined) return;
    this.#disarm = systemClock.setTimerAt(next.at - this.#skippedMs, () => this.#fireDue());
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
