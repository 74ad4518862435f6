// Which workflow's code is on in a lane, in shared memory: written by the shard thread, read by the host.
// Counts turns instead of reading a clock: the reader measures how long the count stands still.
import type { Handle } from './traffic';

/** [0] grows with every turn that begins or ends: odd while one is on. [1] and [2] the handle of its workflow, low word first. */
const WORDS = 3;
const LOW_WORD = 2 ** 32;

export const createTurnMemory = (): SharedArrayBuffer => new SharedArrayBuffer(WORDS * 4);

/** The shard thread's side. */
export class TurnMonitor {
  readonly #words: Int32Array;
  #high = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  enter(handle: Handle): void {
    // Handles are never used twice: a busy process has used up one word in a day.
    const high = Math.floor(handle / LOW_WORD);
    if (high !== this.#high) Atomics.store(this.#words, 2, (this.#high = high));
    Atomics.store(this.#words, 1, handle | 0);
    Atomics.add(this.#words, 0, 1);
  }

  leave(): void {
    Atomics.add(this.#words, 0, 1);
  }
}

/** The host's side. */
export class TurnReader {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** Changes with every turn that begins or ends. */
  get count(): number {
    return Atomics.load(this.#words, 0);
  }

  /** Whose code is on; absent: nobody's. */
  get current(): Handle | undefined {
    if ((this.count & 1) === 0) return undefined;
    return Atomics.load(this.#words, 2) * LOW_WORD + (Atomics.load(this.#words, 1) >>> 0);
  }
}
