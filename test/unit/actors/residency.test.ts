// What leaves memory, what stays on disk for it, and that nobody can tell the difference.
import { beforeEach, describe, expect, test } from 'vitest';
import { RequestRefused } from '../../../src/model/gateway';
import { address, EngineWorld, NAMESPACE } from './engine-world';

const HOUR = 3_600_000;

describe('a workflow that sleeps', () => {
  let world: EngineWorld;
  beforeEach(async () => {
    world = await EngineWorld.open({ idleEvictMs: 5_000 });
    await world.worker();
    await world.start('a', 'sleeper');
  });

  test('has one row while it is in memory, and another one while it is not', async () => {
    const began = world.clock.now();
    expect(world.rows()).toEqual({ awake: 1, wake: [], closed: 0 });
    await world.pass(10_000);
    expect(world.engine.stats().residentWorkflows).toBe(0);
    expect(world.rows()).toEqual({ awake: 0, wake: [began + HOUR], closed: 0 });
  });

  test('is woken in time, sleeps again, and has none of these rows when it has ended', async () => {
    const began = world.clock.now();
    await world.pass(10_000);
    await world.pass(HOUR - 10_000);
    expect(world.rows()).toEqual({ awake: 1, wake: [], closed: 0 });
    await world.pass(60_000);
    expect(world.engine.stats().residentWorkflows).toBe(0);
    expect(world.rows()).toEqual({ awake: 0, wake: [began + 2 * HOUR], closed: 0 });
    await world.pass(HOUR);
    expect(world.rows()).toEqual({ awake: 0, wake: [], closed: 1 });
  });

  test('that is asked something leaves again, and its rows are as they were', async () => {
    await world.pass(10_000);
    const before = world.rows();
    await expect(world.query('a', 'count')).resolves.toEqual({ result: '1' });
    expect(world.engine.stats().residentWorkflows).toBe(1);
    await world.pass(10_000);
    expect(world.engine.stats().residentWorkflows).toBe(0);
    expect(world.rows()).toEqual(before);
    await world.pass(HOUR);
    expect((await world.ask({ kind: 'describe', to: address('a') })).historyLength).toBeGreaterThan(8);
  });
});

test('a workflow that was woken, and then waits for nobody but a signal, leaves memory and stays away', async () => {
  const world = await EngineWorld.open({ idleEvictMs: 60_000 });
  await world.worker();
  await world.start('a', 'counter', { startDelayMs: 10 * 60_000 });
  await world.pass(5 * 60_000);
  expect(world.engine.stats().residentWorkflows).toBe(0);
  await world.pass(5 * 60_000 + 1);
  expect(world.engine.stats().residentWorkflows).toBe(1);
  await world.pass(3 * 60_000);
  expect(world.engine.stats().residentWorkflows).toBe(0);
  expect(world.rows()).toEqual({ awake: 0, wake: [], closed: 0 });
});

test('everything leaves memory when there is no room, and answers as if it had not', async () => {
  const world = await EngineWorld.open({ cacheBytes: 1 });
  await world.worker();
  for (let n = 0; n < 20; n += 1) await world.start(`w${n}`, 'counter');
  await world.pass(5_000);
  expect(world.engine.stats().residentWorkflows).toBe(0);
  for (let n = 0; n < 20; n += 1) await world.signal(`w${n}`, 'go');
  for (let n = 0; n < 20; n += 1) {
    await expect(world.query(`w${n}`, 'count')).resolves.toEqual({ result: '1' });
  }
});

test('what a workflow was started with counts from its first turn on', async () => {
  const inputBytes = 1_000_000;
  const world = await EngineWorld.open({ cacheBytes: 5 * inputBytes });
  await world.worker();
  const input = [JSON.stringify('x'.repeat(inputBytes))];
  for (let n = 0; n < 20; n += 1) {
    const { options } = world.startRequest(`w${n}`, 'counter');
    await world.start(`w${n}`, 'counter', { options: { ...options, input } });
  }
  await world.settle();
  // Each is held twice: by its state, and by its code.
  expect(world.engine.stats().residentWorkflows).toBe(2);
});

