// What the methods of a handle send, and give back.
import { expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import { defineQuery, defineSignal } from '../../../src/common/handler-definitions';
import type { RunDescription } from '../../../src/model/reply';
import { namespace, runId, taskQueueName, workflowId } from '../../../src/model/ids';
import { FakeGateway, RUN, WELL } from './fake-gateway';

const NOTHING = { namespace: 'default', workflowId: 'w' };

function setUp(script = WELL) {
  const gateway = new FakeGateway(script);
  const client = new Client({ connection: gateway.connection, identity: 'me', defaultTaskQueue: 'q' });
  return { gateway, workflow: client.workflow };
}

test('a signal goes to the current run, with a request id of its own', async () => {
  const { gateway, workflow } = setUp();
  const handle = await workflow.start('order', { workflowId: 'w' });
  await handle.signal(defineSignal<[string, number]>('add'), 'apples', 3);
  const { requestId, ...request } = gateway.only('signal');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(request).toEqual({
    kind: 'signal',
    to: NOTHING,
    signalName: 'add',
    input: ['"apples"', '3'],
    header: {},
    identity: 'me',
  });
});

test('a signal takes a request id of the caller’s', async () => {
  const { gateway, workflow } = setUp();
  const add = defineSignal<[string]>('add');
  await workflow.getHandle('w', RUN).signalWithOptions(add, { args: ['x'], requestId: 'once' });
  expect(gateway.only('signal')).toMatchObject({ requestId: 'once', to: { runId: RUN }, input: ['"x"'] });
});

test('a query gives its answer', async () => {
  const { gateway, workflow } = setUp();
  const progress = defineQuery<string, [number]>('progress');
  expect(await workflow.getHandle('w').query(progress, 5)).toBe('answer');
  expect(gateway.only('query')).toEqual({
    kind: 'query',
    to: NOTHING,
    queryType: 'progress',
    input: ['5'],
    header: {},
    rejectCondition: 'NONE',
  });
});

test('a client may say in which states queries are refused', async () => {
  const gateway = new FakeGateway(WELL);
  const workflow = { queryRejectCondition: 'QUERY_REJECT_CONDITION_NOT_OPEN' as never };
  const client = new Client({ connection: gateway.connection, workflow });
  await client.workflow.getHandle('w').query('progress');
  expect(gateway.only('query').rejectCondition).toBe('NOT_OPEN');
});

test('cancel and terminate of a started workflow touch no later workflow of the same id', async () => {
  const { gateway, workflow } = setUp();
  const handle = await workflow.start('order', { workflowId: 'w' });
  await handle.cancel();
  await handle.terminate('enough');
  expect(gateway.only('cancel')).toMatchObject({ to: NOTHING, firstExecutionRunId: RUN, identity: 'me' });
  expect(gateway.only('terminate')).toEqual({
    kind: 'terminate',
    to: NOTHING,
    firstExecutionRunId: RUN,
    identity: 'me',
    reason: 'enough',
  });
});

test('cancel and terminate by id touch the current run, or the named one', async () => {
  const { gateway, workflow } = setUp();
  await workflow.getHandle('w').terminate();
  await workflow.getHandle('w', RUN).cancel();
  expect(gateway.only('terminate')).toEqual({ kind: 'terminate', to: NOTHING, identity: 'me' });
  const { requestId: _, ...cancel } = gateway.only('cancel');
  expect(cancel).toEqual({ kind: 'cancel', to: { ...NOTHING, runId: RUN }, identity: 'me' });
});

test('a description is read into values', async () => {
  const description: RunDescription = {
    namespace: namespace('default'),
    execution: { workflowId: workflowId('w'), runId: runId(RUN) },
    workflowType: 'order',
    taskQueue: taskQueueName('q'),
    status: 'CANCELED',
    historyLength: 7,
    historySizeBytes: 700,
    startTime: 1_000,
    executionTime: 2_000,
    closeTime: 3_000,
    memo: { owner: '"me"' },
    searchAttributes: { City: '["Bonn"]' },
    parent: {
      namespace: namespace('default'),
      execution: { workflowId: workflowId('p'), runId: runId('pr') },
    },
    firstExecutionRunId: runId(RUN),
    taskTimeoutMs: 10_000,
    staticSummary: '"one line"',
    pendingActivities: [],
    pendingChildren: [],
    cancelRequested: true,
    strikes: 0,
  };
  const { workflow } = setUp({ describe: () => description });
  const described = await workflow.getHandle('w').describe();
  expect(described).toMatchObject({
    type: 'order',
    workflowId: 'w',
    runId: RUN,
    taskQueue: 'q',
    status: { code: 4, name: 'CANCELLED' },
    historyLength: 7,
    historySize: 700,
    startTime: new Date(1_000),
    executionTime: new Date(2_000),
    closeTime: new Date(3_000),
    memo: { owner: 'me' },
    searchAttributes: { City: ['Bonn'] },
    parentExecution: { workflowId: 'p', runId: 'pr' },
    raw: description,
  });
  expect(await described.staticSummary()).toBe('one line');
  expect(await described.staticDetails()).toBeUndefined();
});

test('a history is official protobuf JSON, of the run that was started', async () => {
  const { gateway, workflow } = setUp({
    ...WELL,
    fetchHistory: () => ({
      execution: { workflowId: workflowId('w'), runId: runId(RUN) },
      events: [{ kind: 'timerFired', eventId: 9, at: 0, timerId: '1', startedEventId: 5 }],
    }),
  });
  const handle = await workflow.start('order', { workflowId: 'w' });
  const history = await handle.fetchHistory();
  expect(history.events).toMatchObject([{ eventType: 'EVENT_TYPE_TIMER_FIRED' }]);
  expect(gateway.only('fetchHistory').to).toEqual({ ...NOTHING, runId: RUN });
});
