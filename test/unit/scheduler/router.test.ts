// The router over a lane that does only what the test says, and a disk that is as slow as the test says.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/model/effect';
import { workflowId, type RunId, type WorkflowId } from '../../../src/model/ids';
import type { Message } from '../../../src/model/message';
import { createEntropy } from '../../../src/scheduler/entropy';
import type { LaneEvents } from '../../../src/scheduler/lanes/lane';
import { Router, type AwakeRun } from '../../../src/scheduler/router';
import { TaskQueues } from '../../../src/scheduler/task-queues';
import type { Timers } from '../../../src/scheduler/timers';
import { decodePost, encodeBatch } from '../../../src/wire/codec';
import type { Batch, Post, PostEntry } from '../../../src/wire/traffic';
import { execution, NAMESPACE, QUEUE, run, StallingClock, workerOf } from './fixtures';

const to = (n: number) => ({ namespace: NAMESPACE, workflowId: workflowId(`w${n}`) });
const wake = (n: number): Message => ({ kind: 'wake', to: { ...to(n), runId: run(n) } });
const terminate = (n: number, waiter: number): Message => ({
  kind: 'terminate',
  to: to(n),
  waiter,
  identity: 'test',
});

/** A lane of one generation. */
interface FakeLane {
  readonly generation: number;
  readonly posts: Post[];
  readonly events: LaneEvents;
  ended: string | undefined;
}

let clock: StallingClock;
let queues: TaskQueues;
let lanes: FakeLane[];
let commits: (() => void)[];
let released: Effect[];
let evicted: RunId[];
let awake: AwakeRun[];
let stored: Map<WorkflowId, RunId>;
let warnings: string[];
let onRelease: (effects: readonly Effect[]) => void;
let onRead: () => void;
/** Of each history. */
let pages: number;
let router: Router;

function make(laneCount = 1): void {
  router = new Router({
    clock,
    entropy: createEntropy((bytes) => bytes.fill(7)),
    lanes: (setup, events) => {
      const lane: FakeLane = { generation: setup.generation, posts: [], events, ended: undefined };
      lanes.push(lane);
      return {
        post: (bytes) => void lane.posts.push(decodePost(bytes)),
        terminate: (reason, quietly = false) => {
          lane.ended = reason;
          if (!quietly) events.onDied({ reason });
          return Promise.resolve();
        },
      };
    },
    laneCount,
    shardCount: 256,
    laneSetup: { epoch: 1, identity: 'test', cacheBytes: 1, idleEvictMs: 1, batchWorkflows: 32 },
    stored: {
      current: (_namespace, id) => stored.get(id),
      *readRun(runId) {
        for (let page = 1; page < pages; page += 1) {
          onRead();
          yield;
        }
        onRead();
        return { runId, frames: [], activities: [], awake: true };
      },
    },
    commit: { submit: (_batch, onDurable) => void commits.push(onDurable) },
    queues,
    timers: () => ({ evicted: (runId: RunId) => void evicted.push(runId) }) as unknown as Timers,
    release: (effects) => {
      released.push(...effects);
      onRelease(effects);
    },
    awake: () => awake,
    onReplaced: () => undefined,
    onWarning: (message) => void warnings.push(message),
  });
}

beforeEach(() => {
  clock = new StallingClock();
  lanes = [];
  commits = [];
  released = [];
  evicted = [];
  awake = [];
  stored = new Map();
  warnings = [];
  onRelease = () => undefined;
  onRead = () => undefined;
  pages = 1;
  queues = new TaskQueues({
    clock,
    grant: ({ namespace, execution: of, scheduledEventId, attempt }, identity) =>
      router.route({
        kind: 'activityGranted',
        to: { namespace, ...of },
        scheduledEventId,
        attempt,
        identity,
      }),
    onUnserved: () => undefined,
  });
  make();
});

const lane = (): FakeLane => lanes.at(-1) as FakeLane;
/** The entries of the newest post, without what every lane is told first. */
const posted = (): readonly PostEntry[] => lane().posts.at(-1)?.entries ?? [];
const kinds = (): readonly string[] => posted().map(({ kind }) => kind);
const messages = (): readonly Message[] =>
  posted().flatMap((entry) => (entry.kind === 'message' ? [entry.message] : []));
