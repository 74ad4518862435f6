// Notices turns that do not end. Host thread: while the host's own loop is blocked nothing could replace the lane anyway,
// so a thread of its own would see no more. Reads a counter per lane in shared memory; never stops a lane for the host's slowness.
import type { DurationMs } from '../model/time';
import type { Handle } from '../wire/traffic';
import type { TurnReader } from '../wire/turn-monitor';
import type { Clock } from './clock';

const POLL_MS: DurationMs = 50;

export interface WatchdogOptions {
  readonly clock: Clock;
  /** A turn over half of it is reported, one over it costs the lane. */
  readonly turnLimitMs: DurationMs;
  readonly onSlowTurn: (lane: number, culprit: Handle, elapsedMs: DurationMs) => void;
  readonly onStuckTurn: (lane: number, culprit: Handle, elapsedMs: DurationMs) => void;
}

interface Watched {
  readonly reader: TurnReader;
  count: number;
  /** When this count was first seen, in polls that came in time. */
  standsMs: DurationMs;
  reported: boolean;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #lanes = new Map<number, Watched>();
  #lastPollAt: DurationMs = 0;
  #isPolling = false;
  #stop: () => void = () => undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** A new lane, or a replaced one. */
  watch(lane: number, reader: TurnReader): void {
    this.#lanes.set(lane, { reader, count: reader.count, standsMs: 0, reported: false });
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#lastPollAt = this.#options.clock.monotonicMs();
    this.#arm();
  }

  stop(): void {
    this.#lanes.clear();
    this.#isPolling = false;
    this.#stop();
  }

  #arm(): void {
    this.#stop = this.#options.clock.setTimer(POLL_MS, () => this.#poll());
  }

  #poll(): void {
    const now = this.#options.clock.monotonicMs();
    // A late poll counts as one interval: the time in which the host itself stood still is not the turn's.
    const passedMs = Math.min(now - this.#lastPollAt, 2 * POLL_MS);
    this.#lastPollAt = now;
    for (const [lane, watched] of this.#lanes) this.#look(lane, watched, passedMs);
    if (this.#isPolling) this.#arm();
  }

  #look(lane: number, watched: Watched, passedMs: DurationMs): void {
    const { count, current } = watched.reader;
    if (count !== watched.count || current === undefined) {
      watched.count = count;
      watched.standsMs = 0;
      watched.reported = false;
      return;
    }
    watched.standsMs += passedMs;
    const { turnLimitMs } = this.#options;
    if (watched.standsMs >= turnLimitMs) {
      watched.standsMs = 0;
      this.#options.onStuckTurn(lane, current, turnLimitMs);
    } else if (!watched.reported && watched.standsMs >= turnLimitMs / 2) {
      watched.reported = true;
      this.#options.onSlowTurn(lane, current, watched.standsMs);
    }
  }
}
