import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeActivityFact,
  decodeCurrent,
  decodeNamespace,
  decodeOwner,
  decodeRunFacts,
  decodeVisibility,
  encodeActivityFact,
  encodeCurrent,
  encodeNamespace,
  encodeOwner,
  encodeRunFacts,
  encodeVisibility,
} from '../../../src/storage/format/values';
import { runId } from './arbitraries/parts';
import { activityFact, namespaceRow, rowOwner, runFacts, runSummary } from './arbitraries/rows';

function isKept<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(encode(value))).toStrictEqual(value);
    }),
  );
}

test('the current run of a workflow id is kept', () => isKept(runId, encodeCurrent, decodeCurrent));
test('the owner of an owing or a due row is kept', () => isKept(rowOwner, encodeOwner, decodeOwner));
test('a namespace is kept', () => isKept(namespaceRow, encodeNamespace, decodeNamespace));
test('where an activity stands is kept', () => isKept(activityFact, encodeActivityFact, decodeActivityFact));
test('the facts of a run are kept', () => isKept(runFacts, encodeRunFacts, decodeRunFacts));
test('a line of the listing is kept', () => isKept(runSummary, encodeVisibility, decodeVisibility));
