// Whatever event the engine may write: protobuf JSON keeps it. The only losses are defaults that mean the same as nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyFromProtoJson, historyToProtoJson } from '../../../src/common/proto-json';
import type { HistoryEvent } from '../../../src/model/event';
import { EVENT_KINDS, EVENTS } from '../storage/arbitraries/events';

const RUNS = Number(process.env['PROTO_JSON_RUNS'] ?? 60);

/** Optional properties whose default is the same as their absence: "unlimited", "none". */
const NOTHING = new Set([
  'executionTimeoutMs',
  'runTimeoutMs',
  'firstWorkflowTaskBackoffMs',
  'backoffStartIntervalMs',
  'cronSchedule',
  'buildId',
  'externalInitiatedEventId',
]);

/** The same event as its JSON can say it: durations are whole nanoseconds, defaults that mean nothing are left out. */
function sayable<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(sayable) as T;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      if (NOTHING.has(name) && (part === 0 || part === '')) return [];
      return [
        [name, /Ms$/.test(name) && typeof part === 'number' ? Math.ceil(part) : sayable<unknown>(part)],
      ];
    }),
  ) as T;
}

/** Where no interval is given, the server fills in its own. */
function withIntervals(event: HistoryEvent): HistoryEvent {
  if (!('retryPolicy' in event) || event.retryPolicy.maximumIntervalMs > 0) return event;
  return { ...event, retryPolicy: { ...event.retryPolicy, maximumIntervalMs: 1 } };
}

describe.each(EVENT_KINDS)('%s', (kind) => {
  test('is the same event after a journey through JSON text', () => {
    fc.assert(
      fc.property(EVENTS[kind] as fc.Arbitrary<HistoryEvent>, (any) => {
        const event = withIntervals(sayable(any));
        const text = JSON.stringify(historyToProtoJson([event]));
        expect(historyFromProtoJson(JSON.parse(text))).toEqual([event]);
      }),
      { numRuns: RUNS },
    );
  });
});
