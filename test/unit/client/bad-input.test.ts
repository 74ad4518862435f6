// Whatever is wrong is said before anything is sent.
import { describe, expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import type { WorkflowOptions } from '../../../src/client/workflow-options';
import { ValueError } from '../../../src/common/errors';
import { FakeGateway, WELL } from './fake-gateway';

const LONG_ID = 'x'.repeat(1_001);
const LARGE = 'x'.repeat(2 * 1_024 * 1_024);
const cyclic: Record<string, unknown> = {};
cyclic['me'] = cyclic;

type Options = Partial<WorkflowOptions> & { args?: unknown };
type ErrorClass = new (...args: never[]) => Error;

describe('a start with', () => {
  test.each<[string, Options, ErrorClass, RegExp]>([
    ['no workflow id', { workflowId: undefined as never }, TypeError, /Missing workflowId/],
    ['an empty workflow id', { workflowId: '' }, TypeError, /Missing workflowId/],
    ['a number for a workflow id', { workflowId: 7 as never }, TypeError, /workflowId must be a string/],
    ['a workflow id over 1,000 bytes', { workflowId: LONG_ID }, ValueError, /workflowId takes 1001 bytes/],
    ['one of few long characters', { workflowId: '€'.repeat(334) }, ValueError, /takes 1002 bytes/],
    ['no task queue', { taskQueue: undefined as never }, TypeError, /Missing taskQueue/],
    ['a task queue over 1,000 bytes', { taskQueue: LONG_ID }, ValueError, /taskQueue takes 1001 bytes/],
    ['a request id over 1,000 bytes', { requestId: LONG_ID }, ValueError, /requestId takes/],
    ['arguments that are no array', { args: 'text' }, TypeError, /args must be an array/],
    ['a BigInt', { args: [1, { amount: 10n }] }, ValueError, /args\[1\]\.amount is a BigInt/],
    ['a cycle', { args: [cyclic] }, ValueError, /args\[0\]\.me refers back to args\[0\]/],
    ['a function', { args: [() => 1] }, ValueError, /args\[0\] is a function/],
    ['an argument over 2 MB', { args: [LARGE] }, ValueError, /args takes 2097154 bytes: at most 2097152/],
    ['arguments over 2 MB together', { args: [LARGE.slice(9), 'x'.repeat(9)] }, ValueError, /args takes/],
    [
      '2 MB in characters that take three bytes',
      { args: ['€'.repeat(700_000)] },
      ValueError,
      /takes 2100002/,
    ],
    ['a memo without a payload form', { memo: { a: { b: 1n } } }, ValueError, /memo\.a\.b is a BigInt/],
    ['a memo over 2 MB', { memo: { a: LARGE } }, ValueError, /memo takes/],
    ['a wrong duration', { workflowRunTimeout: 'soon' as never }, TypeError, /workflowRunTimeout: 'soon'/],
    ['a negative duration', { startDelay: -1 }, TypeError, /startDelay: -1. It must not be negative/],
    [
      'a duration that is no number',
      { workflowTaskTimeout: Number.NaN },
      TypeError,
      /workflowTaskTimeout: NaN/,
    ],
    [
      'a version of its worker',
      { versioningOverride: 'AUTO_UPGRADE' },
      ValueError,
      /versioningOverride: .*use patched/,
    ],
    ['a wrong retry policy', { retry: { maximumAttempts: -1 } }, ValueError, /maximumAttempts is -1/],
    [
      'an unknown reuse policy',
      { workflowIdReusePolicy: 'NEVER' as never },
      ValueError,
      /'NEVER' is none of/,
    ],
    ['an unknown conflict policy', { workflowIdConflictPolicy: 'NEVER' as never }, ValueError, /'NEVER'/],
    ['a policy number that has no name', { workflowIdConflictPolicy: 9 as never }, ValueError, /unknown_9/],
    [
      'policies that exclude each other',
      { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'TERMINATE_EXISTING' },
      ValueError,
      /exclude each other/,
    ],
    [
      'an old policy beside a new one',
      { workflowIdReusePolicy: 'TERMINATE_IF_RUNNING', workflowIdConflictPolicy: 'FAIL' },
      ValueError,
      /exclude each other/,
    ],
    ['a start delay and a cron schedule', { startDelay: 1, cronSchedule: '* * * * *' }, TypeError, /exclude/],
    ['a long summary', { staticSummary: 'x'.repeat(400) }, ValueError, /staticSummary takes 402 bytes/],
    ['long details', { staticDetails: 'x'.repeat(20_000) }, ValueError, /staticDetails takes/],
    ['a wrong search attribute', { searchAttributes: { A: 'x' as never } }, ValueError, /'A' takes a list/],
    [
      'a long search attribute',
      { searchAttributes: { A: ['x'.repeat(3_000)] } },
      ValueError,
      /'A' takes 3004/,
    ],
    ['a memo that is no object', { memo: 5 as never }, TypeError, /^memo: an object .* not 5$/],
    ['a memo that is a list', { memo: ['a'] as never }, TypeError, /^memo: an object/],
    [
      'a retry policy that is no object',
      { retry: 5 as never },
      TypeError,
      /^retry: a policy such as .* not 5$/,
    ],
    ['no retry policy', { retry: null as never }, TypeError, /^retry: a policy such as .* not null$/],
    [
      'one name instead of a list of them',
      { retry: { nonRetryableErrorTypes: 'Fatal' as never } },
      TypeError,
      /^retry.nonRetryableErrorTypes: a list of names/,
    ],
    [
      'search attributes that are no object',
      { searchAttributes: 5 as never },
      TypeError,
      /^searchAttributes: an object .* not 5$/,
    ],
    [
      'typed search attributes that are no list',
      { typedSearchAttributes: 5 as never },
      TypeError,
      /^typedSearchAttributes: a TypedSearchAttributes, or a list of .* not 5$/,
    ],
    [
      'typed search attributes without keys',
      { typedSearchAttributes: [{ value: 1 }] as never },
      TypeError,
      /^typedSearchAttributes: .* list of \{ key, value \}/,
    ],
    ['a priority that is no object', { priority: 5 as never }, TypeError, /^priority: an object such as/],
    ['a wrong priority', { priority: { priorityKey: 0 } }, ValueError, /priorityKey is 0/],
  ])('%s is refused', async (_, options, errorClass, message) => {
    const gateway = new FakeGateway(WELL);
    const { workflow } = new Client({ connection: gateway.connection });
    const all = { workflowId: 'w', taskQueue: 'q', ...options } as WorkflowOptions;
    const error: unknown = await workflow.start('order', all).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errorClass);
    expect((error as Error).message).toMatch(message);
    expect(gateway.asked).toEqual([]);
  });

  test('options that are no object are refused, whichever way it starts', async () => {
    const gateway = new FakeGateway(WELL);
    const { workflow } = new Client({ connection: gateway.connection });
    for (const start of ['start', 'execute'] as const) {
      await expect(workflow[start]('order', 5 as never)).rejects.toThrow(/^options: an object/);
    }
    const options = { workflowId: 'w', taskQueue: 'q', signal: 's', memo: 5 as never };
    await expect(workflow.signalWithStart('order', options)).rejects.toThrow(/^memo: an object/);
    expect(gateway.asked).toEqual([]);
  });

  test('no workflow type is refused', async () => {
    const gateway = new FakeGateway(WELL);
    const { workflow } = new Client({ connection: gateway.connection });
    const start = (type: unknown) => workflow.start(type as string, { workflowId: 'w', taskQueue: 'q' });
    await expect(start(undefined)).rejects.toThrow(TypeError);
    await expect(start('')).rejects.toThrow(/Invalid workflow type/);
    await expect(start(LONG_ID)).rejects.toThrow(ValueError);
    expect(gateway.asked).toEqual([]);
  });
});

