// What becomes of an attempt, by what its function does.
import { describe, expect, test } from 'vitest';
import { ApplicationFailure, CancelledFailure, CompleteAsyncError, Context } from '../../../src/activity';
import { ActivityFailure } from '../../../src/common/failure';
import type { Failure } from '../../../src/model/failure';
import type { ActivityOutcome } from '../../../src/model/message';
import { runAttempt, taskOf } from './fixtures';

const run = (fn: (...args: never[]) => unknown, args: readonly unknown[] = []): Promise<ActivityOutcome> =>
  runAttempt({ work: fn }, taskOf('work', args)).outcome;

async function failureOf(fn: (...args: never[]) => unknown): Promise<Failure> {
  const outcome = await run(fn);
  if (outcome.kind !== 'failed') throw new Error(`not failed but ${outcome.kind}`);
  return outcome.failure;
}
/** Rejects with anything, as JavaScript allows. */
const rejected = (reason: unknown) => ({
  then: (_: unknown, reject: (reason: unknown) => void) => reject(reason),
});
const trap = (): never => {
  throw new Error('trap');
};
const infoOf = ({ info }: Failure) => (info?.kind === 'application' ? info : undefined);

describe('a function that returns', () => {
  test('completes the attempt with its value, async or not', async () => {
    const add = (a: number, b: number): number => a + b;
    expect(await run(async (a: number, b: number) => add(a, b), [1, 2])).toEqual({
      kind: 'completed',
      result: '3',
    });
    expect(await run(add, [1, 2])).toEqual({ kind: 'completed', result: '3' });
  });

  test('nothing completes it with undefined', async () => {
    expect(await run(async () => undefined)).toEqual({ kind: 'completed', result: null });
  });

  test('a promise of another library is awaited like a promise', async () => {
    const thenable = { then: (resolve: (value: string) => void) => resolve('yes') };
    expect(await run(() => thenable)).toEqual({ kind: 'completed', result: '"yes"' });
  });

  test('bytes gives bytes', async () => {
    const outcome = await run(async () => new Uint8Array([1, 2]));
    expect(outcome).toMatchObject({ kind: 'completed', result: { data: new Uint8Array([1, 2]) } });
  });

  test.each([
    ['a BigInt', { deep: [10n] }, 'result.deep[0] is a BigInt'],
    ['a function', () => 1, 'result is a function'],
  ])('%s, which has no payload form, fails it and says where', async (_, value, message) => {
    const failure = await failureOf(async () => value);
    expect(failure.message).toContain(message);
    expect(infoOf(failure)).toMatchObject({ type: 'ValueError', nonRetryable: false });
  });

  test('a value that refers to itself fails it', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect((await failureOf(async () => loop)).message).toContain('result.self refers back to result');
  });
});

