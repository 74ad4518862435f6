// What clients may ask for, and what they are told: id policies, repeats, descriptions, ends, listings, histories, errors.
import { TerminatedFailure } from 'troupe/common';
import {
  Client,
  ServiceError,
  isGrpcServiceError,
  UnsupportedQueryError,
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowFilter,
  WorkflowNotFoundError,
} from 'troupe/client';
import { Worker } from 'troupe/worker';
import { expect, test } from 'vitest';
import * as activities from './activities/attempts.ts';
import { eventually, inEachModeTogether } from './support/modes.ts';
import * as family from './workflows/family.ts';

const workflowsPath = new URL('./workflows/family.ts', import.meta.url);
let count = 0;
const freshId = (): string => `w-${(count += 1)}`;
const fresh = (): { workflowId: string } => ({ workflowId: freshId() });
const caught = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error,
  );

inEachModeTogether({ workflowsPath, activities }, (running) => {
  const client = (): WorkflowClient => running.troupe.client.workflow;
  const statusOf = async (workflowId: string, runId?: string): Promise<string> =>
    (await client().getHandle(workflowId, runId).describe()).status.name;

  test('an id that is in use is refused, with the error that names it', async () => {
    const { workflowId } = fresh();
    await client().start(family.hangs, { workflowId });
    const error = await caught(client().start(family.listens, { workflowId }));
    expect(error).toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    expect(error).toMatchObject({
      workflowId,
      workflowType: 'listens',
      message: 'Workflow execution already started',
    });
  });

  test('USE_EXISTING gives the workflow that runs already', async () => {
    const { workflowId } = fresh();
    const first = await client().start(family.listens, { workflowId });
    const again = await client().start(family.listens, {
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    expect(again.firstExecutionRunId).toBe(first.firstExecutionRunId);
    await first.signal(family.release);
    expect(await again.result()).toEqual([]);
  });

  test.each([
    { workflowIdConflictPolicy: 'TERMINATE_EXISTING' },
    { workflowIdReusePolicy: 'TERMINATE_IF_RUNNING' },
  ] as const)('%j ends the workflow that runs and starts another', async (policy) => {
    const { workflowId } = fresh();
    const first = await client().start(family.hangs, { workflowId });
    const second = await client().start(family.value, { workflowId, args: [2], ...policy });
    expect(await second.result()).toBe(2);
    expect(await statusOf(workflowId, first.firstExecutionRunId)).toBe('TERMINATED');
    await expect(first.result()).rejects.toMatchObject({ cause: { name: 'TerminatedFailure' } });
  });

  test.each([
    ['value', 'ALLOW_DUPLICATE', true],
    ['value', 'ALLOW_DUPLICATE_FAILED_ONLY', false],
    ['value', 'REJECT_DUPLICATE', false],
    ['fails', 'ALLOW_DUPLICATE_FAILED_ONLY', true],
    ['fails', 'REJECT_DUPLICATE', false],
  ] as const)(
    'after a run of "%s", %s allows another: %j',
    async (type, workflowIdReusePolicy, isAllowed) => {
      const { workflowId } = fresh();
      await caught(client().execute(type, { workflowId, args: [1] }));
      const again = caught(client().execute('value', { workflowId, args: [2], workflowIdReusePolicy }));
      if (isAllowed) expect((await again).message).toBe('nothing was thrown');
      else expect(await again).toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    },
  );

  test('policies that contradict each other are refused', async () => {
    const { workflowId } = fresh();
    for (const policies of [
      { workflowIdReusePolicy: 'TERMINATE_IF_RUNNING', workflowIdConflictPolicy: 'FAIL' },
      { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'TERMINATE_EXISTING' },
      { workflowIdReusePolicy: 'SOMETIMES' },
    ]) {
      const error = await caught(client().start(family.hangs, { workflowId, ...(policies as object) }));
      expect(error.name).toMatch(/ValueError|TypeError/);
    }
    expect(await caught(client().getHandle(workflowId).describe())).toBeInstanceOf(WorkflowNotFoundError);
  });

  test('a start that is repeated with its request id is the same start, also after its end', async () => {
    const options = { ...fresh(), args: [1] as [unknown], requestId: 'once' };
    const first = await client().start(family.value, options);
    await first.result();
    const again = await client().start(family.value, options);
    expect(again.firstExecutionRunId).toBe(first.firstExecutionRunId);
    expect(await again.result()).toBe(1);
  });

  test('of many starts of one id at once one wins', async () => {
    const { workflowId } = fresh();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => client().start(family.hangs, { workflowId })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('signalWithStart starts, then signals, then starts the next when the first has ended', async () => {
    const options = { ...fresh(), signal: family.tell };
    const first = await client().signalWithStart(family.listens, { ...options, signalArgs: ['a'] });
    const again = await client().signalWithStart(family.listens, { ...options, signalArgs: ['b'] });
    expect(again.signaledRunId).toBe(first.signaledRunId);
    await first.signal(family.release);
    expect(await first.result()).toEqual(['a', 'b']);
    const next = await client().signalWithStart(family.listens, { ...options, signalArgs: ['c'] });
    expect(next.signaledRunId).not.toBe(first.signaledRunId);
    await next.signal(family.release);
    expect(await next.result()).toEqual(['c']);
  });

  test('the first event of a signalWithStart is followed by its signal', async () => {
    const { workflowId } = fresh();
    const handle = await client().signalWithStart('listens', { workflowId, signal: 'tell', signalArgs: [1] });
    const { events } = await handle.fetchHistory();
    expect(events.slice(0, 3).map(({ eventType }) => eventType)).toEqual([
      'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
      'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
    ]);
    await handle.terminate();
  });

  test('a description tells what a workflow is and what it waits for', async () => {
    const { workflowId } = fresh();
    const memo = { customer: 'Ada', tags: [1, 2] };
    const handle = await client().start(family.parent, {
      workflowId,
      memo,
      staticSummary: 'one line',
      staticDetails: 'two\nlines',
      args: ['hangs', { workflowId: `${workflowId}-child` }],
    });
    await eventually(
      'the child runs',
      async () => (await handle.describe()).raw.pendingChildren.length === 1,
    );
    const description = await handle.describe();
    expect(description).toMatchObject({
      type: 'parent',
      workflowId,
      runId: handle.firstExecutionRunId,
      taskQueue: 'default',
      status: { code: 1, name: 'RUNNING' },
      memo,
    });
    expect(description.startTime).toBeInstanceOf(Date);
    expect(description.closeTime).toBeUndefined();
    expect(description.historyLength).toBeGreaterThan(3);
    expect(await description.staticSummary()).toBe('one line');
    expect(await description.staticDetails()).toBe('two\nlines');
    await handle.terminate();
    expect((await handle.describe()).closeTime).toBeInstanceOf(Date);
  });

  test('a workflow that is terminated says why, and its code is not asked', async () => {
    const handle = await client().start(family.hangs, fresh());
    await handle.terminate('no longer needed');
    const error = await caught(handle.result());
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(error.cause).toBeInstanceOf(TerminatedFailure);
    expect(error.cause).toMatchObject({ message: 'no longer needed' });
    expect(await statusOf(handle.workflowId)).toBe('TERMINATED');
    expect(await caught(handle.terminate())).toBeInstanceOf(WorkflowNotFoundError);
  });

  test('a handle of a workflow touches no later one of the same id', async () => {
    const { workflowId } = fresh();
    const first = await client().start(family.value, { workflowId, args: [1] });
    await first.result();
    const second = await client().start(family.hangs, { workflowId });
    expect(await caught(first.terminate())).toBeInstanceOf(WorkflowNotFoundError);
    expect(await caught(first.cancel())).toBeInstanceOf(WorkflowNotFoundError);
    expect(await statusOf(workflowId)).toBe('RUNNING');
    expect(await first.result()).toBe(1);
    await second.terminate();
  });

  test('a handle of a run means that run', async () => {
    const { workflowId } = fresh();
    const first = await client().start(family.value, { workflowId, args: ['first'] });
    await first.result();
    await client().execute(family.value, { workflowId, args: ['second'] });
    expect(await client().getHandle(workflowId, first.firstExecutionRunId).result()).toBe('first');
    expect(await client().getHandle(workflowId).result()).toBe('second');
    const unknown = client().getHandle(workflowId, '01900000-0000-7000-8000-000000000000');
    const error = await caught(unknown.describe());
    expect(error).toBeInstanceOf(WorkflowNotFoundError);
    expect(error).toMatchObject({ workflowId, runId: '01900000-0000-7000-8000-000000000000' });
    expect(await caught(unknown.result())).toBeInstanceOf(WorkflowNotFoundError);
    const wrong = client().getHandle(workflowId, 'no run id');
    for (const error of await Promise.all(
      [wrong.describe(), wrong.result(), wrong.fetchHistory()].map(caught),
    )) {
      expect(error).toBeInstanceOf(WorkflowNotFoundError);
    }
  });

  test('every method of a handle of nothing says so', async () => {
    const handle = client().getHandle('nobody');
    const asks = [
      handle.describe(),
      handle.result(),
      handle.cancel(),
      handle.terminate(),
      handle.signal('x'),
      handle.query('x'),
      handle.fetchHistory(),
      handle.delete(),
    ];
    for (const error of await Promise.all(asks.map(caught))) {
      expect(error).toBeInstanceOf(WorkflowNotFoundError);
      expect(error).toMatchObject({ workflowId: 'nobody' });
    }
  });

  test('a workflow that is deleted is gone, and its id is free; an open one is terminated first', async () => {
    const { workflowId } = fresh();
    const handle = await client().start(family.hangs, { workflowId });
    const result = caught(handle.result());
    await handle.delete();
    expect(await result).toBeInstanceOf(Error);
    expect(await caught(handle.describe())).toBeInstanceOf(WorkflowNotFoundError);
    expect((await client().count(`WorkflowId = '${workflowId}'`)).count).toBe(0);
    expect(await client().execute(family.value, { workflowId, args: [1] })).toBe(1);
    await client().getHandle(workflowId).delete();
    expect(await caught(client().getHandle(workflowId).fetchHistory())).toBeInstanceOf(WorkflowNotFoundError);
  });

  test('a listing finds runs by each filter, and by several', async () => {
    const queue = `queue-${freshId()}`;
    const worker = await Worker.create({
      connection: running.troupe.client.connection as never,
      workflowsPath: workflowsPath.pathname,
      taskQueue: queue,
      activities,
    });
    const began = Date.now();
    const ids: string[] = [];
    await worker.runUntil(async () => {
      for (const type of ['value', 'fails', 'hangs', 'value']) {
        const workflowId = freshId();
        ids.push(workflowId);
        const handle = await client().start(type, { workflowId, taskQueue: queue, args: [1] });
        if (type !== 'hangs') await caught(handle.result());
      }
    });
    const [value, fails, hangs, other] = ids as [string, string, string, string];
    const ended = Date.now();
    // In the order of their starts; those of one millisecond have none.
    const found = async (query: string | undefined, filter?: WorkflowFilter): Promise<readonly string[]> => {
      const ofQueue = [`TaskQueue = '${queue}'`, ...(query === undefined ? [] : [query])].join(' AND ');
      const options = { query: ofQueue, pageSize: 1, ...(filter !== undefined && { filter }) };
      const found: string[] = [];
      for await (const info of client().list(options)) found.push(info.workflowId);
      expect((await client().count(ofQueue)).count).toBeGreaterThanOrEqual(found.length);
      return found.sort((a, b) => ids.indexOf(b) - ids.indexOf(a));
    };
    expect(await found(undefined)).toEqual([other, hangs, fails, value]);
    expect(await found("WorkflowType = 'value'")).toEqual([other, value]);
    expect(await found("ExecutionStatus = 'Running'")).toEqual([hangs]);
    expect(await found("ExecutionStatus IN ('Failed', 'Completed')")).toEqual([other, fails, value]);
    expect(await found("ExecutionStatus != 'Completed'")).toEqual([hangs, fails]);
    expect(await found(`WorkflowId = "${fails}"`)).toEqual([fails]);
    expect(await found(`StartTime >= '${new Date(began).toISOString()}'`)).toHaveLength(4);
    expect(await found(`StartTime > '${new Date(ended + 1_000).toISOString()}'`)).toEqual([]);
    expect(
      await found(
        `CloseTime BETWEEN '${new Date(began).toISOString()}' AND '${new Date(ended).toISOString()}'`,
      ),
    ).toEqual([other, fails, value]);
    expect(await found(undefined, { status: 'RUNNING' })).toEqual([hangs]);
    expect(await found(undefined, { workflowType: 'value', closedBefore: new Date(ended) })).toEqual([
      other,
      value,
    ]);
    expect(await found(undefined, { startedAfter: ended + 1_000 })).toEqual([]);
    await client().getHandle(hangs).terminate();
  });

  test('a listing of many runs goes on page by page, and tells of each run once', async () => {
    const many = 25;
    const prefix = freshId();
    await Promise.all(
      Array.from({ length: many }, (_, index) =>
        client().start(family.hangs, { workflowId: `${prefix}-${index}` }),
      ),
    );
    for (const pageSize of [1, 7, 1_000]) {
      const seen: string[] = [];
      const started: number[] = [];
      for await (const { workflowId, startTime } of client().list({
        query: "WorkflowType = 'hangs' AND ExecutionStatus = 'Running'",
        pageSize,
      })) {
        started.push(startTime.getTime());
        if (workflowId.startsWith(`${prefix}-`)) seen.push(workflowId);
      }
      expect(new Set(seen).size).toBe(many);
      expect(seen).toHaveLength(many);
      expect(started).toEqual([...started].sort((a, b) => b - a));
    }
    await Promise.all(
      Array.from({ length: many }, (_, index) => client().getHandle(`${prefix}-${index}`).terminate()),
    );
  });

  test('a row of a listing carries what the description does', async () => {
    const { workflowId } = fresh();
    await client().execute(family.value, { workflowId, args: [1], memo: { note: 'kept' } });
    for await (const info of client().list({ query: `WorkflowId = '${workflowId}'` })) {
      expect(info).toMatchObject({
        type: 'value',
        status: { name: 'COMPLETED', code: 2 },
        memo: { note: 'kept' },
      });
      expect(info.closeTime).toBeInstanceOf(Date);
      const { runId, historyLength, startTime, closeTime } = await client().getHandle(workflowId).describe();
      expect(info).toMatchObject({ runId, historyLength, startTime, closeTime });
    }
  });

  test.each([
    "WorkflowType LIKE 'x%'",
    'nonsense',
    "Unknown = 'x'",
    "WorkflowType = 'x' OR WorkflowId = 'y'",
    "StartTime > 'soon'",
  ])('the query %s is refused with what is supported', async (query) => {
    expect(() => client().list({ query })).toThrow(UnsupportedQueryError);
    expect(await caught(client().count(query))).toMatchObject({ name: 'UnsupportedQueryError', query });
  });

  test('histories of listed workflows, in official JSON', async () => {
    const ids = [freshId(), freshId(), freshId()];
    for (const workflowId of ids) await client().execute(family.catchesChild, { workflowId });
    const histories = client()
      .list({ query: "WorkflowType = 'catchesChild'" })
      .intoHistories({ concurrency: 2 });
    const seen: string[] = [];
    for await (const { workflowId, history } of histories) {
      if (!ids.includes(workflowId)) continue;
      seen.push(workflowId);
      expect(history.events[0]).toMatchObject({
        eventId: '1',
        eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
        workflowExecutionStartedEventAttributes: {
          workflowType: { name: 'catchesChild' },
          taskQueue: { name: 'default' },
          workflowId,
        },
      });
      expect(history.events.at(-1)?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED');
    }
    expect(seen).toEqual([...ids].reverse());
  });

  test('namespaces are apart', async () => {
    const { connection } = running.troupe.client;
    const other = new Client({ connection, namespace: 'other' });
    const { workflowId } = fresh();
    await client().start(family.hangs, { workflowId });
    expect(await caught(other.workflow.getHandle(workflowId).describe())).toBeInstanceOf(
      WorkflowNotFoundError,
    );
    await other.workflow.start(family.hangs, { workflowId, taskQueue: 'default' });
    expect((await other.workflow.count()).count).toBeGreaterThanOrEqual(1);
    await client().getHandle(workflowId).terminate();
    expect((await other.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING');
    await other.workflow.getHandle(workflowId).terminate();
  });

  test.each([
    ['workflowId', { workflowId: '' }, /workflowId/],
    ['workflowId', { workflowId: 7 }, /workflowId/],
    ['args', { args: 'no list' }, /args/],
    ['a run timeout', { workflowRunTimeout: 'soon' }, /workflowRunTimeout/],
    ['a negative delay', { startDelay: -1 }, /startDelay/],
    ['a retry policy', { retry: { backoffCoefficient: 0.5 } }, /backoffCoefficient/],
    ['attempts', { retry: { maximumAttempts: 1.5 } }, /maximumAttempts/],
    ['a memo', { memo: { a: 1n } }, /memo/],
    ['a task queue', { taskQueue: 'x'.repeat(1_001) }, /taskQueue/],
    ['an argument', { args: [Symbol('x')] }, /args\[0\]/],
  ])('%s that is wrong is refused before anything is written', async (_what, options, message) => {
    const { workflowId } = fresh();
    const error = await caught(client().start('value', { workflowId, args: [1], ...(options as object) }));
    expect(error.name).toMatch(/ValueError|TypeError|PayloadConverterError/);
    expect(error.message).toMatch(message);
    expect(await caught(client().getHandle(workflowId).describe())).toBeInstanceOf(WorkflowNotFoundError);
  });

  test('a cycle in an argument is refused, naming where it is', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect((await caught(client().start('value', { ...fresh(), args: [cycle] }))).message).toMatch(
      /args\[0\].*(circular|cycle)/is,
    );
  });

  test('a signal or query with an argument that cannot be sent is refused', async () => {
    const handle = await client().start(family.listens, fresh());
    expect((await caught(handle.signal(family.tell, 1n))).message).toMatch(/BigInt/);
    expect((await caught(handle.signal(family.tell, 'x'.repeat(2 * 1_024 * 1_024 + 1)))).message).toMatch(
      /bytes/,
    );
    await handle.signal(family.tell, 'x'.repeat(2 * 1_024 * 1_024 - 100));
    await handle.signal(family.release);
    expect(await handle.result()).toHaveLength(1);
  });

  test('requests that the engine refuses for other reasons are service errors with a status', async () => {
    const handle = await client().start(family.hangs, { ...fresh(), taskQueue: 'queue-without-worker' });
    await handle.terminate();
    const error = await caught(handle.query('x'));
    expect(error).toBeInstanceOf(ServiceError);
    expect(isGrpcServiceError(error.cause)).toBe(true);
    expect(error.cause).toMatchObject({ code: 9 });
  });
});
