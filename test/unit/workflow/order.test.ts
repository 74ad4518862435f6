// The order in which the code of one turn goes on. It is counted in microtasks, and official histories depend on it: commands of two
// branches stand in the order in which their promises resolved. The expected orders are the official SDK's.
import { expect, test } from 'vitest';
import {
  condition,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
} from '../../../src/workflow/index.ts';
import type { ActivationJob } from '../../../src/model/turn.ts';
import { activityCompleted, childCompleted, childStarted, Driver, fire, resultOf, signal } from './driver.ts';

const { act } = proxyActivities<{ act(): Promise<void> }>({ startToCloseTimeout: 1 });

/** Notes `n` when so many microtasks have run after its activity. */
const ladder = (log: (string | number)[], rungs: number): Promise<void>[] =>
  Array.from({ length: rungs }, async (_, n) => {
    await act();
    for (let hop = 0; hop < n; hop += 1) await Promise.resolve();
    log.push(n);
  });
const RUNGS = 5;
const climb = Array.from({ length: RUNGS }, (_, n) => activityCompleted(n + 1));

/** Where `waiting` comes on the ladder when its last job comes together with all the ladder's. */
async function placeOf(
  waiting: () => Promise<unknown>,
  last: ActivationJob,
  ...before: readonly ActivationJob[]
): Promise<unknown> {
  const main = async () => {
    const log: (string | number)[] = [];
    await Promise.all([...ladder(log, RUNGS), waiting().then(() => log.push('here'))]);
    return log.indexOf('here');
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  if (before.length > 0) await driver.turn(...before);
  return resultOf(await driver.turn(last, ...climb));
}

test.each<[string, number, () => Promise<unknown>, ActivationJob, readonly ActivationJob[]]>([
  ['an activity', 0, () => act(), activityCompleted(RUNGS + 1), []],
  ['a timer', 0, () => sleep(1), fire(1), []],
  ['a child that was executed', 2, () => executeChild('c'), childCompleted(1), [childStarted(1)]],
  [
    'a child whose result is asked for',
    2,
    async (): Promise<unknown> => (await startChild('c')).result(),
    childCompleted(1),
    [childStarted(1)],
  ],
  ['a child that starts', 1, () => startChild('c'), childStarted(1), []],
  [
    'a signal to another workflow',
    0,
    () => getExternalWorkflowHandle('o').signal('s'),
    { kind: 'resolveSignalExternal', seq: 1 },
    [],
  ],
  [
    'a signal to a child',
    2,
    () => startChild('c').then((child) => child.signal('s')),
    { kind: 'resolveSignalExternal', seq: 1 },
    [childStarted(1)],
  ],
])('%s goes on after %i more than an activity', async (_what, hops, waiting, last, before) => {
  // Its job is the first of the turn, so it comes just before the rung of as many hops. An `async` function around a handle's method
  // is one of them.
  expect(await placeOf(waiting, last, ...before)).toBe(hops);
});

test('jobs go in their order, conditions after each, microtasks only after all', async () => {
  const go = defineSignal<[number]>('go');
  const main = async () => {
    const log: string[] = [];
    let count = 0;
    setHandler(go, (n) => {
      log.push(`signal ${n}`);
      count += 1;
      void Promise.resolve().then(() => log.push(`microtask of ${n}`));
    });
    const done = Promise.all([
      condition(() => {
        if (count > 0) log.push(`asked at ${count}`);
        return count === 1;
      }).then(() => log.push('condition')),
      act().then(() => log.push('activity')),
    ]);
    await done;
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(resultOf(await driver.turn(signal('go', 1), signal('go', 2), activityCompleted(1)))).toEqual([
    'signal 1',
    'asked at 1',
    'signal 2',
    'microtask of 1',
    'microtask of 2',
    'activity',
    'condition',
  ]);
});

test('in histories without flag 2 signals and their microtasks come before everything else', async () => {
  const main = async () => {
    const log: string[] = [];
    setHandler(defineSignal('go'), () => {
      log.push('signal');
      void Promise.resolve().then(() => log.push('microtask'));
    });
    await act().then(() => log.push('activity'));
    return log;
  };
  const job = { ...signal('go') };
  const orderOf = async (availableFlags: readonly number[]): Promise<unknown> => {
    const driver = new Driver({ workflows: { main } });
    const replay = { isReplaying: true, availableFlags };
    await driver.succeed([driver.initialize()], replay);
    return resultOf((await driver.succeed([activityCompleted(1), job], replay)).commands);
  };
  // A replay sorts signals first; the batch alone decides whether microtasks run in between.
  expect(await orderOf([])).toEqual(['signal', 'microtask', 'activity']);
});

test('flag 2 is recorded by the first turn with a signal, once', async () => {
  const main = async () => {
    setHandler(defineSignal('go'), () => undefined);
    await sleep(1);
  };
  const driver = new Driver({ workflows: { main } });
  expect(await driver.succeed([driver.initialize()])).toMatchObject({ usedFlags: [] });
  expect(await driver.succeed([signal('go')])).toMatchObject({ usedFlags: [2] });
  expect(await driver.succeed([signal('go')])).toMatchObject({ usedFlags: [] });
});

test('a turn counts what was asked for', async () => {
  const main = async () => {
    await Promise.all([act(), sleep(1), condition(() => true)]);
  };
  const driver = new Driver({ workflows: { main } });
  // Six counters begin at 1.
  expect(await driver.succeed([driver.initialize()])).toMatchObject({ counters: 9, randomDraws: 0 });
});
