// Waiting for what other code of the same workflow will do. Runs in the realm.
import type { Duration } from '../common/time';
import { CancellationScope, heedCancellation } from './cancellation-scope';
import { currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import type { TimerOptions } from './interceptors';
import { patched } from './patches';
import { sleep } from './timers';

/** A timeout of 0 once meant: none. */
const ZERO_IS_A_TIMEOUT = '__sdk_internal_patch_number:1';

/** Resolves when `fn` returns true; it is asked whenever something has happened in the workflow. */
export function condition(fn: () => boolean): Promise<void>;
/** Resolves with whether `fn` returned true before the timeout. */
export function condition(fn: () => boolean, timeout: Duration, options?: TimerOptions): Promise<boolean>;
export async function condition(
  fn: () => boolean,
  timeout?: Duration,
  options?: TimerOptions,
): Promise<void | boolean> {
  currentRun('condition()').assertWritable();
  if (timeout === undefined || (timeout === 0 && !patched(ZERO_IS_A_TIMEOUT))) return wait(fn);
  return CancellationScope.cancellable(async () => {
    try {
      return await Promise.race([sleep(timeout, options).then(() => false), wait(fn).then(() => true)]);
    } finally {
      CancellationScope.current().cancel();
    }
  });
}

function wait(fn: () => boolean): Promise<void> {
  const run = currentRun('condition()');
  return new Promise<void>((resolve, reject) => {
    const seq = run.nextSeq('condition');
    if (heedCancellation(run, seq, reject, giveUp)) return;
    if (fn()) resolve();
    else run.conditions.set(seq, { holds: fn, resolve, reject });
  });
}

function giveUp(run: RunContext, seq: number, reason: Error): void {
  run.conditions.take(seq)?.reject(reason);
}
