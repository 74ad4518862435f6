// The one place that reads the clock and sets timers. Host thread. Everything else is handed `now`.
import type { DurationMs, EpochMs } from '../model/time';

export interface Clock {
  /** Wall clock: what events and deadlines are made of. */
  now(): EpochMs;
  /** Never steps; its zero is arbitrary. */
  monotonicMs(): DurationMs;
  /** Calls `fire` once, not before `at`. Returns what cancels it. */
  setTimerAt(at: EpochMs, fire: () => void): () => void;
  /** Calls `fire` once, after `delayMs` of monotonic time; does not keep the process alive. Returns what cancels it. */
  setTimer(delayMs: DurationMs, fire: () => void): () => void;
  /** Calls `run` in a macrotask of its own, as soon as possible, in the order of the calls. */
  soon(run: () => void): void;
}

/** Node's timers hold 31 bits; a farther moment is reached in hops. */
const TIMER_HOP_MS = 2 ** 30;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimerAt(at, fire) {
    let handle: NodeJS.Timeout;
    const hop = (): void => {
      const left = at - Date.now();
      if (left <= 0) fire();
      else handle = setTimeout(hop, Math.min(left, TIMER_HOP_MS));
    };
    handle = setTimeout(hop, Math.min(Math.max(0, at - Date.now()), TIMER_HOP_MS));
    return () => clearTimeout(handle);
  },
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    handle.unref();
    return () => clearTimeout(handle);
  },
  soon(run) {
    setImmediate(run);
  },
};
