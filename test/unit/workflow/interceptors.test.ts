// Interceptors of workflow code: around what comes in, and around what goes out.
import { describe, expect, test } from 'vitest';
import { defaultPayloadConverter } from '../../../src/common/payload/default-payload-converter.ts';
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
  type WorkflowInterceptors,
} from '../../../src/workflow/index.ts';
import { activityCompleted, Driver, fire, kinds, resultOf, signal } from './driver.ts';

const intercepted = (
  interceptors: WorkflowInterceptors | (() => WorkflowInterceptors),
  main: (...args: never[]) => unknown,
  args: readonly unknown[] = [],
): Driver => {
  const factory = typeof interceptors === 'function' ? interceptors : () => interceptors;
  return new Driver({ workflows: { main }, args, entries: { 'interceptor:0': { interceptors: factory } } });
};
const act = proxyActivities<{ greet(name: string): Promise<string> }>({ startToCloseTimeout: 1 });
const HEADER = defaultPayloadConverter.toPayload('traced');

test('the first is the outermost', async () => {
  const noting = (log: string[], name: string) => ({
    interceptors: (): WorkflowInterceptors => ({
      inbound: [
        {
          async execute(input, next) {
            log.push(`${name} before`);
            const result = await next(input);
            log.push(`${name} after`);
            return result;
          },
        },
      ],
    }),
  });
  const order: string[] = [];
  const driver = new Driver({
    workflows: { main: async () => void order.push('main') },
    entries: { 'interceptor:0': noting(order, 'a'), 'interceptor:1': noting(order, 'b') },
  });
  await driver.start();
  expect(order).toEqual(['a before', 'b before', 'main', 'b after', 'a after']);
});

test('a factory knows what it makes interceptors for', async () => {
  let type: string | undefined;
  const factory = () => {
    type = workflowInfo().workflowType;
    return {};
  };
  await intercepted(factory, async () => undefined).start();
  expect(type).toBe('main');
});

test.each([
  ['a module without any', {}],
  ['a factory that makes none', { interceptors: () => ({}) }],
])('%s changes nothing', async (_what, module) => {
  const driver = new Driver({ workflows: { main: async () => 1 }, entries: { 'interceptor:0': module } });
  expect(resultOf(await driver.start())).toBe(1);
});

test.each([
  ['that is no function', { interceptors: [] }, /interceptors must be a function/],
  [
    'that throws',
    {
      interceptors: () => {
        throw new Error('no factory today');
      },
    },
    /no factory today/,
  ],
])('a factory %s fails the task', async (_what, module, message) => {
  const driver = new Driver({ workflows: { main: async () => 1 }, entries: { 'interceptor:0': module } });
  expect((await driver.fail(driver.initialize())).message).toMatch(message);
});

describe('inbound', () => {
  test('execute sees headers, may change arguments and result', async () => {
    let headers: unknown;
    const driver = new Driver({
      workflows: { main: async (n: number) => n + 1 },
      args: [1],
      init: { header: { trace: '"t"' } },
      entries: {
        'interceptor:0': {
          interceptors: (): WorkflowInterceptors => ({
            inbound: [
              {
                async execute(input, next) {
                  headers = Object.keys(input.headers);
                  return (((await next({ ...input, args: [10] })) as number) + 1) * 2;
                },
              },
            ],
          }),
        },
      },
    });
    expect(resultOf(await driver.start())).toBe(24);
    expect(headers).toEqual(['trace']);
  });

  test('handleSignal may change what a handler gets, or keep it', async () => {
    const main = async () => {
      const got: number[] = [];
      setHandler(defineSignal<[number]>('go'), (n) => void got.push(n));
      await condition(() => got.length > 0);
      return got;
    };
    const interceptors: WorkflowInterceptors = {
      inbound: [
        {
          async handleSignal(input, next) {
            const [n] = input.args as [number];
            if (n > 0) await next({ ...input, args: [n * 2] });
          },
        },
      ],
    };
    const driver = intercepted(interceptors, main);
    expect(resultOf(await driver.start(signal('go', -1), signal('go', 4)))).toEqual([8]);
  });

  const ask = defineQuery<unknown, [number]>('ask');
  const asked = async () => {
    setHandler(ask, (n) => n + 1);
    await sleep(1);
  };
  test('handleQuery may change arguments and answer', async () => {
    const interceptors: WorkflowInterceptors = {
      inbound: [
        {
          async handleQuery(input, next) {
            return { answer: await next({ ...input, args: [10] }) };
          },
        },
      ],
    };
    const driver = intercepted(interceptors, asked);
    await driver.start();
    expect(await driver.query('ask', 1)).toEqual({ answer: 11 });
    expect(await driver.query('__temporal_workflow_metadata')).toHaveProperty('definition');
    expect(await driver.query('unknown')).toMatchObject({ kind: 'failed', notRegistered: true });
  });

  test('handleQuery must not wait for what does not come in time', async () => {
    const interceptors: WorkflowInterceptors = {
      inbound: [{ handleQuery: () => new Promise(() => undefined) }],
    };
    const driver = intercepted(interceptors, asked);
    await driver.start();
    expect(await driver.query('ask', 1)).toMatchObject({
      kind: 'failed',
      failure: { message: 'Query interceptors must not wait' },
    });
  });
});

