// What leaves workflow code without an answer: log lines, sinks, the console. Never from a replay.
import { expect, test } from 'vitest';
import { log, proxySinks, sleep, type Sinks } from '../../../src/workflow/index.ts';
import { Driver, fire } from './driver.ts';

interface MySinks extends Sinks {
  metrics: { count(name: string, by: number): void };
}
const LOGGER = '__temporal_logger';

async function sinkCallsOf(main: (driver: Driver) => unknown): Promise<readonly (readonly unknown[])[]> {
  const driver: Driver = new Driver({ workflows: { main: async () => void main(driver) } });
  await driver.start();
  return driver.sinkCalls.map(({ sink, fn, args }) => [sink, fn, JSON.parse(args) as unknown]);
}

test('log lines have a level, a message and attributes', async () => {
  const calls = await sinkCallsOf(() => {
    log.trace('t');
    log.debug('d', { a: 1 });
    log.info('i');
    log.warn('w');
    log.error('e', { cause: 'c' });
  });
  expect(calls).toEqual([
    [LOGGER, 'trace', ['t']],
    [LOGGER, 'debug', ['d', { a: 1 }]],
    [LOGGER, 'info', ['i']],
    [LOGGER, 'warn', ['w']],
    [LOGGER, 'error', ['e', { cause: 'c' }]],
  ]);
});

test('sinks are called with their arguments, in order', async () => {
  const calls = await sinkCallsOf(() => {
    const { metrics } = proxySinks<MySinks>();
    metrics.count('a', 1);
    metrics.count('b', 2);
  });
  expect(calls).toEqual([
    ['metrics', 'count', ['a', 1]],
    ['metrics', 'count', ['b', 2]],
  ]);
});

test('the console writes to the log', async () => {
  const calls = await sinkCallsOf(({ engine: { hooks } }) => {
    hooks.console('log', ['text', 1, { a: [2] }, undefined]);
    hooks.console('error', [new Error('broken')]);
  });
  expect(calls[0]).toEqual([LOGGER, 'info', ['text 1 {"a":[2]} undefined']]);
  expect(calls[1]).toEqual([LOGGER, 'error', [expect.stringMatching(/^Error: broken\n/)]]);
});

test('what has no JSON form does not fail the turn', async () => {
  const round: Record<string, unknown> = {};
  round['self'] = round;
  const calls = await sinkCallsOf(({ engine: { hooks } }) => {
    log.info('a line', { big: 1n });
    hooks.console('log', [round, 1n]);
  });
  expect(calls).toMatchObject([
    [LOGGER, 'info', ['a line', expect.any(String)]],
    [LOGGER, 'info', ['[object Object] 1']],
  ]);
});

test('a replay says nothing again; the turn after it does', async () => {
  const main = async () => {
    log.info('before');
    await sleep(1);
    log.info('after');
  };
  const driver = new Driver({ workflows: { main } });
  await driver.succeed([driver.initialize()], { isReplaying: true });
  expect(driver.sinkCalls).toEqual([]);
  await driver.turn(fire(1));
  expect(driver.sinkCalls).toMatchObject([{ args: '["after"]' }]);
});

test('outside of workflow code there is no log', () => {
  expect(() => log.info('outside')).toThrow(/may only be used from workflow code/);
});
