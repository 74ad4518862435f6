import { describe, expect, test } from 'vitest';
import type { CloseEvent } from '../../../src/model/event';
import { OutcomeUnknown, type AbortSignalLike } from '../../../src/model/gateway';
import type { Reply } from '../../../src/model/reply';
import { CloseWaiters } from '../../../src/scheduler/close-waiters';
import { RecentRuns } from '../../../src/scheduler/recent-runs';
import { Waiters } from '../../../src/scheduler/waiters';
import { execution, run } from './fixtures';

class Signal implements AbortSignalLike {
  aborted = false;
  readonly listeners = new Set<() => void>();
  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }
  abort(): void {
    this.aborted = true;
    for (const listener of [...this.listeners]) listener();
  }
}

const asItIs = (reply: Reply): Reply => reply;

const CLOSED: CloseEvent = {
  kind: 'workflowExecutionTerminated',
  eventId: 3,
  at: 1,
  identity: 'test',
};

describe('callers who wait for an answer', () => {
  test('get their own, once', async () => {
    const waiters = new Waiters();
    const ids: number[] = [];
    const answers = [waiters.ask((id) => ids.push(id), asItIs), waiters.ask((id) => ids.push(id), asItIs)];
    waiters.answer(ids[1] as number, { kind: 'done' });
    waiters.answer(ids[1] as number, { kind: 'heartbeatRecorded', cancelRequested: true });
    waiters.answer(ids[0] as number, { kind: 'heartbeatRecorded', cancelRequested: false });
    expect(await Promise.all(answers)).toEqual([
      { kind: 'heartbeatRecorded', cancelRequested: false },
      { kind: 'done' },
    ]);
    expect(waiters.size).toBe(0);
  });

  test('who abort stop waiting; a signal is not listened to any longer than they wait', async () => {
    const waiters = new Waiters();
    const signal = new Signal();
    let asked = 0;
    const answered = waiters.ask((id) => (asked = id), asItIs, signal);
    waiters.answer(asked, { kind: 'done' });
    await answered;
    expect(signal.listeners.size).toBe(0);
    const aborted = waiters.ask(() => undefined, asItIs, signal);
    signal.abort();
    await expect(aborted).rejects.toThrow(OutcomeUnknown);
    expect(signal.listeners.size).toBe(0);
    expect(waiters.size).toBe(0);
  });

  test('who have aborted already ask nothing', async () => {
    const signal = new Signal();
    signal.abort();
    let isSent = false;
    await expect(new Waiters().ask(() => (isSent = true), asItIs, signal)).rejects.toThrow(OutcomeUnknown);
    expect(isSent).toBe(false);
  });

  test('are told that the outcome is unknown when the engine stops, then and later', async () => {
    const waiters = new Waiters();
    const before = waiters.ask(() => undefined, asItIs);
    waiters.stop('closed');
    await expect(before).rejects.toThrow('closed');
    await expect(waiters.ask(() => undefined, asItIs)).rejects.toThrow(OutcomeUnknown);
  });
});

describe('callers who wait for the end of a run', () => {
  test('are all told of it', async () => {
    const waiters = new CloseWaiters();
    const ends = [waiters.wait(run(1)), waiters.wait(run(1))];
    waiters.closed(execution(2), CLOSED);
    waiters.closed(execution(1), CLOSED);
    expect(await Promise.all(ends)).toEqual([
      { execution: execution(1), closeEvent: CLOSED },
      { execution: execution(1), closeEvent: CLOSED },
    ]);
  });

  test('who abort leave the others waiting, and no listener behind', async () => {
    const waiters = new CloseWaiters();
    const [first, second] = [new Signal(), new Signal()];
    const aborted = waiters.wait(run(1), first);
    const other = waiters.wait(run(1), second);
    first.abort();
    await expect(aborted).rejects.toThrow(OutcomeUnknown);
    waiters.closed(execution(1), CLOSED);
    await expect(other).resolves.toMatchObject({ closeEvent: CLOSED });
    expect(first.listeners.size + second.listeners.size).toBe(0);
  });

  test('are not left waiting when the run is deleted, or the engine stops', async () => {
    const waiters = new CloseWaiters();
    const [deleted, open] = [waiters.wait(run(1)), waiters.wait(run(2))];
    waiters.gone(run(1), new Error('no such run'));
    waiters.stop('closed');
    await expect(deleted).rejects.toThrow('no such run');
    await expect(open).rejects.toThrow('closed');
    await expect(waiters.wait(run(3))).rejects.toThrow(OutcomeUnknown);
  });
});

describe('recent runs', () => {
  test('are known as open, then by their end, until forgotten', () => {
    const recent = new RecentRuns();
    recent.started(run(1));
    expect(recent.find(run(1))).toBe('open');
    recent.closed(run(1), CLOSED);
    expect(recent.find(run(1))).toBe(CLOSED);
    recent.forget(run(1));
    expect(recent.find(run(1))).toBeUndefined();
  });

  test('are a bounded number: the newest stay, and none is ever known as open after its end', () => {
    const recent = new RecentRuns();
    for (let n = 0; n < 50_000; n += 1) {
      recent.started(run(n));
      recent.closed(run(n), CLOSED);
    }
    expect(recent.find(run(49_999))).toBe(CLOSED);
    expect(recent.find(run(0))).toBeUndefined();
    const known = Array.from({ length: 50_000 }, (_, n) => recent.find(run(n)));
    expect(known).not.toContain('open');
    expect(known.filter((end) => end !== undefined).length).toBeLessThanOrEqual(20_000);
  });

  test('with a heavy end are left to the store', () => {
    const recent = new RecentRuns();
    recent.started(run(1));
    const result = JSON.stringify('x'.repeat(1_000_000));
    recent.closed(run(1), {
      kind: 'workflowExecutionCompleted',
      eventId: 3,
      at: 1,
      result,
      workflowTaskCompletedEventId: 2,
    });
    expect(recent.find(run(1))).toBeUndefined();
  });
});
