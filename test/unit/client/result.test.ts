// What a handle's result is, by how the run ended; and how chains of runs are followed.
import { describe, expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import { WorkflowContinuedAsNewError, WorkflowFailedError } from '../../../src/client/errors';
import { errorToFailure } from '../../../src/common/converter/failure-converter';
import { WorkflowNotFoundError } from '../../../src/common/errors';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '../../../src/common/failure';
import { defaultPayloadConverter } from '../../../src/common/payload/default-payload-converter';
import type { CloseEvent } from '../../../src/model/event';
import { runId, taskQueueName, workflowId } from '../../../src/model/ids';
import { FakeGateway, refuse, RUN, WELL } from './fake-gateway';

type Closing = {
  [K in CloseEvent['kind']]: Omit<Extract<CloseEvent, { kind: K }>, 'eventId' | 'at'>;
}[CloseEvent['kind']];

const completed = (result: string, next?: string): Closing => ({
  kind: 'workflowExecutionCompleted',
  result,
  workflowTaskCompletedEventId: 4,
  ...(next !== undefined && { newExecutionRunId: runId(next) }),
});
const continued = (next: string): Closing => ({
  kind: 'workflowExecutionContinuedAsNew',
  newExecutionRunId: runId(next),
  workflowType: 'order',
  taskQueue: taskQueueName('q'),
  input: [],
  header: {},
  taskTimeoutMs: 10_000,
  initiator: 'WORKFLOW',
  workflowTaskCompletedEventId: 4,
});
const failed = (error: Error, next?: string): Closing => ({
  kind: 'workflowExecutionFailed',
  failure: errorToFailure(error, defaultPayloadConverter),
  retryState: next === undefined ? 'RETRY_POLICY_NOT_SET' : 'IN_PROGRESS',
  workflowTaskCompletedEventId: 4,
  ...(next !== undefined && { newExecutionRunId: runId(next) }),
});
const timedOut = (next?: string): Closing => ({
  kind: 'workflowExecutionTimedOut',
  retryState: 'TIMEOUT',
  ...(next !== undefined && { newExecutionRunId: runId(next) }),
});

/** A client of an engine where the runs ended like this; the first is the current one. */
function clientOf(ends: Record<string, Closing>) {
  const gateway = new FakeGateway({
    ...WELL,
    awaitClose: ({ to }) => {
      const id = to.runId ?? Object.keys(ends)[0] ?? '';
      const end = ends[id] ?? refuse({ kind: 'notFound', message: 'workflow execution not found' });
      const execution = { workflowId: workflowId('w'), runId: runId(id) };
      return { execution, closeEvent: { eventId: 5, at: 0, ...end } as CloseEvent };
    },
  });
  const { workflow } = new Client({ connection: gateway.connection, defaultTaskQueue: 'q' });
  const awaited = () =>
    gateway.asked.flatMap((request) => (request.kind === 'awaitClose' ? [request.to.runId] : []));
  return { workflow, awaited };
}

async function failureOf(end: Closing): Promise<WorkflowFailedError> {
  const { workflow } = clientOf({ r: end });
  const error: unknown = await workflow.result('w').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return error as WorkflowFailedError;
}

describe('a run that', () => {
  test('completed gives its value', async () => {
    expect(await clientOf({ r: completed('{"a":1}') }).workflow.result('w')).toEqual({ a: 1 });
    const nothing: Closing = { kind: 'workflowExecutionCompleted', workflowTaskCompletedEventId: 4 };
    expect(await clientOf({ r: nothing }).workflow.result('w')).toBeUndefined();
  });

  test('failed gives its chain of causes', async () => {
    const declined = ApplicationFailure.nonRetryable('declined', 'Declined', { code: 7 });
    const activity = new ActivityFailure(
      'Activity task failed',
      'charge',
      '1',
      'NON_RETRYABLE_FAILURE',
      'me',
      declined,
    );
    const error = await failureOf(failed(activity));
    expect(error).toMatchObject({ message: 'Workflow execution failed', retryState: 'RETRY_POLICY_NOT_SET' });
    expect(error.cause).toBeInstanceOf(ActivityFailure);
    expect(error.cause).toMatchObject({ activityType: 'charge', retryState: 'NON_RETRYABLE_FAILURE' });
    expect(error.cause?.cause).toBeInstanceOf(ApplicationFailure);
    expect(error.cause?.cause).toMatchObject({
      type: 'Declined',
      nonRetryable: true,
      details: [{ code: 7 }],
    });
  });

  test('was cancelled gives a CancelledFailure with its details', async () => {
    const error = await failureOf({
      kind: 'workflowExecutionCanceled',
      details: ['"tidied up"'],
      workflowTaskCompletedEventId: 4,
    });
    expect(error.message).toBe('Workflow execution cancelled');
    expect(error.cause).toBeInstanceOf(CancelledFailure);
    expect(error.cause).toMatchObject({ message: 'Workflow canceled', details: ['tidied up'] });
  });

  test('was terminated gives the reason', async () => {
    const error = await failureOf({ kind: 'workflowExecutionTerminated', reason: 'no more', identity: 'me' });
    expect(error.message).toBe('no more');
    expect(error.cause).toBeInstanceOf(TerminatedFailure);
    expect(error.cause?.message).toBe('no more');
    const silent = await failureOf({ kind: 'workflowExecutionTerminated', identity: 'me' });
    expect(silent.cause?.message).toBe('Workflow execution terminated');
  });

  test('timed out gives a TimeoutFailure', async () => {
    const error = await failureOf(timedOut());
    expect(error).toMatchObject({ message: 'Workflow execution timed out', retryState: 'TIMEOUT' });
    expect(error.cause).toBeInstanceOf(TimeoutFailure);
    expect(error.cause).toMatchObject({ timeoutType: 'START_TO_CLOSE' });
  });

  test('is not there gives a WorkflowNotFoundError', async () => {
    const { workflow } = clientOf({ r: completed('1') });
    const error: unknown = await workflow.result('w', 'other').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowNotFoundError);
    expect(error).toMatchObject({ workflowId: 'w', runId: 'other' });
  });
});

