// Queries look, and change nothing: an execution that was asked goes on as one that was not.
import { describe, expect, test } from 'vitest';
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setDefaultQueryHandler,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  Trigger,
  upsertMemo,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '../../../src/workflow/index.ts';
import { Driver, fire, resultOf, signal } from './driver.ts';

const ask = defineQuery<unknown, unknown[]>('ask');

/** A run that waits for a timer, then draws a number and starts another timer. */
function waiting(handler: (driver: Driver) => unknown): Driver {
  const main = async () => {
    setHandler(ask, () => handler(driver));
    await sleep(1);
    const drawn = driver.engine.hooks.random();
    await sleep(2);
    return drawn;
  };
  const driver: Driver = new Driver({ workflows: { main } });
  return driver;
}
const FIRST_DRAW = 0.8810140371788293;

/** It must go on as if it had not been asked. */
async function expectUntouched(driver: Driver): Promise<void> {
  expect(await driver.turn(fire(1))).toEqual([{ kind: 'startTimer', seq: 2, delayMs: 2 }]);
  expect(resultOf(await driver.turn(fire(2)))).toBe(FIRST_DRAW);
}

test('a handler answers with its arguments, and sees the newest state', async () => {
  const main = async () => {
    let count = 0;
    setHandler(ask, (...args) => ({ count, args }));
    setHandler(defineSignal('go'), () => void (count += 1));
    await condition(() => count > 5);
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.query('ask', 'a', 2)).toEqual({ count: 0, args: ['a', 2] });
  await driver.turn(signal('go'), signal('go'));
  expect(await driver.query('ask')).toEqual({ count: 2, args: [] });
});

test('a closed workflow answers', async () => {
  const main = async () => void setHandler(ask, () => 'still here');
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.query('ask')).toBe('still here');
});

test('an unknown name is told with the known ones', async () => {
  const driver = waiting(() => 1);
  await driver.start();
  expect(await driver.query('unknown')).toMatchObject({
    kind: 'failed',
    notRegistered: true,
    failure: {
      message: 'Workflow did not register a handler for unknown. Registered queries: [ask]',
      info: { kind: 'application', type: 'ReferenceError' },
    },
  });
});

test('the default handler gets unknown names, but none that belong to the runtime', async () => {
  const main = async () => {
    setDefaultQueryHandler((name, ...args) => [name, ...args]);
    await sleep(1);
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.query('anything', 1)).toEqual(['anything', 1]);
  expect(await driver.query('__temporal_secret')).toMatchObject({
    failure: { message: expect.stringContaining('reserved') as string, info: { type: 'TypeError' } },
  });
});

test('what a handler throws is the answer', async () => {
  const driver = waiting(() => {
    throw new RangeError('too far');
  });
  await driver.start();
  expect(await driver.query('ask')).toMatchObject({
    kind: 'failed',
    notRegistered: false,
    failure: { message: 'too far', info: { type: 'RangeError' } },
  });
  await expectUntouched(driver);
});

test.each([
  ['a promise', async () => 1, /should not return a Promise/],
  ['what has no JSON form', () => 1n, /BigInt/i],
])('%s is no answer', async (_what, handler, message) => {
  const driver = waiting(handler);
  await driver.start();
  expect(await driver.query('ask')).toMatchObject({
    kind: 'failed',
    failure: { message: expect.stringMatching(message) as string },
  });
  await expectUntouched(driver);
});

test('random numbers, ids and counters that a handler uses are given back', async () => {
  const driver = waiting(({ engine: { hooks } }) => [hooks.random(), uuid4()]);
  await driver.start();
  const first = await driver.query('ask');
  expect(await driver.query('ask')).toEqual(first);
  await expectUntouched(driver);
});

test('also those that it uses in a microtask, when it has answered', async () => {
  const driver = waiting(({ engine: { hooks } }) => {
    void Promise.resolve().then(() => hooks.random());
    return 'answered';
  });
  await driver.start();
  expect(await driver.query('ask')).toBe('answered');
  await expectUntouched(driver);
});

