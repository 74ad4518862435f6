// Activities as workflows see them: retries, timeouts, cancellation, heartbeats, completion by somebody else.
import { ActivityNotFoundError, ActivityCancelledError, WorkflowFailedError } from 'troupe/client';
import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from 'troupe/common';
import type { ActivityOptions } from 'troupe/common';
import { Troupe } from 'troupe';
import { afterAll, expect, test } from 'vitest';
import * as activities from './activities/attempts.ts';
import {
  applicationLog,
  eventually,
  inEachModeTogether,
  removeTemporaryFolders,
  temporaryFolder,
} from './support/modes.ts';
import { cancelNow, call, cancelsActivity, cancelsUnstarted, seen } from './workflows/activities.ts';

const { trace, tokens } = activities;
const workflowsPath = new URL('./workflows/activities.ts', import.meta.url);
const MINUTE: ActivityOptions = { startToCloseTimeout: '1 minute' };
const ONCE: ActivityOptions = { ...MINUTE, retry: { maximumAttempts: 1 } };
const FAST = { initialInterval: 1, backoffCoefficient: 1 };

let count = 0;
const freshId = (): string => `w-${(count += 1)}`;
const traceOf = (workflowId: string): readonly unknown[] => trace.get(`${workflowId}/1`) ?? [];
afterAll(removeTemporaryFolders);