const seqs = (): readonly number[] =>
  posted().flatMap((entry) => (entry.kind === 'message' ? [entry.seq] : []));
const handleOf = (n: number): number => {
  for (const { entries } of [...lane().posts].reverse()) {
    for (const entry of entries) {
      if (entry.kind === 'load' && entry.workflowId === workflowId(`w${n}`)) return entry.handle;
    }
  }
  throw new Error(`w${n} was not loaded`);
};

/** The lane answers its post. */
function answer(batch: Partial<Batch> = {}): void {
  const stats = { residentWorkflows: 0, liveRuns: 0, residentBytes: 0, turns: 0, replays: 0 };
  lane().events.onBatch(
    encodeBatch({
      generation: lane().generation,
      isLast: true,
      seenSeq: Math.max(0, ...lane().posts.flatMap(({ entries }) => entries.map(seqOf))),
      consumed: seqs(),
      ops: [],
      effects: [],
      evict: [],
      wanted: [],
      unused: [],
      stats,
      ...batch,
    }),
  );
}
const seqOf = (entry: PostEntry): number => (entry.kind === 'message' ? entry.seq : 0);

/** The oldest commit is durable. */
const durable = (): void => commits.shift()?.();

function begin(): void {
  router.start();
  clock.settle();
}

describe('the way of a message', () => {
  test('a workflow that is not in memory is loaded in front of its first message, and only of that', () => {
    stored.set(workflowId('w1'), run(1));
    begin();
    router.route(wake(1));
    router.route(terminate(1, 3));
    clock.settle();
    expect(kinds()).toEqual(['load', 'message', 'message']);
    expect(posted()[0]).toMatchObject({ current: { runId: run(1) } });
    expect(seqs()).toEqual([1, 2]);
  });

  test('one post is out at a time; what comes meanwhile is in the next', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    router.route(wake(2));
    clock.settle();
    expect(lane().posts).toHaveLength(1);
    answer();
    expect(messages()).toEqual([wake(2)]);
  });

  test('a post may be answered by several batches: each is released when it is durable, the next post waits for the last', () => {
    begin();
    router.route(terminate(1, 1));
    router.route(terminate(2, 2));
    clock.settle();
    router.route(wake(3));
    answer({
      isLast: false,
      consumed: [1],
      effects: [{ kind: 'answer', waiter: 1, reply: { kind: 'done' } }],
    });
    durable();
    clock.settle();
    expect(released).toHaveLength(1);
    expect(lane().posts).toHaveLength(1);
    expect(router.backlog).toBe(2);
    answer({ consumed: [2], effects: [{ kind: 'answer', waiter: 2, reply: { kind: 'done' } }] });
    expect(messages()).toEqual([wake(3)]);
    durable();
    expect(released).toHaveLength(2);
  });

  test('a post holds one drain’s worth, and everything arrives in order', () => {
    begin();
    const count = 3_000;
    for (let n = 0; n < count; n += 1) router.route(wake(1));
    clock.settle();
    const arrived: number[] = [];
    for (let post = 0; post < 5 && arrived.length < count; post += 1) {
      expect(posted().length).toBeLessThanOrEqual(1_024);
      arrived.push(...seqs());
      answer();
    }
    expect(arrived).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  test('a post stays small enough to be encoded, whatever callers send', () => {
    begin();
    const count = 400;
    const input = JSON.stringify('x'.repeat(60_000));
    for (let n = 0; n < count; n += 1) {
      router.route({
        kind: 'signal',
        to: to(1),
        waiter: 0,
        identity: 'test',
        signal: { signalName: 's', input: [input], header: {}, requestId: `${n}` },
      });
    }
    clock.settle();
    const arrived: number[] = [];
    for (let post = 0; post < 50 && arrived.length < count; post += 1) {
      expect(seqs().length).toBeLessThan(150);
      arrived.push(...seqs());
      answer();
    }
    expect(arrived).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  test('effects leave only when their batch is durable', () => {
    begin();
    router.route(terminate(1, 5));
    clock.settle();
    answer({ effects: [{ kind: 'answer', waiter: 5, reply: { kind: 'done' } }] });
    expect(released).toEqual([]);
    expect(router.backlog).toBe(1);
    durable();
    expect(released).toEqual([{ kind: 'answer', waiter: 5, reply: { kind: 'done' } }]);
    expect(router.backlog).toBe(0);
  });

  test('rows that a lane wants are read when its batch is durable', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    answer({ wanted: [{ handle: handleOf(1), runId: run(9) }] });
    clock.settle();
    expect(kinds()).toEqual(['load', 'message']);
    durable();
    clock.settle();
    expect(posted()).toMatchObject([{ kind: 'history', handle: handleOf(1), run: { runId: run(9) } }]);
  });

  test('it is idle when nothing is on its way', async () => {
    begin();
    router.route(wake(1));
    let isIdle = false;
    const idle = router.whenIdle().then(() => (isIdle = true));
    clock.settle();
    answer();
    await Promise.resolve();
    expect(isIdle).toBe(false);
    durable();
    await idle;
    expect(isIdle).toBe(true);
  });
});

describe('messages that weigh much', () => {
  const MB = JSON.stringify('x'.repeat(1_000_000));
  const text = (kilobytes: number): string => JSON.stringify('x'.repeat(kilobytes * 1_024));
  const signal = (n: number, input: string, name = 's', waiter = 0): Message => ({
    kind: 'signal',
    to: to(n),
    waiter,
    identity: 'test',
    signal: { signalName: name, input: [input], header: {}, requestId: name },
  });
  /** Which workflows are spoken to by the newest post. */
  const spokenTo = (): readonly WorkflowId[] => messages().map((message) => message.to.workflowId);
  const ids = (...numbers: readonly number[]): readonly WorkflowId[] =>
    numbers.map((n) => workflowId(`w${n}`));

  test('go alone, one at a time, and what is small goes in between, whenever it came', () => {
    begin();
    for (let n = 1; n <= 3; n += 1) router.route(signal(n, MB));
    clock.settle();
    expect(spokenTo()).toEqual(ids(1));
    for (let n = 4; n <= 6; n += 1) {
      router.route(wake(n));
      clock.settle();
    }
    const posts: (readonly WorkflowId[])[] = [];
    for (let post = 0; post < 4; post += 1) {
      answer();
      posts.push(spokenTo());
      if (post === 1) router.route(wake(7));
      clock.settle();
    }
    expect(posts).toEqual([ids(4, 5, 6), ids(2), ids(7), ids(3)]);
  });

  test('of some tenths of a megabyte, go a few at a time', () => {
    begin();
    router.route(wake(9));
    for (let n = 1; n <= 5; n += 1) router.route(signal(n, text(200)));
    clock.settle();
    const posts = [spokenTo()];
    for (let post = 0; post < 3; post += 1) {
      answer();
      posts.push(spokenTo());
    }
    expect(posts).toEqual([ids(9), ids(1, 2), ids(3, 4), ids(5)]);
  });

  test('are not overtaken by what comes behind them for the same workflow', () => {
    begin();
    router.route(signal(1, MB, 'a'));
    router.route(signal(2, MB, 'b'));
    router.route(signal(2, '1', 'c'));
    router.route(signal(2, MB, 'd'));
    router.route(signal(2, '1', 'e'));
    router.route(wake(3));
    clock.settle();
    const arrived: string[] = [];
    for (let post = 0; post < 6; post += 1) {
      for (const message of messages()) {
        arrived.push(message.kind === 'signal' ? message.signal.signalName : message.kind);
      }
      answer();
      clock.settle();
    }
    expect(arrived.filter((name) => 'bcde'.includes(name))).toEqual(['b', 'c', 'd', 'e']);
    expect(arrived).toContain('wake');
    expect(arrived.indexOf('wake')).toBeLessThan(arrived.indexOf('b'));
    // There is nothing left to wait for.
    router.route(signal(2, '1', 'f'));
    clock.settle();
    expect(messages()).toMatchObject([{ signal: { signalName: 'f' } }]);
  });

  test('are delivered to the lane that comes in the place of a dead one, in order', () => {
    begin();
    for (const name of ['a', 'b', 'c']) router.route(signal(1, MB, name));
    clock.settle();
    expect(router.backlog).toBe(3);
    lane().events.onDied({ reason: 'test' });
    router.route(signal(1, '1', 'd'));
    clock.settle();
    expect(lanes).toHaveLength(2);
    const arrived: string[] = [];
    for (let post = 0; post < 4; post += 1) {
      for (const message of messages())
        if (message.kind === 'signal') arrived.push(message.signal.signalName);
      answer();
      clock.settle();
    }
    expect(arrived).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are something on its way', async () => {
    begin();
    for (let n = 1; n <= 2; n += 1) router.route(signal(n, MB));
    let isIdle = false;
    const idle = router.whenIdle().then(() => (isIdle = true));
    for (let post = 0; post < 2; post += 1) {
      await Promise.resolve();
      expect(isIdle).toBe(false);
      clock.settle();
      answer();
      durable();
    }
    await idle;
    expect(router.backlog).toBe(0);
  });

  test('wait for room on a full disk, and do not keep whoever waits for rest', async () => {
    begin();
    for (let n = 1; n <= 3; n += 1) router.route(signal(n, MB));
    clock.settle();
    router.void();
    await router.whenIdle();
    expect(router.backlog).toBe(3);
    router.resume();
    clock.settle();
    const arrived: WorkflowId[] = [];
    for (let post = 0; post < 3; post += 1) {
      arrived.push(...spokenTo());
      answer();
      clock.settle();
    }
    expect(arrived).toEqual(ids(1, 2, 3));
  });

  test('are reason enough to do what can wait later, unless their lane is down', () => {
    begin();
    for (let n = 1; n <= 70; n += 1) router.route(signal(n, MB));
    expect(router.isBusy).toBe(true);
    // It begins again at once, and dies again: the next one comes after a while.
    for (let death = 0; death < 2; death += 1) {
      clock.settle();
      lane().events.onDied({ reason: 'test' });
    }
    expect(router.isBusy).toBe(false);
    expect(router.backlog).toBe(70);
    clock.fireNext();
    clock.settle();
    expect(router.isBusy).toBe(true);
  });

  test('with thousands of small ones behind one of them do not keep others waiting', () => {
    begin();
    router.route(signal(9, MB));
    clock.settle();
    router.route(signal(1, MB));
    for (let n = 0; n < 3_000; n += 1) router.route(signal(1, '1'));
    router.route(signal(2, MB));
    answer();
    expect(messages()).toHaveLength(1);
    for (let n = 3; n < 5; n += 1) {
      answer();
      expect(messages()).toHaveLength(1_024);
      router.route(wake(n));
      clock.settle();
      answer();
      expect(spokenTo()).toEqual(ids(n));
    }
  });

  test('leave with their workflow, when it is left out, and with whoever waits for them', async () => {
    stored.set(workflowId('w1'), run(1));
    begin();
    router.route(terminate(1, 9));
    clock.settle();
    for (let waiter = 10; waiter < 17; waiter += 1) router.route(signal(1, MB, 's', waiter));
    router.route(signal(2, MB, 's', 20));
    const idle = router.whenIdle();
    for (let death = 0; death < 5; death += 1) {
      lane().events.onDied({ reason: 'a bug', culprit: handleOf(1) });
      clock.settle();
      clock.fireNext();
      clock.settle();
    }
    expect(released.map((effect) => (effect.kind === 'answer' ? effect.waiter : 0))).toEqual([
      9, 10, 11, 12, 13, 14, 15, 16,
    ]);
    expect(spokenTo()).toEqual(ids(2));
    answer();
    durable();
    await idle;
    expect(router.backlog).toBe(0);
  });

  test('load their workflow again, when it has left memory meanwhile', () => {
    begin();
    router.route(wake(1));
    router.route(signal(2, MB));
    router.route(signal(1, MB));
    clock.settle();
    expect(spokenTo()).toEqual(ids(1));
    answer({ evict: [{ handle: handleOf(1), runId: run(1) }] });
    durable();
    expect(router.residentWorkflows).toBe(1);
    clock.settle();
    answer();
    expect(kinds()).toEqual(['evicted']);
    answer();
    expect(kinds()).toEqual(['load', 'message']);
    expect(spokenTo()).toEqual(ids(1));
  });

  test('are weighed with all that users can put into them', () => {
    begin();
    const heavy: readonly Message[] = [
      {
        kind: 'query',
        to: to(1),
        waiter: 0,
        queryType: 'q',
        input: [],
        header: { h: MB },
        rejectCondition: 'NONE',
        expiresAt: 0,
      },
      { kind: 'terminate', to: to(2), waiter: 0, identity: 'test', details: [MB] },
      {
        kind: 'activityResolved',
        to: to(3),
        waiter: 0,
        identity: 'test',
        activity: { kind: 'id', activityId: '1' },
        outcome: { kind: 'failed', failure: { message: MB } },
      },
      {
        kind: 'activityResolved',
        to: to(4),
        waiter: 0,
        identity: 'test',
        activity: { kind: 'id', activityId: '1' },
        outcome: { kind: 'canceled', details: [MB] },
      },
    ];
    for (const message of heavy) router.route(message);
    router.route(wake(5));
    clock.settle();
    const posts = [spokenTo()];
    for (let post = 0; post < 4; post += 1) {
      answer();
      posts.push(spokenTo());
    }
    expect(posts).toEqual([ids(5), ids(1), ids(2), ids(3), ids(4)]);
  });
});

describe('rows', () => {
  /** Reads of one run take a millisecond each. @returns the most that were made in one turn of the loop. */
  function mostReadsInOneTurn(run: () => void): number {
    let reads = 0;
    let most = 0;
    onRead = () => {
      reads += 1;
      clock.moveTo(clock.now() + 1);
    };
    run();
    for (most = reads; clock.isReady; most = Math.max(most, reads)) {
      reads = 0;
      clock.turn();
    }
    return most;
  }
  const sleeping = (count: number): void => {
    for (let n = 0; n < count; n += 1) stored.set(workflowId(`w${n}`), run(n));
  };
  const loaded = (): number =>
    lane()
      .posts.flatMap(({ entries }) => entries)
      .filter(({ kind }) => kind === 'load').length;

  test('of workflows that are all spoken to at once are read a few at a time, and arrive in order', () => {
    const count = 400;
    sleeping(count);
    begin();
    const most = mostReadsInOneTurn(() => {
      for (let n = 0; n < count; n += 1) router.route(wake(n));
    });
    expect(most).toBeLessThan(20);
    answer();
    clock.settle();
    expect(loaded()).toBe(count);
    expect(
      lane()
        .posts.flatMap(({ entries }) => entries)
        .map(seqOf)
        .filter((seq) => seq > 0),
    ).toEqual(Array.from({ length: count }, (_, n) => n + 1));
  });

  test('of one long history are read a few pages at a time', () => {
    pages = 100;
    sleeping(1);
    begin();
    expect(mostReadsInOneTurn(() => router.route(wake(0)))).toBeLessThan(20);
    expect(kinds()).toEqual(['load', 'message']);
  });

  test('are read a few at a time, however many batches come in one turn of the loop', () => {
    const count = 400;
    sleeping(count);
    begin();
    router.route(terminate(count, 1));
    clock.settle();
    const most = mostReadsInOneTurn(() => {
      for (let n = 0; n < count; n += 1) router.route(wake(n));
      for (let batch = 0; batch < 20; batch += 1) answer({ isLast: false });
    });
    expect(most).toBeLessThan(20);
    answer();
    clock.settle();
    expect(loaded()).toBe(count + 1);
  });

  test('are read for the next post only, however much waits behind it', () => {
    const count = 5_000;
    sleeping(count);
    let reads = 0;
    begin();
    onRead = () => (reads += 1);
    for (let n = 0; n < count; n += 1) router.route(wake(n));
    clock.settle();
    expect(loaded()).toBeGreaterThan(0);
    expect(reads).toBeLessThan(2_000);
  });

  test('that a lane wants of very many are read a few at a time', () => {
    const count = 400;
    sleeping(count);
    begin();
    for (let n = 0; n < count; n += 1) router.route(wake(n));
    clock.settle();
    answer({ wanted: Array.from({ length: count }, (_, n) => ({ handle: handleOf(n), runId: run(n) })) });
    expect(mostReadsInOneTurn(durable)).toBeLessThan(20);
  });
});

describe('an eviction', () => {
  const propose = (n: number): Partial<Batch> => ({ evict: [{ handle: handleOf(n), runId: run(n) }] });

  test('is final when the batch is durable: the next message loads the workflow again, as another one', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    const first = handleOf(1);
    answer(propose(1));
    expect(router.residentWorkflows).toBe(1);
    durable();
    expect(router.residentWorkflows).toBe(0);
    expect(evicted).toEqual([run(1)]);
    router.route(wake(1));
    clock.settle();
    expect(kinds()).toEqual(['evicted', 'load', 'message']);
    expect(handleOf(1)).not.toBe(first);
  });

  test('does not happen when a message is on its way', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    answer(propose(1));
    router.route(wake(1));
    durable();
    clock.settle();
    expect(kinds()).toEqual(['message']);
    expect(router.residentWorkflows).toBe(1);
    expect(evicted).toEqual([]);
  });

  test('does not happen when an effect of the same batch is a message to it', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    onRelease = (effects) => {
      for (const effect of effects) if (effect.kind === 'send') router.route(effect.message);
    };
    answer({ ...propose(1), effects: [{ kind: 'send', message: wake(1) }] });
    durable();
    clock.settle();
    expect(kinds()).toEqual(['message']);
    expect(router.residentWorkflows).toBe(1);
  });

  test('comes after the effects of its batch: a wake-up that is set there is forgotten, too', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    const order: string[] = [];
    onRelease = () => void order.push('released');
    const before = evicted.push.bind(evicted);
    evicted.push = (...runs) => {
      order.push('evicted');
      return before(...runs);
    };
    answer({
      ...propose(1),
      effects: [{ kind: 'wakeAt', namespace: NAMESPACE, execution: execution(1), at: 5 }],
    });
    durable();
    expect(order).toEqual(['released', 'evicted']);
  });
});

