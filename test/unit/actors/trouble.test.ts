// Lanes that die, disks that are full, workers that come and go, engines that are closed: in the middle of whatever goes on.
import { describe, expect, test } from 'vitest';
import { OutcomeUnknown, RequestRefused } from '../../../src/model/gateway';
import type { ActivityOutcome } from '../../../src/model/message';
import type { Lane, LaneFactory } from '../../../src/scheduler/lanes/lane';
import { address, EngineWorld, NAMESPACE, testBundle } from './engine-world';

const DONE: ActivityOutcome = { kind: 'completed', result: '1' };

/** The lane that is there now, to be ended. */
function reachable(): {
  readonly wrapLanes: (lanes: LaneFactory) => LaneFactory;
  readonly end: () => Promise<void>;
} {
  let lane: Lane | undefined;
  return {
    wrapLanes: (lanes) => (setup, events) => (lane = lanes(setup, events)),
    end: async () => lane?.terminate('test'),
  };
}

async function openRuns(world: EngineWorld): Promise<number> {
  const { count } = await world.ask({
    kind: 'count',
    namespace: NAMESPACE,
    filter: { statuses: ['RUNNING'] },
  });
  return count;
}

describe('a lane that dies', () => {
  test('at whatever moment: everything comes to its end, and every activity runs once', async () => {
    for (let moment = 0; moment < 40; moment += 1) {
      const { wrapLanes, end } = reachable();
      const world = await EngineWorld.open({ wrapLanes });
      await world.worker(() => DONE, { maxConcurrentActivities: 2 });
      const starts = Array.from({ length: 6 }, (_, n) => world.start(`w${n}`, 'once'));
      for (let step = 0; step < moment; step += 1) await world.step();
      await end();
      await Promise.all(starts);
      await world.pass(5_000);
      expect(await openRuns(world), `ended after ${moment} steps`).toBe(0);
      expect(world.attempts, `ended after ${moment} steps`).toHaveLength(6);
      // All slots are there again.
      const more = Array.from({ length: 2 }, (_, n) => world.start(`more${n}`, 'once'));
      await Promise.all(more);
      await world.settle();
      expect(await openRuns(world), `ended after ${moment} steps`).toBe(0);
    }
  });

  test('between two batches of its answer: what it has handed over counts, the rest is done again', async () => {
    for (let handedOver = 1; handedOver <= 6; handedOver += 1) {
      let batches = 0;
      let lane: Lane | undefined;
      const world = await EngineWorld.open({
        batchWorkflows: 1,
        wrapLanes: (lanes) => (setup, events) => {
          const onBatch = (batch: Uint8Array): void => {
            events.onBatch(batch);
            if ((batches += 1) === handedOver) void lane?.terminate('test');
          };
          return (lane = lanes(setup, { ...events, onBatch }));
        },
      });
      await world.worker(() => DONE);
      const starts = Array.from({ length: 6 }, (_, n) => world.start(`w${n}`, 'once'));
      await Promise.all([...starts, world.pass(5_000)]);
      expect(batches, 'the lane worked in batches').toBeGreaterThan(handedOver);
      expect(await openRuns(world), `ended after ${handedOver} batches`).toBe(0);
      expect(world.attempts, `ended after ${handedOver} batches`).toHaveLength(6);
    }
  });
});

describe('a process that dies', () => {
  test('at whatever moment: a signal from run to run is delivered, and its sender knows, although its receiver has gone on and closed', async () => {
    for (let moment = 0; moment < 15; moment += 1) {
      const before = await EngineWorld.open();
      await before.worker();
      await before.start('receiver', 'baton');
      // A run that is older than this goes on without a delay.
      await before.pass(2_000);
      const { options, ...request } = before.startRequest('sender', 'runner');
      const start = { ...request, options: { ...options, input: ['"receiver"'] } };
      before.request(start).catch(() => undefined);
      for (let step = 0; step < moment; step += 1) await before.step();
      const after = await EngineWorld.open({ disk: before.store.crash() });
      await after.worker();
      await after.ask(start);
      await after.pass(5_000);
      for (const id of ['sender', 'receiver']) {
        const { status } = await after.ask({ kind: 'describe', to: address(id) });
        expect(status, `${id}, died after ${moment} steps`).toBe('COMPLETED');
      }
    }
  });
});

