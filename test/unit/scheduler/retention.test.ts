import { expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/model/time';
import type { Reply } from '../../../src/model/reply';
import { Retention } from '../../../src/scheduler/retention';
import type { ExpiredRow, StoreReader } from '../../../src/scheduler/stored-runs';
import type { WriteOp } from '../../../src/storage/store';
import { execution, NAMESPACE, StallingClock } from './fixtures';

const DONE: Reply = { kind: 'done' };

/** The listing says of these runs that their time is over; it is read a millisecond a row. */
function retentionOf(expired: readonly number[], answer: (workflowId: string) => Reply = () => DONE) {
  const clock = new StallingClock();
  const seen = { read: 0, asked: [] as string[], inFlight: 0, most: 0, ops: [] as WriteOp[] };
  const deleted = new Set<string>();
  function* rows(): Iterable<ExpiredRow> {
    for (const n of expired) {
      const { workflowId } = execution(n);
      if (deleted.has(workflowId)) continue;
      seen.read += 1;
      clock.moveTo(clock.now() + 1);
      yield { key: new Uint8Array([n % 256]), namespace: NAMESPACE, execution: execution(n) };
    }
  }
  const retention = new Retention({
    clock,
    reader: { expired: rows } as unknown as StoreReader,
    ask: async (make) => {
      const { workflowId } = make(1).to;
      seen.asked.push(workflowId);
      seen.most = Math.max(seen.most, (seen.inFlight += 1));
      await Promise.resolve();
      seen.inFlight -= 1;
      const reply = answer(workflowId);
      if (reply.kind === 'done') deleted.add(workflowId);
      return reply;
    },
    submit: (ops) => seen.ops.push(...ops),
    onWarning: (message) => expect.unreachable(message),
  });
  return { clock, seen, retention };
}

/** What waits for this turn of the loop goes on, too. */
async function turn(clock: StallingClock): Promise<void> {
  clock.turn();
  for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
}

async function pass(clock: StallingClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    if (!clock.isReady) clock.fireNext();
    await turn(clock);
  }
}

test('very many closed runs go a few at a time, and what a sweep has passed it does not read again', async () => {
  const expired = Array.from({ length: 1_000 }, (_, n) => n);
  const { clock, seen, retention } = retentionOf(expired);
  retention.start();
  await pass(clock, 10 * MINUTE_MS);
  expect(new Set(seen.asked).size).toBe(1_000);
  expect(seen.asked).toHaveLength(1_000);
  expect(seen.most).toBeLessThanOrEqual(200);
  expect(seen.read).toBe(1_000);
  retention.stop();
});

test('a run that cannot be deleted is left for the next day, and is in the way of no other', async () => {
  const refused: Reply = { kind: 'refused', refusal: { kind: 'failedPrecondition', message: 'it owes' } };
  let owes = true;
  const answer = (workflowId: string): Reply => (workflowId === 'w0' && owes ? refused : DONE);
  const { clock, seen, retention } = retentionOf([0, 1, 2], answer);
  retention.start();
  await pass(clock, DAY_MS / 2);
  expect(seen.asked.sort()).toEqual(['w0', 'w1', 'w2']);
  owes = false;
  await pass(clock, DAY_MS);
  expect(seen.asked.filter((id) => id === 'w0')).toHaveLength(2);
  expect(seen.ops).toEqual([]);
  retention.stop();
});

test('very many that are left for the next day are passed over a few at a time', async () => {
  const refused: Reply = { kind: 'refused', refusal: { kind: 'failedPrecondition', message: 'it owes' } };
  const { clock, seen, retention } = retentionOf(
    Array.from({ length: 2_000 }, (_, n) => n),
    () => refused,
  );
  retention.start();
  await pass(clock, MINUTE_MS);
  expect(seen.asked).toHaveLength(2_000);
  let most = 0;
  for (const end = clock.now() + 5 * MINUTE_MS; clock.now() < end;) {
    if (!clock.isReady) clock.fireNext();
    const before = seen.read;
    await turn(clock);
    most = Math.max(most, seen.read - before);
  }
  expect(seen.read).toBeGreaterThanOrEqual(4_000);
  expect(most).toBeLessThan(20);
  expect(seen.asked).toHaveLength(2_000);
  retention.stop();
});

test('a line of the listing without a run is removed', async () => {
  const gone: Reply = { kind: 'refused', refusal: { kind: 'notFound', message: 'no such run' } };
  const { clock, seen, retention } = retentionOf([7], () => gone);
  retention.start();
  await pass(clock, 1_000);
  expect(seen.ops[0]).toEqual({ table: 'V', key: new Uint8Array([7]), value: null });
  retention.stop();
});
