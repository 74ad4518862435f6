// Durable timers: `sleep`, and the globals `setTimeout` and `clearTimeout`. Runs in the realm.
import { composeInterceptors } from '../common/interceptors';
import { msToNumber, type Duration } from '../common/time';
import { encodeValue } from '../common/payload/model-payloads';
import { CancellationScope, heedCancellation, untrack } from './cancellation-scope';
import { currentRun } from './engine/current';
import { FLAG_SHIELDED_SCOPES } from './engine/flags';
import type { RunContext } from './engine/run-context';
import type { TimerInput, TimerOptions } from './interceptors';

/** Waits, over crashes and years. Rejects when its scope is cancelled. At least 1 ms. */
export function sleep(ms: Duration, options?: TimerOptions): Promise<void> {
  const run = currentRun('sleep()');
  const durationMs = Math.max(1, msToNumber(ms));
  const seq = run.nextSeq('timer');
  const { outbound = [] } = run.interceptors;
  const start = (input: TimerInput): Promise<void> => startTimer(run, input);
  const execute = outbound.length === 0 ? start : composeInterceptors(outbound, 'startTimer', start);
  return execute({ durationMs, seq, ...(options !== undefined && { options }) });
}

function startTimer(run: RunContext, { seq, durationMs, options }: TimerInput): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    if (heedCancellation(run, seq, reject, cancelTimer)) return;
    const summary =
      options?.summary === undefined
        ? {}
        : { summary: encodeValue(run.payloadConverter, options.summary, 'summary') };
    run.ask({ kind: 'startTimer', seq, delayMs: durationMs, ...summary });
    run.timers.set(seq, { resolve: resolve as (value: unknown) => void, reject });
  });
}

function cancelTimer(run: RunContext, seq: number, reason: Error): void {
  const timer = run.timers.take(seq);
  if (timer === undefined) return;
  run.ask({ kind: 'cancelTimer', seq });
  timer.reject(reason);
}

/** What `setTimeout` returns is the number of its timer. */
export function startTimeout(
  run: RunContext,
  callback: (...args: readonly unknown[]) => void,
  delayMs: number,
  args: readonly unknown[],
): number {
  if (!run.hasFlag(FLAG_SHIELDED_SCOPES)) return startBareTimeout(run, callback, delayMs, args);
  const seq = run.seqs.timer;
  const scope = new CancellationScope({ cancellable: true });
  run.timeouts.set(seq, scope);
  const slept = scope.run(() => sleep(delayMs));
  untrack(
    slept
      .then(
        () => {
          run.timeouts.delete(seq);
          callback(...args);
        },
        () => void run.timeouts.delete(seq),
      )
      .catch((error: unknown) => run.failTask(error)),
  );
  return seq;
}

/** As old histories have it: a timer of no scope, which interceptors do not see. */
function startBareTimeout(
  run: RunContext,
  callback: (...args: readonly unknown[]) => void,
  delayMs: number,
  args: readonly unknown[],
): number {
  const seq = run.nextSeq('timer');
  const fired = new Promise<void>((resolve, reject) => {
    run.ask({ kind: 'startTimer', seq, delayMs: Math.ceil(delayMs) });
    run.timers.set(seq, { resolve: resolve as (value: unknown) => void, reject });
  });
  untrack(fired.then(() => callback(...args)).catch((error: unknown) => run.failTask(error)));
  return seq;
}

/**
 * Clearing what has fired, or was cleared before, uses up a number and asks for the end of a timer that has none. The official SDK
 * does so, and its histories number their timers by it.
 */
export function clearTimeoutOf(run: RunContext, handle: unknown): void {
  if (typeof handle !== 'number') return;
  const scope = run.timeouts.take(handle);
  if (scope !== undefined) return scope.cancel();
  const wasReturned = Number.isInteger(handle) && handle >= 1 && handle < run.seqs.timer;
  if (!wasReturned) return;
  run.nextSeq('timer');
  run.timers.delete(handle);
  run.ask({ kind: 'cancelTimer', seq: handle });
}
