// Chance, handed in. Host thread. Run ids are UUIDv7, so that the keys of new runs grow to the right.
import { randomFillSync } from 'node:crypto';
import { runId, type RunId } from '../model/ids';
import type { EpochMs } from '../model/time';

export interface Entropy {
  /** A UUIDv7: milliseconds of `now`, then a counter that never goes back within this process, then chance. */
  runId(now: EpochMs): RunId;
  /** A UUIDv4. */
  requestId(): string;
  /** A 32-bit seed for a lane's own generator. */
  seed(): number;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** One fill serves many ids. */
const POOL_BYTES = 4_096;
/** Bits of the counter within one millisecond (RFC 9562, method 1). */
const COUNTER_MAX = 0xfff;

/** @param fill fills the array with random bytes; default: the operating system's. */
export function createEntropy(fill: (bytes: Uint8Array) => void = randomFillSync): Entropy {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let lastMs = 0;
  let counter = 0;

  const take = (count: number): number => {
    if (used + count > POOL_BYTES) {
      fill(pool);
      used = 0;
    }
    used += count;
    return used - count;
  };
  const hex = (at: number, count: number): string => {
    let text = '';
    for (let index = at; index < at + count; index += 1) text += HEX[pool[index] as number] as string;
    return text;
  };
  const variant = (byte: number): string => HEX[(byte & 0x3f) | 0x80] as string;

  return {
    runId(now) {
      if (now > lastMs) {
        lastMs = now;
        counter = 0;
      } else if (counter === COUNTER_MAX) {
        lastMs += 1;
        counter = 0;
      } else {
        counter += 1;
      }
      const time = lastMs.toString(16).padStart(12, '0');
      const at = take(8);
      const sequence = counter.toString(16).padStart(3, '0');
      return runId(
        `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant(pool[at] as number)}${hex(at + 1, 1)}-${hex(at + 2, 6)}`,
      );
    },
    requestId() {
      const at = take(16);
      const version = HEX[((pool[at + 6] as number) & 0x0f) | 0x40] as string;
      return `${hex(at, 4)}-${hex(at + 4, 2)}-${version}${hex(at + 7, 1)}-${variant(pool[at + 8] as number)}${hex(at + 9, 1)}-${hex(at + 10, 6)}`;
    },
    seed() {
      const at = take(4);
      return new DataView(pool.buffer).getUint32(at);
    },
  };
}