describe('outbound', () => {
  test('startTimer may change the time, or answer by itself', async () => {
    const interceptors: WorkflowInterceptors = {
      outbound: [
        {
          async startTimer(input, next) {
            if (input.durationMs < 10) return;
            await next({ ...input, durationMs: input.durationMs * 2 });
          },
        },
      ],
    };
    const main = async () => {
      await sleep(5);
      await sleep(50);
    };
    const driver = intercepted(interceptors, main);
    // Its number was given before the interceptor.
    expect(await driver.start()).toEqual([{ kind: 'startTimer', seq: 2, delayMs: 100 }]);
    expect(kinds(await driver.turn(fire(2)))).toEqual(['completeWorkflow']);
  });

  test('scheduleActivity may add headers and change the result', async () => {
    const interceptors: WorkflowInterceptors = {
      outbound: [
        {
          async scheduleActivity(input, next) {
            return `<${String(await next({ ...input, headers: { trace: HEADER } }))}>`;
          },
        },
      ],
    };
    const driver = intercepted(interceptors, () => act.greet('Ada'));
    expect(await driver.start()).toMatchObject([{ header: { trace: '"traced"' } }]);
    expect(resultOf(await driver.turn(activityCompleted(1, 'hello')))).toBe('<hello>');
  });

  test('what scheduleActivity changes in its options is changed for this call alone', async () => {
    const { greet } = proxyActivities<{ greet(): Promise<string> }>({
      startToCloseTimeout: 1_000,
      retry: { maximumAttempts: 5, nonRetryableErrorTypes: ['A'] },
    });
    let calls = 0;
    const interceptors: WorkflowInterceptors = {
      outbound: [
        {
          async scheduleActivity(input, next) {
            if ((calls += 1) > 1) return next(input);
            input.options.taskQueue = 'other';
            if (input.options.retry !== undefined) input.options.retry.maximumAttempts = 1;
            input.options.retry?.nonRetryableErrorTypes?.push('B');
            return next(input);
          },
        },
      ],
    };
    const driver = intercepted(interceptors, () => Promise.all([greet(), greet()]));
    expect(await driver.start()).toMatchObject([
      { taskQueue: 'other', retryPolicy: { maximumAttempts: 1, nonRetryableErrorTypes: ['A', 'B'] } },
      { taskQueue: 'the-queue', retryPolicy: { maximumAttempts: 5, nonRetryableErrorTypes: ['A'] } },
    ]);
  });

  test('startChildWorkflowExecution, signalWorkflow and continueAsNew may add headers', async () => {
    const headers = { trace: HEADER };
    const interceptors: WorkflowInterceptors = {
      outbound: [
        {
          startChildWorkflowExecution: async (input, next) => next({ ...input, headers }),
          signalWorkflow: async (input, next) => next({ ...input, headers }),
          continueAsNew: async (input, next) => next({ ...input, headers }),
        },
      ],
    };
    const main = async () => {
      void executeChild('child', { workflowId: 'c' });
      void getExternalWorkflowHandle('other').signal('go');
      return continueAsNew();
    };
    const header = { trace: '"traced"' };
    expect(await intercepted(interceptors, main).start()).toMatchObject([
      { kind: 'startChild', header },
      { kind: 'signalExternal', header },
      { kind: 'continueAsNew', header },
    ]);
  });

  test('a child may be refused', async () => {
    const interceptors: WorkflowInterceptors = {
      outbound: [
        {
          startChildWorkflowExecution: async () =>
            Promise.reject(ApplicationFailure.nonRetryable('no children')),
        },
      ],
    };
    const main = async (): Promise<unknown> => executeChild('child').catch((error: Error) => error.message);
    expect(resultOf(await intercepted(interceptors, main).start())).toBe('no children');
  });

  test('getLogAttributes go with each line, under those of the line', async () => {
    const interceptors: WorkflowInterceptors = {
      outbound: [{ getLogAttributes: (input, next) => next({ ...input, tenant: 't', level: 'low' }) }],
    };
    const driver = intercepted(interceptors, async () => log.info('a line', { level: 'high' }));
    await driver.start();
    expect(JSON.parse(driver.sinkCalls[0]!.args)).toEqual(['a line', { tenant: 't', level: 'high' }]);
  });
});
