// The run's seeded generator: Baagøe's Alea, with the seed as bytes, as official SDKs draw. Runs in the realm. Never to be changed.
import { assert } from '../../model/assert';

const TWO_32 = 0x100000000;
const TWO_MINUS_32 = 2.3283064365386963e-10;

/** Everything that a draw changes. */
export interface RandomState {
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
  readonly carry: number;
  readonly draws: number;
}

/** Seeded by its first use: most workflows draw nothing. */
export class Random {
  readonly #high: number;
  readonly #low: number;
  #isSeeded = false;
  #s0 = 0;
  #s1 = 0;
  #s2 = 0;
  #carry = 1;
  #draws = 0;

  /** `high` and `low`: the halves of a 64-bit seed. */
  constructor(high: number, low: number) {
    this.#high = high;
    this.#low = low;
  }

  get draws(): number {
    return this.#draws;
  }

  /** In [0, 1). */
  next(): number {
    if (!this.#isSeeded) this.#seed();
    const t = 2_091_639 * this.#s0 + this.#carry * TWO_MINUS_32;
    this.#s0 = this.#s1;
    this.#s1 = this.#s2;
    this.#carry = t | 0;
    this.#s2 = t - this.#carry;
    this.#draws += 1;
    return this.#s2;
  }

  uuid4(): string {
    let text = '';
    for (let word = 0; word < 4; word += 1) {
      const bits = (this.next() * TWO_32) >>> 0;
      const bytes = bigEndian(word === 1 ? (bits & 0xffff0fff) | 0x4000 : bits);
      if (word === 2) bytes[0] = ((bytes[0] as number) & 0x3f) | 0x80;
      for (const [index, byte] of bytes.entries()) {
        const at = word * 4 + index;
        if (at === 4 || at === 6 || at === 8 || at === 10) text += '-';
        text += byte.toString(16).padStart(2, '0');
      }
    }
    assert(text.length === 36, 'a UUID has 36 characters');
    return text;
  }

  fill(bytes: Uint8Array): Uint8Array {
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.floor(this.next() * 256);
    return bytes;
  }

  /** Undefined: nothing was drawn yet. */
  save(): RandomState | undefined {
    if (!this.#isSeeded) return undefined;
    return { s0: this.#s0, s1: this.#s1, s2: this.#s2, carry: this.#carry, draws: this.#draws };
  }

  restore(state: RandomState | undefined): void {
    this.#isSeeded = state !== undefined;
    this.#s0 = state?.s0 ?? 0;
    this.#s1 = state?.s1 ?? 0;
    this.#s2 = state?.s2 ?? 0;
    this.#carry = state?.carry ?? 1;
    this.#draws = state?.draws ?? 0;
  }

  #seed(): void {
    this.#isSeeded = true;
    const seed = [...bigEndian(this.#high), ...bigEndian(this.#low)];
    const mash = createMash();
    this.#s0 = mash([32]);
    this.#s1 = mash([32]);
    this.#s2 = mash([32]);
    this.#s0 = wrap(this.#s0 - mash(seed));
    this.#s1 = wrap(this.#s1 - mash(seed));
    this.#s2 = wrap(this.#s2 - mash(seed));
  }
}

const wrap = (value: number): number => (value < 0 ? value + 1 : value);

const bigEndian = (word: number): number[] => [
  (word >>> 24) & 255,
  (word >>> 16) & 255,
  (word >>> 8) & 255,
  word & 255,
];

function createMash(): (bytes: readonly number[]) => number {
  let n = 0xefc8249d;
  return (bytes) => {
    for (const byte of bytes) {
      n += byte;
      let h = 0.02519603282416938 * n;
      n = h >>> 0;
      h -= n;
      h *= n;
      n = h >>> 0;
      h -= n;
      n += h * TWO_32;
    }
    return (n >>> 0) * TWO_MINUS_32;
  };
}
