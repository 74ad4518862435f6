import { beforeEach, describe, expect, test } from 'vitest';
import type { EpochMs } from '../../../src/model/time';
import { ROWS_MAX, Timers, WINDOW_MS, type DueWakeUp, type WakeUp } from '../../../src/scheduler/timers';
import { execution, NAMESPACE, run, StallingClock } from './fixtures';

const wakeUp = (n: number): WakeUp => ({ namespace: NAMESPACE, execution: execution(n) });

let clock: StallingClock;
/** In the order of their moments. */
let rows: { n: number; at: EpochMs }[];
let read: number;
let woken: string[];
let stalls: number[];
let isBusy: boolean;
let isReadSlowly: boolean;
let timers: Timers;
let now: EpochMs;

beforeEach(() => {
  clock = new StallingClock();
  rows = [];
  read = 0;
  woken = [];
  stalls = [];
  isBusy = false;
  isReadSlowly = false;
  now = clock.now();
  timers = new Timers({
    clock,
    wake: ({ execution: { workflowId } }) => woken.push(workflowId),
    isBusy: () => isBusy,
    due: (until, after) => readRows(until, after),
    onStall: (ms) => stalls.push(ms),
  });
});

function* readRows(until: EpochMs, after = -1): Iterable<DueWakeUp> {
  for (const { n, at } of rows) {
    if (at > until || at <= after) continue;
    read += 1;
    if (isReadSlowly) clock.moveTo(clock.now() + 1);
    yield { ...wakeUp(n), at };
  }
}

/** Lets everything happen that is due by then. */
function passTo(until: EpochMs): void {
  clock.settle();
  while (clock.fireNext(until)) clock.settle();
  clock.moveTo(Math.max(clock.now(), until));
}

describe('wake-ups in memory', () => {
  test('fire at their moment, earliest first, and once', () => {
    timers.set(wakeUp(2), now + 200);
    timers.set(wakeUp(1), now + 100);
    passTo(now + 99);
    expect(woken).toEqual([]);
    passTo(now + 500);
    expect(woken).toEqual(['w1', 'w2']);
    expect(timers.size).toBe(0);
  });

  test('are replaced by the run, taken back, and forgotten', () => {
    timers.set(wakeUp(1), now + 100);
    timers.set(wakeUp(1), now + 300);
    timers.set(wakeUp(2), now + 100);
    timers.set(wakeUp(2), undefined);
    timers.set(wakeUp(3), now + 100);
    timers.forget(run(3));
    passTo(now + 200);
    expect(woken).toEqual([]);
    passTo(now + 300);
    expect(woken).toEqual(['w1']);
  });

  test('of the past fire at once, and are no stall', () => {
    timers.start();
    timers.set(wakeUp(1), now - 3_600_000);
    passTo(now);
    expect(woken).toEqual(['w1']);
    expect(stalls).toEqual([]);
  });

  test('are very many: they go in portions, with room for others in between', () => {
    for (let n = 0; n < 2_000; n += 1) timers.set(wakeUp(n), now);
    expect(clock.fireNext()).toBe(true);
    expect(woken.length).toBeGreaterThan(0);
    expect(woken.length).toBeLessThan(1_000);
    passTo(now);
    expect(woken).toHaveLength(2_000);
  });

  test('wait while lanes have enough to do', () => {
    timers.set(wakeUp(1), now + 10);
    isBusy = true;
    passTo(now + 100);
    expect(woken).toEqual([]);
    isBusy = false;
    passTo(now + 200);
    expect(woken).toEqual(['w1']);
  });
});

