import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/scheduler/clock';
import { SkippingClock } from '../../../src/scheduler/skipping-clock';
import { VirtualClock } from '../../../src/scheduler/virtual-clock';

let skipping: SkippingClock | undefined;
afterEach(() => skipping?.stop());

test('virtual timers fire in the order of their moments, and ties in the order in which they were set', () => {
  const clock = new VirtualClock({ startsAt: 1_000 });
  const fired: string[] = [];
  clock.setTimer(20, () => fired.push('c'));
  clock.setTimerAt(1_010, () => fired.push('a'));
  clock.setTimerAt(1_010, () => fired.push('b'));
  const cancel = clock.setTimerAt(1_015, () => fired.push('cancelled'));
  cancel();
  while (clock.fireNext());
  expect(fired).toEqual(['a', 'b', 'c']);
  expect(clock.now()).toBe(1_020);
});

test('virtual time does not go beyond the bound that it was given, and a moment of the past is now', () => {
  const clock = new VirtualClock({ startsAt: 1_000 });
  const fired: number[] = [];
  clock.setTimerAt(500, () => fired.push(clock.now()));
  clock.setTimerAt(2_000, () => fired.push(clock.now()));
  expect(clock.fireNext(1_500)).toBe(true);
  expect(clock.fireNext(1_500)).toBe(false);
  expect(fired).toEqual([1_000]);
  expect(clock.nextAt).toBe(2_000);
});

test('a timer that is set by a timer of the same moment comes after the others', () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.setTimer(1, () => {
    fired.push('first');
    clock.setTimer(0, () => fired.push('its own'));
  });
  clock.setTimer(1, () => fired.push('second'));
  while (clock.fireNext());
  expect(fired).toEqual(['first', 'second', 'its own']);
});

test('a skipping clock jumps over years, and fires what is due on the way in its order', () => {
  const clock = (skipping = new SkippingClock());
  const fired: string[] = [];
  const began = clock.now();
  const year = 365 * 86_400_000;
  clock.setTimerAt(began + 2 * year, () => fired.push('far'));
  clock.setTimerAt(began + year, () => fired.push('near'));
  expect(clock.skipToNext()).toBe(true);
  expect(fired).toEqual(['near']);
  expect(clock.now()).toBeGreaterThanOrEqual(began + year);
  expect(clock.skipToNext()).toBe(true);
  expect(fired).toEqual(['near', 'far']);
  expect(clock.skipToNext()).toBe(false);
});

test('the system clock tells of a stall once, after it is over', async () => {
  const stalls = systemClock.watchStalls();
  const turnOfTheLoop = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await turnOfTheLoop(250);
  expect(stalls.take()).toBe(0);
  const until = performance.now() + 1_300;
  while (performance.now() < until);
  await turnOfTheLoop(250);
  expect(stalls.take()).toBeGreaterThan(1_000);
  expect(stalls.take()).toBe(0);
  stalls.stop();
});
