// Whatever crosses the border of a realm arrives as it was, and nothing but primitives lies on the tape.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Activation, ActivationResult } from '../../../src/model/turn.ts';
import {
  clearTape,
  readActivation,
  readResult,
  writeActivation,
  writeResult,
  type Primitive,
} from '../../../src/workflow/tape/index.ts';

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
    fc.property(value, (jobs) => {
      const tape: Primitive[] = ['left over'];
      writeActivation(tape, { jobs } as unknown as Activation);
      for (const cell of tape) expect(Object(cell) === cell).toBe(false);
      expect(readActivation(tape)).toEqual({ jobs });
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

test.each([
  ['that ends too early', [4, 2, 1, 'kind']],
  ['that ends before what is left over', [4, 2, 1, 'kind', 0, 'left over']],
  ['with an object on it', [3, 0, {} as unknown as Primitive]],
  ['with a function on it', [3, 0, (() => undefined) as unknown as Primitive]],
  ['that nobody wrote', [3, 9, 9]],
  ['with a wrong count', [3, 1, 1_000_000]],
  ['that is empty', []],
  ['without its length', ['x', 0, 1]],
  ['longer than it is', [9, 0, 1]],
])('a tape %s is our own bug, and is not read', (_what, tape) => {
  expect(() => readResult(tape)).toThrow(/tape/);
});

test('a tape holds nothing any more when it was cleared, and can be used again', () => {
  const tape: Primitive[] = [];
  for (const cells of [10, 10_000]) {
    writeResult(tape, { jobs: Array.from({ length: cells }, () => 'text') } as unknown as ActivationResult);
    clearTape(tape);
    expect(tape.filter((cell) => cell !== undefined)).toEqual([]);
    expect(() => readResult(tape)).toThrow(/tape/);
    writeResult(tape, { kind: 'failed', failure: { message: 'm' } });
    expect(readResult(tape)).toEqual({ kind: 'failed', failure: { message: 'm' } });
  }
});
