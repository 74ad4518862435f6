// Durable timers: `sleep`, and the globals `setTimeout` and `clearTimeout`.
import { describe, expect, test } from 'vitest';
import { CancellationScope, isCancellation, sleep } from '../../../src/workflow/index.ts';
import { Driver, fire, kinds, resultOf } from './driver.ts';

test.each([
  ['milliseconds', 20, 20],
  ['a text', '2 hours' as const, 7_200_000],
  ['a part of a millisecond, rounded up', 1.2, 2],
  ['zero', 0, 1],
  ['a negative number', -5, 1],
])('sleep takes %s', async (_what, duration, delayMs) => {
  const driver = new Driver({ workflows: { main: () => sleep(duration) } });
  expect(await driver.start()).toEqual([{ kind: 'startTimer', seq: 1, delayMs }]);
  expect(kinds(await driver.turn(fire(1)))).toEqual(['completeWorkflow']);
});

test('a summary goes with it', async () => {
  const driver = new Driver({ workflows: { main: () => sleep(5, { summary: 'a rest' }) } });
  expect(await driver.start()).toMatchObject([{ summary: '"a rest"' }]);
});

test.each(['soon', Number.NaN, Number.POSITIVE_INFINITY, {}, null])(
  'sleep of %s is a TypeError that workflow code may catch',
  async (duration) => {
    const main = async () => {
      try {
        await sleep(duration as never);
        return undefined;
      } catch (error) {
        return (error as Error).name;
      }
    };
    expect(resultOf(await new Driver({ workflows: { main } }).start())).toBe('TypeError');
  },
);

test('timers are numbered in program order and fire in any', async () => {
  const main = async () => {
    const log: string[] = [];
    await Promise.all([sleep(3).then(() => log.push('first')), sleep(1).then(() => log.push('second'))]);
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  expect(await driver.start()).toMatchObject([{ seq: 1 }, { seq: 2 }]);
  await driver.turn(fire(2));
  expect(resultOf(await driver.turn(fire(1)))).toEqual(['second', 'first']);
});

test('a cancelled timer is over at once, and its firing is nothing any more', async () => {
  const main = async () => {
    const scope = new CancellationScope();
    const slept = scope.run(() => sleep(1_000)).catch(isCancellation);
    await sleep(1);
    scope.cancel();
    const outcome = await slept;
    await sleep(2);
    return outcome;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.turn(fire(2))).toMatchObject([
    { kind: 'cancelTimer', seq: 1 },
    { kind: 'startTimer', seq: 3 },
  ]);
  expect(resultOf(await driver.turn(fire(1), fire(3)))).toBe(true);
});

describe('setTimeout', () => {
  /** A workflow and the globals that its realm would give it. */
  function drive(main: (timers: Driver['engine']['hooks']) => Promise<unknown>): Driver {
    const driver: Driver = new Driver({ workflows: { main: () => main(driver.engine.hooks) } });
    return driver;
  }

  test('calls back with its arguments when its timer has fired', async () => {
    const driver = drive(async (timers) => {
      const log: unknown[] = [];
      timers.setTimeout((...args) => log.push(args), 7, ['a', 1]);
      await sleep(9);
      return log;
    });
    expect(await driver.start()).toMatchObject([
      { seq: 1, delayMs: 7 },
      { seq: 2, delayMs: 9 },
    ]);
    await driver.turn(fire(1));
    expect(resultOf(await driver.turn(fire(2)))).toEqual([['a', 1]]);
  });

  test('is cancelled by its handle, and with its scope', async () => {
    const driver = drive(async (timers) => {
      const log: string[] = [];
      const handle = timers.setTimeout(() => log.push('cleared'), 7, []);
      const scope = new CancellationScope();
      await scope.run(async () => void timers.setTimeout(() => log.push('cancelled'), 8, []));
      await sleep(1);
      timers.clearTimeout(handle);
      scope.cancel();
      await sleep(2);
      return log;
    });
    await driver.start();
    const commands = await driver.turn(fire(3));
    expect(commands.filter(({ kind }) => kind === 'cancelTimer').map((c) => 'seq' in c && c.seq)).toEqual([
      1, 2,
    ]);
    expect(resultOf(await driver.turn(fire(4)))).toEqual([]);
  });

  test('an error in its callback fails the task', async () => {
    const driver = drive(async (timers) => {
      timers.setTimeout(
        () => {
          throw new Error('in the callback');
        },
        1,
        [],
      );
      await sleep(2);
    });
    await driver.start();
    expect((await driver.fail(fire(1))).message).toBe('in the callback');
  });

  test('clearing what has fired uses up a number, as official histories have it', async () => {
    const driver = drive(async (timers) => {
      const handle = timers.setTimeout(() => undefined, 1, []);
      await sleep(2);
      timers.clearTimeout(handle);
      await sleep(3);
    });
    await driver.start();
    await driver.turn(fire(1));
    expect(await driver.turn(fire(2))).toEqual([
      { kind: 'cancelTimer', seq: 1 },
      { kind: 'startTimer', seq: 4, delayMs: 3 },
    ]);
  });

  test.each([undefined, null, 'text', 0, -1, 1.5, 77])('clearing %s is nothing', async (handle) => {
    const driver = drive(async (timers) => timers.clearTimeout(handle));
    expect(kinds(await driver.start())).toEqual(['completeWorkflow']);
  });

  test('says that the run behaves by flag 1', async () => {
    const driver = drive(async (timers) => void timers.setTimeout(() => undefined, 1, []));
    expect(await driver.succeed([driver.initialize()])).toMatchObject({ usedFlags: [1] });
  });

  test('in histories without flag 1 it is a timer of no scope', async () => {
    const driver = drive(async (timers) => {
      const log: string[] = [];
      const scope = new CancellationScope();
      await scope.run(async () => void timers.setTimeout(() => log.push('called'), 1, []));
      scope.cancel();
      timers.clearTimeout(timers.setTimeout(() => log.push('never'), 2, []));
      await sleep(3);
      return log;
    });
    const { commands } = await driver.succeed([driver.initialize()], { isReplaying: true });
    expect(commands).toMatchObject([
      { kind: 'startTimer', seq: 1 },
      { kind: 'startTimer', seq: 2 },
      { kind: 'cancelTimer', seq: 2 },
      { kind: 'startTimer', seq: 4 },
    ]);
    await driver.turn(fire(1));
    expect(resultOf(await driver.turn(fire(4)))).toEqual(['called']);
  });
});