test('a process that dies while it recovers begins no attempt twice, and none without its start on disk', async () => {
  for (let moment = 0; moment < 25; moment += 1) {
    const first = await EngineWorld.open();
    await first.worker(() => new Promise(() => undefined));
    for (const id of ['a', 'b', 'c', 'd']) await first.start(id, 'once');
    expect(first.attempts).toHaveLength(4);
    const startsAt = first.clock.now() + 10_000;
    // Attempts that were cut off so long ago are due at once.
    const recovering = await EngineWorld.open({ disk: first.store.crash(), startsAt, batchWorkflows: 1 });
    await recovering.worker(() => new Promise(() => undefined));
    for (let step = 0; step < moment; step += 1) await recovering.step();
    const last = await EngineWorld.open({ disk: recovering.store.crash(), startsAt: startsAt + 10_000 });
    await last.worker();
    await last.pass(5_000);
    expect(await openRuns(last), `died after ${moment} steps`).toBe(0);
    const begun = [...first.attempts, ...recovering.attempts, ...last.attempts];
    const names = begun.map(({ execution, attempt }) => `${execution.workflowId} ${attempt}`);
    expect(new Set(names).size, `died after ${moment} steps: ${names.join(', ')}`).toBe(names.length);
  }
});

describe('a commit that did not happen because the disk was full', () => {
  test('whichever it was: with room again everything goes on, and no slot is lost', async () => {
    for (let faulty = 1; faulty <= 14; faulty += 1) {
      const world = await EngineWorld.open({
        fault: (commit) => (commit === faulty ? { kind: 'absent' } : undefined),
      });
      await world.worker(() => DONE, { maxConcurrentActivities: 1 });
      const starts = Array.from({ length: 5 }, (_, n) => world.start(`w${n}`, 'once'));
      for (const start of starts) start.catch(() => undefined);
      await world.settle();
      if (world.store.space.state === 'low') {
        await expect(world.start('late', 'once')).rejects.toMatchObject({
          refusal: { kind: 'resourceExhausted' },
        });
        world.store.space.set('ok');
      }
      await world.pass(5_000);
      const ends = await Promise.allSettled(starts);
      expect(ends.filter(({ status }) => status === 'fulfilled').length, `commit ${faulty}`).toBe(5);
      expect(await openRuns(world), `commit ${faulty}`).toBe(0);
    }
  });

  test('is tried again even if nobody says that there is room', async () => {
    const world = await EngineWorld.open({
      fault: (commit) => (commit === 3 ? { kind: 'absent' } : undefined),
    });
    await world.worker();
    // The disk had room again before anybody was told of the commit.
    world.store.space.onChange((state) => {
      if (state === 'low') world.store.space.set('ok');
    });
    const starts = Array.from({ length: 3 }, (_, n) => world.start(`w${n}`, 'once'));
    await world.pass(5_000);
    await Promise.all(starts);
    expect(await openRuns(world)).toBe(0);
    expect((await world.ask({ kind: 'count', namespace: NAMESPACE, filter: {} })).count).toBeGreaterThan(0);
    expect(world.engine.stats().backlog).toBe(0);
  });
});

test('a batch stays small enough to be encoded, whatever workflows return', async () => {
  let heaviest = 0;
  const world = await EngineWorld.open({
    wrapLanes: (lanes) => (setup, events) =>
      lanes(setup, {
        ...events,
        onBatch: (batch) => {
          heaviest = Math.max(heaviest, batch.byteLength);
          events.onBatch(batch);
        },
      }),
  });
  await world.worker();
  const starts = Array.from({ length: 100 }, (_, n) => world.start(`w${n}`, 'heavy'));
  await world.pass(5_000);
  await Promise.all(starts);
  expect(await openRuns(world)).toBe(0);
  expect(heaviest).toBeLessThan(80 * 1_024 * 1_024);
});

