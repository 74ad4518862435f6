import { beforeEach, expect, test } from 'vitest';
import { Watchdog } from '../../../src/scheduler/watchdog';
import { createTurnMemory, TurnMonitor, TurnReader } from '../../../src/wire/turn-monitor';
import { StallingClock } from './fixtures';

let clock: StallingClock;
let slow: number[];
let stuck: number[];
let watchdog: Watchdog;

beforeEach(() => {
  clock = new StallingClock();
  slow = [];
  stuck = [];
  watchdog = new Watchdog({
    clock,
    turnLimitMs: 2_000,
    onSlowTurn: (_lane, handle) => slow.push(handle),
    onStuckTurn: (_lane, handle) => stuck.push(handle),
  });
});

function lane(number: number): TurnMonitor {
  const memory = createTurnMemory();
  watchdog.watch(number, new TurnReader(memory));
  return new TurnMonitor(memory);
}

/** Counts the timers that fired. */
function pass(ms: number): number {
  const until = clock.now() + ms;
  let fired = 0;
  while (clock.fireNext(until)) fired += 1;
  clock.moveTo(until);
  return fired;
}

test('a turn over half the limit is reported once, and one over it is ended', () => {
  const monitor = lane(0);
  monitor.enter(7);
  pass(900);
  expect(slow).toEqual([]);
  pass(900);
  expect(slow).toEqual([7]);
  expect(stuck).toEqual([]);
  pass(300);
  expect(stuck).toEqual([7]);
  expect(slow).toEqual([7]);
});

test('many short turns are no long one, and a lane at rest has none', () => {
  const monitor = lane(0);
  for (let turn = 0; turn < 100; turn += 1) {
    monitor.enter(turn);
    pass(100);
    monitor.leave();
  }
  pass(10_000);
  expect([...slow, ...stuck]).toEqual([]);
});

test('the time in which the host itself stood still is not the turn’s', () => {
  const monitor = lane(0);
  monitor.enter(7);
  pass(500);
  clock.stall(60_000);
  pass(200);
  expect([...slow, ...stuck]).toEqual([]);
});

test('replacing a lane again and again does not make it look more often', () => {
  lane(0);
  const before = pass(1_000);
  for (let replaced = 0; replaced < 5; replaced += 1) lane(0);
  expect(pass(1_000)).toBe(before);
});

test('after its end it looks at nothing', () => {
  lane(0).enter(7);
  watchdog.stop();
  expect(pass(10_000)).toBe(0);
});

test('names the workflow, whatever its number', () => {
  const memory = createTurnMemory();
  const reader = new TurnReader(memory);
  const monitor = new TurnMonitor(memory);
  for (const handle of [1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, 3]) {
    monitor.enter(handle);
    expect(reader.current).toBe(handle);
    monitor.leave();
    expect(reader.current).toBeUndefined();
  }
});
