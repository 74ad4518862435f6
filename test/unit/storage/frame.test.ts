import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  decodeFrame,
  decodeFrameHead,
  encodeFrame,
  FrameDamagedError,
} from '../../../src/storage/format/frame';
import type { DecodedFrame, Frame } from '../../../src/storage/format/frame';
import { event } from './arbitraries/events';
import { record } from './arbitraries/record';
import { frameHead } from './arbitraries/rows';

const frame = record<Frame>({ head: frameHead, events: fc.array(event, { minLength: 1, maxLength: 3 }) });

/** The stored frames of one run. */
function chain(frames: readonly Frame[]): Uint8Array[] {
  let crc = 0;
  return frames.map((each) => {
    const encoded = encodeFrame(each, crc, crc32);
    crc = encoded.crc;
    return encoded.bytes;
  });
}

function readAll(stored: readonly Uint8Array[]): DecodedFrame[] {
  let crc = 0;
  return stored.map((bytes) => {
    const decoded = decodeFrame(bytes, crc, crc32);
    crc = decoded.crc;
    return decoded;
  });
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
};

describe('a run whose frames are as they were written', () => {
  test('is read frame by frame', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 5 }), (frames) => {
        const read = readAll(chain(frames));
        expect(read.map(({ head, events }) => ({ head, events }))).toStrictEqual(frames);
      }),
    );
  });

  test('gives the head of a frame without the rest', () => {
    fc.assert(
      fc.property(frame, (one) => {
        expect(decodeFrameHead(chain([one])[0] as Uint8Array)).toStrictEqual(one.head);
      }),
    );
  });

  test('can be read where the bytes lie in a larger buffer', () => {
    fc.assert(
      fc.property(frame, fc.nat(9), (one, before) => {
        const [bytes] = chain([one]) as [Uint8Array];
        const larger = new Uint8Array(before + bytes.length + 5).fill(0xa5);
        larger.set(bytes, before);
        const read = decodeFrame(larger.subarray(before, before + bytes.length), 0, crc32);
        expect(read.events).toStrictEqual(one.events);
      }),
    );
  });

  test('keeps its bytes when more is written after it', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 2, maxLength: 20 }), (frames) => {
        const stored = chain(frames);
        const copies = stored.map((bytes) => bytes.slice());
        chain(frames);
        expect(stored).toStrictEqual(copies);
      }),
    );
  });
});

describe('damage is found before anything of it is believed', () => {
  test('every single bit of a frame', () => {
    const [sample] = fc.sample(frame, { seed: 20, numRuns: 1 }) as [Frame];
    const [bytes] = chain([sample]) as [Uint8Array];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      expect(() => decodeFrame(flipped(bytes, bit), 0, crc32), `bit ${bit}`).toThrow(FrameDamagedError);
    }
  });

  test('a bit anywhere in the history of a run', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.nat(),
        (frames, which, where) => {
          const stored = chain(frames);
          const index = which % stored.length;
          const bytes = stored[index] as Uint8Array;
          stored[index] = flipped(bytes, where % (bytes.length * 8));
          expect(() => readAll(stored)).toThrow(FrameDamagedError);
        },
      ),
    );
  });

  test('a frame that is missing, or in another place', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 2, maxLength: 4 }), fc.nat(), (frames, which) => {
        const stored = chain(frames);
        const index = which % (stored.length - 1);
        const [frame, next] = stored.slice(index) as [Uint8Array, Uint8Array];
        const missing = [...stored.slice(0, index), ...stored.slice(index + 1)];
        const swapped = [...stored.slice(0, index), next, frame, ...stored.slice(index + 2)];
        expect(() => readAll(missing)).toThrow(FrameDamagedError);
        expect(() => readAll(swapped)).toThrow(FrameDamagedError);
      }),
    );
  });

  test('a frame that is cut short, or longer than it was', () => {
    const [sample] = fc.sample(frame, { seed: 21, numRuns: 1 }) as [Frame];
    const [bytes] = chain([sample]) as [Uint8Array];
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeFrame(bytes.subarray(0, length), 0, crc32)).toThrow(FrameDamagedError);
      expect(() => decodeFrameHead(bytes.subarray(0, length))).toThrow(FrameDamagedError);
    }
    expect(() => decodeFrame(new Uint8Array([...bytes, 0]), 0, crc32)).toThrow(FrameDamagedError);
  });

  test('bytes that are no frame', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeFrame(bytes, 0, crc32)).toThrow(FrameDamagedError);
        expect(() => decodeFrameHead(bytes)).toThrow(FrameDamagedError);
      }),
    );
  });
});
