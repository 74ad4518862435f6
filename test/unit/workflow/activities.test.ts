// Activities as workflow code sees them: what is asked for, and what comes back.
import { describe, expect, test } from 'vitest';
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  scheduleActivity,
  type ActivityOptions,
} from '../../../src/workflow/index.ts';
import {
  activityCompleted,
  activityFailure,
  activityResolved,
  cancelledBy,
  cancelledFailure,
  Driver,
  fire,
  kinds,
  resultOf,
} from './driver.ts';

interface Activities {
  greet(name: string, times?: number): Promise<string>;
  nothing(): Promise<void>;
}
const proxy = (options: ActivityOptions = {}) =>
  proxyActivities<Activities>({ startToCloseTimeout: '1 minute', ...options });

test('an activity is asked for with its arguments, and its result comes back', async () => {
  const driver = new Driver({ workflows: { main: () => proxy().greet('Ada', 2) } });
  expect(await driver.start()).toEqual([
    {
      kind: 'scheduleActivity',
      seq: 1,
      activityId: '1',
      activityType: 'greet',
      taskQueue: 'the-queue',
      header: {},
      input: ['"Ada"', '2'],
      startToCloseTimeoutMs: 60_000,
      cancellationType: 'TRY_CANCEL',
    },
  ]);
  expect(resultOf(await driver.turn(activityCompleted(1, 'hello')))).toBe('hello');
});

test('every option reaches the command', async () => {
  const options: ActivityOptions = {
    activityId: 'mine',
    taskQueue: 'another',
    heartbeatTimeout: '3s',
    scheduleToStartTimeout: 15_000,
    scheduleToCloseTimeout: '20s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: 'says hello',
    retry: {
      initialInterval: '200ms',
      backoffCoefficient: 1.5,
      maximumInterval: '2s',
      maximumAttempts: 4,
      nonRetryableErrorTypes: ['Final'],
    },
  };
  const driver = new Driver({ workflows: { main: () => proxy(options).nothing() } });
  expect(await driver.start()).toEqual([
    {
      kind: 'scheduleActivity',
      seq: 1,
      activityId: 'mine',
      activityType: 'nothing',
      taskQueue: 'another',
      header: {},
      input: [],
      heartbeatTimeoutMs: 3_000,
      scheduleToStartTimeoutMs: 15_000,
      scheduleToCloseTimeoutMs: 20_000,
      startToCloseTimeoutMs: 60_000,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      summary: '"says hello"',
      retryPolicy: {
        initialIntervalMs: 200,
        backoffCoefficient: 1.5,
        maximumIntervalMs: 2_000,
        maximumAttempts: 4,
        nonRetryableErrorTypes: ['Final'],
      },
    },
  ]);
});

test('options of one call change those of the proxy, field by field', async () => {
  const main = () =>
    proxy({ retry: { maximumAttempts: 3 }, summary: 'kept' }).greet.executeWithOptions(
      { retry: { initialInterval: 5 }, taskQueue: 'another' },
      ['Ada'],
    );
  expect(await new Driver({ workflows: { main } }).start()).toMatchObject([
    {
      taskQueue: 'another',
      startToCloseTimeoutMs: 60_000,
      summary: '"kept"',
      retryPolicy: { maximumAttempts: 3, initialIntervalMs: 5 },
    },
  ]);
});

test('activities of one turn are asked for in program order, and may come back in any', async () => {
  const main = () => Promise.all(['a', 'b', 'c'].map((name) => proxy().greet(name)));
  const driver = new Driver({ workflows: { main } });
  expect((await driver.start()).map((command) => 'seq' in command && command.seq)).toEqual([1, 2, 3]);
  expect(await driver.turn(activityCompleted(3, 'C'), activityCompleted(1, 'A'))).toEqual([]);
  expect(resultOf(await driver.turn(activityCompleted(2, 'B')))).toEqual(['A', 'B', 'C']);
});

