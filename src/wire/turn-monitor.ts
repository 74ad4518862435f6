// Which workflow's code is on in a lane, in shared memory: written by the shard thread, read by the host.
// Counts turns instead of reading a clock: the reader measures how long the count stands still.
import type { Handle } from './traffic';

/** [0] grows with every turn that begins or ends: odd while one is on. [1] the handle of its workflow. */
const WORDS = 2;

export const createTurnMemory = (): SharedArrayBuffer => new SharedArrayBuffer(WORDS * 4);

/** The shard thread's side. */
export class TurnMonitor {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  enter(handle: Handle): void {
    Atomics.store(this.#words, 1, handle);
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
    return (this.count & 1) === 0 ? undefined : Atomics.load(this.#words, 1);
  }
}
