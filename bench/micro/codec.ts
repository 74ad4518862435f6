// What it costs to write down and to read again: five events as a frame, and a message, an effect and an op on their way between the
// threads. `node --import ./scripts/ts.mjs bench/micro/codec.ts`. Budget of a workflow's five events: 1.5 µs to encode, 0.8 to decode.
import { crc32 } from 'node:zlib';
import { deserialize, serialize } from 'node:v8';
import type { Effect } from '../../src/model/effect';
import type { HistoryEvent } from '../../src/model/event';
import { namespace, runId, taskQueueName, workflowId } from '../../src/model/ids';
import type { Message } from '../../src/model/message';
import { Reader, Writer } from '../../src/storage/format/cells';
import type { Cells, Tables } from '../../src/storage/format/cells';
import { readEvents, writeEvents } from '../../src/storage/format/events';
import { decodeFrame, encodeFrame } from '../../src/storage/format/frame';
import type { Frame } from '../../src/storage/format/frame';
import { historyKey } from '../../src/storage/format/keys';
import { beginRecord, putCells, takeRecord, unpack } from '../../src/storage/format/msgpack';
import { decodeBatch, decodePost, encodeBatch, encodePost } from '../../src/wire/codec';
import type { Batch, BatchOp, Post } from '../../src/wire/traffic';

const ROUNDS = 7;
const TIMES = 100_000;
/** Messages of a post, effects and ops of a batch. */
const WIDTH = 500;

const NAMESPACE = namespace('default');
const QUEUE = taskQueueName('default');
const RUN = runId('0198c2f4-7a10-7000-8000-00c0ffee0001');
const NOW = 1_900_000_000_000;
const IDENTITY = '12345@host';

/** A start, a turn and the activity it scheduled: the first frame of most runs. */
const EVENTS: readonly HistoryEvent[] = [
  {
    kind: 'workflowExecutionStarted',
    eventId: 1,
    at: NOW,
    workflowType: 'order',
    taskQueue: QUEUE,
    input: ['"order-1"'],
    header: {},
    taskTimeoutMs: 10_000,
    workflowId: workflowId('order-1'),
    originalExecutionRunId: RUN,
    firstExecutionRunId: RUN,
    identity: IDENTITY,
    attempt: 1,
  },
  {
    kind: 'workflowTaskScheduled',
    eventId: 2,
    at: NOW,
    taskQueue: QUEUE,
    startToCloseTimeoutMs: 10_000,
    attempt: 1,
  },
  {
    kind: 'workflowTaskStarted',
    eventId: 3,
    at: NOW + 1,
    scheduledEventId: 2,
    identity: IDENTITY,
    requestId: '6b1fd3c5-45a7-4e1f-9c2b-6f4f0a1d2e3c',
    historySizeBytes: 0,
    suggestContinueAsNew: false,
  },
  {
    kind: 'workflowTaskCompleted',
    eventId: 4,
    at: NOW + 1,
    scheduledEventId: 2,
    startedEventId: 3,
    identity: IDENTITY,
    stamp: { bundleHash: '5f2a9c11d04be377', commandHash: 3_141_592_653 },
  },
  {
    kind: 'activityTaskScheduled',
    eventId: 5,
    at: NOW + 1,
    activityId: '1',
    activityType: 'charge',
    taskQueue: QUEUE,
    header: {},
    input: ['"order-1"'],
    scheduleToCloseTimeoutMs: 0,
    scheduleToStartTimeoutMs: 0,
    startToCloseTimeoutMs: 60_000,
    heartbeatTimeoutMs: 0,
    retryPolicy: {
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maximumIntervalMs: 100_000,
      maximumAttempts: 0,
      nonRetryableErrorTypes: [],
    },
    workflowTaskCompletedEventId: 4,
  },
];

const FRAME: Frame = {
  head: {
    epoch: 1,
    namespace: NAMESPACE,
    workflowId: workflowId('order-1'),
    status: 'RUNNING',
    lastEventId: 5,
    sizeBefore: 0,
    createRequestId: '0c8f0d5e-52cb-4b6a-8f0e-0b7a4d1c9e2f',
  },
  events: EVENTS,
};

const hex = (number: number): string => number.toString(16).padStart(12, '0');
const idOf = (index: number) => workflowId(`order-${index}`);
const runOf = (index: number) => runId(`0198c2f4-7a10-7000-8000-${hex(index)}`);
const each = <T>(make: (index: number) => T): readonly T[] =>
  Array.from({ length: WIDTH }, (_, index) => make(index));

const MESSAGES: Readonly<Record<string, (index: number) => Message>> = {
  start: (index) => ({
    kind: 'start',
    to: { namespace: NAMESPACE, workflowId: idOf(index) },
    waiter: index + 1,
    newRunId: runOf(index),
    requestId: `0c8f0d5e-52cb-4b6a-8f0e-${hex(index)}`,
    identity: IDENTITY,
    options: {
      workflowType: 'order',
      taskQueue: QUEUE,
      input: [`"order-${index}"`],
      header: {},
      taskTimeoutMs: 10_000,
    },
    reusePolicy: 'ALLOW_DUPLICATE',
    conflictPolicy: 'FAIL',
  }),
  signal: (index) => ({
    kind: 'signal',
    to: { namespace: NAMESPACE, workflowId: idOf(index) },
    waiter: index + 1,
    signal: {
      signalName: 'approve',
      input: ['true'],
      header: {},
      requestId: `0c8f0d5e-52cb-4b6a-8f0e-${hex(index)}`,
    },
    identity: IDENTITY,
  }),
  activityResolved: (index) => ({
    kind: 'activityResolved',
    to: { namespace: NAMESPACE, workflowId: idOf(index), runId: runOf(index) },
    waiter: 0,
    activity: { kind: 'attempt', scheduledEventId: 5, attempt: 1 },
    identity: IDENTITY,
    outcome: { kind: 'completed', result: `"charged ${index}"` },
  }),
};

