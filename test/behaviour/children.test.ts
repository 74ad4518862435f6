// Child and external workflows: how they end together, cancel, signal and fail each other.
import { ApplicationFailure, ActivityFailure, ChildWorkflowFailure, TerminatedFailure } from 'troupe/common';
import { WorkflowFailedError, WorkflowNotFoundError } from 'troupe/client';
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

inEachModeTogether({ workflowsPath, activities }, (running) => {
  const client = () => running.troupe.client.workflow;
  const statusOf = async (workflowId: string): Promise<string> =>
    (await client().getHandle(workflowId).describe()).status.name;
  const isStarted = async (workflowId: string): Promise<boolean> =>
    client()
      .getHandle(workflowId)
      .describe()
      .then(
        () => true,
        () => false,
      );

  test('a parent gets the result of its child', async () => {
    const child = fresh().workflowId;
    const result = await client().execute(family.parent, {
      ...fresh(),
      args: ['value', { workflowId: child, args: [{ deep: [1] }] }],
    });
    expect(result).toEqual({ deep: [1] });
    expect(await statusOf(child)).toBe('COMPLETED');
  });

  test('a child knows its parent and its root, and gets its memo and its queue', async () => {
    const { workflowId } = fresh();
    const handle = await client().start(family.parent, {
      workflowId,
      args: ['describesItself', { memo: { of: 'the child' } }],
    });
    expect(await handle.result()).toMatchObject({
      parent: { workflowId, runId: handle.firstExecutionRunId, namespace: 'default' },
      root: { workflowId, runId: handle.firstExecutionRunId },
      memo: { of: 'the child' },
      taskQueue: 'default',
    });
    const top = fresh();
    expect(await client().execute(family.grandparent, { ...top, args: [3] })).toEqual({
      depth: 0,
      root: top.workflowId,
    });
  });

  test('the failure of a child carries its whole chain of causes', async () => {
    const child = fresh().workflowId;
    const handle = await client().start(family.parent, {
      ...fresh(),
      args: ['fails', { workflowId: child }],
    });
    const error = await caught(handle.result());
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(error.cause).toBeInstanceOf(ChildWorkflowFailure);
    expect(error.cause).toMatchObject({
      workflowType: 'fails',
      namespace: 'default',
      execution: { workflowId: child },
      retryState: 'RETRY_POLICY_NOT_SET',
    });
    const { cause } = error.cause as Error;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause).toMatchObject({
      message: 'the child failed',
      type: 'ChildTrouble',
      details: [1, { two: 2 }],
    });
    expect((cause as Error).cause).toMatchObject({ message: 'deep down' });
  });

  test('so does that of an activity of a child', async () => {
    const error = await caught(
      client().execute(family.parent, { ...fresh(), args: ['failsInActivity', {}] }),
    );
    const child = error.cause as Error;
    expect(child).toBeInstanceOf(ChildWorkflowFailure);
    expect(child.cause).toBeInstanceOf(ActivityFailure);
    expect((child.cause as Error).cause).toMatchObject({ type: 'PaymentRefused', message: 'no money' });
  });

  test('a workflow can catch the failure of a child', async () => {
    expect(await client().execute(family.catchesChild, fresh())).toBe('ChildTrouble: the child failed');
  });

  test.each([
    ['TERMINATE', 'complete', 'TERMINATED'],
    ['TERMINATE', 'fail', 'TERMINATED'],
    ['TERMINATE', 'wait', 'TERMINATED'],
    ['REQUEST_CANCEL', 'complete', 'CANCELLED'],
    ['REQUEST_CANCEL', 'wait', 'CANCELLED'],
    ['ABANDON', 'complete', 'RUNNING'],
    ['ABANDON', 'wait', 'RUNNING'],
  ] as const)('%s, and the parent ends (%s): the child is %s', async (policy, how, expected) => {
    const child = fresh().workflowId;
    const handle = await client().start(family.leaves, { ...fresh(), args: [child, policy, how] });
    await eventually('the child has started', () => isStarted(child));
    if (how === 'wait') {
      await eventually('the parent knows', async () =>
        (await handle.fetchHistory()).events.some(
          ({ eventType }) => eventType === 'EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED',
        ),
      );
      await handle.terminate('enough');
    }
    await caught(handle.result());
    await eventually(`the child is ${expected}`, async () => (await statusOf(child)) === expected);
    const left = client().getHandle(child);
    if (policy !== 'ABANDON') return;
    await left.signal(family.release);
    expect(await left.result()).toEqual([]);
  });

  // Official SDKs let history have the last word for both.
  test.each(['WAIT_CANCELLATION_COMPLETED', 'WAIT_CANCELLATION_REQUESTED'] as const)(
    '%s: the parent waits until its child has ended',
    async (cancellationType) => {
      const child = fresh().workflowId;
      const handle = await client().start(family.cancels, { ...fresh(), args: [child, cancellationType] });
      await eventually('started', async () => (await handle.query(family.told)).length === 1);
      await handle.signal(family.cancelChild);
      await eventually('the child is asked', async () => hasEvent(child, 'CANCEL_REQUESTED'));
      expect(await statusOf(handle.workflowId)).toBe('RUNNING');
      await client().getHandle(child).signal(family.release);
      expect(await handle.result()).toBe('cancelled: ChildWorkflowFailure');
      expect(await statusOf(child)).toBe('CANCELLED');
    },
  );

  test.each(['TRY_CANCEL', 'ABANDON'] as const)(
    '%s: the parent goes on before its child has ended',
    async (cancellationType) => {
      const child = fresh().workflowId;
      const handle = await client().start(family.cancels, { ...fresh(), args: [child, cancellationType] });
      await eventually('started', async () => (await handle.query(family.told)).length === 1);
      await handle.signal(family.cancelChild);
      expect(await handle.result()).toBe('cancelled: ChildWorkflowFailure');
      expect(await statusOf(child)).toBe('RUNNING');
      if (cancellationType === 'ABANDON') expect(await hasEvent(child, 'CANCEL_REQUESTED')).toBe(false);
      else await eventually('the child is asked', async () => hasEvent(child, 'CANCEL_REQUESTED'));
      await client().getHandle(child).terminate();
    },
  );

  const hasEvent = async (workflowId: string, type: string): Promise<boolean> =>
    (await client().getHandle(workflowId).fetchHistory()).events.some(({ eventType }) =>
      String(eventType).endsWith(`WORKFLOW_EXECUTION_${type}`),
    );

  test('a child that is cancelled in the turn that starts it never starts', async () => {
    const child = fresh().workflowId;
    expect(await client().execute(family.cancelsUnstarted, { ...fresh(), args: [child] })).toBe('cancelled');
    expect(await isStarted(child)).toBe(false);
  });

  test('cancelling the parent cancels its child', async () => {
    const child = fresh().workflowId;
    const handle = await client().start(family.parent, {
      ...fresh(),
      args: ['hangs', { workflowId: child }],
    });
    await eventually('the child has started', () => isStarted(child));
    await handle.cancel();
    await caught(handle.result());
    expect(await statusOf(handle.workflowId)).toBe('CANCELLED');
    expect(await statusOf(child)).toBe('CANCELLED');
  });

  test('a child that somebody terminates fails in its parent', async () => {
    const child = fresh().workflowId;
    const handle = await client().start(family.parent, {
      ...fresh(),
      args: ['hangs', { workflowId: child }],
    });
    await eventually('the child has started', () => isStarted(child));
    await client().getHandle(child).terminate('by hand');
    const error = await caught(handle.result());
    expect(error.cause).toBeInstanceOf(ChildWorkflowFailure);
    expect((error.cause as Error).cause).toBeInstanceOf(TerminatedFailure);
  });

  test('a child that times out fails in its parent', async () => {
    const error = await caught(
      client().execute(family.parent, { ...fresh(), args: ['hangs', { workflowRunTimeout: 30 }] }),
    );
    expect((error.cause as Error).cause).toMatchObject({
      name: 'TimeoutFailure',
      timeoutType: 'START_TO_CLOSE',
    });
  });

  // A run that lasts less than a second has its successor wait for the rest of it.
  test.concurrent('a child is retried by its policy, and its parent sees only the end', async () => {
    const retry = { initialInterval: 1, backoffCoefficient: 1, maximumAttempts: 3 };
    const result = await client().execute(family.parent, {
      ...fresh(),
      args: ['failsUntil', { retry, args: [1] }],
    });
    expect(result).toEqual({ attempt: 2, lastFailure: 'attempt 1', isFirst: false });
  });

  test.concurrent('a child that continues as new is one child', async () => {
    const runs = await client().execute(family.parent, { ...fresh(), args: ['countsDown', { args: [1] }] });
    expect(new Set(runs as string[]).size).toBe(2);
  });

  test('a parent signals its child by its handle and by its id', async () => {
    const result = await client().execute(family.talksToChild, { ...fresh(), args: [fresh().workflowId] });
    expect(result).toEqual(['by its handle', 'by its id']);
  });

  test('a workflow signals another one, which it did not start', async () => {
    const other = await client().start(family.listens, fresh());
    const { workflowId } = fresh();
    expect(await client().execute(family.talksTo, { workflowId, args: [other.workflowId] })).toBe('told');
    const again = fresh();
    expect(
      await client().execute(family.talksTo, {
        ...again,
        args: [other.workflowId, other.firstExecutionRunId],
      }),
    ).toBe('told');
    await other.signal(family.release);
    expect(await other.result()).toEqual([{ from: workflowId }, { from: again.workflowId }]);
  });

  test('a signal to a workflow that is not there, has ended, or is the sender itself, fails', async () => {
    const ended = fresh();
    await client().execute(family.value, { ...ended, args: [1] });
    const self = fresh();
    for (const [from, to] of [
      [fresh(), 'nobody'],
      [fresh(), ended.workflowId],
      [self, self.workflowId],
    ] as const) {
      expect(await client().execute(family.talksTo, { ...from, args: [to] })).toMatch(/not found/i);
    }
  });

  test('so does one to a run that cannot be', async () => {
    const other = await client().start(family.listens, fresh());
    for (const run of ['no run id', '01900000-0000-7000-8000-000000000000']) {
      expect(await client().execute(family.talksTo, { ...fresh(), args: [other.workflowId, run] })).toMatch(
        /not found/i,
      );
    }
    await other.terminate();
  });

  test('a workflow cancels another one; one that has ended, in vain; one that is not there, fails', async () => {
    const other = await client().start(family.hangs, fresh());
    expect(await client().execute(family.cancelsOther, { ...fresh(), args: [other.workflowId] })).toBe(
      'requested',
    );
    await caught(other.result());
    expect(await statusOf(other.workflowId)).toBe('CANCELLED');
    expect(await client().execute(family.cancelsOther, { ...fresh(), args: [other.workflowId] })).toBe(
      'requested',
    );
    expect(await client().execute(family.cancelsOther, { ...fresh(), args: ['nobody'] })).toMatch(
      /not found/i,
    );
  });

  test('an id that an open workflow has is refused to a child', async () => {
    const taken = await client().start(family.listens, fresh());
    expect(await client().execute(family.startsTaken, { ...fresh(), args: [taken.workflowId] })).toEqual([
      'WorkflowExecutionAlreadyStartedError',
      'WorkflowExecutionAlreadyStartedError',
    ]);
    await taken.terminate();
  });

  test.each([
    ['ALLOW_DUPLICATE', 'second: 2'],
    ['ALLOW_DUPLICATE_FAILED_ONLY', 'WorkflowExecutionAlreadyStartedError'],
    ['REJECT_DUPLICATE', 'WorkflowExecutionAlreadyStartedError'],
  ] as const)('%s: a child under the id of one that completed: %s', async (policy, expected) => {
    const child = fresh().workflowId;
    expect(await client().execute(family.reuses, { ...fresh(), args: [child, policy] })).toBe(expected);
  });

  test('a hundred children at once', async () => {
    const results = await client().execute(family.manyChildren, { ...fresh(), args: [100] });
    expect(results).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test('the handle of a workflow that is not there knows it', async () => {
    expect(await caught(client().getHandle('nobody').result())).toBeInstanceOf(WorkflowNotFoundError);
  });
});
