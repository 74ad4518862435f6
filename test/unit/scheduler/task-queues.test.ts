import { beforeEach, describe, expect, test } from 'vitest';
import { taskQueueName } from '../../../src/model/ids';
import type { WorkerSpec } from '../../../src/model/worker';
import { TaskQueues, WorkerConflictError, type QueuedActivity } from '../../../src/scheduler/task-queues';
import { execution, NAMESPACE, QUEUE, StallingClock, workerOf } from './fixtures';

let clock: StallingClock;
let granted: number[];
let unserved: string[];
let queues: TaskQueues;

const activity = (n: number, attempt = 1): QueuedActivity => ({
  namespace: NAMESPACE,
  execution: execution(n),
  taskQueue: QUEUE,
  scheduledEventId: 5,
  attempt,
});
/** Slots that a drain is granted now. */
const grant = (most = 100, lanes = 1): number =>
  queues.grants(most, lanes).reduce((sum, { count }) => sum + count, 0);
/** Slots that are free now: granted and given back. */
function free(): number {
  const count = grant();
  if (count > 0) queues.giveBack(NAMESPACE, QUEUE, count);
  return count;
}

beforeEach(() => {
  clock = new StallingClock();
  granted = [];
  unserved = [];
  queues = new TaskQueues({
    clock,
    grant: ({ execution: { workflowId } }) => granted.push(Number(workflowId.slice(1))),
    onUnserved: (_namespace, taskQueue) => unserved.push(taskQueue),
  });
});

describe('slots', () => {
  test('are set aside for a drain, used by attempts, and given back', () => {
    const worker = workerOf({ maxConcurrentActivities: 3 });
    queues.add(worker);
    expect(grant()).toBe(3);
    expect(grant()).toBe(0);
    expect(queues.begin(activity(1))).toBe(worker);
    expect(queues.begin(activity(2))).toBe(worker);
    queues.giveBack(NAMESPACE, QUEUE, 1);
    expect(queues.runningOf(worker)).toBe(2);
    expect(free()).toBe(1);
    queues.end(worker);
    queues.end(worker);
    expect(free()).toBe(3);
  });

  test('are shared among lanes: none takes all of them', () => {
    queues.add(workerOf({ maxConcurrentActivities: 8 }));
    expect(grant(100, 4)).toBe(2);
    expect(grant(100, 4)).toBe(2);
    expect(grant(100, 1)).toBe(4);
  });

  test('go to activities that wait, oldest first, before any drain has some', () => {
    const worker = workerOf({ maxConcurrentActivities: 1 });
    queues.add(worker);
    queues.enqueue(activity(1));
    queues.enqueue(activity(2));
    expect(granted).toEqual([1]);
    expect(grant()).toBe(0);
    queues.begin(activity(1));
    queues.end(worker);
    expect(granted).toEqual([1, 2]);
    expect(queues.waitingActivities).toBe(0);
  });

  test('whose activity does not want them any more are free again', () => {
    queues.add(workerOf({ maxConcurrentActivities: 1 }));
    queues.enqueue(activity(1));
    expect(free()).toBe(0);
    queues.settleGrant(activity(1));
    expect(free()).toBe(1);
  });

  test('are not taken twice by an activity that is queued again while its slot is on its way', () => {
    const worker = workerOf({ maxConcurrentActivities: 2 });
    queues.add(worker);
    queues.enqueue(activity(1));
    // Its lane died, and the workflow was loaded again.
    queues.enqueue(activity(1));
    expect(granted).toEqual([1]);
    queues.begin(activity(1));
    queues.settleGrant(activity(1));
    expect(queues.runningOf(worker)).toBe(1);
    expect(free()).toBe(1);
  });

  test('of void drains are free again; those on their way to an activity are not', () => {
    const worker = workerOf({ maxConcurrentActivities: 5 });
    queues.add(worker);
    queues.enqueue(activity(1));
    expect(grant()).toBe(4);
    queues.begin(activity(9));
    queues.voidGrants();
    expect(queues.runningOf(worker)).toBe(1);
    expect(free()).toBe(3);
    queues.settleGrant(activity(1));
    expect(free()).toBe(4);
  });

  test('are never lost, whatever happens in whatever order', () => {
    const worker = workerOf({ maxConcurrentActivities: 4 });
    queues.add(worker);
    let out = grant();
    for (let n = 0; n < 50; n += 1) {
      queues.enqueue(activity(n));
      if (n % 7 === 0) queues.enqueue(activity(n));
      if (out > 0 && n % 3 === 0) {
        queues.begin(activity(1_000 + n));
        out -= 1;
      } else if (out > 0) {
        queues.giveBack(NAMESPACE, QUEUE, 1);
        out -= 1;
      }
      const next = granted.shift();
      if (next !== undefined && n % 2 === 0) {
        queues.begin(activity(next));
        queues.end(worker);
      } else if (next !== undefined) {
        queues.settleGrant(activity(next));
      }
      if (queues.runningOf(worker) > 0) queues.end(worker);
    }
    for (let next = granted.shift(); next !== undefined; next = granted.shift())
      queues.settleGrant(activity(next));
    while (queues.runningOf(worker) > 0) queues.end(worker);
    for (let next = granted.shift(); next !== undefined; next = granted.shift())
      queues.settleGrant(activity(next));
    if (out > 0) queues.giveBack(NAMESPACE, QUEUE, out);
    expect(queues.waitingActivities).toBe(0);
    expect(free()).toBe(4);
  });

  test('an activity that waits no longer is not granted one', () => {
    queues.enqueue(activity(1));
    queues.enqueue(activity(2));
    queues.dequeue(activity(1));
    queues.dequeue(activity(2, 7));
    queues.add(workerOf());
    expect(granted).toEqual([2]);
  });
});

