// What a start sends.
import { describe, expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import type { WorkflowOptions } from '../../../src/client/workflow-options';
import { defineSignal } from '../../../src/common/handler-definitions';
import { defineSearchAttributeKey } from '../../../src/common/search-attributes';
import type { StartRequest } from '../../../src/model/gateway';
import { FakeGateway, RUN, WELL } from './fake-gateway';

async function order(_id: string, _amount: number): Promise<string> {
  return 'done';
}

async function sent(options: Partial<WorkflowOptions> & { args?: unknown[] } = {}): Promise<StartRequest> {
  const gateway = new FakeGateway(WELL);
  const client = new Client({ connection: gateway.connection, identity: 'me' });
  await client.workflow.start('order', { workflowId: 'w', taskQueue: 'q', ...options });
  return gateway.only('start');
}

test('a start sends the type, the arguments and the defaults', async () => {
  const gateway = new FakeGateway(WELL);
  const client = new Client({ connection: gateway.connection, namespace: 'shop', identity: 'me' });
  const handle = await client.workflow.start(order, { workflowId: 'o-1', taskQueue: 'q', args: ['1', 2] });
  expect(handle).toMatchObject({ workflowId: 'o-1', firstExecutionRunId: RUN, eagerlyStarted: false });
  expect(handle.client).toBe(client.workflow);
  const { requestId, ...request } = gateway.only('start');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(request).toEqual({
    kind: 'start',
    namespace: 'shop',
    workflowId: 'o-1',
    identity: 'me',
    reusePolicy: 'ALLOW_DUPLICATE',
    conflictPolicy: 'FAIL',
    options: {
      workflowType: 'order',
      taskQueue: 'q',
      input: ['"1"', '2'],
      header: {},
      taskTimeoutMs: 10_000,
    },
  });
});

test('every option goes to its place', async () => {
  const request = await sent({
    requestId: 'mine',
    workflowExecutionTimeout: '1 day',
    workflowRunTimeout: '1 hour',
    workflowTaskTimeout: '5 s',
    retry: { maximumAttempts: 3, nonRetryableErrorTypes: ['Declined'] },
    memo: { owner: 'me', none: undefined },
    searchAttributes: { City: ['Bonn'] },
    typedSearchAttributes: [{ key: defineSearchAttributeKey('Amount', 'INT'), value: 5 }],
    startDelay: '10 s',
    staticSummary: 'one line',
    staticDetails: 'more\nlines',
  });
  expect(request).toMatchObject({
    requestId: 'mine',
    startDelayMs: 10_000,
    userMetadata: { summary: '"one line"', details: '"more\\nlines"' },
    options: {
      executionTimeoutMs: 86_400_000,
      runTimeoutMs: 3_600_000,
      taskTimeoutMs: 5_000,
      retryPolicy: {
        initialIntervalMs: 1_000,
        backoffCoefficient: 2,
        maximumIntervalMs: 100_000,
        maximumAttempts: 3,
        nonRetryableErrorTypes: ['Declined'],
      },
      memo: { owner: '"me"', none: null },
    },
  });
  expect(Object.keys(request.options.searchAttributes ?? {})).toEqual(['City', 'Amount']);
});

test('a timeout of 0 is unlimited, and a task timeout has a ceiling', async () => {
  const request = await sent({
    workflowExecutionTimeout: 0,
    workflowRunTimeout: 0,
    startDelay: 0,
    workflowTaskTimeout: '10 minutes',
  });
  expect(request).not.toHaveProperty('startDelayMs');
  expect(request.options).not.toHaveProperty('executionTimeoutMs');
  expect(request.options).not.toHaveProperty('runTimeoutMs');
  expect(request.options.taskTimeoutMs).toBe(120_000);
});

test('the client’s task queue is used where none is given', async () => {
  const gateway = new FakeGateway(WELL);
  const client = new Client({ connection: gateway.connection, defaultTaskQueue: 'default' });
  await client.workflow.start('order', { workflowId: 'w' });
  expect(gateway.only('start').options.taskQueue).toBe('default');
});

describe('id policies', () => {
  test.each([
    [{}, 'ALLOW_DUPLICATE', 'FAIL'],
    [{ workflowIdReusePolicy: 'REJECT_DUPLICATE' }, 'REJECT_DUPLICATE', 'FAIL'],
    [{ workflowIdConflictPolicy: 'USE_EXISTING' }, 'ALLOW_DUPLICATE', 'USE_EXISTING'],
    [{ workflowIdReusePolicy: 'TERMINATE_IF_RUNNING' }, 'ALLOW_DUPLICATE', 'TERMINATE_EXISTING'],
    [
      { workflowIdReusePolicy: 'WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY' as never },
      'ALLOW_DUPLICATE_FAILED_ONLY',
      'FAIL',
    ],
    [{ workflowIdConflictPolicy: 3 as never }, 'ALLOW_DUPLICATE', 'TERMINATE_EXISTING'],
  ] as const)('%o is %s and %s', async (options, reusePolicy, conflictPolicy) => {
    expect(await sent(options)).toMatchObject({ reusePolicy, conflictPolicy });
  });
});

test('a signal-with-start is one request with one request id', async () => {
  const gateway = new FakeGateway(WELL);
  const { workflow } = new Client({ connection: gateway.connection });
  const approve = defineSignal<[string, boolean]>('approve');
  const handle = await workflow.signalWithStart(order, {
    workflowId: 'w',
    taskQueue: 'q',
    args: ['1', 2],
    signal: approve,
    signalArgs: ['me', true],
    requestId: 'once',
  });
  expect(handle.signaledRunId).toBe(RUN);
  expect(gateway.only('start')).toMatchObject({
    requestId: 'once',
    reusePolicy: 'ALLOW_DUPLICATE',
    conflictPolicy: 'USE_EXISTING',
    signal: { signalName: 'approve', input: ['"me"', 'true'], header: {}, requestId: 'once' },
    options: { input: ['"1"', '2'] },
  });
});