describe('a function that throws', () => {
  test('an error fails the attempt with its class, message and stack; it may be retried', async () => {
    const failure = await failureOf(async () => {
      throw new RangeError('too far');
    });
    expect(failure.message).toBe('too far');
    expect(failure.stackTrace).toContain('outcomes.test.ts');
    expect(infoOf(failure)).toMatchObject({ type: 'RangeError', nonRetryable: false });
  });

  test('before its first await does the same', async () => {
    const failure = await failureOf(() => {
      throw new TypeError('at once');
    });
    expect(infoOf(failure)?.type).toBe('TypeError');
  });

  test('an ApplicationFailure passes with all of its fields', async () => {
    const failure = await failureOf(async () => {
      throw ApplicationFailure.create({
        message: 'no',
        type: 'Refused',
        nonRetryable: true,
        details: [1, 'two'],
        nextRetryDelay: '3s',
        cause: new Error('because'),
      });
    });
    expect(failure).toMatchObject({
      message: 'no',
      cause: { message: 'because' },
      info: {
        kind: 'application',
        type: 'Refused',
        nonRetryable: true,
        details: ['1', '"two"'],
        nextRetryDelayMs: 3_000,
      },
    });
  });

  test('another failure of Temporal is wrapped', async () => {
    const failure = await failureOf(async () => {
      throw new ActivityFailure('inner', 'other', '7', 'MAXIMUM_ATTEMPTS_REACHED', 'me', new Error('root'));
    });
    expect(infoOf(failure)?.type).toBe('ActivityFailure');
    expect(failure.cause?.message).toBe('root');
  });

  test.each([
    ['a string', 'just text', 'just text'],
    ['an object', { code: 7 }, '{"code":7}'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
  ])('%s fails it, too', async (_, thrown, message) => {
    const failure = await failureOf(() => rejected(thrown));
    expect(failure.message).toContain(message);
    expect(infoOf(failure)?.nonRetryable).toBe(false);
  });

  test('a failure whose details have no payload form is still a failure, and says so', async () => {
    const failure = await failureOf(async () => {
      throw ApplicationFailure.nonRetryable('no', 'Refused', 10n);
    });
    expect(failure.message).toContain('BigInt');
    expect(failure.message).toContain('no');
    expect(infoOf(failure)?.nonRetryable).toBe(true);
  });

  test.each([
    ['a message that throws', () => Object.defineProperty(new Error('x'), 'message', { get: trap })],
    ['traps for everything', () => new Proxy(new Error('x'), { get: trap, getPrototypeOf: trap })],
    ['a cause that throws', () => new Error('x', { cause: new Proxy({}, { get: trap }) })],
  ])('a thrown object with %s fails the attempt, and nothing else', async (_, make) => {
    const throwIt = (): never => {
      throw make();
    };
    for (const fn of [throwIt, async () => throwIt(), () => rejected(make())]) {
      const failure = await failureOf(fn);
      expect(failure.message).toContain('cannot be read');
      expect(infoOf(failure)).toMatchObject({ type: 'Error', nonRetryable: false });
    }
  });

  test('CompleteAsyncError leaves it open', async () => {
    const outcome = await run(async () => {
      throw new CompleteAsyncError();
    });
    expect(outcome).toEqual({ kind: 'willCompleteAsync' });
  });

  test('a CancelledFailure nobody asked for is a failure', async () => {
    const failure = await failureOf(async () => {
      throw new CancelledFailure('on my own');
    });
    expect(infoOf(failure)?.type).toBe('CancelledFailure');
  });

  test('is logged with who it was; a benign failure quietly', async () => {
    const loud = runAttempt({ work: () => Promise.reject(new Error('oh')) }, taskOf('work'));
    await loud.outcome;
    expect(loud.lines).toMatchObject([
      {
        level: 'WARN',
        message: 'Activity failed',
        meta: { activityType: 'work', workflowId: 'order-1', attempt: 1 },
      },
    ]);
    const benign = ApplicationFailure.create({ message: 'as usual', category: 'BENIGN' });
    const quiet = runAttempt({ work: () => Promise.reject(benign) }, taskOf('work'));
    await quiet.outcome;
    expect(quiet.lines.map(({ level }) => level)).toEqual(['DEBUG']);
  });

  test('with a logger that throws is still only a failure', async () => {
    const logger = new Proxy(
      {},
      {
        get: () => () => {
          throw new Error('full');
        },
      },
    );
    const outcome = await runAttempt({ work: () => Promise.reject(new Error('oh')) }, taskOf('work'), {
      logger: logger as never,
    }).outcome;
    expect(outcome).toMatchObject({ kind: 'failed', failure: { message: 'oh' } });
  });
});

describe('names', () => {
  test('an unknown one fails the attempt, retryably, with the names that are known', async () => {
    const outcome = await runAttempt({ pay: () => 1, ask: () => 2, version: '1' }, taskOf('ship')).outcome;
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { info: { kind: 'application', type: 'NotFoundError', nonRetryable: false } },
    });
    const message = outcome.kind === 'failed' ? outcome.failure.message : '';
    expect(message).toContain('ship');
    expect(message).toContain('["ask","pay"]');
  });

  test('of the object itself, such as toString, are unknown', async () => {
    expect(await runAttempt({}, taskOf('toString')).outcome).toMatchObject({ kind: 'failed' });
  });

  test('without a function of their own go to the default activity', async () => {
    const activities = {
      pay: () => 'paid',
      default: (...args: unknown[]) => [Context.current().info.activityType, ...args],
    };
    const other = await runAttempt(activities, taskOf('anything', [1])).outcome;
    expect(other).toEqual({ kind: 'completed', result: '["anything",1]' });
    expect(await runAttempt(activities, taskOf('pay')).outcome).toEqual({
      kind: 'completed',
      result: '"paid"',
    });
  });
});

test('arguments that cannot be read fail the attempt before the function is called', async () => {
  let called = false;
  const work = (): void => void (called = true);
  const outcome = await runAttempt({ work }, taskOf('work', [], { input: ['{broken'] })).outcome;
  expect(outcome).toMatchObject({ kind: 'failed', failure: { info: { nonRetryable: false } } });
  expect(outcome.kind === 'failed' && outcome.failure.message).toContain('Failed to parse activity args');
  expect(called).toBe(false);
});