describe('rows that were asked for', () => {
  test('before a run left memory are not taken for it', async () => {
    const world = await EngineWorld.open();
    const worker = await world.worker();
    const { runId: first } = await world.start('a', 'counter');
    void worker.shutdown({ graceMs: 0 });
    await world.settle();
    await world.worker(() => DONE, { bundle: await testBundle('workflows-2') });
    await world.settle();
    // The turn needs the history, because the code is another one: it is asked for, and not yet read.
    const before = world.request({ ...signal('before') });
    await world.decide();
    const ended = world.request({ kind: 'terminate', to: address('a'), identity: 'x' });
    await world.decide();
    const started = world.request(world.startRequest('a', 'counter'));
    await world.decide();
    const late = world.request({ ...signal('late'), to: address('a', first) });
    late.catch(() => undefined);
    await world.settle();
    await Promise.all([before, ended, started]);
    await expect(late).rejects.toThrow('already completed');
    const { events } = await world.ask({ kind: 'fetchHistory', to: address('a', first) });
    expect(events.at(-1)?.kind).toBe('workflowExecutionTerminated');
    await expect(world.query('a', 'count')).resolves.toEqual({ result: '0' });
    await expect(world.query('a', 'count', first)).resolves.toEqual({ result: '0' });
  });
});

const signal = (requestId: string) =>
  ({
    kind: 'signal',
    to: address('a'),
    signalName: 'go',
    input: [],
    header: {},
    requestId,
    identity: 'client',
  }) as const;

describe('workers', () => {
  test('that come later find everything that waits: tasks, queries, activities', async () => {
    const world = await EngineWorld.open();
    await world.start('a', 'once');
    await world.start('b', 'gate');
    await world.signal('b', 'go');
    const answer = world.query('b', 'count');
    await world.settle();
    expect(await openRuns(world)).toBe(2);
    await world.worker();
    await world.settle();
    expect(await openRuns(world)).toBe(0);
    await expect(answer).resolves.toEqual({ result: '7' });
  });

  test('a query without a worker is told so after ten seconds', async () => {
    const world = await EngineWorld.open();
    await world.start('a', 'counter');
    const answer = world.query('a', 'count');
    answer.catch(() => undefined);
    await world.pass(11_000);
    await expect(answer).rejects.toMatchObject({ refusal: { kind: 'failedPrecondition' } });
    // What nobody waits for is let go of.
    await world.signal('a', 'go');
    expect(world.engine.stats().backlog).toBe(0);
  });

  test('a query for which the workflow task does not succeed ends with its deadline', async () => {
    const world = await EngineWorld.open();
    await world.start('a', 'broken');
    const answer = world.query('a', 'count');
    answer.catch(() => undefined);
    await world.settle();
    await world.worker();
    await world.pass(11_000);
    await expect(answer).rejects.toMatchObject({ refusal: { kind: 'deadlineExceeded' } });
    await world.pass(60_000);
    expect(world.engine.stats().backlog).toBe(0);
  });

  test('with other code take over where the last one stopped', async () => {
    const world = await EngineWorld.open();
    const first = await world.worker();
    await world.start('a', 'counter');
    await world.signal('a', 'go');
    const ended = first.shutdown({ graceMs: 0 });
    await world.settle();
    await ended;
    await world.signal('a', 'go');
    await world.worker(() => DONE, { bundle: await testBundle('workflows-2') });
    await world.settle();
    await world.signal('a', 'go');
    await expect(world.query('a', 'count')).resolves.toEqual({ result: '3' });
    await world.start('b', 'added');
    expect(await openRuns(world)).toBe(1);
  });

  test('that have ended run no code any more, whenever they were told to', async () => {
    for (let moment = 0; moment < 12; moment += 1) {
      const world = await EngineWorld.open();
      const worker = await world.worker(undefined, { maxConcurrentActivities: 0 });
      const starts = ['w0', 'w1', 'w2'].map((id) => world.request(world.startRequest(id, 'gate')));
      for (let step = 0; step < moment; step += 1) await world.step();
      let turns: number | undefined;
      const turnsNow = (): number => world.engine.stats().lanes[0]?.turns ?? 0;
      const ended = worker.shutdown({ graceMs: 0 }).then(() => (turns = turnsNow()));
      await world.pass(1_000);
      await Promise.all([...starts, ended]);
      for (const id of ['w0', 'w1', 'w2']) await world.signal(id, 'go');
      await world.pass(1_000);
      expect(turnsNow(), `told after ${moment} steps`).toBe(turns);
    }
  });

  test('that shut down run the attempts whose start is committed, and no others', async () => {
    for (let moment = 0; moment < 25; moment += 1) {
      const world = await EngineWorld.open();
      const worker = await world.worker(() => DONE, { maxConcurrentActivities: 1 });
      const starts = Array.from({ length: 3 }, (_, n) => world.start(`w${n}`, 'once'));
      for (let step = 0; step < moment; step += 1) await world.step();
      const ended = worker.shutdown({ graceMs: 60_000 });
      await Promise.all(starts);
      await world.settle();
      await ended;
      const before = world.attempts.length;
      expect(worker.runningActivities).toBe(0);
      await world.worker();
      await world.pass(5_000);
      expect(await openRuns(world), `after ${moment} steps`).toBe(0);
      // None was cut off and repeated.
      expect(world.attempts, `after ${moment} steps`).toHaveLength(3);
      expect(before).toBeLessThanOrEqual(3);
      expect(world.attempts.every(({ attempt }) => attempt === 1)).toBe(true);
    }
  });

  test('that shut down tell their attempts, also those that only begin', async () => {
    const world = await EngineWorld.open();
    const ends: ((outcome: ActivityOutcome) => void)[] = [];
    const worker = await world.worker(() => new Promise((resolve) => ends.push(resolve)));
    const start = world.start('a', 'once');
    await world.decide();
    const ended = worker.shutdown({ graceMs: 0 });
    await world.pass(10);
    await start;
    await world.settle();
    expect(world.attempts).toHaveLength(1);
    expect(world.cancelled).toEqual(['1 workerShutdown']);
    for (const end of ends) end(DONE);
    await world.settle();
    await ended;
    // Its result counts; without a worker nothing comes of it.
    expect(await openRuns(world)).toBe(1);
  });
});

