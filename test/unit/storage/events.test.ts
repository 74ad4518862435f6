import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { EventByKind, HistoryEvent } from '../../../src/model/event';
import type { EncodedPayload } from '../../../src/model/payload';
import { decodeFrame, encodeFrame } from '../../../src/storage/format/frame';
import type { FrameHead } from '../../../src/storage/format/frame';
import { namespace, workflowId } from '../../../src/model/ids';
import { event, EVENT_KINDS, EVENTS } from './arbitraries/events';
import { frameHead } from './arbitraries/rows';

const HEAD: FrameHead = {
  epoch: 1,
  namespace: namespace('default'),
  workflowId: workflowId('order-1'),
  status: 'RUNNING',
  lastEventId: 1,
  sizeBefore: 0,
  createRequestId: 'start',
};

const stored = (events: readonly HistoryEvent[]): readonly HistoryEvent[] =>
  decodeFrame(encodeFrame({ head: HEAD, events }, 0, crc32).bytes, 0, crc32).events;

describe('an event is read from a frame as it was written', () => {
  test.each(EVENT_KINDS)('%s', (kind) => {
    fc.assert(
      fc.property(EVENTS[kind] as fc.Arbitrary<HistoryEvent>, (one) => {
        expect(stored([one])).toStrictEqual([one]);
      }),
    );
  });
});

test('a frame keeps its events in order, whatever they share', () => {
  fc.assert(
    fc.property(frameHead, fc.array(event, { minLength: 1, maxLength: 20 }), (head, events) => {
      const { bytes, crc } = encodeFrame({ head, events }, 7, crc32);
      expect(decodeFrame(bytes, 7, crc32)).toStrictEqual({ head, events, crc });
    }),
  );
});

test('moments with fractions of a millisecond, and moments before the first event, are kept', () => {
  const timer = { kind: 'timerFired', timerId: '1', startedEventId: 1 } as const;
  const events = [1_900_000_000_000.25, 1_899_999_999_999, 1_900_000_000_001].map((at, index) => ({
    ...timer,
    eventId: index + 1,
    at,
  }));
  expect(stored(events)).toStrictEqual(events);
});

test('many names and many events fit into one frame', () => {
  const events = Array.from({ length: 70_000 }, (_, index): HistoryEvent => ({
    kind: 'workflowExecutionSignaled',
    eventId: index + 1,
    at: index,
    signalName: `signal-${index % 1_000}`,
    input: [String(index)],
    identity: 'client',
    header: {},
  }));
  expect(stored(events)).toStrictEqual(events);
});

test('a payload as large as payloads may be is kept', () => {
  const text = JSON.stringify('é'.repeat(1_024 * 1_024));
  const data = new Uint8Array(2 * 1_024 * 1_024).map((_, index) => index * 31);
  const signal: EventByKind<'workflowExecutionSignaled'> = {
    kind: 'workflowExecutionSignaled',
    eventId: 1,
    at: 1,
    signalName: 'large',
    input: [text, { metadata: {}, data }, null, text],
    identity: 'client',
    header: {},
  };
  const [{ input }] = stored([signal]) as [typeof signal];
  expect([input[0] === text, input[2], input[3] === text]).toStrictEqual([true, null, true]);
  expect(Buffer.compare((input[1] as EncodedPayload).data, data)).toBe(0);
});
