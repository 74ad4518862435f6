// Signals and queries: order, late and default handlers, what is refused and with which error.
import { ApplicationFailure } from 'troupe/common';
import {
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowClient,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from 'troupe/client';
import { expect, test } from 'vitest';
import { applicationLog, eventually, inEachModeTogether } from './support/modes.ts';
import {
  defaults,
  echo,
  failsOnSignal,
  finish,
  forgetful,
  go,
  heard,
  ignoresSignals,
  lateHandler,
  loud,
  queried,
  say,
  slowHandlers,
  updatable,
} from './workflows/talking.ts';

const workflowsPath = new URL('./workflows/talking.ts', import.meta.url);

let count = 0;
const fresh = (): { workflowId: string } => ({ workflowId: `w-${(count += 1)}` });
const caught = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error,
  );

inEachModeTogether({ workflowsPath }, (running) => {
  const client = (): WorkflowClient => running.troupe.client.workflow;

  test('signals that came before their handler reach it at once, in their order', async () => {
    const handle = await client().start(lateHandler, fresh());
    for (const word of ['a', 'b', 'c']) await handle.signal(say, word);
    expect(await handle.query(heard)).toEqual([]);
    await handle.signal(go);
    await handle.signal(say, 'd');
    await handle.signal(finish);
    expect(await handle.result()).toEqual(['listening', 'a', 'b', 'c', 'registered', 'd']);
  });

  test('signals that were sent without waiting arrive in their order', async () => {
    const handle = await client().start(defaults, fresh());
    const words = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(words.map((word) => handle.signal('word', word)));
    await handle.signal(finish);
    expect(await handle.result()).toEqual(words.map((word) => ['word', word]));
  });

  test('handlers that wait run side by side, and the workflow can wait for them', async () => {
    const handle = await client().start(slowHandlers, { ...fresh(), args: [2] });
    await Promise.all([handle.signal(say, 1), handle.signal(say, 2)]);
    const { order, finishedAtOnce } = await handle.result();
    expect(finishedAtOnce).toBe(false);
    expect([...order].sort()).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2']);
    expect(order.indexOf('end 1')).toBeLessThan(order.indexOf('end 2'));
  });

  test('the default handlers take what has no handler of its own', async () => {
    const handle = await client().start(defaults, fresh());
    await handle.signal('unheard of', 1, 'two', { three: 3 });
    expect(await handle.query('anything', 1, [2])).toEqual({ name: 'anything', args: [1, [2]] });
    await handle.signal(finish);
    expect(await handle.result()).toEqual([['unheard of', 1, 'two', { three: 3 }]]);
  });

  test('a handler that was taken away leaves later signals to the next', async () => {
    const handle = await client().start(forgetful, fresh());
    for (const word of ['one', 'two', 'three']) await handle.signal(say, word);
    expect(await handle.query(heard)).toEqual(['one']);
    await handle.signal(finish);
    expect(await handle.result()).toEqual(['one', 'again two', 'again three']);
  });

  test('a repeated request id is one signal', async () => {
    const handle = await client().start(defaults, fresh());
    for (let times = 0; times < 3; times += 1) {
      await handle.signalWithOptions('once', { args: [times], requestId: 'r' });
    }
    await handle.signal(finish);
    expect(await handle.result()).toEqual([['once', 0]]);
  });

  test('a failure thrown by a signal handler fails the workflow', async () => {
    const handle = await client().start(failsOnSignal, fresh());
    await handle.signal(say, 'this');
    const error = await caught(handle.result());
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(error.cause).toBeInstanceOf(ApplicationFailure);
    expect(error.cause).toMatchObject({ message: 'cannot bear this', type: 'Tender' });
  });

  test('so does one that is thrown after an await in the handler', async () => {
    const handle = await client().start(failsOnSignal, fresh());
    await handle.signal(go);
    await expect(handle.result()).rejects.toMatchObject({ cause: { message: 'later', type: 'Late' } });
  });

  test('a signal to a closed workflow, or to none, is refused', async () => {
    const handle = await client().start(loud, fresh());
    await handle.result();
    const closed = await caught(handle.signal(say, 'late'));
    expect(closed).toBeInstanceOf(WorkflowNotFoundError);
    expect(closed).toMatchObject({ workflowId: handle.workflowId });
    const absent = await caught(client().getHandle('nobody').signal(say, 'hello'));
    expect(absent).toBeInstanceOf(WorkflowNotFoundError);
    expect(absent).toMatchObject({ workflowId: 'nobody' });
  });

  test('signals that nobody takes are kept, and the workflow waits on', async () => {
    const handle = await client().start(ignoresSignals, fresh());
    await Promise.all(Array.from({ length: 20 }, (_, index) => handle.signal(say, index)));
    const { events } = await handle.fetchHistory();
    const signalled = events.filter(
      ({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
    );
    expect(signalled).toHaveLength(20);
    await handle.terminate();
  });

  test('a query sees the state, takes arguments, and leaves no trace', async () => {
    const handle = await client().start(queried, fresh());
    expect(await handle.query(heard)).toEqual(['begun']);
    const { events: before } = await handle.fetchHistory();
    expect(await handle.query(echo, 1, 'two', { three: [3] }, null)).toEqual([
      1,
      'two',
      { three: [3] },
      null,
    ]);
    const { events: after } = await handle.fetchHistory();
    expect(after).toHaveLength(before.length);
    await handle.signal(finish);
    await handle.result();
    expect(await handle.query(heard)).toEqual(['ended']);
  });

  test('queries change nothing: not even the next random number', async () => {
    const { workflowId } = fresh();
    const handle = await client().start(queried, { workflowId });
    const peeks = [await handle.query('mutates'), await handle.query('mutates')];
    expect(peeks[0]).toBe(peeks[1]);
    await handle.signal(finish);
    expect(await handle.result()).toBe(peeks[0]);
  });

  test('many queries at once are all answered', async () => {
    const handle = await client().start(queried, fresh());
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => handle.query(echo, index)));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, index) => [index]));
    await handle.terminate();
  });

  test.each([
    ['nothing', /did not register a handler for nothing.*heard/s],
    ['commands', /query/i],
    ['promise', /promise/i],
    ['bigint', /BigInt/],
  ])('the query "%s" is refused', async (name, message) => {
    const handle = await client().start(queried, fresh());
    const error = await caught(handle.query(name));
    expect(error).toBeInstanceOf(QueryNotRegisteredError);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code: 3 });
    await handle.signal(finish);
    await handle.result();
  });

  test('what a query handler throws reaches the caller, and the workflow goes on', async () => {
    const handle = await client().start(queried, fresh());
    const error = await caught(handle.query('fails'));
    expect(error).toBeInstanceOf(QueryNotRegisteredError);
    expect(error.message).toBe('not today');
    expect(error.cause).toMatchObject({ type: 'Closed', details: [7] });
    await handle.signal(finish);
    await handle.result();
  });

  test('a query to no workflow is refused', async () => {
    expect(await caught(client().getHandle('nobody').query(heard))).toBeInstanceOf(WorkflowNotFoundError);
  });

  test('queries can be rejected by the state of their workflow', async () => {
    const asking = (queryRejectCondition: 'NOT_OPEN' | 'NOT_COMPLETED_CLEANLY'): WorkflowClient =>
      new WorkflowClient({ ...client().options, queryRejectCondition });
    const handle = await client().start(queried, fresh());
    expect(await asking('NOT_OPEN').getHandle(handle.workflowId).query(heard)).toEqual(['begun']);
    await handle.signal(finish);
    await handle.result();
    const error = await caught(asking('NOT_OPEN').getHandle(handle.workflowId).query(heard));
    expect(error).toBeInstanceOf(QueryRejectedError);
    expect(error).toMatchObject({ status: 2, statusName: 'COMPLETED' });
    expect(await asking('NOT_COMPLETED_CLEANLY').getHandle(handle.workflowId).query(heard)).toEqual([
      'ended',
    ]);

    const ended = await client().start(queried, fresh());
    expect(await ended.query(heard)).toEqual(['begun']);
    await ended.terminate();
    expect(
      await caught(asking('NOT_COMPLETED_CLEANLY').getHandle(ended.workflowId).query(heard)),
    ).toMatchObject({
      statusName: 'TERMINATED',
    });
    expect(await ended.query(heard)).toEqual(['begun']);
  });

  test('the built-in metadata query tells what a workflow has', async () => {
    const handle = await client().start(queried, fresh());
    const metadata = await handle.query<{
      definition: { type: string; queryDefinitions: { name: string }[] };
    }>('__temporal_workflow_metadata');
    expect(metadata.definition.type).toBe('queried');
    expect(metadata.definition.queryDefinitions.map(({ name }) => name)).toContain('heard');
    await handle.terminate();
  });

  test('reserved names and names that are none are refused at once', async () => {
    const handle = await client().start(queried, fresh());
    expect(await caught(handle.signal(''))).toBeInstanceOf(TypeError);
    expect(await caught(handle.query(7 as never))).toBeInstanceOf(TypeError);
    expect(await caught(handle.signal('x'.repeat(1_001)))).toMatchObject({ name: 'ValueError' });
    await handle.terminate();
  });

  test('a handler of an update costs a line in the log, and the rest of the workflow runs', async () => {
    const { workflowId } = fresh();
    expect(await client().execute(updatable, { workflowId })).toBe('goes on');
    await eventually('it is said', () =>
      applicationLog.some(
        ({ level, message, meta }) =>
          level === 'WARN' && meta?.['workflowId'] === workflowId && message.includes("Update: 'rename'"),
      ),
    );
  });

  test('a workflow logs once, however often it is replayed', async () => {
    const { workflowId } = fresh();
    await client().execute(loud, { workflowId });
    const lines = (): readonly string[] =>
      applicationLog
        .filter(({ meta }) => meta?.['workflowId'] === workflowId)
        .map(({ level, message }) => `${level} ${message}`);
    await eventually('both lines are there', () => lines().includes('WARN second'));
    expect(lines().filter((line) => /first|second/.test(line))).toEqual(['INFO first', 'WARN second']);
    const first = applicationLog.find(
      ({ message, meta }) => message === 'first' && meta?.['workflowId'] === workflowId,
    );
    expect(first?.meta).toMatchObject({
      number: 1,
      workflowType: 'loud',
      namespace: 'default',
      taskQueue: 'default',
    });
  });
});
