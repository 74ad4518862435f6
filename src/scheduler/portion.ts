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
