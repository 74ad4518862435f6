// Signals: to their handlers in the order in which they came, and none is lost that came before its handler.
import { describe, expect, test } from 'vitest';
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  HandlerUnfinishedPolicy,
  setDefaultSignalHandler,
  setHandler,
  sleep,
} from '../../../src/workflow/index.ts';
import { Driver, fire, kinds, resultOf, signal } from './driver.ts';

const go = defineSignal<[number]>('go');
const other = defineSignal<[number]>('other');

test('a handler gets the arguments', async () => {
  const both = defineSignal<[number, { text: string }]>('both');
  const main = async () => {
    let got: unknown;
    setHandler(both, (...args) => void (got = args));
    await condition(() => got !== undefined);
    return got;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(resultOf(await driver.turn(signal('both', 1, { text: 'x' })))).toEqual([1, { text: 'x' }]);
});

test('signals that came before their handler are handled when it is set, at once and in order', async () => {
  const main = async () => {
    const log: string[] = [];
    await sleep(1);
    setHandler(go, (n) => void log.push(`go ${n}`));
    log.push('between');
    setHandler(other, (n) => void log.push(`other ${n}`));
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start(signal('go', 1), signal('other', 2));
  await driver.turn(signal('go', 3));
  expect(resultOf(await driver.turn(fire(1)))).toEqual(['go 1', 'go 3', 'between', 'other 2']);
});

test('the workflow begins after the signals of its first turn, which wait for its handlers', async () => {
  const main = async () => {
    const log: string[] = ['begun'];
    setHandler(go, (n) => void log.push(`go ${n}`));
    log.push('going on');
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  expect(resultOf(await driver.start(signal('go', 1)))).toEqual(['begun', 'go 1', 'going on']);
});

test('the default handler gets what has no handler of its own, in order', async () => {
  const main = async () => {
    const log: unknown[] = [];
    setHandler(go, (n) => void log.push(['go', n]));
    setDefaultSignalHandler((name, ...args) => void log.push(['default', name, ...args]));
    await sleep(1);
    setDefaultSignalHandler(undefined);
    await sleep(1);
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start(signal('other', 1));
  await driver.turn(signal('go', 2), signal('third', 3, 4));
  await driver.turn(fire(1));
  await driver.turn(signal('other', 5));
  expect(resultOf(await driver.turn(fire(2)))).toEqual([
    ['default', 'other', 1],
    ['go', 2],
    ['default', 'third', 3, 4],
  ]);
});

test('a handler that sets a handler does not lose or reorder what waits', async () => {
  const main = async () => {
    const log: string[] = [];
    setHandler(go, (n) => {
      log.push(`go ${n}`);
      setHandler(other, (m) => void log.push(`other ${m}`));
    });
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  const waiting = [signal('other', 1), signal('go', 2), signal('other', 3), signal('go', 4)];
  expect(resultOf(await driver.start(...waiting))).toEqual(['go 2', 'other 1', 'other 3', 'go 4']);
});

test('a handler that was removed leaves its signals to wait for the next', async () => {
  const main = async () => {
    const log: string[] = [];
    setHandler(go, (n) => void log.push(`first ${n}`));
    await sleep(1);
    setHandler(go, undefined);
    await sleep(1);
    setHandler(go, (n) => void log.push(`second ${n}`));
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start(signal('go', 1));
  await driver.turn(fire(1));
  await driver.turn(signal('go', 2));
  expect(resultOf(await driver.turn(fire(2)))).toEqual(['first 1', 'second 2']);
});

test('a handler may wait, and the next one begins meanwhile', async () => {
  const main = async () => {
    const log: string[] = [];
    setHandler(go, async (n) => {
      log.push(`begin ${n}`);
      await sleep(n);
      log.push(`end ${n}`);
    });
    await condition(() => log.length > 0 && allHandlersFinished());
    return log;
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.turn(signal('go', 10), signal('go', 20))).toMatchObject([
    { delayMs: 10 },
    { delayMs: 20 },
  ]);
  await driver.turn(fire(2));
  expect(resultOf(await driver.turn(fire(1)))).toEqual(['begin 10', 'begin 20', 'end 20', 'end 10']);
});

describe('an error in a handler', () => {
  const throwing = (error: Error) => async () => {
    setHandler(go, () => {
      throw error;
    });
    await sleep(1);
  };

  test('fails the workflow if it is a TemporalFailure', async () => {
    const main = throwing(ApplicationFailure.nonRetryable('on purpose'));
    const driver = new Driver({ workflows: { main } });
    expect(await driver.start(signal('go', 1))).toMatchObject([
      { kind: 'startTimer' },
      { kind: 'failWorkflow', failure: { message: 'on purpose' } },
    ]);
  });

  test('fails the task otherwise', async () => {
    const driver = new Driver({ workflows: { main: throwing(new Error('a mistake')) } });
    await driver.start();
    expect((await driver.fail(signal('go', 1))).message).toBe('a mistake');
  });

  test('fails the task also when the workflow has ended in the same turn', async () => {
    const main = async () => {
      setHandler(go, async () => {
        for (let hops = 0; hops < 9; hops += 1) await Promise.resolve();
        throw new TypeError('late');
      });
    };
    const driver = new Driver({ workflows: { main } });
    expect((await driver.fail(driver.initialize(), signal('go', 1))).message).toBe('late');
  });
});

describe('handlers that the end cuts off', () => {
  const unfinished = (options?: Parameters<typeof setHandler>[2]) => async () => {
    setHandler(go, () => sleep(100), options);
    await sleep(1);
  };
  const endOf = async (driver: Driver): Promise<Driver> => {
    await driver.start(signal('go', 1), signal('go', 2));
    await driver.turn(fire(3));
    return driver;
  };

  test('are named in a warning', async () => {
    const { sinkCalls } = await endOf(new Driver({ workflows: { main: unfinished() } }));
    expect(sinkCalls).toHaveLength(1);
    expect(sinkCalls[0]).toMatchObject({ sink: '__temporal_logger', fn: 'warn' });
    const [line] = JSON.parse(sinkCalls[0]!.args) as [string];
    expect(line).toMatch(/^\[TMPRL1102\].*\[\{"name":"go","count":2\}\]$/);
  });

  test('are not, if that was their policy', async () => {
    const main = unfinished({ unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON });
    expect((await endOf(new Driver({ workflows: { main } }))).sinkCalls).toEqual([]);
  });

  test('are not, if the workflow has failed', async () => {
    const main = async () => {
      await unfinished()();
      throw ApplicationFailure.nonRetryable('on purpose');
    };
    expect((await endOf(new Driver({ workflows: { main } }))).sinkCalls).toEqual([]);
  });
});

test.each([
  ['a reserved name', () => setHandler(defineSignal('__temporal_x'), () => undefined)],
  ['a reserved query', () => setHandler(defineQuery('__stack_trace'), () => undefined)],
  ['no function', () => setHandler(go, 'text' as never)],
  ['no function by default', () => setDefaultSignalHandler(7 as never)],
  ['no definition', () => setHandler({ type: 'other', name: 'x' } as never, undefined)],
])('%s is refused with a TypeError', async (_what, register) => {
  const main = async () => {
    try {
      register();
      return undefined;
    } catch (error) {
      return (error as Error).name;
    }
  };
  expect(resultOf(await new Driver({ workflows: { main } }).start())).toBe('TypeError');
});

test('null removes a handler, too: JavaScript is like that', async () => {
  const main = async () => {
    setHandler(go, () => undefined);
    setHandler(go, null as never);
    setDefaultSignalHandler(null as never);
    await sleep(1);
  };
  const driver = new Driver({ workflows: { main } });
  expect(kinds(await driver.start(signal('go', 1)))).toEqual(['startTimer']);
});