describe('a lane that dies', () => {
  test('is replaced once its batches are settled; what was not consumed is redelivered in order', () => {
    stored.set(workflowId('w1'), run(1));
    begin();
    router.route(terminate(1, 1));
    clock.settle();
    answer({ effects: [{ kind: 'answer', waiter: 1, reply: { kind: 'done' } }] });
    router.route(terminate(1, 2));
    router.route(wake(2));
    clock.settle();
    lane().events.onDied({ reason: 'test' });
    router.route(terminate(1, 3));
    clock.settle();
    expect(lanes).toHaveLength(1);
    // The batch that was received before the death counts.
    durable();
    clock.settle();
    expect(released).toHaveLength(1);
    expect(lanes).toHaveLength(2);
    expect(messages()).toEqual([terminate(1, 2), wake(2), terminate(1, 3)]);
    expect(kinds().filter((kind) => kind === 'load')).toHaveLength(2);
  });

  test('is not heard any more', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    const old = lane();
    old.events.onDied({ reason: 'test' });
    clock.settle();
    const stats = { residentWorkflows: 0, liveRuns: 0, residentBytes: 0, turns: 0, replays: 0 };
    old.events.onBatch(
      encodeBatch({
        generation: old.generation,
        isLast: true,
        seenSeq: 1,
        consumed: [1],
        ops: [],
        effects: [],
        evict: [],
        wanted: [],
        unused: [],
        stats,
      }),
    );
    old.events.onDied({ reason: 'again' });
    expect(commits).toEqual([]);
    expect(lanes).toHaveLength(2);
    expect(messages()).toEqual([wake(1)]);
  });

  test('tells the workflow whose code was on, in front of all others, and behind its own messages', () => {
    begin();
    router.route(wake(2));
    router.route(wake(1));
    clock.settle();
    lane().events.onDied({ reason: 'it did not end', culprit: handleOf(1) });
    clock.settle();
    expect(messages()).toEqual([wake(1), { kind: 'struck', to: to(1), reason: 'it did not end' }, wake(2)]);
  });

  test('at the same time as another one, tells each its own', () => {
    lanes = [];
    make(2);
    begin();
    for (let n = 0; n < 8; n += 1) router.route(wake(n));
    clock.settle();
    const [first, second] = lanes as [FakeLane, FakeLane];
    const loadedBy = (one: FakeLane): number => {
      const entry = one.posts.flatMap(({ entries }) => entries).find(({ kind }) => kind === 'load');
      return entry?.kind === 'load' ? entry.handle : 0;
    };
    const culprits = [loadedBy(first), loadedBy(second)];
    const answerOf = (one: FakeLane): void =>
      one.events.onBatch(
        encodeBatch({
          generation: one.generation,
          isLast: true,
          seenSeq: 0,
          consumed: [],
          ops: [],
          effects: [],
          evict: [],
          wanted: [],
          unused: [],
          stats: { residentWorkflows: 0, liveRuns: 0, residentBytes: 0, turns: 0, replays: 0 },
        }),
      );
    // Both have a batch on its way, so neither is replaced at once.
    answerOf(first);
    answerOf(second);
    first.events.onDied({ reason: 'first', culprit: culprits[0] as number });
    second.events.onDied({ reason: 'second', culprit: culprits[1] as number });
    durable();
    durable();
    clock.settle();
    const struck = lanes
      .slice(2)
      .flatMap(({ posts }) => posts.flatMap(({ entries }) => entries))
      .flatMap((entry) =>
        entry.kind === 'message' && entry.message.kind === 'struck' ? [entry.message.reason] : [],
      );
    expect(struck.sort()).toEqual(['first', 'second']);
  });

  test('again and again waits longer each time', () => {
    begin();
    router.route(wake(1));
    clock.settle();
    lane().events.onDied({ reason: 'test' });
    clock.settle();
    expect(lanes).toHaveLength(2);
    lane().events.onDied({ reason: 'test' });
    clock.settle();
    expect(lanes).toHaveLength(2);
    clock.fireNext();
    clock.settle();
    expect(lanes).toHaveLength(3);
    expect(messages()).toEqual([wake(1)]);
  });

  test('before anything is done, whenever one workflow is there: that one is left out, and the others go on', () => {
    stored.set(workflowId('w1'), run(1));
    begin();
    router.route(terminate(1, 9));
    router.route(wake(2));
    clock.settle();
    for (let death = 0; death < 5; death += 1) {
      lane().events.onDied({ reason: 'a bug', culprit: handleOf(1) });
      clock.settle();
      clock.fireNext();
      clock.settle();
    }
    expect(warnings).toHaveLength(1);
    expect(messages()).toEqual([wake(2)]);
    expect(released).toMatchObject([
      { kind: 'answer', waiter: 9, reply: { kind: 'refused', refusal: { kind: 'failedPrecondition' } } },
    ]);
    router.route(terminate(1, 10));
    expect(released).toHaveLength(2);
    expect(router.backlog).toBe(1);
  });

  test('gives back the slots that it was granted', () => {
    queues.add(workerOf({ maxConcurrentActivities: 4 }));
    begin();
    router.route(wake(1));
    clock.settle();
    expect(posted()[0]).toMatchObject({ kind: 'grant', count: 4 });
    lane().events.onDied({ reason: 'test' });
    clock.settle();
    expect(posted()).toContainEqual(expect.objectContaining({ kind: 'grant', count: 4 }));
  });

  test('is told everything that lanes are told first, a bundle before whoever uses it', () => {
    begin();
    const bundle = { kind: 'bundle', hash: 'h', name: 'b', code: '' } as const;
    const other = 'other' as typeof QUEUE;
    router.announce({ kind: 'namespace', namespace: NAMESPACE, number: 1, retentionMs: 1 });
    router.announce(bundle);
    router.announce({
      kind: 'worker',
      namespace: NAMESPACE,
      taskQueue: QUEUE,
      bundleHash: 'h',
      identity: 'a',
    });
    router.announce(bundle);
    router.announce({
      kind: 'worker',
      namespace: NAMESPACE,
      taskQueue: other,
      bundleHash: 'h',
      identity: 'b',
    });
    router.announce({ kind: 'worker', namespace: NAMESPACE, taskQueue: QUEUE, identity: 'a' });
    clock.settle();
    lane().events.onDied({ reason: 'test' });
    clock.settle();
    expect(posted()).toEqual([
      { kind: 'namespace', namespace: NAMESPACE, number: 1, retentionMs: 1 },
      bundle,
      { kind: 'worker', namespace: NAMESPACE, taskQueue: other, bundleHash: 'h', identity: 'b' },
      { kind: 'worker', namespace: NAMESPACE, taskQueue: QUEUE, identity: 'a' },
    ]);
  });
});

