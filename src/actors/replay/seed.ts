// The seed of a run's random generator: SipHash-1-3 with a zero key over the run id's UTF-8 bytes and a closing 0xFF. Pure.
// Official SDKs derive the same seed, so a history of theirs meets the same random numbers here. Never to be changed.
// 64-bit words are pairs of unsigned 32-bit halves: BigInt would cost twenty times as much.
import { utf8Bytes } from './utf8';

export interface RandomSeed {
  readonly high: number;
  readonly low: number;
}

/** Rust's `str` hashes with this byte behind it. */
const STRING_END = 0xff;
const BLOCK_BYTES = 8;
const FINAL_ROUNDS = 3;

/** The four words of the state, high half before low half, with a zero key: "somepseudorandomlygeneratedbytes". */
const INITIAL_STATE: readonly number[] = [
  0x736f6d65, 0x70736575, 0x646f7261, 0x6e646f6d, 0x6c796765, 0x6e657261, 0x74656462, 0x79746573,
];

export function seedOf(runId: string): RandomSeed {
  const text = byteText(runId);
  const length = text.length + 1;
  const state = Uint32Array.from(INITIAL_STATE);

  const blocks = Math.floor(length / BLOCK_BYTES);
  for (let block = 0; block < blocks; block++) {
    absorb(state, word(text, block * BLOCK_BYTES + 4), word(text, block * BLOCK_BYTES));
  }
  // The last block holds what is left, and the length in its topmost byte.
  const rest = blocks * BLOCK_BYTES;
  absorb(state, (word(text, rest + 4) | (length << 24)) >>> 0, word(text, rest));

  state[5]! ^= 0xff;
  for (let round = 0; round < FINAL_ROUNDS; round++) sipRound(state);
  return {
    high: (state[0]! ^ state[2]! ^ state[4]! ^ state[6]!) >>> 0,
    low: (state[1]! ^ state[3]! ^ state[5]! ^ state[7]!) >>> 0,
  };
}

/** One character for each byte of UTF-8: run ids are ASCII nearly always, and then that is the text itself. */
function byteText(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >= 0x80) return String.fromCharCode(...utf8Bytes(text));
  }
  return text;
}

/** Four bytes, little-endian. */
function word(text: string, start: number): number {
  return (
    (byteAt(text, start) |
      (byteAt(text, start + 1) << 8) |
      (byteAt(text, start + 2) << 16) |
      (byteAt(text, start + 3) << 24)) >>>
    0
  );
}

/** The text, the closing byte, and zeros for ever. */
function byteAt(text: string, index: number): number {
  if (index < text.length) return text.charCodeAt(index);
  return index === text.length ? STRING_END : 0;
}

function absorb(state: Uint32Array, high: number, low: number): void {
  state[6]! ^= high;
  state[7]! ^= low;
  sipRound(state);
  state[0]! ^= high;
  state[1]! ^= low;
}

/** Words by the index of their high half. */
const V0 = 0;
const V1 = 2;
const V2 = 4;
const V3 = 6;

function sipRound(state: Uint32Array): void {
  add(state, V0, V1);
  rotateLeft(state, V1, 13);
  xor(state, V1, V0);
  rotateLeft(state, V0, 32);
  add(state, V2, V3);
  rotateLeft(state, V3, 16);
  xor(state, V3, V2);
  add(state, V0, V3);
  rotateLeft(state, V3, 21);
  xor(state, V3, V0);
  add(state, V2, V1);
  rotateLeft(state, V1, 17);
  xor(state, V1, V2);
  rotateLeft(state, V2, 32);
}

function add(state: Uint32Array, to: number, from: number): void {
  const low = state[to + 1]! + state[from + 1]!;
  const carry = low > 0xffffffff ? 1 : 0;
  state[to + 1] = low;
  state[to] = state[to]! + state[from]! + carry;
}

function xor(state: Uint32Array, to: number, from: number): void {
  state[to]! ^= state[from]!;
  state[to + 1]! ^= state[from + 1]!;
}

function rotateLeft(state: Uint32Array, at: number, bits: number): void {
  const high = state[at]!;
  const low = state[at + 1]!;
  if (bits === 32) {
    state[at] = low;
    state[at + 1] = high;
    return;
  }
  state[at] = (high << bits) | (low >>> (32 - bits));
  state[at + 1] = (low << bits) | (high >>> (32 - bits));
}
