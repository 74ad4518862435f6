import { beforeEach, describe, expect, test } from 'vitest';
import type { ActivityTask } from '../../../src/model/effect';
import type { ActivityOutcome, Message } from '../../../src/model/message';
import type { Reply } from '../../../src/model/reply';
import type { AttemptPort, WorkerSpec } from '../../../src/model/worker';
import { Attempts } from '../../../src/scheduler/attempts';
import { TaskQueues } from '../../../src/scheduler/task-queues';
import { execution, NAMESPACE, QUEUE, StallingClock, workerOf } from './fixtures';

interface Begun {
  readonly task: ActivityTask;
  readonly port: AttemptPort;
  readonly cancelled: string[];
  readonly end: (outcome: ActivityOutcome) => void;
}

const DONE: ActivityOutcome = { kind: 'completed', result: '1' };
const task = (n: number, more: Partial<ActivityTask> = {}): ActivityTask => ({
  namespace: NAMESPACE,
  execution: execution(n),
  workflowType: 'w',
  scheduledEventId: 5,
  activityId: '1',
  activityType: 'charge',
  taskQueue: QUEUE,
  header: {},
  input: [],
  attempt: 1,
  scheduledAt: 0,
  currentAttemptScheduledAt: 0,
  startedAt: 0,
  scheduleToCloseTimeoutMs: 0,
  startToCloseTimeoutMs: 10_000,
  heartbeatTimeoutMs: 0,
  retryPolicy: {
    initialIntervalMs: 1_000,
    backoffCoefficient: 2,
    maximumIntervalMs: 100_000,
    maximumAttempts: 0,
    nonRetryableErrorTypes: [],
  },
  ...more,
});

let clock: StallingClock;
let queues: TaskQueues;
let begun: Begun[];
let sent: Message[];
let asked: { readonly message: Message; readonly answer: (reply: Reply) => void }[];
let attempts: Attempts;
let worker: WorkerSpec;

beforeEach(() => {
  clock = new StallingClock();
  begun = [];
  sent = [];
  asked = [];
  queues = new TaskQueues({ clock, grant: () => undefined, onUnserved: () => undefined });
  attempts = new Attempts({
    clock,
    queues,
    send: (message) => void sent.push(message),
    ask: (make) => new Promise((answer) => asked.push({ message: make(asked.length + 1), answer })),
  });
  worker = workerOf({
    activities: {
      fingerprint: 'test',
      run: (of, port) => {
        let end: Begun['end'] = () => undefined;
        const outcome = new Promise<ActivityOutcome>((resolve) => (end = resolve));
        const cancelled: string[] = [];
        begun.push({ task: of, port, cancelled, end });
        return { outcome, cancel: (reason) => void cancelled.push(reason) };
      },
    },
  });
  queues.add(worker);
});

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const at = (index: number): Begun => begun[index] as Begun;

test('an attempt begins outside of release, and its outcome is a message', async () => {
  attempts.begin(task(1));
  expect(begun).toEqual([]);
  await turn();
  expect(begun).toHaveLength(1);
  expect(attempts.size).toBe(1);
  at(0).end(DONE);
  await turn();
  expect(sent).toMatchObject([
    {
      kind: 'activityResolved',
      to: execution(1),
      activity: { scheduledEventId: 5, attempt: 1 },
      outcome: DONE,
    },
  ]);
  expect(attempts.size).toBe(0);
  expect(queues.runningOf(worker)).toBe(0);
});

test('an attempt that is told to stop before its function began is told when it has', async () => {
  attempts.begin(task(1));
  attempts.cancel(execution(1).runId, 5, 1, 'requested');
  await turn();
  expect(at(0).cancelled).toEqual(['requested']);
});

test('whoever stops an earlier attempt does not stop the one that runs', async () => {
  attempts.begin(task(1, { attempt: 2 }));
  await turn();
  attempts.cancel(execution(1).runId, 5, 1, 'timedOut');
  expect(at(0).cancelled).toEqual([]);
  attempts.cancel(execution(1).runId, 5, 2, 'timedOut');
  expect(at(0).cancelled).toEqual(['timedOut']);
});

test('a new attempt replaces one that was given up, whose end changes nothing but its slot', async () => {
  attempts.begin(task(1));
  await turn();
  attempts.begin(task(1, { attempt: 2 }));
  await turn();
  expect(at(0).cancelled).toEqual(['notFound']);
  expect(queues.runningOf(worker)).toBe(2);
  at(0).end(DONE);
  await turn();
  expect(attempts.size).toBe(1);
  expect(queues.runningOf(worker)).toBe(1);
  attempts.cancel(execution(1).runId, 5, 2, 'requested');
  expect(at(1).cancelled).toEqual(['requested']);
});

test('an attempt without a worker fails, so that it can be tried again', () => {
  queues.remove(worker);
  attempts.begin(task(1));
  expect(sent).toMatchObject([{ kind: 'activityResolved', outcome: { kind: 'failed' } }]);
});

test('after the end nothing begins, and no outcome is told', async () => {
  attempts.begin(task(1));
  await turn();
  attempts.stop();
  expect(at(0).cancelled).toEqual(['workerShutdown']);
  at(0).end(DONE);
  attempts.begin(task(2));
  await turn();
  expect(begun).toHaveLength(1);
  expect(sent).toEqual([]);
});

describe('heartbeats', () => {
  test('are sent at once, then the latest one in each interval', async () => {
    attempts.begin(task(1, { heartbeatTimeoutMs: 10_000 }));
    await turn();
    const { port } = at(0);
    const answers = ['1', '2', '3'].map((details) => port.heartbeat(details));
    expect(asked).toHaveLength(1);
    asked[0]?.answer({ kind: 'heartbeatRecorded', cancelRequested: false });
    await expect(answers[0]).resolves.toEqual({ cancelRequested: false });
    clock.fireNext(clock.now() + 7_999);
    expect(asked).toHaveLength(1);
    clock.fireNext(clock.now() + 8_000);
    expect(asked[1]?.message).toMatchObject({ kind: 'activityHeartbeat', details: '3' });
    asked[1]?.answer({ kind: 'heartbeatRecorded', cancelRequested: true });
    await expect(Promise.all(answers.slice(1))).resolves.toEqual([
      { cancelRequested: true },
      { cancelRequested: true },
    ]);
  });

  test('that were not sent any more come with the failure', async () => {
    attempts.begin(task(1));
    await turn();
    void at(0).port.heartbeat('1');
    void at(0).port.heartbeat('2');
    at(0).end({ kind: 'failed', failure: { message: 'no' } });
    await turn();
    expect(sent).toMatchObject([{ outcome: { kind: 'failed', lastHeartbeatDetails: '2' } }]);
  });

  test('of an attempt that nobody knows any more say so', async () => {
    attempts.begin(task(1));
    await turn();
    const beat = at(0).port.heartbeat(undefined);
    asked[0]?.answer({ kind: 'refused', refusal: { kind: 'activityNotFound', message: '' } });
    await expect(beat).rejects.toThrow('over');
  });
});
