// What the engine refuses, as the errors that callers catch.
import { describe, expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import { QueryNotRegisteredError, QueryRejectedError } from '../../../src/client/errors';
import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
} from '../../../src/client/service-error';
import { WorkflowNotFoundError } from '../../../src/common/errors';
import {
  ApplicationFailure,
  TemporalFailure,
  WorkflowExecutionAlreadyStartedError,
} from '../../../src/common/failure';
import { OutcomeUnknown } from '../../../src/model/gateway';
import { runId } from '../../../src/model/ids';
import type { Refusal } from '../../../src/model/reply';
import { FakeGateway, refuse } from './fake-gateway';

function clientOf(fail: () => never) {
  const script = {
    start: fail,
    signal: fail,
    cancel: fail,
    terminate: fail,
    query: fail,
    describe: fail,
    fetchHistory: fail,
    awaitClose: fail,
    list: fail,
    count: fail,
  };
  const { connection } = new FakeGateway(script);
  const { workflow } = new Client({ connection, defaultTaskQueue: 'q' });
  const handle = workflow.getHandle('w', 'r');
  const calls: Record<string, () => Promise<unknown>> = {
    start: () => workflow.start('order', { workflowId: 'w' }),
    signalWithStart: () => workflow.signalWithStart('order', { workflowId: 'w', signal: 's' }),
    signal: () => handle.signal('s'),
    query: () => handle.query('q'),
    cancel: () => handle.cancel(),
    terminate: () => handle.terminate(),
    describe: () => handle.describe(),
    fetchHistory: () => handle.fetchHistory(),
    result: () => handle.result(),
    list: async () => {
      for await (const _ of workflow.list());
    },
    count: () => workflow.count(),
  };
  return calls;
}

const thrownBy = (call: (() => Promise<unknown>) | undefined): Promise<unknown> =>
  call?.().catch((thrown: unknown) => thrown) ?? Promise.resolve();

test('a workflow that is not there is a WorkflowNotFoundError, whatever was asked of it', async () => {
  const calls = clientOf(() => refuse({ kind: 'notFound', message: 'workflow execution not found' }));
  for (const name of ['signal', 'query', 'cancel', 'terminate', 'describe', 'fetchHistory', 'result']) {
    const error = await thrownBy(calls[name]);
    expect(error, name).toBeInstanceOf(WorkflowNotFoundError);
    expect(error).toMatchObject({ message: 'workflow execution not found', workflowId: 'w', runId: 'r' });
  }
});

test('an id that is taken is a WorkflowExecutionAlreadyStartedError', async () => {
  const calls = clientOf(() => refuse({ kind: 'alreadyStarted', message: 'running', runId: runId('r') }));
  for (const name of ['start', 'signalWithStart']) {
    const error = await thrownBy(calls[name]);
    expect(error).toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    expect(error).toBeInstanceOf(TemporalFailure);
    expect(error).toMatchObject({ workflowId: 'w', workflowType: 'order' });
  }
});

describe('a query', () => {
  test('that is unknown is a QueryNotRegisteredError', async () => {
    const failure = {
      message: "Workflow did not register a handler for 'q'. Registered queries: [progress]",
    };
    const calls = clientOf(() => refuse({ kind: 'queryFailed', failure, notRegistered: true }));
    const error = await thrownBy(calls['query']);
    expect(error).toBeInstanceOf(QueryNotRegisteredError);
    expect(error).toMatchObject({ message: failure.message, code: 3 });
  });

  test('whose handler failed has what it threw as its cause', async () => {
    const failure = {
      message: 'boom',
      info: { kind: 'application', type: 'T', nonRetryable: false },
    } as const;
    const calls = clientOf(() => refuse({ kind: 'queryFailed', failure, notRegistered: false }));
    const error = await thrownBy(calls['query']);
    expect(error).toBeInstanceOf(QueryNotRegisteredError);
    expect((error as Error).cause).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ message: 'boom', cause: { type: 'T' } });
  });

  test('that the workflow’s state forbids is a QueryRejectedError with the status', async () => {
    const calls = clientOf(() => refuse({ kind: 'queryRejected', status: 'TIMED_OUT' }));
    const error = await thrownBy(calls['query']);
    expect(error).toBeInstanceOf(QueryRejectedError);
    expect(error).toMatchObject({ status: 7, statusName: 'TIMED_OUT' });
  });
});

test.each<[Refusal, number]>([
  [{ kind: 'invalidArgument', message: 'no' }, 3],
  [{ kind: 'deadlineExceeded', message: 'no' }, 4],
  [{ kind: 'resourceExhausted', message: 'no' }, 8],
  [{ kind: 'failedPrecondition', message: 'no' }, 9],
])('%o is a ServiceError with a gRPC status', async (refusal, code) => {
  const calls = clientOf(() => refuse(refusal));
  for (const [name, call] of Object.entries(calls)) {
    const error = await thrownBy(call);
    expect(error, name).toBeInstanceOf(ServiceError);
    const { cause } = error as ServiceError;
    expect(isGrpcServiceError(cause)).toBe(true);
    expect(cause).toMatchObject({ code, details: 'no' });
  }
});

test('an engine that stopped leaves the outcome unknown: UNAVAILABLE', async () => {
  const calls = clientOf(() => {
    throw new OutcomeUnknown('closed');
  });
  for (const [name, call] of Object.entries(calls)) {
    const error = await thrownBy(call);
    expect(error, name).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ cause: { code: 14 } });
    expect((error as Error).message).toMatch(/outcome unknown/);
  }
});

test('an error that nobody expects is passed on', async () => {
  const bug = new Error('bug');
  const calls = clientOf(() => {
    throw bug;
  });
  for (const call of Object.values(calls)) expect(await thrownBy(call)).toBe(bug);
});

test('errors of gRPC’s own are recognised through ServiceErrors', () => {
  const status = (code: number) => Object.assign(new Error('x'), { code, details: 'x', metadata: {} });
  const wrapped = new ServiceError('outer', { cause: new ServiceError('inner', { cause: status(4) }) });
  expect(isGrpcDeadlineError(wrapped)).toBe(true);
  expect(isGrpcCancelledError(wrapped)).toBe(false);
  expect(isGrpcCancelledError(status(1))).toBe(true);
  expect(isGrpcServiceError(new Error('x'))).toBe(false);
});
