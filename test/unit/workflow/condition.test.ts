// Waiting for what other code of the same workflow does.
import { expect, test } from 'vitest';
import {
  CancellationScope,
  condition,
  defineSignal,
  setHandler,
  sleep,
} from '../../../src/workflow/index.ts';
import { Driver, fire, kinds, resultOf, signal } from './driver.ts';

const go = defineSignal('go');

test('what holds already is not waited for', async () => {
  const main = async () => condition(() => true);
  expect(kinds(await new Driver({ workflows: { main } }).start())).toEqual(['completeWorkflow']);
});

test('it is asked after everything that happens, and resolves when it holds', async () => {
  const main = async () => {
    let count = 0;
    setHandler(go, () => void (count += 1));
    await condition(() => count >= 2);
    return count;
  };
  const driver = new Driver({ workflows: { main } });
  expect(await driver.start()).toEqual([]);
  expect(await driver.turn(signal('go'))).toEqual([]);
  expect(resultOf(await driver.turn(signal('go')))).toBe(2);
});

test('conditions are asked in the order in which they began, until none is left that holds', async () => {
  const main = async () => {
    const log: string[] = [];
    let state = 0;
    setHandler(go, () => void (state = 1));
    await Promise.all([
      condition(() => state === 2).then(() => log.push('second')),
      condition(() => state >= 1).then(() => {
        log.push('first');
        state = 2;
      }),
      condition(() => state === 1).then(() => log.push('also first')),
    ]);
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(resultOf(await driver.turn(signal('go')))).toEqual(['first', 'also first', 'second']);
});

test('with a timeout it is true when it held in time, and its timer is cancelled', async () => {
  const main = async () => {
    let open = false;
    setHandler(go, () => void (open = true));
    return condition(() => open, '30 days', { summary: 'until it opens' });
  };
  const driver = new Driver({ workflows: { main } });
  expect(await driver.start()).toEqual([
    { kind: 'startTimer', seq: 1, delayMs: 2_592_000_000, summary: '"until it opens"' },
  ]);
  expect(await driver.turn(signal('go'))).toEqual([
    { kind: 'cancelTimer', seq: 1 },
    { kind: 'completeWorkflow', result: 'true' },
  ]);
});

test('with a timeout it is false when that came first', async () => {
  const driver = new Driver({ workflows: { main: async () => condition(() => false, 50) } });
  await driver.start();
  expect(resultOf(await driver.turn(fire(1)))).toBe(false);
});

test('a timeout of 0 is one, by a patch: histories of long ago had none', async () => {
  const main = async () => condition(() => false, 0);
  expect(kinds(await new Driver({ workflows: { main } }).start())).toEqual(['setPatchMarker', 'startTimer']);
  const old = new Driver({ workflows: { main } });
  expect((await old.succeed([old.initialize()], { isReplaying: true })).commands).toEqual([]);
});

test('it rejects when its scope is cancelled, and is not asked any more', async () => {
  let asked = 0;
  const main = async () => {
    const scope = new CancellationScope();
    const waiting = scope.run(() => condition(() => ((asked += 1), false)));
    scope.cancel();
    const name = await waiting.catch((error: Error) => error.name);
    asked = 0;
    await sleep(1);
    return [name, asked];
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(resultOf(await driver.turn(fire(1)))).toEqual(['CancelledFailure', 0]);
});

test('a condition that throws fails the task', async () => {
  const main = async () => {
    let armed = false;
    setHandler(go, () => void (armed = true));
    await condition(() => {
      if (armed) throw new Error('in the condition');
      return false;
    });
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect((await driver.fail(signal('go'))).message).toBe('in the condition');
});