describe('a client with', () => {
  test.each<[string, object, RegExp]>([
    [
      'a data converter that is no object',
      { dataConverter: 5 },
      /^dataConverter: an object such as .* not 5$/,
    ],
    [
      'a converter instead of its path',
      { dataConverter: { payloadConverterPath: {} } },
      /^dataConverter.payloadConverterPath: the path/,
    ],
    ['interceptors that are no object', { interceptors: 5 }, /^interceptors: an object such as/],
    ['a list of interceptors', { interceptors: [{}] }, /^interceptors: an object such as/],
    ['one interceptor', { interceptors: { workflow: {} } }, /^interceptors: a list of workflow interceptors/],
    ['plugins that are no list', { plugins: 5 }, /^plugins: a list, not 5$/],
    ['workflow options that are no object', { workflow: 5 }, /^workflow: an object such as/],
  ])('%s is refused', (_, options, message) => {
    const { connection } = new FakeGateway(WELL);
    const make = () => new Client({ connection, ...options });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

test('the longest id and the largest argument pass', async () => {
  const gateway = new FakeGateway(WELL);
  const { workflow } = new Client({ connection: gateway.connection });
  const options = { workflowId: 'x'.repeat(1_000), taskQueue: 'q', args: [LARGE.slice(2)] };
  await workflow.start('order', options);
  expect(gateway.asked).toHaveLength(1);
});

describe('a handle refuses', () => {
  const gateway = new FakeGateway(WELL);
  const { workflow } = new Client({ connection: gateway.connection });
  const handle = workflow.getHandle('w');

  test.each<[string, () => Promise<unknown>, ErrorClass, RegExp]>([
    ['a signal with a cycle', () => handle.signal('s', cyclic as never), ValueError, /args\[0\]\.me/],
    ['a large signal', () => handle.signal('s', LARGE as never), ValueError, /args takes/],
    ['a signal without a name', () => handle.signal(''), TypeError, /Missing signal name/],
    [
      'a signal named by nothing',
      () => handle.signal(undefined as never),
      TypeError,
      /name or the definition/,
    ],
    ['a signal with a long name', () => handle.signal(LONG_ID), ValueError, /signal name takes/],
    [
      'a signal with a long request id',
      () => handle.signalWithOptions('s', { requestId: LONG_ID }),
      ValueError,
      /requestId takes/,
    ],
    [
      'a query with a function',
      () => handle.query('q', (() => 1) as never),
      ValueError,
      /args\[0\] is a function/,
    ],
    ['a query named by nothing', () => handle.query(undefined as never), TypeError, /name or the definition/],
    ['an empty workflow id', () => workflow.getHandle('').describe(), TypeError, /Missing workflowId/],
    ['a long workflow id', () => workflow.getHandle(LONG_ID).cancel(), ValueError, /workflowId takes/],
    ['an empty run id', () => workflow.getHandle('w', '').terminate(), TypeError, /Missing runId/],
    ['a result of an empty workflow id', () => workflow.result(''), TypeError, /Missing workflowId/],
    [
      'a signal-with-start that fails on conflict',
      () =>
        workflow.signalWithStart('order', {
          workflowId: 'w',
          taskQueue: 'q',
          signal: 's',
          workflowIdConflictPolicy: 'FAIL',
        }),
      ValueError,
      /cannot have the conflict policy FAIL/,
    ],
    [
      'a signal-with-start whose signal is wrong',
      () =>
        workflow.signalWithStart('o', {
          workflowId: 'w',
          taskQueue: 'q',
          signal: 's',
          signalArgs: [1n],
        }),
      ValueError,
      /signalArgs\[0\] is a BigInt/,
    ],
  ])('%s', async (_, call, errorClass, message) => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errorClass);
    expect((error as Error).message).toMatch(message);
    expect(gateway.asked).toEqual([]);
  });
});

describe('a client refuses', () => {
  test('what is no connection', () => {
    expect(() => new Client()).toThrow(/Missing option: connection/);
    expect(() => new Client({ connection: {} as never })).toThrow(TypeError);
  });

  test('wrong options', () => {
    const { connection } = new FakeGateway();
    expect(() => new Client({ connection, namespace: '' })).toThrow(TypeError);
    expect(() => new Client({ connection, identity: LONG_ID })).toThrow(ValueError);
    expect(() => new Client({ connection, workflow: { queryRejectCondition: 'NEVER' as never } })).toThrow(
      ValueError,
    );
    const codec = { encode: async () => [], decode: async () => [] };
    expect(() => new Client({ connection, dataConverter: { payloadCodecs: [codec] } })).toThrow(
      /not supported yet/,
    );
  });
});

test('plugins of a client are refused: it could not do what they say', () => {
  const { connection } = new FakeGateway();
  expect(() => new Client({ connection, plugins: [{ name: 'a' }] })).toThrow(ValueError);
  expect(() => new Client({ connection, plugins: [] })).not.toThrow();
});
