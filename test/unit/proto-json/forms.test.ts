// The other forms in which histories come, and what is no history.
import { describe, expect, test } from 'vitest';
import {
  HistoryFormatError,
  historyFromProtoJson,
  historyToProtoJson,
  UnsupportedHistoryError,
} from '../../../src/common/proto-json';

const timer = {
  kind: 'timerStarted',
  eventId: 5,
  at: Date.UTC(2026, 10, 23, 5, 1, 28, 773),
  timerId: '1',
  startToFireTimeoutMs: 1_500,
  workflowTaskCompletedEventId: 4,
} as const;

const timerJson = (changes: object, attributes: object = {}) => ({
  events: [
    {
      eventId: '5',
      eventTime: '2026-11-23T05:01:28.773Z',
      eventType: 'EVENT_TYPE_TIMER_STARTED',
      ...changes,
      timerStartedEventAttributes: {
        timerId: '1',
        startToFireTimeout: '1.500s',
        workflowTaskCompletedEventId: '4',
        ...attributes,
      },
    },
  ],
});

test('an event is written as Temporal writes it', () => {
  expect(historyToProtoJson([timer])).toEqual(timerJson({}));
});

describe('the same event is read from', () => {
  test.each([
    ['the number of its type', timerJson({ eventType: 17 })],
    ['the type without prefix', timerJson({ eventType: 'TIMER_STARTED' })],
    ['the type in upper camel case', timerJson({ eventType: 'TimerStarted' })],
    ['nanoseconds', timerJson({ eventTime: '2026-11-23T05:01:28.773999999Z' })],
    ['another time zone', timerJson({ eventTime: '2026-11-23T07:01:28.773+02:00' })],
    ['numbers instead of text', timerJson({ eventId: 5 }, { workflowTaskCompletedEventId: 4 })],
    [
      "the SDK's own objects",
      timerJson(
        {
          eventId: { low: 5, high: 0, unsigned: false },
          eventType: 17,
          eventTime: { seconds: { low: 1795410088, high: 0, unsigned: false }, nanos: 773_536_827 },
          userMetadata: null,
        },
        { startToFireTimeout: { seconds: '1', nanos: 500_000_000 } },
      ),
    ],
    ['fields that nobody knows', timerJson({ taskId: '1', version: '0', links: [] }, { priority: {} })],
  ])('%s', (_what, json) => {
    expect(historyFromProtoJson(json)).toEqual([timer]);
  });
});

test.each([
  ['0s', 0],
  ['0.030s', 30],
  ['10s', 10_000],
  ['0.000001s', 0.001],
  ['315576000000s', 315_576_000_000_000],
])('the duration %s is %d ms, there and back', (text, length) => {
  const [event] = historyFromProtoJson(timerJson({}, { startToFireTimeout: text }));
  expect(event).toMatchObject({ startToFireTimeoutMs: length });
  expect(JSON.stringify(historyToProtoJson([event!]))).toContain(`"startToFireTimeout":"${text}"`);
});

test('payloads: JSON is text, undefined is null, everything else is kept byte for byte', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const payload = (encoding: string, data?: string) => ({
    metadata: { encoding: base64(encoding) },
    ...(data !== undefined && { data: base64(data) }),
  });
  const event = {
    eventId: '5',
    eventTime: '2026-11-23T05:01:28Z',
    eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
    workflowExecutionSignaledEventAttributes: {
      signalName: 'go',
      identity: 'client',
      input: {
        payloads: [
          payload('json/plain', '{"a":"é"}'),
          payload('binary/null'),
          payload('binary/plain', 'raw'),
        ],
      },
      header: { fields: { trace: payload('json/plain', '1') } },
    },
  };
  const ours = historyFromProtoJson({ events: [event] });
  expect(ours).toMatchObject([
    { input: ['{"a":"é"}', null, { data: new TextEncoder().encode('raw') }], header: { trace: '1' } },
  ]);
  expect(historyToProtoJson(ours)).toEqual({ events: [event] });
});

describe('what is no history is refused, with the place', () => {
  test.each([
    [undefined, 'history: expected an object, found nothing'],
    ['text', "history: expected an object, found 'text'"],
    [{}, 'history.events: expected an array, found nothing'],
    [{ events: [1] }, 'history.events[0]: expected an object, found 1'],
    [{ events: [{}] }, 'history.events[0].eventType: expected a name or a number, found nothing'],
    [timerJson({ eventTime: undefined }), 'event 5.eventTime: is missing'],
    [
      timerJson({ eventTime: 'yesterday' }),
      "event 5.eventTime: expected a time (RFC 3339), found 'yesterday'",
    ],
    [timerJson({ eventId: 'five' }), "event five.eventId: expected a number, found 'five'"],
    [
      timerJson({}, { startToFireTimeout: '1 minute' }),
      "event 5.timerStartedEventAttributes.startToFireTimeout: expected a duration such as '1.5s', found '1 minute'",
    ],
    [timerJson({}, { timerId: 1 }), 'event 5.timerStartedEventAttributes.timerId: expected a text, found 1'],
    [
      timerJson({ userMetadata: { summary: { metadata: { encoding: '!' } } } }),
      "event 5.userMetadata.summary.metadata.encoding: expected Base64, found '!'",
    ],
  ])('%j', (json, message) => {
    const read = () => historyFromProtoJson(json);
    expect(read).toThrow(HistoryFormatError);
    expect(read).toThrow(expect.objectContaining({ message }));
  });
});

test.each([
  ['EVENT_TYPE_OF_THE_FUTURE', 'EVENT_TYPE_OF_THE_FUTURE', undefined],
  [9_999, '9999', undefined],
  ['EVENT_TYPE_NEXUS_OPERATION_SCHEDULED', 'EVENT_TYPE_NEXUS_OPERATION_SCHEDULED', 'Nexus operations'],
  [41, 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'workflow updates'],
])(
  'an event of the type %s is refused as %s, so that a caller can skip the history',
  (eventType, name, feature) => {
    let error: unknown;
    try {
      historyFromProtoJson(timerJson({ eventType }));
    } catch (reason) {
      error = reason;
    }
    expect(error).toBeInstanceOf(UnsupportedHistoryError);
    expect(error).toMatchObject({ unsupported: name, feature });
    expect((error as Error).message).toContain(name);
  },
);
