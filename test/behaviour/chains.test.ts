// Runs that follow one another: continue-as-new and retries of whole workflows; and the timeouts that end them.
import { TimeoutFailure } from 'troupe/common';
import {
  WorkflowContinuedAsNewError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
} from 'troupe/client';
import { expect, test } from 'vitest';
import * as activities from './activities/attempts.ts';
import { eventually, inEachModeTogether } from './support/modes.ts';
import * as family from './workflows/family.ts';

const workflowsPath = new URL('./workflows/family.ts', import.meta.url);
let count = 0;
const fresh = (): { workflowId: string } => ({ workflowId: `w-${(count += 1)}` });
const caught = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error,
  );
const FAST = { initialInterval: 1, backoffCoefficient: 1 };

// A run that lasts less than a second has its successor wait for the rest of it: so these tests run side by side.
inEachModeTogether({ workflowsPath, activities }, (running) => {
  const client = () => running.troupe.client.workflow;

  test.concurrent('a workflow continues as new, and its handle follows it to the end', async () => {
    const handle = await client().start(family.countsDown, { ...fresh(), args: [1] });
    const runs = await handle.result();
    expect(new Set(runs).size).toBe(2);
    expect(runs[0]).toBe(handle.firstExecutionRunId);
    const first = await client().getHandle(handle.workflowId, runs[0]).describe();
    expect(first.status.name).toBe('CONTINUED_AS_NEW');
    const last = await client().getHandle(handle.workflowId).describe();
    expect(last).toMatchObject({ runId: runs[1], status: { name: 'COMPLETED' } });
    const { events } = await client().getHandle(handle.workflowId, runs[1]).fetchHistory();
    expect(events[0]?.['workflowExecutionStartedEventAttributes']).toMatchObject({
      continuedExecutionRunId: runs[0],
      firstExecutionRunId: runs[0],
      initiator: 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW',
    });
  });

  test.concurrent('a handle that does not follow runs is told of the next one', async () => {
    const handle = await client().start(family.countsDown, { ...fresh(), args: [1], followRuns: false });
    const error = await caught(handle.result());
    expect(error).toBeInstanceOf(WorkflowContinuedAsNewError);
    const { newExecutionRunId } = error as WorkflowContinuedAsNewError;
    expect(newExecutionRunId).not.toBe(handle.firstExecutionRunId);
    expect(await client().result(handle.workflowId, newExecutionRunId)).toHaveLength(2);
  });

  test.concurrent('a workflow may become one of another type, with another memo', async () => {
    const { workflowId } = fresh();
    const handle = await client().start(family.becomesAnother, { workflowId, memo: { from: 'the start' } });
    expect(await handle.result()).toMatchObject({
      memo: { left: 'behind' },
      attempt: 1,
      continuedFromExecutionRunId: handle.firstExecutionRunId,
    });
    expect((await client().getHandle(workflowId).describe()).type).toBe('describesItself');
  });

  test.concurrent('the memo of a run, as it was changed, goes on to the next', async () => {
    const memo = { kept: { deep: [1] }, dropped: 2 };
    const handle = await client().start(family.keepsItsMemo, { ...fresh(), memo });
    expect(await handle.result()).toEqual({ kept: { deep: [1] }, added: 1 });
    expect((await client().getHandle(handle.workflowId).describe()).memo).toEqual({
      kept: { deep: [1] },
      added: 1,
    });
  });

  test.concurrent('no signal is lost between two runs', async () => {
    const total = 30;
    const handle = await client().start(family.relay, { ...fresh(), args: [total] });
    const current = client().getHandle(handle.workflowId);
    for (let index = 0; index < total; index += 1) await current.signal(family.tell, index);
    expect(await handle.result()).toEqual(Array.from({ length: total }, (_, index) => index));
  });

  test.concurrent('a workflow that fails is tried again by its policy', async () => {
    const handle = await client().start(family.failsUntil, { ...fresh(), args: [1], retry: FAST });
    expect(await handle.result()).toEqual({ attempt: 2, lastFailure: 'attempt 1', isFirst: false });
    const first = client().getHandle(handle.workflowId, handle.firstExecutionRunId, { followRuns: false });
    expect((await first.describe()).status.name).toBe('FAILED');
    expect(
      (await first.fetchHistory()).events.at(-1)?.['workflowExecutionFailedEventAttributes'],
    ).toMatchObject({
      retryState: 'RETRY_STATE_IN_PROGRESS',
    });
  });

  test.concurrent('a workflow fails for good after its last attempt', async () => {
    const retry = { ...FAST, maximumAttempts: 2 };
    const error = await caught(client().execute(family.failsUntil, { ...fresh(), args: [9], retry }));
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(error).toMatchObject({ retryState: 'MAXIMUM_ATTEMPTS_REACHED', cause: { message: 'attempt 2' } });
  });

  test.concurrent.each([
    [
      'a type that the policy names',
      ['Named', false],
      { ...FAST, nonRetryableErrorTypes: ['Named'] },
      'NON_RETRYABLE_FAILURE',
    ],
    ['a failure that says so', ['Other', true], FAST, 'NON_RETRYABLE_FAILURE'],
  ] as const)('%s ends a workflow at once', async (_what, [type, nonRetryable], policy, retryState) => {
    const retry = {
      ...policy,
      nonRetryableErrorTypes: [...('nonRetryableErrorTypes' in policy ? policy.nonRetryableErrorTypes : [])],
    };
    const error = await caught(
      client().execute(family.failsUntil, { ...fresh(), args: [9, type, nonRetryable], retry }),
    );
    expect(error).toMatchObject({ retryState, cause: { message: 'attempt 1' } });
  });

  test.concurrent('a workflow without a policy is not tried again', async () => {
    const error = await caught(client().execute(family.failsUntil, { ...fresh(), args: [9] }));
    expect(error).toMatchObject({ retryState: 'RETRY_POLICY_NOT_SET' });
  });

  test.concurrent('a run timeout ends a run, and a policy begins the next', async () => {
    const handle = await client().start(family.hangs, { ...fresh(), workflowRunTimeout: 30 });
    const error = await caught(handle.result());
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(error.cause).toBeInstanceOf(TimeoutFailure);
    expect(error.cause).toMatchObject({ timeoutType: 'START_TO_CLOSE' });
    expect((await handle.describe()).status.name).toBe('TIMED_OUT');

    const retry = { ...FAST, maximumAttempts: 2 };
    const retried = await client().start(family.hangs, { ...fresh(), workflowRunTimeout: 30, retry });
    expect(await caught(retried.result())).toMatchObject({ retryState: 'MAXIMUM_ATTEMPTS_REACHED' });
    const { runId } = await client().getHandle(retried.workflowId).describe();
    expect(runId).not.toBe(retried.firstExecutionRunId);
  });

  test.concurrent('an execution timeout ends a whole chain', async () => {
    const handle = await client().start(family.runsOn, { ...fresh(), workflowExecutionTimeout: 1_300 });
    const error = await caught(handle.result());
    expect(error.cause).toBeInstanceOf(TimeoutFailure);
    const last = await client().getHandle(handle.workflowId).describe();
    expect(last.status.name).toBe('TIMED_OUT');
    expect(last.runId).not.toBe(handle.firstExecutionRunId);
  });

  test.concurrent(
    'a workflow knows its timeouts; the run timeout is within the execution timeout',
    async () => {
      const told = await client().execute(family.timeouts, {
        ...fresh(),
        workflowExecutionTimeout: '1 minute',
        workflowRunTimeout: '1 hour',
        workflowTaskTimeout: '5 s',
      });
      expect(told).toMatchObject({ executionTimeoutMs: 60_000, runTimeoutMs: 60_000, taskTimeoutMs: 5_000 });
    },
  );

  test.concurrent('a delayed start waits; the run exists before', async () => {
    const hour = await client().start(family.timeouts, { ...fresh(), startDelay: '1 hour' });
    expect((await hour.fetchHistory()).events).toHaveLength(1);
    const { status, executionTime, startTime } = await hour.describe();
    expect(status.name).toBe('RUNNING');
    expect(executionTime!.getTime() - startTime.getTime()).toBe(3_600_000);
    await hour.terminate();
    const handle = await client().start(family.timeouts, { ...fresh(), startDelay: 100 });
    expect((await handle.result()) as { delayMs: number }).toMatchObject({
      delayMs: expect.toSatisfy((ms: number) => ms >= 100) as number,
    });
  });

  test.concurrent(
    'a delayed workflow can be cancelled, signalled and terminated before it begins',
    async () => {
      const signalled = await client().start(family.listens, { ...fresh(), startDelay: 2_000 });
      await signalled.signal(family.tell, 'early');
      await signalled.signal(family.release);
      expect((await signalled.fetchHistory()).events.map(({ eventType }) => eventType)).not.toContain(
        'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
      );
      expect(await signalled.result()).toEqual(['early']);

      const hurried = { ...fresh(), startDelay: '1 hour' as const };
      await client().start(family.listens, hurried);
      await client().signalWithStart(family.listens, {
        ...hurried,
        signal: family.tell,
        signalArgs: ['now'],
      });
      const handle = client().getHandle<typeof family.listens>(hurried.workflowId);
      await handle.signal(family.release);
      expect(await handle.result()).toEqual(['now']);

      const terminated = await client().start(family.hangs, { ...fresh(), startDelay: '1 hour' });
      await terminated.terminate('never mind');
      await expect(terminated.result()).rejects.toMatchObject({ cause: { name: 'TerminatedFailure' } });
    },
  );

  test.concurrent('an id is taken as long as the chain of its workflow goes on', async () => {
    const { workflowId } = fresh();
    const { firstExecutionRunId } = await client().start(family.relay, { workflowId, args: [2] });
    await client().getHandle(workflowId).signal(family.tell, 1);
    await eventually(
      'it has continued',
      async () => (await client().getHandle(workflowId).describe()).runId !== firstExecutionRunId,
    );
    expect(await caught(client().start(family.hangs, { workflowId }))).toBeInstanceOf(
      WorkflowExecutionAlreadyStartedError,
    );
    await client().getHandle(workflowId).signal(family.tell, 2);
    expect(await client().getHandle(workflowId).result()).toEqual([1, 2]);
    expect(await client().execute(family.value, { workflowId, args: ['free again'] })).toBe('free again');
  });
});
