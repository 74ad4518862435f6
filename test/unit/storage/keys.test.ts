import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TroupeAssertionError } from '../../../src/model/assert';
import { runId as asRunId } from '../../../src/model/ids';
import {
  activityKey,
  activityRange,
  currentKey,
  dueKey,
  dueRange,
  factsKey,
  historyKey,
  historyRange,
  namespaceKey,
  owingKey,
  parseDueKey,
  parseOwingKey,
  placedLike,
  placeOf,
  visibilityKey,
  visibilityRange,
} from '../../../src/storage/format/keys';
import type { Listing } from '../../../src/storage/format/keys';
import { compareKeys } from '../../../src/storage/memory/ordered-map';
import { KEY_BYTES_MAX } from '../../../src/storage/store';
import { eventId, namespace, runId, workflowId } from './arbitraries/parts';

/** Some close together, some far apart. */
const moment = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 48 - 1 }));
const LISTINGS: readonly Listing[] = ['awake', 'atRest', 'closed'];
const listing = fc.constantFrom(...LISTINGS);
const number = fc.oneof(fc.nat(3), fc.nat(0xffff_ffff));

const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
const sign = (a: Uint8Array, b: Uint8Array): number => Math.sign(compareKeys(a, b));
const isWithin = (key: Uint8Array, { start, end }: { start?: Uint8Array; end: Uint8Array }): boolean =>
  (start === undefined || compareKeys(start, key) <= 0) && compareKeys(key, end) < 0;

describe('rows of a run', () => {
  test('are in the order of their events, behind each other', () => {
    fc.assert(
      fc.property(runId, eventId, runId, eventId, (runA, a, runB, b) => {
        for (const key of [historyKey, activityKey]) {
          expect(sign(key(runA, a), key(runB, b))).toBe(order(runA, runB) || order(a, b));
          expect(sign(key(runA, a), key(runA, b))).toBe(order(a, b));
        }
      }),
    );
  });

  test('are in the range of that run, and of no other', () => {
    fc.assert(
      fc.property(runId, runId, eventId, (run, other, event) => {
        expect(isWithin(historyKey(run, event), historyRange(run))).toBe(true);
        expect(isWithin(activityKey(run, event), activityRange(run))).toBe(true);
        if (other !== run) expect(isWithin(historyKey(other, event), historyRange(run))).toBe(false);
      }),
    );
  });

  test('name their run', () => {
    fc.assert(
      fc.property(runId, (run) => {
        expect(parseOwingKey(owingKey(run))).toBe(run);
        expect(factsKey(run)).toStrictEqual(owingKey(run));
      }),
    );
  });

  test('of a run id that cannot be told from another are refused', () => {
    const wrong = [
      '',
      'run-1',
      '0198C2F4-7A10-7000-8000-00C0FFEE0001',
      '0198c2f47a10-7000-8000-00c0ffee0001-',
      '0198c2f4-7a10-7000-8000-00c0ffee000g',
      '0198c2f4-7a10-7000-8000-00c0ffee00011',
    ];
    for (const run of wrong) expect(() => historyKey(asRunId(run), 1), run).toThrow(TroupeAssertionError);
  });
});

describe('due rows', () => {
  test('are in the order of time, and say whose they are', () => {
    fc.assert(
      fc.property(moment, runId, moment, runId, (atA, runA, atB, runB) => {
        const key = dueKey(atA, runA);
        expect(parseDueKey(key)).toStrictEqual({ at: atA, run: runA });
        expect(sign(key, dueKey(atB, runB))).toBe(order(atA, atB) || order(runA, runB));
      }),
    );
  });

  test('are found from their moment on', () => {
    fc.assert(
      fc.property(moment, runId, moment, (at, run, until) => {
        expect(isWithin(dueKey(at, run), dueRange(until))).toBe(at <= until);
      }),
    );
  });

  test('are found up to a moment and from another on', () => {
    fc.assert(
      fc.property(moment, runId, moment, moment, (at, run, after, until) => {
        expect(isWithin(dueKey(at, run), dueRange(until, after))).toBe(at > after && at <= until);
      }),
    );
  });

  test('of moments beyond all calendars are still due in the end', () => {
    const [run] = fc.sample(runId, 1) as [ReturnType<typeof asRunId>];
    const key = dueKey(Number.MAX_SAFE_INTEGER, run);
    expect(isWithin(key, dueRange(4_000_000_000_000))).toBe(false);
    expect(isWithin(key, dueRange(Number.MAX_SAFE_INTEGER))).toBe(true);
  });
});

describe('rows of the listing', () => {
  test('are in the order of namespace, then open before closed, then the latest first', () => {
    fc.assert(
      fc.property(number, listing, moment, runId, number, listing, moment, runId, (...values) => {
        const [nsA, listA, atA, runA, nsB, listB, atB, runB] = values;
        const expected =
          order(nsA, nsB) ||
          order(LISTINGS.indexOf(listA), LISTINGS.indexOf(listB)) ||
          -order(atA, atB) ||
          order(runA, runB);
        expect(sign(visibilityKey(nsA, listA, atA, runA), visibilityKey(nsB, listB, atB, runB))).toBe(
          expected,
        );
      }),
    );
  });

  test('are in the range of their listing and their time, and in no other', () => {
    fc.assert(
      fc.property(number, listing, moment, runId, number, listing, moment, moment, (...values) => {
        const [ns, list, at, run, otherNs, otherList, from, to] = values;
        const key = visibilityKey(ns, list, at, run);
        expect(isWithin(key, visibilityRange(ns, list))).toBe(true);
        expect(isWithin(key, visibilityRange(ns, list, { from, to }))).toBe(from <= at && at <= to);
        expect(isWithin(key, visibilityRange(ns, list, { from }))).toBe(from <= at);
        expect(isWithin(key, visibilityRange(ns, list, { to }))).toBe(at <= to);
        const isOther = otherNs !== ns || otherList !== list;
        if (isOther) expect(isWithin(key, visibilityRange(otherNs, otherList))).toBe(false);
      }),
    );
  });
});

test('a run keeps its place from one listing to another', () => {
  fc.assert(
    fc.property(number, listing, listing, moment, runId, (ns, before, after, at, run) => {
      const key = visibilityKey(ns, before, at, run);
      const moved = visibilityKey(ns, after, at, run);
      expect(placedLike(key, visibilityRange(ns, after).start)).toStrictEqual(moved);
      expect(placeOf(moved)).toStrictEqual(placeOf(key));
    }),
  );
});

describe('rows by name', () => {
  test('have different keys for different names', () => {
    fc.assert(
      fc.property(number, workflowId, number, workflowId, (nsA, a, nsB, b) => {
        const isSame = nsA === nsB && a === b;
        expect(compareKeys(currentKey(nsA, a), currentKey(nsB, b)) === 0).toBe(isSame);
      }),
    );
    fc.assert(
      fc.property(namespace, namespace, (a, b) => {
        expect(compareKeys(namespaceKey(a), namespaceKey(b)) === 0).toBe(a === b);
      }),
    );
  });

  test('fit into a key for the longest id there may be', () => {
    const longest = 'x'.repeat(1_000) as never;
    expect(currentKey(1, longest).length).toBeLessThanOrEqual(KEY_BYTES_MAX);
    expect(namespaceKey(longest).length).toBeLessThanOrEqual(KEY_BYTES_MAX);
  });
});