describe('a full disk', () => {
  test('voids what lanes hold, keeps the messages, and goes on when there is room', () => {
    const worker = workerOf({ maxConcurrentActivities: 4 });
    queues.add(worker);
    begin();
    router.route(terminate(1, 1));
    clock.settle();
    // The batch used all the slots, and is lost with its commit.
    answer();
    commits = [];
    router.void();
    router.route(terminate(1, 2));
    clock.settle();
    expect(lanes).toHaveLength(1);
    expect(router.backlog).toBe(2);
    router.resume();
    clock.settle();
    expect(lanes).toHaveLength(2);
    expect(messages()).toEqual([terminate(1, 1), terminate(1, 2)]);
    expect(posted()[0]).toMatchObject({ kind: 'grant', count: 4 });
  });

  test('does not keep whoever waits for rest', async () => {
    begin();
    router.route(wake(1));
    clock.settle();
    const idle = router.whenIdle();
    router.void();
    await idle;
  });

  test('is no reason to begin again after the end', async () => {
    begin();
    router.void();
    await router.stop();
    router.resume();
    clock.settle();
    expect(lanes).toHaveLength(1);
  });

  test('lets nothing happen that can wait', () => {
    begin();
    expect(router.isBusy).toBe(false);
    router.void();
    expect(router.isBusy).toBe(true);
    router.resume();
    clock.settle();
    expect(router.isBusy).toBe(false);
  });
});