inEachModeTogether({ workflowsPath, activities }, (running) => {
  const start = (workflowId: string, options: ActivityOptions, name: string, ...args: unknown[]) =>
    running.troupe.client.workflow.start(call, { workflowId, args: [options, name, ...args] });
  const result = async (options: ActivityOptions, name: string, ...args: unknown[]): Promise<unknown> =>
    (await start(freshId(), options, name, ...args)).result();

  async function failure(
    workflowId: string,
    options: ActivityOptions,
    name: string,
    ...args: unknown[]
  ): Promise<ActivityFailure> {
    const handle = await start(workflowId, options, name, ...args);
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const { cause } = error as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ActivityFailure);
    return cause as ActivityFailure;
  }

  test('an activity that fails is tried again, later each time, until it succeeds', async () => {
    const id = freshId();
    const retry = { initialInterval: 40, backoffCoefficient: 2 };
    const handle = await start(id, { ...MINUTE, retry }, 'failUntil', 2);
    expect(await handle.result()).toBe(3);
    const [first, second, third] = traceOf(id) as number[];
    expect(second! - first!).toBeGreaterThanOrEqual(39);
    expect(third! - second!).toBeGreaterThanOrEqual(79);
    const { events } = await handle.fetchHistory();
    expect(events.filter(({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_STARTED')).toHaveLength(
      1,
    );
  });

  test('the longest interval of a retry policy holds', async () => {
    const id = freshId();
    const retry = { initialInterval: 5, backoffCoefficient: 1_000, maximumInterval: 10 };
    expect(await (await start(id, { ...MINUTE, retry }, 'failUntil', 4)).result()).toBe(5);
  });

  test('after its last attempt an activity fails with what it threw last', async () => {
    const id = freshId();
    const retry = { ...FAST, maximumAttempts: 2 };
    const options = { type: 'Refused', message: 'no', details: [{ code: 7 }] };
    const error = await failure(id, { ...MINUTE, retry }, 'failWith', options);
    expect(error).toMatchObject({
      activityType: 'failWith',
      activityId: '1',
      retryState: 'MAXIMUM_ATTEMPTS_REACHED',
    });
    expect(error.cause).toBeInstanceOf(ApplicationFailure);
    expect(error.cause).toMatchObject({
      message: 'no',
      type: 'Refused',
      nonRetryable: false,
      details: [{ code: 7 }],
    });
    expect(error.cause?.cause).toMatchObject({ message: 'the root of it' });
    expect(traceOf(id)).toEqual([1, 2]);
  });

  test('a failure that says so is not tried again', async () => {
    const id = freshId();
    const options = { message: 'never', nonRetryable: true };
    const error = await failure(id, { ...MINUTE, retry: FAST }, 'failWith', options);
    expect(error.retryState).toBe('NON_RETRYABLE_FAILURE');
    expect(error.cause).toMatchObject({ nonRetryable: true });
    expect(traceOf(id)).toEqual([1]);
  });

  test.each([
    ['failWith', 'Refused', [{ type: 'Refused' }]],
    ['throwOwnClass', 'PaymentRefused', []],
  ])('%s: a type that the policy names is not tried again', async (name, type, args) => {
    const id = freshId();
    const retry = { ...FAST, nonRetryableErrorTypes: [type] };
    const error = await failure(id, { ...MINUTE, retry }, name, ...args);
    expect(error.retryState).toBe('NON_RETRYABLE_FAILURE');
    expect(error.cause).toMatchObject({ type });
    expect(traceOf(id)).toEqual([1]);
  });

  test('a failure may name the delay before the next attempt', async () => {
    const retry = { initialInterval: '1 hour' as const };
    const options = { message: 'soon', nextRetryDelay: 5 };
    expect(await result({ ...MINUTE, retry }, 'failWith', options)).toBe(3);
  });

  test('an attempt that takes too long is stopped, and tried again', async () => {
    const id = freshId();
    const retry = { ...FAST, maximumAttempts: 2 };
    const error = await failure(id, { startToCloseTimeout: 60, retry }, 'hang');
    expect(error.retryState).toBe('MAXIMUM_ATTEMPTS_REACHED');
    expect(error.cause).toBeInstanceOf(TimeoutFailure);
    expect(error.cause).toMatchObject({ timeoutType: 'START_TO_CLOSE' });
    await eventually('both attempts were stopped', () => traceOf(id).length === 4);
    expect(traceOf(id).filter((what) => what === 'stopped: true')).toHaveLength(2);
  });

  test('an activity that no worker takes times out, and is not tried again', async () => {
    const options = { ...MINUTE, scheduleToStartTimeout: 40, taskQueue: 'nobody-serves-this' };
    const error = await failure(freshId(), options, 'succeed');
    expect(error.cause).toMatchObject({ timeoutType: 'SCHEDULE_TO_START' });
    expect(error.retryState).toBe('TIMEOUT');
  });

  test('all attempts together end with schedule-to-close', async () => {
    const error = await failure(freshId(), { scheduleToCloseTimeout: 60 }, 'hang');
    expect(error.cause).toMatchObject({ timeoutType: 'SCHEDULE_TO_CLOSE' });
  });

  test('no attempt begins that schedule-to-close leaves no time for', async () => {
    const id = freshId();
    const retry = { initialInterval: '1 minute' as const };
    const error = await failure(id, { scheduleToCloseTimeout: '2 s', retry }, 'failWith', { message: 'no' });
    expect(error.retryState).toBe('TIMEOUT');
    expect(traceOf(id)).toEqual([1]);
    expect([error.cause?.message, (error.cause?.cause as Error | undefined)?.message].join()).toContain('no');
  });

  test('an attempt that falls silent times out; the next one finds its last heartbeat', async () => {
    const id = freshId();
    const options = { ...MINUTE, heartbeatTimeout: 60, retry: FAST };
    expect(await (await start(id, options, 'goSilent')).result()).toBe('resumed from {"page":7}');
    expect(traceOf(id)).toEqual([undefined, { page: 7 }]);
  });

  test('a heartbeat timeout carries the last details', async () => {
    const error = await failure(freshId(), { ...ONCE, heartbeatTimeout: 60 }, 'goSilent');
    expect(error.cause).toMatchObject({ timeoutType: 'HEARTBEAT', lastHeartbeatDetails: { page: 7 } });
  });

  test('an attempt that fails leaves its last heartbeat to the next', async () => {
    expect(await result({ ...MINUTE, retry: FAST }, 'countWithHeartbeats', 6, 4)).toEqual([5, 6]);
  });

  test.each([
    ['TRY_CANCEL', 'rethrow', 'cancelled: ActivityFailure', 'CancelledFailure'],
    ['WAIT_CANCELLATION_COMPLETED', 'rethrow', 'cancelled: ActivityFailure', 'CancelledFailure'],
    ['WAIT_CANCELLATION_COMPLETED', 'ignore', 'result: finished all the same', 'CancelledFailure'],
    ['WAIT_CANCELLATION_COMPLETED', 'fail', 'failed: clean-up failed', 'CancelledFailure'],
  ] as const)('%s, and the activity answers "%s": %s', async (cancellationType, answer, expected, told) => {
    const workflowId = freshId();
    const handle = await running.troupe.client.workflow.start(cancelsActivity, {
      workflowId,
      args: [{ ...MINUTE, heartbeatTimeout: 2_000, cancellationType }, 'heartbeatUntilCancelled', answer],
    });
    await eventually('it runs', () => traceOf(workflowId).length === 1);
    await handle.signal(cancelNow);
    expect(await handle.result()).toBe(expected);
    await eventually('the activity was told', () => traceOf(workflowId).includes(told));
  });

  test('ABANDON: the workflow goes on at once, and the activity is never told', async () => {
    const workflowId = freshId();
    const handle = await running.troupe.client.workflow.start(cancelsActivity, {
      workflowId,
      args: [{ ...MINUTE, cancellationType: 'ABANDON' }, 'somebodyElse'],
    });
    await eventually('it runs', () => tokens.has(workflowId));
    await handle.signal(cancelNow);
    expect(await handle.result()).toBe('cancelled: ActivityFailure');
    const { events } = await handle.fetchHistory();
    expect(events.map(({ eventType }) => eventType)).not.toContain(
      'EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED',
    );
  });

  test('WAIT_CANCELLATION_COMPLETED waits until the activity has ended', async () => {
    const workflowId = freshId();
    const handle = await running.troupe.client.workflow.start(cancelsActivity, {
      workflowId,
      args: [{ ...MINUTE, cancellationType: 'WAIT_CANCELLATION_COMPLETED' }, 'somebodyElse'],
    });
    await eventually('it runs', () => tokens.has(workflowId));
    await handle.signal(cancelNow);
    expect(await handle.query(seen)).toEqual(['requested']);
    const { activity } = running.troupe.client;
    const token = tokens.get(workflowId)!;
    await expect(activity.heartbeat(token)).rejects.toBeInstanceOf(ActivityCancelledError);
    await activity.reportCancellation(token, 'cleaned up');
    expect(await handle.result()).toBe('cancelled: ActivityFailure');
  });

  test.each(['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const)(
    '%s of an activity that was not scheduled yet: it never runs',
    async (cancellationType) => {
      const workflowId = freshId();
      const { workflow } = running.troupe.client;
      const outcome = await workflow.execute(cancelsUnstarted, {
        workflowId,
        args: [{ ...MINUTE, cancellationType }, 'hang'],
      });
      expect(outcome).toBe('cancelled');
      expect(traceOf(workflowId)).toEqual([]);
    },
  );

  async function startHeartbeating() {
    const id = freshId();
    const options = { ...MINUTE, heartbeatTimeout: 2_000 };
    const handle = await start(id, options, 'heartbeatUntilCancelled', 'rethrow');
    await eventually('it runs', () => traceOf(id).length === 1);
    return { id, handle };
  }

  test('cancelling the workflow cancels its activity, and the workflow is cancelled', async () => {
    const { id, handle } = await startHeartbeating();
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    await eventually('the activity was told', () => traceOf(id).includes('CancelledFailure'));
  });

  test('an activity is told when its workflow is gone', async () => {
    const { id, handle } = await startHeartbeating();
    await handle.terminate('enough');
    await eventually('the activity was told', () => traceOf(id).includes('CancelledFailure'));
  });

  test('somebody else completes an activity, by its token', async () => {
    const id = freshId();
    const handle = await start(id, MINUTE, 'somebodyElse');
    await eventually('it runs', () => tokens.has(id));
    await running.troupe.client.activity.complete(tokens.get(id)!, { from: 'outside' });
    expect(await handle.result()).toEqual({ from: 'outside' });
    await expect(running.troupe.client.activity.complete(tokens.get(id)!, 'again')).rejects.toBeInstanceOf(
      ActivityNotFoundError,
    );
  });

  test('somebody else completes, heartbeats and fails activities by their ids', async () => {
    const { activity } = running.troupe.client;
    const first = freshId();
    const handle = await start(first, { ...ONCE, activityId: 'charge' }, 'somebodyElse');
    await eventually('it runs', () => tokens.has(first));
    const target = { workflowId: first, activityId: 'charge' };
    await activity.heartbeat(target, 'half');
    await activity.complete(target, 1);
    expect(await handle.result()).toBe(1);

    const second = freshId();
    const failing = await start(second, { ...ONCE, activityId: 'charge' }, 'somebodyElse');
    await eventually('it runs', () => tokens.has(second));
    await activity.fail(
      { workflowId: second, activityId: 'charge' },
      ApplicationFailure.nonRetryable('declined', 'Declined'),
    );
    await expect(failing.result()).rejects.toMatchObject({
      cause: { cause: { message: 'declined', type: 'Declined' } },
    });
    await expect(activity.complete({ workflowId: second, activityId: 'nothing' }, 1)).rejects.toBeInstanceOf(
      ActivityNotFoundError,
    );
  });

  test('an activity that nobody asked to stop cannot report a cancellation', async () => {
    const id = freshId();
    const handle = await start(id, MINUTE, 'somebodyElse');
    await eventually('it runs', () => tokens.has(id));
    await expect(running.troupe.client.activity.reportCancellation(tokens.get(id)!)).rejects.toMatchObject({
      name: 'ActivityCompletionError',
    });
    await running.troupe.client.activity.complete(tokens.get(id)!, 'fine');
    expect(await handle.result()).toBe('fine');
  });

  test('the details of a reported cancellation reach the workflow', async () => {
    const id = freshId();
    const handle = await start(
      id,
      { ...MINUTE, cancellationType: 'WAIT_CANCELLATION_COMPLETED' },
      'somebodyElse',
    );
    await eventually('it runs', () => tokens.has(id));
    await handle.cancel();
    await eventually('it is told', async () =>
      running.troupe.client.activity.heartbeat(tokens.get(id)!).then(
        () => false,
        (error: unknown) => error instanceof ActivityCancelledError,
      ),
    );
    await running.troupe.client.activity.reportCancellation(tokens.get(id)!, { undone: 3 });
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    expect((error as Error).cause).toBeInstanceOf(CancelledFailure);
  });

  test('an activity knows its attempt; run id and activity id stay the same', async () => {
    const info = (await result({ ...MINUTE, retry: FAST, activityId: 'mine' }, 'describeAttempt')) as object;
    expect(info).toMatchObject({
      activityId: 'mine',
      activityType: 'describeAttempt',
      attempt: 2,
      isLocal: false,
      namespace: 'default',
      taskQueue: 'default',
      workflowType: 'call',
      startToCloseTimeoutMs: 60_000,
      retryPolicy: { backoffCoefficient: 1 },
    });
  });

  test('an activity that is not registered fails with a failure that names those that are', async () => {
    const error = await failure(freshId(), ONCE, 'noSuchThing');
    expect(error.cause).toMatchObject({ type: 'NotFoundError' });
    expect(error.cause?.message).toMatch(/noSuchThing is not registered.*succeed/s);
  });

  test.each([
    ['unserialisable', /result/],
    ['tooLarge', /size limit/],
  ])('%s: a result that cannot be stored fails the activity', async (name, message) => {
    const error = await failure(freshId(), ONCE, name);
    expect(error.cause?.message).toMatch(message);
  });

  test('an activity logs through the runtime, with the attributes of its attempt', async () => {
    await result(ONCE, 'logs');
    const line = applicationLog.find(({ message }) => message === 'from an activity');
    expect(line).toMatchObject({ level: 'WARN', meta: { page: 3, activityType: 'logs', attempt: 1 } });
  });

  test('a value that is no Error can be thrown', async () => {
    const error = await failure(freshId(), ONCE, 'throwText');
    expect(error.cause).toMatchObject({ message: 'only a text' });
  });

  test('a workflow can catch the failure of an activity and go on', async () => {
    const { workflow } = running.troupe.client;
    expect(await workflow.execute('catchesAndGoesOn', { workflowId: freshId() })).toBe(
      'compensated no money',
    );
  });

  test('two hundred activities at once answer in the order of their calls', async () => {
    const { workflow } = running.troupe.client;
    const results: unknown = await workflow.execute('many', { workflowId: freshId(), args: [200] });
    expect(results).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  test('an activity without a timeout is refused in the workflow', async () => {
    const { workflow } = running.troupe.client;
    expect(await workflow.execute('withoutTimeouts', { workflowId: freshId() })).toBe(
      'TypeError: Required either scheduleToCloseTimeout or startToCloseTimeout',
    );
  });

  test('two open activities cannot have one id', async () => {
    const messages: string[] = [];
    const heard = ({ cause, message }: { cause: string; message: string }): void =>
      void messages.push(`${cause}: ${message}`);
    running.troupe.on('turnFailed', heard);
    const handle = await running.troupe.client.workflow.start('twins', { workflowId: freshId() });
    await eventually('the task fails', () => messages.length > 0);
    expect(messages[0]).toContain('SCHEDULE_ACTIVITY_DUPLICATE_ID');
    running.troupe.off('turnFailed', heard);
    await handle.terminate('enough');
  });

  test.each([undefined, null, 0, '', [], {}, 'ü€😀', { deep: [{ a: [1, null] }] }])(
    'the value %j goes through an activity unchanged',
    async (value) => {
      expect(await result(ONCE, 'succeed', value)).toEqual(value);
    },
  );

  test('bytes go through an activity unchanged', async () => {
    const given = new Uint8Array([0, 1, 254, 255]);
    const handle = await start(freshId(), ONCE, 'succeed', given);
    expect(new Uint8Array((await handle.result()) as Uint8Array)).toEqual(given);
  });
});

test('the default activity takes the calls that no other takes', async () => {
  const troupe = await Troupe.open({
    store: 'memory',
    threads: 0,
    workflowsPath,
    activities: { default: async (...args: unknown[]) => ['default', ...args] },
  });
  const args: Parameters<typeof call> = [MINUTE, 'anything', 1, 2];
  const result: unknown = await troupe.client.workflow.execute(call, { workflowId: 'd', args });
  expect(result).toEqual(['default', 1, 2]);
  await troupe.close();
});

test('failure, retries and heartbeats from outside go on after a restart, by token and by id', async () => {
  const path = temporaryFolder();
  const logger = { warn: () => undefined, error: () => undefined };
  const open = (): Promise<Troupe> => Troupe.open({ path, threads: 1, logger, workflowsPath, activities });
  const first = await open();
  const retry = { ...FAST, maximumAttempts: 2 };
  await first.client.workflow.start(call, {
    workflowId: 'r',
    args: [{ ...MINUTE, retry, activityId: 'pay' }, 'somebodyElse'],
  });
  await eventually('it runs', () => tokens.has('r'));
  await first.client.activity.heartbeat(tokens.get('r')!, { page: 1 });
  await first.close({ within: '2 s' });

  const second = await open();
  const old = tokens.get('r')!;
  const handle = second.client.workflow.getHandle('r');
  const [pending] = (await handle.describe()).raw.pendingActivities;
  expect(pending).toMatchObject({ activityId: 'pay', attempt: 1 });
  tokens.delete('r');
  await second.client.activity.fail(old, new Error('try again'));
  await eventually('the second attempt runs', () => tokens.has('r'));
  await expect(second.client.activity.complete(old, 'late')).rejects.toBeInstanceOf(ActivityNotFoundError);
  await second.client.activity.complete({ workflowId: 'r', activityId: 'pay' }, 'done');
  expect(await handle.result()).toBe('done');
  await second.close({ within: '2 s' });
});