describe('workers', () => {
  test('with other code on the same queue are refused', () => {
    queues.add(workerOf());
    expect(() => queues.add(workerOf({ hash: 'other' }))).toThrow(WorkerConflictError);
    expect(() => queues.add(workerOf({ taskQueue: taskQueueName('another'), hash: 'other' }))).not.toThrow();
    expect(() => queues.add(workerOf())).not.toThrow();
  });

  test('may follow one that begins nothing any more', () => {
    const old = workerOf();
    queues.add(old);
    void queues.drain(old);
    expect(() => queues.add(workerOf({ hash: 'other' }))).not.toThrow();
  });

  test('that drain take the attempts whose start was on its way, and are idle when these have ended', async () => {
    const worker = workerOf({ maxConcurrentActivities: 3 });
    queues.add(worker);
    expect(grant()).toBe(3);
    let isIdle = false;
    const idle = queues.drain(worker).then(() => (isIdle = true));
    expect(grant()).toBe(0);
    expect(queues.begin(activity(1))).toBe(worker);
    queues.giveBack(NAMESPACE, QUEUE, 2);
    await Promise.resolve();
    expect(isIdle).toBe(false);
    queues.end(worker);
    await idle;
    expect(isIdle).toBe(true);
  });

  test('that drain are passed over when another one goes on', () => {
    const [old, fresh]: [WorkerSpec, WorkerSpec] = [workerOf(), workerOf()];
    queues.add(old);
    queues.add(fresh);
    void queues.drain(old);
    expect(queues.begin(activity(1))).toBe(fresh);
  });
});

describe('a queue without a worker', () => {
  test('is named once, after five seconds', () => {
    queues.enqueue(activity(1));
    queues.enqueue(activity(2));
    while (clock.fireNext(clock.now() + 4_999));
    expect(unserved).toEqual([]);
    while (clock.fireNext());
    expect(unserved).toEqual([QUEUE]);
    queues.enqueue(activity(3));
    while (clock.fireNext());
    expect(unserved).toHaveLength(1);
  });

  test('is not named when a worker comes in time, and is named again when that has gone', () => {
    queues.expectWorker(NAMESPACE, QUEUE, 'workflows');
    const worker = workerOf();
    queues.add(worker);
    while (clock.fireNext());
    expect(unserved).toEqual([]);
    queues.remove(worker);
    queues.expectWorker(NAMESPACE, QUEUE, 'workflows');
    while (clock.fireNext());
    expect(unserved).toEqual([QUEUE]);
  });

  test('is one whose only worker runs no activities, when an activity waits', () => {
    const { activities: _, ...workflowsOnly } = workerOf();
    queues.add(workflowsOnly);
    queues.enqueue(activity(1));
    while (clock.fireNext());
    expect(unserved).toEqual([QUEUE]);
  });
});
