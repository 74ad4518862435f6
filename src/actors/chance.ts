// Chance for one lane: run ids and request ids from a seed that the host gave. Shard thread. Never used by workflow code.
import { runId, type RunId } from '../model/ids';
import type { EpochMs } from '../model/time';

export interface Chance {
  /** A UUIDv7: milliseconds of `now`, a counter that never goes back in this lane, then chance. */
  runId(now: EpochMs): RunId;
  /** 64 bits of chance, as hex digits. */
  readonly requestId: () => string;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Bits of the counter within one millisecond (RFC 9562, method 1). */
const COUNTER_MAX = 0xfff;

/** sfc32: 128 bits of state, passes PractRand; far more than ids need. */
export function createChance(seed: number): Chance {
  let a = seed | 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  let lastMs = 0;
  let sequence = 0;

  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();

  const four = (bits: number): string =>
    `${HEX[bits >>> 24] as string}${HEX[(bits >>> 16) & 255] as string}${HEX[(bits >>> 8) & 255] as string}${HEX[bits & 255] as string}`;
  const two = (bits: number): string => `${HEX[(bits >>> 8) & 255] as string}${HEX[bits & 255] as string}`;
  const variant = (bits: number): string =>
    `${HEX[((bits >>> 8) & 0x3f) | 0x80] as string}${HEX[bits & 255] as string}`;

  return {
    runId(now) {
      if (now > lastMs) {
        lastMs = now;
        sequence = 0;
      } else if (sequence === COUNTER_MAX) {
        lastMs += 1;
        sequence = 0;
      } else {
        sequence += 1;
      }
      const time = lastMs.toString(16).padStart(12, '0');
      const bits = next();
      return runId(
        `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${variant(bits)}-${two(bits >>> 16)}${four(next())}`,
      );
    },
    requestId: () => four(next()) + four(next()),
  };
}