describe('chains of runs', () => {
  const chain = {
    [RUN]: continued('r2'),
    r2: failed(new Error('once more'), 'r3'),
    r3: timedOut('r4'),
    r4: completed('"early"', 'r5'),
    r5: completed('"the end"'),
  };

  test('are followed to their last run, from the run that was started', async () => {
    const { workflow, awaited } = clientOf(chain);
    const handle = await workflow.start('order', { workflowId: 'w' });
    expect(await handle.result()).toBe('the end');
    expect(awaited()).toEqual([RUN, 'r2', 'r3', 'r4', 'r5']);
    expect(await workflow.execute('order', { workflowId: 'w' })).toBe('the end');
  });

  test('begin at the run that a signal-with-start met', async () => {
    const { workflow, awaited } = clientOf(chain);
    const handle = await workflow.signalWithStart('order', { workflowId: 'w', signal: 's' });
    await handle.result();
    expect(awaited()[0]).toBe(RUN);
  });

  test('begin at the current run, or the one that is named', async () => {
    const { workflow, awaited } = clientOf(chain);
    await workflow.getHandle('w').result();
    expect(awaited()[0]).toBeUndefined();
    await workflow.getHandle('w', 'r4').result();
    await workflow.getHandle('w', undefined, { firstExecutionRunId: 'r5' }).result();
    expect(awaited().slice(5)).toEqual(['r4', 'r5', 'r5']);
  });

  test('are not followed by a handle that was told so', async () => {
    const { workflow, awaited } = clientOf(chain);
    const result = (id: string) => workflow.getHandle('w', id, { followRuns: false }).result();
    const error: unknown = await result(RUN).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowContinuedAsNewError);
    expect(error).toMatchObject({ newExecutionRunId: 'r2' });
    await expect(result('r2')).rejects.toMatchObject({ cause: { message: 'once more' } });
    await expect(result('r3')).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(await result('r4')).toBe('early');
    expect(awaited()).toEqual([RUN, 'r2', 'r3', 'r4']);
    const started = await workflow.start('order', { workflowId: 'w', followRuns: false });
    await expect(started.result()).rejects.toBeInstanceOf(WorkflowContinuedAsNewError);
  });
});
