// Time for a store that stands still until it is told to go on.
import type { StoreClock } from '../../../src/storage/store';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

export class ManualClock implements StoreClock {
  #ms = 0;
  readonly #timers = new Set<Timer>();

  /** The wall clock goes on from the real one: beats of other processes are compared with it. */
  constructor(private readonly startedAt = Date.now()) {}

  now(): number {
    return this.startedAt + this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    const timer = { at: this.#ms + delayMs, fire };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.setTimer(delayMs, resolve));
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Fires what is due in so much time, in order, also what is set meanwhile. */
  pass(ms: number): void {
    const until = this.#ms + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) break;
      this.#timers.delete(next);
      this.#ms = Math.max(this.#ms, next.at);
      next.fire();
    }
    this.#ms = until;
  }
}
