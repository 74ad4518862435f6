// Whatever crosses the border of a realm arrives as it was, and nothing but primitives lies on the tape.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActivationResult } from '../../../src/model/turn.ts';
import { clearTape, readResult, writeResult, type Primitive } from '../../../src/workflow/tape/index.ts';

const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('any')),
    fc.dictionary(fc.string(), tie('any')),
  ),
})).any;

test('a value is read as it was written', () => {
  fc.assert(
    fc.property(value, (failure) => {
      const tape: Primitive[] = ['left over'];
      writeResult(tape, { kind: 'failed', failure } as ActivationResult);
      for (const cell of tape) expect(Object(cell) === cell).toBe(false);
      expect(readResult(tape)).toEqual({ kind: 'failed', failure });
    }),
  );
});

test('a field that is undefined is absent', () => {
  const tape: Primitive[] = [];
  writeResult(tape, {
    kind: 'failed',
    failure: { message: 'm', cause: undefined },
  } as unknown as ActivationResult);
  expect(readResult(tape)).toStrictEqual({ kind: 'failed', failure: { message: 'm' } });
});

const object = {} as unknown as Primitive;
const method = (() => undefined) as unknown as Primitive;
test.each([
  ['that ends too early', [4, 'failed', 2, 1, 'kind']],
  ['that ends before what is left over', [5, 'failed', 2, 1, 'kind', 0, 'left over']],
  ['that goes on behind its end', [5, 'failed', 0, 'text', 'more']],
  ['with an object on it', [4, 'failed', 0, object]],
  ['with a function on it', [4, 'failed', 0, method]],
  ['with an object instead of a field', [8, 'ok', object, 0, 1, 0, 1, 0, 1, 0, 0]],
  ['that nobody wrote', [3, 9, 9]],
  ['with a command that nobody wrote', [11, 'ok', 0, 0, 1, 0, 1, 0, 1, 0, 1, 'x', 'y']],
  ['with a wrong count', [4, 'failed', 1, 1_000_000]],
  ['that is empty', []],
  ['without its length', ['x', 'failed', 0, 1]],
  ['longer than it is', [9, 'failed', 0, 1]],
])('a tape %s is our own bug, and is not read', (_what, tape) => {
  expect(() => readResult(tape)).toThrow(/tape/);
});

test('a tape holds nothing any more when it was cleared, and can be used again', () => {
  const tape: Primitive[] = [];
  for (const cells of [10, 10_000]) {
    const failure = { message: 'm', info: Array.from({ length: cells }, () => 'text') } as unknown;
    writeResult(tape, { kind: 'failed', failure } as ActivationResult);
    clearTape(tape);
    expect(tape.filter((cell) => cell !== undefined)).toEqual([]);
    expect(() => readResult(tape)).toThrow(/tape/);
    writeResult(tape, { kind: 'failed', failure: { message: 'm' } });
    expect(readResult(tape)).toEqual({ kind: 'failed', failure: { message: 'm' } });
  }
});