describe('asking for something is refused:', () => {
  const act = proxyActivities({ startToCloseTimeout: 1 });
  test.each<[string, (scope: CancellationScope) => unknown]>([
    ['a timer', () => sleep(1)],
    ['an activity', () => act['any']!()],
    ['a search attribute', () => upsertSearchAttributes({ a: ['b'] })],
    ['a memo', () => upsertMemo({ a: 1 })],
    ['a handler', () => setHandler(defineSignal('late'), () => undefined)],
    ['a default handler', () => setDefaultSignalHandler(() => undefined)],
    ['details', () => setCurrentDetails('by a query')],
    ['a cancellation', (scope) => scope.cancel()],
    ['a signal', () => getExternalWorkflowHandle('other').signal('go')],
  ])('%s', async (_what, act) => {
    let scope: CancellationScope | undefined;
    const driver: Driver = new Driver({
      workflows: {
        main: async () => {
          scope = new CancellationScope();
          setHandler(ask, () => (act(scope!), 'answered'));
          await scope.run(() => sleep(1));
          const drawn = driver.engine.hooks.random();
          await sleep(2);
          return drawn;
        },
      },
    });
    await driver.start();
    expect(await driver.query('ask')).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringContaining("The query 'ask' must not change anything") as string },
    });
    await expectUntouched(driver);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['a child', () => executeChild('other')],
    ['a condition', () => condition(() => true)],
  ])('%s, by its promise', async (_what, act) => {
    let refused: unknown;
    const driver = waiting(() => {
      act().catch((error: Error) => (refused = error.message));
      return 'answered';
    });
    await driver.start();
    await driver.query('ask');
    expect(refused).toMatch(/must not change anything/);
    await expectUntouched(driver);
  });

  test('continuing as new means nothing in a query', async () => {
    const driver = waiting(() => {
      continueAsNew().catch(() => undefined);
      return 'answered';
    });
    await driver.start();
    expect(await driver.query('ask')).toBe('answered');
    await expectUntouched(driver);
  });
});

test('code that a query wakes up may not ask for anything either: that execution is given up', async () => {
  const main = async () => {
    const trigger = new Trigger<void>();
    setHandler(ask, () => trigger.resolve());
    await trigger;
    await sleep(1);
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  await expect(driver.query('ask')).rejects.toThrow(/must not change anything/);
  expect((await driver.fail(signal('any'))).message).toMatch(/must not change anything/);
});

test('a patch that history does not have is none, and none is made', async () => {
  const main = async () => {
    setHandler(ask, () => [patched('old'), patched('new')]);
    patched('old');
    await sleep(1);
    patched('new');
    await sleep(2);
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.query('ask')).toEqual([true, false]);
  expect(await driver.turn(fire(1))).toMatchObject([{ kind: 'setPatchMarker' }, { kind: 'startTimer' }]);
});

test('it writes log lines also in an execution that was replayed, and knows what it is', async () => {
  const driver = waiting(() => {
    log.info('asked');
    const { isReplaying, isReplayingHistoryEvents } = workflowInfo().unsafe;
    return { isReplaying, isReplayingHistoryEvents };
  });
  await driver.succeed([driver.initialize()], { isReplaying: true });
  expect(await driver.query('ask')).toEqual({ isReplaying: true, isReplayingHistoryEvents: false });
  expect(driver.sinkCalls).toEqual([{ sink: '__temporal_logger', fn: 'info', args: '["asked"]' }]);
});

test('several are answered together, each by itself', async () => {
  const driver = waiting(({ engine: { hooks } }) => hooks.random());
  await driver.start();
  const job = (queryId: string, queryType: string) =>
    ({ kind: 'queryWorkflow', queryId, queryType, input: [], header: {} }) as const;
  const { answers, commands } = await driver.succeed([job('a', 'ask'), job('b', 'unknown'), job('c', 'ask')]);
  expect(commands).toEqual([]);
  expect(answers.map(({ queryId, outcome }) => [queryId, outcome.kind])).toEqual([
    ['a', 'succeeded'],
    ['b', 'failed'],
    ['c', 'succeeded'],
  ]);
  expect(answers[2]?.outcome).toEqual(answers[0]?.outcome);
  await expectUntouched(driver);
});

test('the metadata query tells type, handlers and details', async () => {
  const main = async () => {
    setHandler(ask, () => 1, { description: 'answers' });
    setHandler(defineSignal('go'), () => undefined);
    setCurrentDetails('half-way');
    await sleep(1);
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.query('__temporal_workflow_metadata')).toEqual({
    definition: {
      type: 'main',
      queryDefinitions: [{ name: 'ask', description: 'answers' }],
      signalDefinitions: [{ name: 'go' }],
      updateDefinitions: [],
    },
    currentDetails: 'half-way',
  });
});