describe('rows of table T', () => {
  test('are read a few at a time when they are very many', () => {
    rows = Array.from({ length: 1_000 }, (_, n) => ({ n, at: now + WINDOW_MS }));
    isReadSlowly = true;
    timers.start();
    let before = 0;
    let most = timers.size;
    while (clock.isReady) {
      before = timers.size;
      clock.turn();
      most = Math.max(most, timers.size - before);
    }
    expect(timers.size).toBe(1_000);
    expect(most).toBeLessThan(20);
  });

  test('are read when they are near, and fire at their moment', () => {
    rows.push({ n: 1, at: now + 10 * WINDOW_MS });
    timers.start();
    passTo(now + 5 * WINDOW_MS);
    expect(timers.size).toBe(0);
    passTo(now + 10 * WINDOW_MS - 1);
    expect(woken).toEqual([]);
    rows.length = 0;
    passTo(now + 10 * WINDOW_MS);
    expect(woken).toEqual(['w1']);
  });

  test('are read a few at a time, and none twice', () => {
    const late = Array.from({ length: 5_000 }, (_, n) => ({ n: n + 3, at: now - 5_000 + n }));
    rows = [...late, { n: 1, at: now + WINDOW_MS }, { n: 2, at: now + 4 * WINDOW_MS }];
    isReadSlowly = true;
    timers.start();
    let most = read;
    while (clock.isReady) {
      const before = read;
      clock.turn();
      most = Math.max(most, read - before);
    }
    expect(most).toBeLessThan(20);
    expect(read).toBe(5_001);
    passTo(now + 8 * WINDOW_MS);
    expect(woken).toHaveLength(5_002);
    expect(woken.slice(-2)).toEqual(['w1', 'w2']);
    expect(read).toBe(5_002);
  });

  test('are taken so many at a time, the rest when these have fired', () => {
    const total = 2.5 * ROWS_MAX;
    // Ten a millisecond.
    rows = Array.from({ length: total }, (_, n) => ({ n, at: now + Math.floor(n / 10) }));
    rows.push({ n: total, at: now + WINDOW_MS });
    timers.start();
    let most = 0;
    for (let at = now; at <= now + total / 10; at += 100) {
      passTo(at);
      most = Math.max(most, timers.size);
    }
    expect(most).toBeGreaterThan(ROWS_MAX / 2);
    expect(most).toBeLessThanOrEqual(ROWS_MAX);
    expect(woken).toHaveLength(total);
    passTo(now + WINDOW_MS);
    expect(woken).toHaveLength(total + 1);
    expect(new Set(woken).size).toBe(total + 1);
  });

  test('do not wait for those that were taken and then forgotten', () => {
    rows = Array.from({ length: ROWS_MAX }, (_, n) => ({ n, at: now + 1_000 }));
    rows.push({ n: ROWS_MAX, at: now + 2_000 });
    timers.start();
    clock.settle();
    for (let n = 0; n < ROWS_MAX; n += 1) timers.forget(run(n));
    passTo(now + 2_000);
    expect(woken).toEqual([`w${ROWS_MAX}`]);
  });

  test('do not replace what a run in memory has said', () => {
    timers.set(wakeUp(1), now + 500);
    rows.push({ n: 1, at: now + 100 });
    timers.start();
    passTo(now + 499);
    expect(woken).toEqual([]);
  });

  test('take over from an evicted run: a far wake-up is forgotten, a near one kept', () => {
    timers.start();
    timers.set(wakeUp(1), now + 3 * WINDOW_MS);
    timers.set(wakeUp(2), now + WINDOW_MS / 2);
    timers.evicted(run(1));
    timers.evicted(run(2));
    expect(timers.size).toBe(1);
    rows.push({ n: 2, at: now + WINDOW_MS / 2 }, { n: 1, at: now + 3 * WINDOW_MS });
    passTo(now + WINDOW_MS / 2);
    expect(woken).toEqual(['w2']);
    passTo(now + 3 * WINDOW_MS);
    expect(woken).toEqual(['w2', 'w1']);
  });
});

describe('after a stall of the host loop', () => {
  test('two turns of the loop pass before anything fires, and lanes are told', () => {
    timers.start();
    clock.settle();
    timers.set(wakeUp(1), now + 100);
    clock.stall(5_000);
    expect(clock.fireNext()).toBe(true);
    expect(stalls).toEqual([5_000]);
    expect(woken).toEqual([]);
    // What is set meanwhile waits, too.
    timers.set(wakeUp(2), now + 50);
    while (clock.fireNext(clock.now()));
    expect(woken).toEqual([]);
    clock.turn();
    expect(woken).toEqual([]);
    clock.turn();
    expect(woken).toEqual(['w2', 'w1']);
  });

  test('it is told once, whoever notices it first', () => {
    timers.start();
    timers.set(wakeUp(1), now + 100);
    clock.stall(2_000);
    expect(timers.noticeStall()).toBe(true);
    expect(timers.noticeStall()).toBe(false);
    passTo(clock.now());
    expect(stalls).toEqual([2_000]);
    expect(woken).toEqual(['w1']);
  });
});

test('nothing fires after the end', () => {
  timers.start();
  timers.set(wakeUp(1), now + 100);
  timers.stop();
  passTo(now + 1_000);
  expect(woken).toEqual([]);
});
