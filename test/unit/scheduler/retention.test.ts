import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time';
import { Retention } from '../../../src/scheduler/retention';
import type { DueRow, StoreReader } from '../../../src/scheduler/stored-runs';
import { execution, NAMESPACE, StallingClock } from './fixtures';

test('closed runs are found behind very many that are late to wake up, a few rows at a time', async () => {
  const clock = new StallingClock();
  const late = 1_000;
  let read = 0;
  const row = (n: number, kind: DueRow['kind']): DueRow => ({
    key: new Uint8Array([1]),
    kind,
    at: clock.now(),
    namespace: NAMESPACE,
    execution: execution(n),
  });
  function* due(): Iterable<DueRow> {
    for (let n = 0; n <= late; n += 1) {
      read += 1;
      clock.moveTo(clock.now() + 1);
      yield row(n, n === late ? 'retention' : 'wake');
    }
  }
  const deleted: string[] = [];
  const retention = new Retention({
    clock,
    reader: { due } as unknown as StoreReader,
    ask: (make) => {
      deleted.push(make(1).to.workflowId);
      return Promise.resolve({ kind: 'done' });
    },
    submit: () => undefined,
    onWarning: (message) => expect.unreachable(message),
  });
  retention.start();
  clock.fireNext();
  let most = read;
  while (deleted.length === 0) {
    const before = read;
    clock.turn();
    most = Math.max(most, read - before);
    // What waited for this turn of the loop goes on.
    for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
    most = Math.max(most, read - before);
  }
  expect(deleted).toEqual([`w${late}`]);
  expect(most).toBeLessThan(20);
  expect(clock.nextAt).toBeLessThanOrEqual(clock.now() + MINUTE_MS);
  retention.stop();
});
