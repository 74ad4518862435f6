import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { HistoryEvent } from '../../../src/model/event';
import type { Namespaces } from '../../../src/scheduler/namespaces';
import { inOneGo } from '../../../src/scheduler/portion';
import { HistoryDamagedError, StoreReader } from '../../../src/scheduler/stored-runs';
import { chainStart, encodeFrame } from '../../../src/storage/format/frame';
import { activityKey, historyKey, owingKey, visibilityKey } from '../../../src/storage/format/keys';
import { encodeOwner, encodeVisibility } from '../../../src/storage/format/values';
import { MemoryStore } from '../../../src/storage/memory/memory-store';
import type { WriteOp } from '../../../src/storage/store';
import { execution, NAMESPACE, QUEUE, run } from './fixtures';

test('a history that grows while it is read ends with what its activities fit to', async () => {
  const store = new MemoryStore();
  const reader = new StoreReader(store, {} as Namespaces);
  const frame = (n: number): WriteOp => ({
    table: 'H',
    key: historyKey(run(1), n),
    value: new Uint8Array([n % 256]),
  });
  const frames = Array.from({ length: 3_000 }, (_, n) => frame(n + 1));
  await store.commit(frames);
  const reading = reader.readRun(run(1));
  let pages = 0;
  let step = reading.next();
  for (; step.done !== true; step = reading.next()) {
    pages += 1;
    const n = 3_000 + pages;
    await store.commit([frame(n), { table: 'A', key: activityKey(run(1), n), value: new Uint8Array([1]) }]);
  }
  expect(pages).toBeGreaterThan(2);
  expect(step.value.frames).toHaveLength(3_000 + pages);
  expect(step.value.activities).toHaveLength(pages);
  expect(inOneGo(reader.readRun(run(1))).frames).toEqual(step.value.frames);
  await store.close();
});

describe('the history of a run that has ended', () => {
  const FRAMES = 300;
  let store: MemoryStore;
  let reader: StoreReader;

  beforeEach(async () => {
    store = new MemoryStore();
    reader = new StoreReader(store, {} as Namespaces);
    await store.commit(framesOf(FRAMES));
  });

  test('is not read to tell how the run ended: the last two frames are enough', () => {
    const range = vi.spyOn(store, 'range');
    expect(reader.end(address, run(1))).toMatchObject({ kind: 'workflowExecutionCompleted' });
    expect(range.mock.calls.map(([, options]) => options?.limit)).toEqual([2]);
    expect(reader.end({ ...address, workflowId: execution(2).workflowId }, run(1))).toBeUndefined();
    expect(reader.end(address, run(2))).toBeUndefined();
  });

  test('is open, or damaged, if its last frame says so', async () => {
    const [last, ...others] = framesOf(FRAMES).reverse();
    await store.commit([{ ...(last as WriteOp), value: null }]);
    expect(reader.end(address, run(1))).toBe('open');
    // Made for another place in the chain.
    const [alone] = framesOf(1);
    await store.commit([{ ...(last as WriteOp), value: alone?.value ?? null }]);
    expect(() => reader.end(address, run(1))).toThrow(HistoryDamagedError);
    await store.commit(others.map((op) => ({ ...op, value: null })));
    expect(reader.end(address, run(1))).toMatchObject({ kind: 'workflowExecutionCompleted' });
  });

  test('is read in steps, and is gone when it is deleted between two of them', async () => {
    const whole = inOneGo(reader.readHistory(run(1)));
    expect(whole).toMatchObject({ ...address, events: { length: FRAMES } });
    const reading = reader.readHistory(run(1));
    let steps = 1;
    while (reading.next().done !== true) steps += 1;
    expect(steps).toBeGreaterThan(FRAMES);
    const another = reader.readHistory(run(1));
    another.next();
    await store.commit(framesOf(FRAMES).map((op) => ({ ...op, value: null })));
    expect(inOneGo(another)).toBeUndefined();
  });
});

describe('which runs are awake', () => {
  const NAMESPACES = {
    find: (name: string) => (name === NAMESPACE ? ENTRY : undefined),
    all: () => [ENTRY],
  } as unknown as Namespaces;
  const ENTRY = { namespace: NAMESPACE, number: 1, retentionMs: 1_000 };
  const LISTING = { 1: 'atRest', 2: 'awake', 3: 'awake', 4: 'closed', 5: 'closed' } as const;
  const OWING = 5;
  let store: MemoryStore;

  beforeEach(async () => {
    store = new MemoryStore();
    for (const [name, listing] of Object.entries(LISTING)) {
      const n = Number(name);
      const value = encodeVisibility({
        execution: execution(n),
        workflowType: 'type',
        taskQueue: QUEUE,
        status: listing === 'closed' ? 'COMPLETED' : 'RUNNING',
        startTime: 1_000,
        executionTime: 1_000,
        historyLength: 1,
        historySizeBytes: 1,
      });
      await store.commit([
        { table: 'V', key: visibilityKey(1, listing, 1_000, run(n)), value },
        ...framesOf(listing === 'closed' ? 3 : 4, n).slice(0, 3),
      ]);
    }
    await store.commit([{ table: 'W', key: owingKey(run(OWING)), value: encodeOwner(addressOf(OWING)) }]);
  });

  test('is told by the listing of those that are open, and by what the others owe', () => {
    const reader = new StoreReader(store, NAMESPACES);
    const awake = [...reader.awake()].map(({ runId }) => runId);
    expect(awake.slice(0, 2).sort()).toEqual([run(2), run(3)]);
    expect(awake.slice(2)).toEqual([run(OWING)]);
    for (const n of [1, 2, 3, 4, 5])
      expect(inOneGo(reader.readRun(run(n))).awake, `w${n}`).toBe(awake.includes(run(n)));
  });

  test('is not told by rows that are damaged, which are left to the lane', async () => {
    const reader = new StoreReader(store, NAMESPACES);
    await store.commit([{ table: 'H', key: historyKey(run(2), 1), value: new Uint8Array([1, 2, 3]) }]);
    expect(inOneGo(reader.readRun(run(2)))).toMatchObject({ awake: false, frames: { length: 3 } });
  });
});

const addressOf = (n: number) => ({ namespace: NAMESPACE, workflowId: execution(n).workflowId });
const address = addressOf(1);

/** Frames of one event each, the last of which ends the run. */
function framesOf(count: number, of = 1): WriteOp[] {
  let crc = chainStart(run(of), crc32);
  return Array.from({ length: count }, (_, n) => {
    const isLast = n === count - 1;
    const base = { eventId: n + 1, at: 1_000 + n };
    const event: HistoryEvent = isLast
      ? { ...base, kind: 'workflowExecutionCompleted', workflowTaskCompletedEventId: 1 }
      : { ...base, kind: 'workflowExecutionSignaled', signalName: 's', input: [], header: {}, identity: 'i' };
    const head = {
      epoch: 1,
      ...addressOf(of),
      status: isLast ? ('COMPLETED' as const) : ('RUNNING' as const),
      lastEventId: event.eventId,
      sizeBefore: 0,
      createRequestId: 'request',
    };
    const frame = encodeFrame({ head, events: [event] }, crc, crc32);
    crc = frame.crc;
    return { table: 'H', key: historyKey(run(of), event.eventId), value: frame.bytes };
  });
}
