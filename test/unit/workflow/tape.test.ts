// Whatever crosses the border of a realm arrives as it was, and nothing but primitives lies on the tape.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Activation, ActivationResult } from '../../../src/model/turn.ts';
import {
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
  ['that ends too early', [2, 1, 'kind']],
  ['with an object on it', [0, {} as unknown as Primitive]],
  ['with a function on it', [0, (() => undefined) as unknown as Primitive]],
  ['that nobody wrote', [9, 9]],
  ['with a wrong count', [1, 1_000_000]],
])('a tape %s is our own bug, and is not read', (_what, tape) => {
  expect(() => readResult(tape)).toThrow(/tape/);
});
