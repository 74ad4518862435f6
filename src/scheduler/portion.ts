// How much is done in one go. Host thread. The host's loop is the program's own: whatever there may be a million of goes in portions,
// with a turn of the loop in between.
import type { DurationMs } from '../model/time';
import type { Clock } from './clock';

const PORTION_MS: DurationMs = 5;

/** Begins one. What it returns tells whether there is time for more; the first time there always is. */
export function beginPortion(clock: Pick<Clock, 'monotonicMs'>): () => boolean {
  const until = clock.monotonicMs() + PORTION_MS;
  return () => clock.monotonicMs() < until;
}

/** What is done bit by bit: what it yields is nothing, but a good moment for something else. */
export type Steps<T> = Generator<void, T, undefined>;

/**
 * Takes the steps to the last, in portions. The loop turns once before the first, too: callers ask for one page after the other, and
 * an answer in the same turn would never let it.
 */
export async function inPortions<T>(clock: Pick<Clock, 'monotonicMs' | 'soon'>, steps: Steps<T>): Promise<T> {
  for (;;) {
    await new Promise<void>((resolve) => clock.soon(resolve));
    for (const hasTime = beginPortion(clock); hasTime();) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  }
}

/** Takes the steps to the last in one go: for where nobody else waits. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
