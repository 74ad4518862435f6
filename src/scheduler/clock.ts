// The one place that reads the clock and sets timers. Host thread. Everything else is handed `now`.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SECOND_MS, type DurationMs, type EpochMs } from '../model/time';

/** A host loop that stood still for so long was stalled. */
const STALL_MS: DurationMs = 1 * SECOND_MS;

export interface StallWatch {
  /** The longest stall since this was last asked; 0: none. */
  take(): DurationMs;
  stop(): void;
}

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
  /** Begins to watch for stalls of the loop, as seen from inside it: a stall is known once it is over. */
  watchStalls(): StallWatch;
}

/** A farther moment is reached in hops: the wall clock may be set, or the machine sleep, on the way there. */
const TIMER_HOP_MS: DurationMs = 30 * SECOND_MS;
/** The loop is looked at so often, without any JavaScript. */
const STALL_RESOLUTION_MS = 100;
const NS_PER_MS = 1e6;

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
  watchStalls() {
    const delays = monitorEventLoopDelay({ resolution: STALL_RESOLUTION_MS });
    delays.enable();
    return {
      take() {
        const stalledMs = delays.max / NS_PER_MS - STALL_RESOLUTION_MS;
        if (stalledMs < STALL_MS) return 0;
        delays.reset();
        return Math.round(stalledMs);
      },
      stop: () => void delays.disable(),
    };
  },
};

const HOUR_MS: DurationMs = 3_600 * SECOND_MS;

/** The process does not end by itself until what this returns is called, even when nothing but short pauses is on its way. */
export function holdProcess(): () => void {
  const handle = setInterval(() => undefined, HOUR_MS);
  return () => clearInterval(handle);
}
