// Interceptors of workflow clients.
import { expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import type { WorkflowClientInterceptor } from '../../../src/client/interceptors';
import { defaultPayloadConverter } from '../../../src/common/payload/default-payload-converter';
import { FakeGateway, RUN, WELL } from './fake-gateway';

function setUp(...workflow: WorkflowClientInterceptor[]) {
  const gateway = new FakeGateway(WELL);
  const client = new Client({
    connection: gateway.connection,
    interceptors: { workflow },
    defaultTaskQueue: 'q',
  });
  return { gateway, client: client.workflow };
}

test('an interceptor adds headers and changes arguments', async () => {
  const token = defaultPayloadConverter.toPayload('abc');
  const { gateway, client } = setUp({
    start: (input, next) =>
      next({ ...input, headers: { token }, options: { ...input.options, args: ['changed'] } }),
    signal: (input, next) => next({ ...input, headers: { token } }),
    query: async (input, next) => `${String(await next({ ...input, headers: { token } }))}!`,
  });
  const handle = await client.start('order', { workflowId: 'w', args: ['original'] });
  expect(handle.firstExecutionRunId).toBe(RUN);
  await handle.signal('s');
  expect(await handle.query('q')).toBe('answer!');
  expect(gateway.only('start').options).toMatchObject({ input: ['"changed"'], header: { token: '"abc"' } });
  expect(gateway.only('signal').header).toEqual({ token: '"abc"' });
  expect(gateway.only('query').header).toEqual({ token: '"abc"' });
});

test('the first is the outermost, with or without details', async () => {
  const seen: string[] = [];
  const { client } = setUp(
    {
      start: async (input, next) => {
        seen.push('a in');
        const runId = await next(input);
        seen.push('a out');
        return runId;
      },
    },
    {
      startWithDetails: async (input, next) => {
        seen.push('b in');
        const output = await next(input);
        seen.push('b out');
        return output;
      },
    },
  );
  await client.start('order', { workflowId: 'w' });
  expect(seen).toEqual(['a in', 'b in', 'b out', 'a out']);
});

test('an interceptor may answer itself, and see every call', async () => {
  const calls: string[] = [];
  const { gateway, client } = setUp({
    signalWithStart: async ({ signalName }) => {
      calls.push(`signalWithStart ${signalName}`);
      return 'own-run';
    },
    terminate: async ({ reason, workflowExecution }, next) => {
      calls.push(`terminate ${workflowExecution.workflowId} ${reason}`);
      return next({ workflowExecution, reason: 'another' });
    },
    cancel: async (input, next) => {
      calls.push('cancel');
      return next(input);
    },
    describe: async () => {
      calls.push('describe');
      throw new Error('not you');
    },
  });
  const handle = await client.signalWithStart('order', { workflowId: 'w', signal: 's' });
  expect(handle.signaledRunId).toBe('own-run');
  await handle.terminate('mine');
  await handle.cancel();
  await expect(handle.describe()).rejects.toThrow('not you');
  expect(calls).toEqual(['signalWithStart s', 'terminate w mine', 'cancel', 'describe']);
  expect(gateway.asked.map(({ kind }) => kind)).toEqual(['terminate', 'cancel']);
  expect(gateway.only('terminate').reason).toBe('another');
});
