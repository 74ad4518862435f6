// COMMIT: what is told durable is durable, in order, and nothing else is ever told.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Committer } from '../../../src/storage/committer';
import type { SubmittedOp } from '../../../src/storage/committer';
import type { StoreError } from '../../../src/storage/errors';
import { MemoryStore } from '../../../src/storage/memory/memory-store';
import type { CommitFault } from '../../../src/storage/memory/memory-store';
import { ManualClock } from './manual-clock';

const op = (key: string, table = 'H'): SubmittedOp => ({
  table,
  key: Buffer.from(key),
  value: Buffer.from(key),
});

class World {
  readonly clock = new ManualClock();
  readonly store: MemoryStore;
  readonly committer: Committer;
  /** What happened, in order. */
  readonly log: string[] = [];

  constructor(fault: (commit: number) => CommitFault | undefined = () => undefined) {
    this.store = new MemoryStore({ flush: 'manual', fault });
    this.committer = new Committer(this.store, {
      clock: this.clock,
      onAbsent: () => this.log.push('absent'),
      onFatal: ({ kind }) => this.log.push(`fatal: ${kind}`),
    });
  }

  submit(name: string, lane = 0, ops: readonly SubmittedOp[] = [op(name)], then?: () => void): void {
    this.committer.submit({ lane, ops }, () => {
      for (const { key } of ops)
        expect(this.store.disk.table('H').get(key), `${name} is durable`).toBeDefined();
      this.log.push(name);
      then?.();
    });
  }

  /** The commit in flight comes to its end. */
  async flush(): Promise<void> {
    this.store.flushNext();
    await this.settled();
  }

  async settled(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }

  keys(): string[] {
    return [...this.store.disk.table('H').entries({})].map(([key]) => Buffer.from(key).toString());
  }
}

describe('batches', () => {
  test('are told when they are durable, not before', async () => {
    const world = new World();
    world.submit('a');
    expect([world.log, world.committer.durable]).toStrictEqual([[], 0]);
    await world.flush();
    expect([world.log, world.committer.durable, world.committer.operations]).toStrictEqual([['a'], 1, 1]);
  });

  test('that queue while a commit is in flight are one commit, in their order', async () => {
    const world = new World();
    for (const name of ['a', 'b', 'c']) world.submit(name, name === 'c' ? 1 : 0);
    expect(world.committer.queued).toBe(2);
    await world.flush();
    expect(world.log).toStrictEqual(['a']);
    await world.flush();
    expect([world.log, world.committer.durable]).toStrictEqual([['a', 'b', 'c'], 2]);
  });

  test('are on their way to the disk before anybody is told of the commit before', async () => {
    const world = new World();
    const pending: boolean[] = [];
    world.submit('a', 0, [op('a')], () => pending.push(world.store.hasPending));
    world.submit('b');
    await world.flush();
    expect(pending).toStrictEqual([true]);
  });

  test('that a callback submits are committed next', async () => {
    const world = new World();
    world.submit('a', 0, [op('a')], () => world.submit('b'));
    await world.flush();
    await world.flush();
    expect(world.log).toStrictEqual(['a', 'b']);
  });
});

describe('a batch without operations', () => {
  test('is told at once when nothing of its lane is on its way', () => {
    const world = new World();
    world.submit('write', 0);
    world.submit('query', 1, []);
    expect(world.log).toStrictEqual(['query']);
  });

  test('waits for the batch of its lane in flight, and for no other', async () => {
    const world = new World();
    world.submit('a', 0);
    world.submit('query', 0, []);
    world.submit('b', 1);
    expect(world.log).toStrictEqual([]);
    await world.flush();
    expect(world.log).toStrictEqual(['a', 'query']);
  });

  test('waits for the queued batch of its lane', async () => {
    const world = new World();
    world.submit('a', 1);
    world.submit('b', 0);
    world.submit('query', 0, []);
    await world.flush();
    expect(world.log).toStrictEqual(['a']);
    await world.flush();
    expect(world.log).toStrictEqual(['a', 'b', 'query']);
  });

  test('does not overtake its lane while callbacks run', async () => {
    const world = new World();
    world.submit('first', 9);
    world.submit('a', 0, [op('a')], () => world.submit('query', 1, []));
    world.submit('b', 1);
    await world.flush();
    await world.flush();
    expect(world.log).toStrictEqual(['first', 'a', 'b', 'query']);
  });
});

test('whatever is submitted, each lane is told of its batches in order and all of them are durable', async () => {
  const batch = fc.record({ lane: fc.nat(2), ops: fc.nat(2), flushes: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 40 }), async (batches) => {
      const world = new World();
      const submitted: string[][] = [[], [], []];
      for (const [index, { lane, ops, flushes }] of batches.entries()) {
        const name = `${lane}:${index}`;
        submitted[lane]?.push(name);
        world.submit(
          name,
          lane,
          Array.from({ length: ops }, (_, at) => op(`${name}:${at}`)),
        );
        for (let flush = 0; flush < flushes; flush += 1) await world.flush();
      }
      const idle = world.committer.whenIdle();
      while (world.store.hasPending) await world.flush();
      await idle;
      for (const [lane, names] of submitted.entries()) {
        expect(world.log.filter((name) => name.startsWith(`${lane}:`))).toStrictEqual(names);
      }
      expect(world.committer.operations).toBe(batches.reduce((sum, { ops }) => sum + ops, 0));
    }),
  );
});