describe('an engine that is closed', () => {
  test('answers what is on its way, takes nothing more, and leaves nobody waiting', async () => {
    const world = await EngineWorld.open();
    await world.worker();
    const { runId } = await world.start('open', 'counter');
    const end = world.request({ kind: 'awaitClose', to: address('open', runId) });
    end.catch(() => undefined);
    const started = world.start('a', 'once');
    const closing = world.engine.close(10_000);
    const late = world.start('b', 'once');
    late.catch(() => undefined);
    await world.settle();
    await closing;
    await expect(started).resolves.toMatchObject({ isNew: true });
    await expect(end).rejects.toThrow(OutcomeUnknown);
    await expect(late).rejects.toThrow(RequestRefused);
    expect(world.engine.stats().waiters).toBe(0);
  });

  test('whose commits do not end stops after its bound, and says that outcomes are unknown', async () => {
    const world = await EngineWorld.open({ fault: (commit) => (commit > 2 ? { kind: 'hang' } : undefined) });
    await world.worker();
    await world.start('a', 'counter');
    const answer = world.request({ ...signal('s') });
    answer.catch(() => undefined);
    await world.decide();
    const closing = world.engine.close(1_000);
    await world.pass(20_000);
    await closing;
    await expect(answer).rejects.toThrow(OutcomeUnknown);
  });

  test('goes on at the next opening: attempts that were cut off are repeated', async () => {
    const world = await EngineWorld.open();
    await world.worker(() => new Promise(() => undefined));
    await world.start('a', 'once');
    expect(world.attempts).toHaveLength(1);
    const next = await EngineWorld.open({ disk: world.store.crash() });
    await next.worker();
    await next.pass(5_000);
    expect(await openRuns(next)).toBe(0);
    expect(next.attempts.map(({ attempt }) => attempt)).toEqual([2]);
  });

  test('by a failure of its store acknowledges nothing any more', async () => {
    const world = await EngineWorld.open({
      fault: (commit) => (commit === 2 ? { kind: 'executeAndError' } : undefined),
    });
    let fatal: Error | undefined;
    world.engine.events.on('fatal', (error) => (fatal = error));
    await world.worker();
    const starts = Array.from({ length: 4 }, (_, n) => world.start(`w${n}`, 'counter'));
    const ends = await Promise.allSettled(starts);
    expect(fatal).toBeDefined();
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(OutcomeUnknown);
    await expect(world.start('late', 'counter')).rejects.toThrow();
  });
});