describe('recovery', () => {
  test('loads what was awake, as fast as lanes take it', async () => {
    const count = 10_000;
    awake = Array.from({ length: count }, (_, n) => ({
      namespace: NAMESPACE,
      workflowId: workflowId(`w${n}`),
      runId: run(n),
    }));
    for (const { workflowId: id, runId } of awake) stored.set(id, runId);
    begin();
    expect(router.residentWorkflows).toBeLessThan(6_000);
    expect(router.isBusy).toBe(true);
    const idle = router.whenIdle();
    const loaded = new Set<string>();
    for (let post = 0; post < 50 && loaded.size < count; post += 1) {
      for (const entry of posted()) if (entry.kind === 'load') loaded.add(entry.workflowId);
      answer();
      durable();
      clock.settle();
    }
    expect(loaded.size).toBe(count);
    await idle;
  });

  test('reaches a run of the past by a message to it', () => {
    stored.set(workflowId('w1'), run(2));
    awake = [{ namespace: NAMESPACE, workflowId: workflowId('w1'), runId: run(1) }];
    begin();
    expect(kinds()).toEqual(['load', 'message']);
    expect(messages()).toEqual([{ kind: 'wake', to: { ...to(1), runId: run(1) } }]);
  });
});

test('a stall of the host is told to every lane, once', () => {
  lanes = [];
  make(2);
  begin();
  router.stalled(5_000);
  for (let n = 0; n < 8; n += 1) router.route(wake(n));
  clock.settle();
  expect(lanes.map(({ posts }) => posts.at(-1)?.stalledMs)).toEqual([5_000, 5_000]);
});
