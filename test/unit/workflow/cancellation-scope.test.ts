// What is cancelled together: scopes in scopes, shields, timeouts, and what code in them sees.
import { describe, expect, test } from 'vitest';
import {
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  sleep,
  Trigger,
} from '../../../src/workflow/index.ts';
import { cancel, Driver, fire, kinds, resultOf } from './driver.ts';

const nameOf = (error: Error): string => error.name;
/** Runs a workflow that needs no second turn, or is given the firing of these timers one by one. */
async function run(main: () => Promise<unknown>, ...timers: readonly number[]): Promise<unknown> {
  const driver = new Driver({ workflows: { main } });
  let commands = await driver.start();
  for (const seq of timers) commands = await driver.turn(fire(seq));
  return resultOf(commands);
}

describe('the current scope', () => {
  test('is the root at the beginning, which has no parent and can be cancelled', async () => {
    const main = async () => {
      const { parent, cancellable, consideredCancelled } = CancellationScope.current();
      return [parent === undefined, cancellable, consideredCancelled];
    };
    expect(await run(main)).toEqual([true, true, false]);
  });

  test('follows code through awaits, and ends with it', async () => {
    const main = async () => {
      const root = CancellationScope.current();
      const scope = new CancellationScope();
      const inside = await scope.run(async () => {
        const before = CancellationScope.current();
        await sleep(1);
        await Promise.resolve();
        return [before === scope, CancellationScope.current() === scope];
      });
      return [...inside, CancellationScope.current() === root, scope.parent === root];
    };
    expect(await run(main, 1)).toEqual([true, true, true, true]);
  });

  test('is each branch’s own', async () => {
    const main = async () => {
      const [a, b] = [new CancellationScope(), new CancellationScope()];
      const look = (scope: CancellationScope) =>
        scope.run(async () => {
          await sleep(1);
          return CancellationScope.current() === scope;
        });
      return Promise.all([look(a), look(b)]);
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    expect(resultOf(await driver.turn(fire(2), fire(1)))).toEqual([true, true]);
  });

  test('may be given another parent than the one around it', async () => {
    const main = async () => {
      const far = new CancellationScope();
      return new CancellationScope().run(async () => {
        const scope = new CancellationScope({ cancellable: true, parent: far });
        far.cancel();
        await Promise.resolve();
        return [
          scope.parent === far,
          scope.consideredCancelled,
          CancellationScope.current().consideredCancelled,
        ];
      });
    };
    expect(await run(main)).toEqual([true, true, false]);
  });
});

describe('cancelling', () => {
  test('reaches timers, conditions, triggers and scopes within, and nothing beside', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const within = scope.run(async () =>
        Promise.all([
          sleep(1).catch(nameOf),
          condition(() => false).catch(nameOf),
          new Trigger<void>().then(undefined, (error: unknown) => nameOf(error as Error)),
          CancellationScope.cancellable(() => sleep(2)).catch(nameOf),
        ]),
      );
      const beside = sleep(3).then(() => 'undisturbed');
      await sleep(4);
      scope.cancel();
      return [...(await within), await beside];
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    expect(await driver.turn(fire(4))).toEqual([
      { kind: 'cancelTimer', seq: 1 },
      { kind: 'cancelTimer', seq: 2 },
    ]);
    const four = Array<string>(4).fill('CancelledFailure');
    expect(resultOf(await driver.turn(fire(3)))).toEqual([...four, 'undisturbed']);
  });

  test('tells by `cancelRequested`, with a CancelledFailure', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const told = scope.cancelRequested.catch((error: Error) => [
        error instanceof CancelledFailure,
        error.message,
      ]);
      scope.cancel();
      return [scope.consideredCancelled, await told];
    };
    expect(await run(main)).toEqual([true, [true, 'Cancellation scope cancelled']]);
  });

  test('is done once: the second time is nothing', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const slept = scope.run(() => sleep(1)).catch(nameOf);
      scope.cancel();
      scope.cancel();
      return slept;
    };
    const driver = new Driver({ workflows: { main } });
    expect(kinds(await driver.start())).toEqual(['startTimer', 'cancelTimer', 'completeWorkflow']);
  });

  test('what begins in a cancelled scope is cancelled at once', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      scope.cancel();
      return scope.run(async () => {
        const inner = new CancellationScope();
        return [
          inner.consideredCancelled,
          await sleep(1).catch(nameOf),
          await inner.run(() => sleep(1)).catch(nameOf),
          await condition(() => true).catch(nameOf),
          await new Trigger().then(undefined, (error: unknown) => nameOf(error as Error)),
        ];
      });
    };
    const driver = new Driver({ workflows: { main } });
    const commands = await driver.start();
    expect(kinds(commands)).toEqual(['completeWorkflow']);
    expect(resultOf(commands)).toEqual([true, ...Array<string>(4).fill('CancelledFailure')]);
  });

  test('leaves alone what is over', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const value = await scope.run(async () => {
        await sleep(1);
        return 'done';
      });
      scope.cancel();
      return value;
    };
    expect(await run(main, 1)).toBe('done');
  });
});

