// Texts as MessagePack: of any length and alphabet, one after the other, they are read as they were written.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginRecord,
  peekRecord,
  putCells,
  takeRecord,
  takeTransferable,
  unpack,
} from '../../../src/storage/format/msgpack';

const written = (cells: readonly string[]): unknown => {
  beginRecord();
  putCells(cells);
  return unpack(takeRecord());
};

/** Where a length needs another head, by itself and in UTF-8, or is written in another way. */
const LENGTHS = [
  0, 1, 10, 11, 16, 24, 25, 31, 32, 85, 86, 127, 128, 129, 255, 256, 257, 1_365, 4_096, 4_097, 21_846, 65_535,
  65_536,
];

test.each([
  ['ASCII', 'a'],
  ['Latin', 'é'],
  ['of three bytes a unit', '\u20ac'],
  ['beyond the basic plane', '\u{1f600}'],
])('texts %s', (_what, unit) => {
  const texts = LENGTHS.flatMap((length) => [unit.repeat(length), `${'a'.repeat(length)}${unit}`]);
  expect(written(texts)).toEqual(texts);
  for (const text of texts) expect(written([text, 'behind', text])).toEqual([text, 'behind', text]);
});

test('any texts; half a pair becomes the replacement character', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), (texts) => {
      const bytes = new TextEncoder();
      const expected = texts.map((text) =>
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.encode(text)),
      );
      expect(written(texts)).toEqual(expected);
    }),
  );
  const halves = [
    '\ud800'.repeat(30),
    `${'a'.repeat(40)}\udfff`,
    `\ud83d${'b'.repeat(300)}`,
    `${'c'.repeat(5_000)}\ud83d`,
    `\udfff\ud800${'é'.repeat(70_000)}`,
  ];
  expect(written(halves)).toEqual(halves.map((text) => text.replace(/[\ud800-\udfff]/g, '\ufffd')));
});

test('what can be transferred shares its bytes with no record before, beside or behind it', () => {
  const small = ['a'.repeat(300)];
  for (const length of [10, 60_000, 70_000, 1_000_000, 3_000_000]) {
    const cells = ['b'.repeat(length), 'é'.repeat(5_000)];
    beginRecord();
    putCells(small);
    const before = takeRecord();
    beginRecord();
    putCells(cells);
    const bytes = takeTransferable();
    beginRecord();
    putCells(small);
    const begun = peekRecord();
    const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
    expect(unpack(moved)).toEqual(cells);
    expect(unpack(before)).toEqual(small);
    expect(unpack(begun)).toEqual(small);
    putCells(cells);
    expect(unpack(takeRecord().subarray(begun.length))).toEqual(cells);
  }
});