describe('runs of the past', () => {
  test('answer queries and descriptions, and take no signal', async () => {
    const world = await EngineWorld.open();
    await world.worker();
    const { runId: first } = await world.start('a', 'chain');
    await world.pass(2_000);
    await world.signal('a', 'go');
    await world.pass(2_000);
    await expect(world.query('a', 'count')).resolves.toEqual({ result: '1' });
    await expect(world.query('a', 'count', first)).resolves.toEqual({ result: '0' });
    await expect(world.ask({ kind: 'describe', to: address('a', first) })).resolves.toMatchObject({
      status: 'CONTINUED_AS_NEW',
      execution: { runId: first },
    });
    await expect(world.signal('a', 'go', first)).rejects.toThrow('already completed');
  });

  test('wait for a worker with their queries, and answer when it comes', async () => {
    const world = await EngineWorld.open();
    const worker = await world.worker();
    const { runId: first } = await world.start('a', 'chain');
    await world.pass(2_000);
    await world.signal('a', 'go');
    await world.pass(2_000);
    void worker.shutdown({ graceMs: 0 });
    await world.settle();
    const answers = [
      world.query('a', 'count', first),
      world.query('a', 'count', first),
      world.query('a', 'count'),
    ];
    await world.settle();
    await world.worker();
    await world.settle();
    expect(await Promise.all(answers)).toEqual([{ result: '0' }, { result: '0' }, { result: '1' }]);
  });

  test('are not those of another workflow: whoever names one with the wrong id finds nothing', async () => {
    const world = await EngineWorld.open();
    await world.worker();
    await world.start('a', 'counter');
    const { runId } = await world.start('b', 'counter');
    const wrong = address('a', runId);
    const missing = { refusal: { kind: 'notFound' } };
    await expect(world.ask({ kind: 'describe', to: wrong })).rejects.toMatchObject(missing);
    await expect(world.signal('a', 'go', runId)).rejects.toMatchObject(missing);
    await expect(world.ask({ kind: 'terminate', to: wrong, identity: 'x' })).rejects.toMatchObject(missing);
    await expect(world.ask({ kind: 'delete', to: wrong, identity: 'x' })).rejects.toMatchObject(missing);
    await expect(world.ask({ kind: 'fetchHistory', to: wrong })).rejects.toMatchObject(missing);
    await expect(world.ask({ kind: 'describe', to: address('b') })).resolves.toMatchObject({
      status: 'RUNNING',
    });
    await world.signal('b', 'go');
    await expect(world.query('b', 'count')).resolves.toEqual({ result: '1' });
  });

  test('are deleted with everything of them, and the run that goes on is not', async () => {
    const world = await EngineWorld.open();
    await world.worker();
    const { runId: first } = await world.start('a', 'chain');
    await world.pass(2_000);
    await world.signal('a', 'go');
    await world.pass(2_000);
    await world.ask({ kind: 'delete', to: address('a', first), identity: 'x' });
    await expect(world.ask({ kind: 'describe', to: address('a', first) })).rejects.toThrow(RequestRefused);
    await expect(world.query('a', 'count')).resolves.toEqual({ result: '1' });
    expect(world.rows().closed).toBe(0);
    const { runs } = await world.ask({ kind: 'list', namespace: NAMESPACE, filter: {}, pageSize: 10 });
    expect(runs).toHaveLength(1);
  });

  test('go when their time is over', async () => {
    const world = await EngineWorld.open({ retentionMs: 2 * HOUR });
    await world.worker();
    await world.start('a', 'once');
    await world.settle();
    expect(world.rows().closed).toBe(1);
    await world.pass(2 * HOUR - 10_000);
    expect(world.store.count('H')).toBeGreaterThan(0);
    await world.pass(120_000);
    for (const table of ['I', 'H', 'A', 'F', 'W', 'T', 'V'] as const)
      expect(world.store.count(table)).toBe(0);
    await expect(world.ask({ kind: 'describe', to: address('a') })).rejects.toThrow(RequestRefused);
  });
});