describe('a shield', () => {
  test('keeps the cancellation of its parent from what runs in it', async () => {
    const main = async () => {
      const outer = new CancellationScope();
      const work = outer.run(() =>
        CancellationScope.nonCancellable(async () => {
          await sleep(1);
          return 'unharmed';
        }),
      );
      outer.cancel();
      return [await work, outer.consideredCancelled];
    };
    const driver = new Driver({ workflows: { main } });
    expect(kinds(await driver.start())).toEqual(['startTimer']);
    expect(resultOf(await driver.turn(fire(1)))).toEqual(['unharmed', true]);
  });

  test('hears of it, and is never considered cancelled', async () => {
    const main = async () => {
      const outer = new CancellationScope();
      const shield = outer.run(async () => new CancellationScope({ cancellable: false }));
      const { cancelRequested } = await shield;
      const told = cancelRequested.catch(nameOf);
      outer.cancel();
      return [await told, (await shield).consideredCancelled];
    };
    expect(await run(main)).toEqual(['CancelledFailure', false]);
  });

  test('passes its own cancellation on to nobody', async () => {
    const main = async () => {
      const shield = new CancellationScope({ cancellable: false });
      const work = shield.run(() => CancellationScope.cancellable(() => sleep(1).then(() => 'unharmed')));
      shield.cancel();
      return work;
    };
    expect(await run(main, 1)).toBe('unharmed');
  });

  test('did pass it on in histories without flag 1', async () => {
    const main = async () => {
      const shield = new CancellationScope({ cancellable: false });
      const work = shield.run(() => CancellationScope.cancellable(() => sleep(1)));
      shield.cancel();
      return work.catch(nameOf);
    };
    const driver = new Driver({ workflows: { main } });
    const { commands } = await driver.succeed([driver.initialize()], { isReplaying: true });
    expect(resultOf(commands)).toBe('CancelledFailure');
    const known = new Driver({ workflows: { main } });
    const head = { isReplaying: true, availableFlags: [1] };
    expect(kinds((await known.succeed([known.initialize()], head)).commands)).toEqual(['startTimer']);
  });

  test('lets a cancellation out that began in it', async () => {
    const main = async () =>
      CancellationScope.nonCancellable(async () => {
        const inner = new CancellationScope();
        const slept = inner.run(() => sleep(1));
        inner.cancel();
        await slept;
      }).catch(isCancellation);
    expect(await run(main)).toBe(true);
  });
});

describe('withTimeout', () => {
  test('cancels what is left when the time is over', async () => {
    const main = async () => CancellationScope.withTimeout('5s', () => sleep('1 minute')).catch(nameOf);
    const driver = new Driver({ workflows: { main } });
    expect(await driver.start()).toMatchObject([
      { seq: 1, delayMs: 5_000 },
      { seq: 2, delayMs: 60_000 },
    ]);
    expect(await driver.turn(fire(1))).toMatchObject([
      { kind: 'cancelTimer', seq: 2 },
      { kind: 'completeWorkflow', result: '"CancelledFailure"' },
    ]);
  });

  test('cancels its timer when the work was in time, or failed in time', async () => {
    const main = async () => [
      await CancellationScope.withTimeout(50, async () => 'in time'),
      await CancellationScope.withTimeout(50, async () => Promise.reject(new Error('failed'))).catch(nameOf),
    ];
    const driver = new Driver({ workflows: { main } });
    const commands = await driver.start();
    expect(kinds(commands)).toEqual([
      'startTimer',
      'cancelTimer',
      'startTimer',
      'cancelTimer',
      'completeWorkflow',
    ]);
    expect(resultOf(commands)).toEqual(['in time', 'Error']);
  });

  test('of 0 is without a timeout', async () => {
    const main = async () => CancellationScope.withTimeout(0, async () => 'no timer');
    const driver = new Driver({ workflows: { main } });
    expect(kinds(await driver.start())).toEqual(['completeWorkflow']);
  });
});

describe('the cancellation of the workflow', () => {
  test('ends it as cancelled when its code lets it pass', async () => {
    const driver = new Driver({ workflows: { main: () => sleep(1_000) } });
    await driver.start();
    expect(await driver.turn(cancel)).toEqual([{ kind: 'cancelTimer', seq: 1 }, { kind: 'cancelWorkflow' }]);
  });

  test('lets it clean up behind a shield first', async () => {
    const main = async () => {
      try {
        await sleep(1_000);
      } catch (error) {
        if (isCancellation(error)) await CancellationScope.nonCancellable(() => sleep(5));
        throw error;
      }
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    expect(kinds(await driver.turn(cancel))).toEqual(['cancelTimer', 'startTimer']);
    expect(kinds(await driver.turn(fire(2)))).toEqual(['cancelWorkflow']);
  });

  test('may be ignored, and then it completes', async () => {
    const main = async () => sleep(1_000).catch((error: Error) => error.message);
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    expect(resultOf(await driver.turn(cancel))).toBe('Workflow cancelled');
  });

  test('before its first turn finds a workflow whose root is cancelled', async () => {
    const driver = new Driver({ workflows: { main: () => sleep(1_000) } });
    expect(await driver.start(cancel)).toEqual([{ kind: 'cancelWorkflow' }]);
  });

  test('is no cancellation when code cancels a scope by itself: that fails the workflow', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const slept = scope.run(() => sleep(1));
      scope.cancel();
      await slept;
    };
    const driver = new Driver({ workflows: { main } });
    expect(kinds(await driver.start())).toEqual(['startTimer', 'cancelTimer', 'failWorkflow']);
  });
});

describe('a trigger', () => {
  test('is settled from outside, once', async () => {
    const main = async () => {
      const [resolved, rejected] = [new Trigger<string>(), new Trigger<string>()];
      resolved.resolve('a value');
      resolved.resolve('another');
      rejected.reject(new Error('a reason'));
      return [await resolved, await rejected.then(undefined, (error: unknown) => (error as Error).message)];
    };
    expect(await run(main)).toEqual(['a value', 'a reason']);
  });

  test('that nobody waits for may be rejected', async () => {
    const main = async () => {
      new Trigger<void>().reject(new Error('nobody hears it'));
      return 'fine';
    };
    expect(await run(main)).toBe('fine');
  });
});