test.each([
  ['nothing', undefined, undefined],
  ['null', null, null],
  ['an object', { a: [1] }, { a: [1] }],
])('%s is a result', async (_what, result, expected) => {
  const main = async () => [await scheduleActivity('any', [], { startToCloseTimeout: 1 })];
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  // An array has no place for undefined in JSON.
  expect(resultOf(await driver.turn(activityCompleted(1, result)))).toEqual([expected ?? null]);
});

describe('a mistake in the options', () => {
  const outcomeOf = async (call: () => unknown): Promise<unknown> => {
    const main = async () => {
      try {
        await call();
        return 'no error';
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    };
    return resultOf(await new Driver({ workflows: { main } }).start());
  };

  test.each<[string, () => unknown, RegExp]>([
    ['no timeout', () => proxyActivities({}), /^TypeError: Required either scheduleToCloseTimeout or/],
    ['no options', () => proxyActivities(undefined as never), /^TypeError: options must be defined/],
    [
      'a wrong duration',
      () => proxy({ heartbeatTimeout: 'soon' as never }).nothing(),
      /^TypeError: Invalid dur/,
    ],
    ['a wrong retry policy', () => proxy({ retry: { maximumAttempts: -1 } }).nothing(), /^ValueError: /],
    [
      'a wrong cancellation type',
      () => proxy({ cancellationType: 'NEVER' as never }).nothing(),
      /^ValueError/,
    ],
    ['a wrong number of one', () => proxy({ cancellationType: 9 as never }).nothing(), /^ValueError/],
    ['an argument without a JSON form', () => proxy().greet(1n as never), /^ValueError: .*args\[0\]/],
    [
      'a symbol as a name',
      () => Reflect.get(proxy(), Symbol.iterator) as unknown,
      /^TypeError: Only strings/,
    ],
  ])('%s is told to who makes it, and nothing is asked for', async (_what, call, message) => {
    expect(await outcomeOf(call)).toMatch(message);
  });
});

test('local activities say that they are not supported yet', async () => {
  const main = async () => {
    await proxyLocalActivities<Activities>({ startToCloseTimeout: 1 }).nothing();
  };
  const driver = new Driver({ workflows: { main } });
  expect((await driver.fail(driver.initialize())).message).toMatch(/not supported yet/);
});

describe('cancelling', () => {
  const cancelledBySleep = (type: ActivityOptions['cancellationType']) => async () => {
    const scope = new CancellationScope();
    const running = scope.run(() => proxy(type === undefined ? {} : { cancellationType: type }).nothing());
    await Promise.race([running, new CancellationScope().run(() => scheduleSleep())]);
    scope.cancel();
    try {
      await running;
      return 'completed';
    } catch (error) {
      return [error instanceof ActivityFailure, isCancellation(error)];
    }
  };
  const scheduleSleep = () => scheduleActivity('pause', [], { startToCloseTimeout: 1 });

  test.each(Object.values(ActivityCancellationType))('asks with %s, and the engine answers', async (type) => {
    const driver = new Driver({ workflows: { main: cancelledBySleep(type) } });
    expect(await driver.start()).toMatchObject([{ cancellationType: type }, {}]);
    expect(await driver.turn(activityCompleted(2))).toEqual([{ kind: 'requestCancelActivity', seq: 1 }]);
    const answer = activityResolved(1, cancelledBy(activityFailure(cancelledFailure)));
    expect(resultOf(await driver.turn(answer))).toEqual([true, true]);
  });

  test('an activity that is over is not cancelled', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      await scope.run(() => proxy().nothing());
      scope.cancel();
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    expect(kinds(await driver.turn(activityCompleted(1)))).toEqual(['completeWorkflow']);
  });

  test('in a scope that is cancelled already nothing is asked for', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      scope.cancel();
      const outcome = scope.run(() => proxy().nothing());
      return outcome.catch((error: Error) => error.name);
    };
    expect(await new Driver({ workflows: { main } }).start()).toEqual([
      { kind: 'completeWorkflow', result: '"CancelledFailure"' },
    ]);
  });
});

test('a result that nobody waits for is dropped', async () => {
  const driver = new Driver({ workflows: { main: () => proxy().nothing() } });
  await driver.start();
  expect(await driver.turn(activityCompleted(99), fire(98))).toEqual([]);
});