const EFFECTS: Readonly<Record<string, (index: number) => Effect>> = {
  'answer to a start': (index) => ({
    kind: 'answer',
    waiter: index + 1,
    reply: { kind: 'started', runId: runOf(index), firstExecutionRunId: runOf(index), isNew: true },
  }),
  runActivity: (index) => ({
    kind: 'runActivity',
    task: {
      namespace: NAMESPACE,
      execution: { workflowId: idOf(index), runId: runOf(index) },
      workflowType: 'order',
      scheduledEventId: 5,
      activityId: '1',
      activityType: 'charge',
      taskQueue: QUEUE,
      header: {},
      input: [`"order-${index}"`],
      attempt: 1,
      scheduledAt: NOW,
      currentAttemptScheduledAt: NOW,
      startedAt: NOW,
      scheduleToCloseTimeoutMs: 0,
      startToCloseTimeoutMs: 60_000,
      heartbeatTimeoutMs: 0,
      retryPolicy: {
        initialIntervalMs: 1_000,
        backoffCoefficient: 2,
        maximumIntervalMs: 100_000,
        maximumAttempts: 0,
        nonRetryableErrorTypes: [],
      },
    },
  }),
  wakeAt: (index) => ({
    kind: 'wakeAt',
    namespace: NAMESPACE,
    execution: { workflowId: idOf(index), runId: runOf(index) },
    at: NOW + 60_000,
  }),
};

const postOf = (make: (index: number) => Message): Post => ({
  generation: 1,
  now: NOW,
  stalledMs: 0,
  entries: each((index) => ({ kind: 'message', handle: index, seq: index, message: make(index) })),
});

const batchOf = (effects: readonly Effect[], ops: readonly BatchOp[]): Batch => ({
  generation: 1,
  isLast: true,
  seenSeq: WIDTH,
  consumed: [],
  ops,
  effects,
  evict: [],
  wanted: [],
  unused: [],
  stats: { residentWorkflows: WIDTH, liveRuns: WIDTH, residentBytes: 0, turns: 0, replays: 0 },
});

/** Nanoseconds of the fastest of some rounds. */
function best(times: number, work: () => void): number {
  let bestNs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.hrtime.bigint();
    for (let time = 0; time < times; time += 1) work();
    bestNs = Math.min(bestNs, Number(process.hrtime.bigint() - start) / times);
  }
  return bestNs;
}

function measure<T>(
  what: string,
  value: T,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  parts = 1,
): void {
  const bytes = encode(value);
  const times = Math.ceil(TIMES / parts);
  const figures = [
    best(times, () => void encode(value)) / parts,
    best(times, () => void decode(bytes)) / parts,
    bytes.length / parts,
  ];
  console.log(what.padEnd(44) + figures.map((figure) => figure.toFixed(0).padStart(10)).join(''));
}

console.log(''.padEnd(44) + ['encode ns', 'decode ns', 'bytes'].map((title) => title.padStart(10)).join(''));
measure('five events', EVENTS, encodeEvents, decodeEvents);
measure(
  '  as JSON',
  EVENTS,
  (events) => Buffer.from(JSON.stringify(events)),
  (bytes) => JSON.parse(Buffer.from(bytes).toString()) as unknown,
);
measure('  as a structured clone', EVENTS, serialize, deserialize);
measure(
  'five events as a frame with its checksum',
  FRAME,
  (frame) => encodeFrame(frame, 0, crc32).bytes,
  (bytes) => decodeFrame(bytes, 0, crc32),
);
for (const [kind, make] of Object.entries(MESSAGES)) {
  measure(`each of ${WIDTH} messages of a post: ${kind}`, postOf(make), encodePost, decodePost, WIDTH);
}
for (const [kind, make] of Object.entries(EFFECTS)) {
  measure(
    `each of ${WIDTH} effects of a batch: ${kind}`,
    batchOf(each(make), []),
    encodeBatch,
    decodeBatch,
    WIDTH,
  );
}
const value = encodeFrame(FRAME, 0, crc32).bytes;
const ops = each((index): BatchOp => ({ table: 'H', key: historyKey(runOf(index), 1), value }));
measure(`each of ${WIDTH} ops of a batch: a frame`, batchOf([], ops), encodeBatch, decodeBatch, WIDTH);

function encodeEvents(events: readonly HistoryEvent[]): Uint8Array {
  const writer = new Writer(NOW);
  const cells = writeEvents(events, writer);
  beginRecord();
  putCells([cells, writer.tables]);
  return takeRecord();
}

function decodeEvents(bytes: Uint8Array): readonly HistoryEvent[] {
  const [cells, tables] = unpack<readonly [Cells, Tables]>(bytes);
  return readEvents(cells, new Reader(tables, NOW));
}
