import { expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/model/time';
import { Retention } from '../../../src/scheduler/retention';
import type { DueRow, StoreReader } from '../../../src/scheduler/stored-runs';
import { execution, NAMESPACE, StallingClock } from './fixtures';

/** Reads what is due, a millisecond a row; `undefined` is a run that is late to wake up. */
function retentionOf(due: readonly (number | undefined)[]) {
  const clock = new StallingClock();
  const seen = { read: 0, deleted: [] as string[], inFlight: 0, most: 0 };
  function* dueRows(): Iterable<DueRow | undefined> {
    for (const n of due) {
      seen.read += 1;
      clock.moveTo(clock.now() + 1);
      const row = { key: new Uint8Array([1]), at: clock.now(), namespace: NAMESPACE };
      yield n === undefined ? undefined : { ...row, execution: execution(n) };
    }
  }
  const retention = new Retention({
    clock,
    reader: { due: dueRows } as unknown as StoreReader,
    ask: async (make) => {
      seen.deleted.push(make(1).to.workflowId);
      seen.most = Math.max(seen.most, (seen.inFlight += 1));
      await Promise.resolve();
      seen.inFlight -= 1;
      return { kind: 'done' };
    },
    submit: () => undefined,
    onWarning: (message) => expect.unreachable(message),
  });
  return { clock, seen, retention };
}

test('closed runs are found behind very many that are late to wake up, a few rows at a time', async () => {
  const late = 1_000;
  const { clock, seen, retention } = retentionOf([...Array.from({ length: late }, () => undefined), late]);
  retention.start();
  clock.fireNext();
  let most = seen.read;
  while (seen.deleted.length === 0) {
    const before = seen.read;
    clock.turn();
    // What waited for this turn of the loop goes on.
    for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
    most = Math.max(most, seen.read - before);
  }
  expect(seen.deleted).toEqual([`w${late}`]);
  expect(most).toBeLessThan(20);
  expect(clock.nextAt).toBeLessThanOrEqual(clock.now() + MINUTE_MS);
  retention.stop();
});

test('very many closed runs go a few at a time, and what a sweep has passed it does not read again', async () => {
  const due = Array.from({ length: 3_000 }, (_, n) => (n % 3 === 0 ? n : undefined));
  const { clock, seen, retention } = retentionOf(due);
  retention.start();
  const end = clock.now() + DAY_MS;
  while (seen.deleted.length < 1_000 && clock.now() < end) {
    if (!clock.isReady) clock.fireNext();
    clock.turn();
    for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
  }
  expect(new Set(seen.deleted).size).toBe(1_000);
  expect(seen.most).toBeLessThanOrEqual(200);
  expect(seen.read).toBeLessThanOrEqual(due.length);
  retention.stop();
});