describe('a full disk', () => {
  const full = (commit: number): CommitFault | undefined => (commit === 1 ? { kind: 'absent' } : undefined);

  test('voids what was in flight and what was queued: none of it is told', async () => {
    const world = new World(full);
    world.submit('a', 0);
    world.submit('b', 1);
    world.submit('query', 1, []);
    const idle = world.committer.whenIdle();
    await world.flush();
    await idle;
    expect([world.log, world.keys()]).toStrictEqual([['absent'], []]);
    world.submit('query', 0, []);
    world.submit('c', 0);
    await world.flush();
    expect([world.log, world.keys()]).toStrictEqual([['absent', 'query', 'c'], ['c']]);
  });

  test("delays the host's own rows until there is room, and keeps them in front", async () => {
    const world = new World(full);
    const own = world.committer.submitOwn([{ table: 'N', key: Buffer.from('ns'), value: Buffer.from('1') }]);
    const told: string[] = [];
    void own.then(() => told.push('own'));
    await world.flush();
    expect([told, world.log]).toStrictEqual([[], ['absent']]);
    world.submit('a');
    await world.flush();
    expect([told, world.log, world.store.count('N')]).toStrictEqual([['own'], ['absent', 'a'], 1]);
  });
});

describe('an outcome that nobody knows', () => {
  const outcomes: readonly (readonly [CommitFault, string])[] = [
    [{ kind: 'unknown' }, 'commitUnknown'],
    [{ kind: 'executeAndError' }, 'commitUnknown'],
  ];
  test.each(outcomes)('%j ends everything, once', async (fault, kind) => {
    const world = new World((commit) => (commit === 2 ? fault : undefined));
    world.submit('a');
    world.submit('b');
    const own = world.committer.submitOwn([{ table: 'N', key: Buffer.from('ns'), value: null }]);
    const refused = expect(own).rejects.toMatchObject({ kind });
    await world.flush();
    world.submit('c');
    const idle = world.committer.whenIdle();
    await world.flush();
    await idle;
    await refused;
    world.submit('query', 0, []);
    await world.settled();
    expect(world.log).toStrictEqual(['a', `fatal: ${kind}`]);
    expect(world.store.failure?.kind).toBe(kind);
    await expect(world.committer.submitOwn([])).rejects.toMatchObject({ kind: 'closed' });
  });

  test('is what a commit without an answer has after ten seconds, however late it comes', async () => {
    const world = new World(() => ({ kind: 'hang' }));
    world.submit('a');
    for (let second = 0; second < 9; second += 1) world.clock.pass(1_000);
    expect(world.log).toStrictEqual([]);
    world.clock.pass(1_000);
    expect(world.log).toStrictEqual(['fatal: commitUnknown']);
    expect(world.clock.timers).toBe(0);
  });

  test('is not what a commit has that a process which stood still could not hear of', async () => {
    const beats: (() => void)[] = [];
    const setTimer = (_: number, fire: () => void): (() => void) => {
      beats.push(fire);
      return () => undefined;
    };
    const store = new MemoryStore({ flush: 'manual' });
    const log: string[] = [];
    const committer = new Committer(store, {
      clock: { setTimer },
      onAbsent: () => log.push('absent'),
      onFatal: () => log.push('fatal'),
    });
    committer.submit({ lane: 0, ops: [op('a')] }, () => log.push('a'));
    // However long it stood still, one timer fires when it goes on, and behind it the answer is heard.
    beats.at(-1)?.();
    store.flushNext();
    await committer.whenIdle();
    expect(log).toStrictEqual(['a']);
  });

  test('is what becomes of a commit that found another owner', async () => {
    const world = new World();
    void new MemoryStore({ disk: world.store.disk });
    world.submit('a');
    await world.flush();
    expect([world.log, world.keys()]).toStrictEqual([['fatal: fenced'], []]);
  });

  test('follows when a callback throws', async () => {
    const world = new World();
    world.submit('a', 0, [op('a')], () => {
      throw new Error('a bug');
    });
    world.submit('b');
    await world.flush();
    expect(world.log).toStrictEqual(['a', 'fatal: commitUnknown']);
  });

  test('follows when an operation is none', async () => {
    const world = new World();
    world.submit('a', 0, [op('a', 'Q')]);
    await world.settled();
    expect(world.log).toStrictEqual(['fatal: commitUnknown']);
  });
});

describe('a committer that was stopped', () => {
  test('tells nobody anything, and lets nobody wait', async () => {
    const world = new World();
    world.submit('a');
    world.submit('b');
    const own = expect(world.committer.submitOwn([{ table: 'N', key: Buffer.from('n'), value: null }]));
    const refused = own.rejects.toMatchObject({ kind: 'closed' } satisfies Partial<StoreError>);
    const idle = world.committer.whenIdle();
    world.committer.stop();
    await Promise.all([idle, refused]);
    await world.flush();
    expect([world.log, world.keys(), world.clock.timers]).toStrictEqual([[], ['a'], 0]);
  });

  test('is idle at once when nothing was ever submitted', async () => {
    await new World().committer.whenIdle();
  });
});
