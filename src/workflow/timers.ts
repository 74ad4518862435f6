// Durable timers: `sleep`, and the globals `setTimeout` and `clearTimeout`. Runs in the realm.
import { composeInterceptors } from '../common/interceptors';
import { msToNumber, type Duration } from '../common/time';
import { encodeValue } from '../common/payload/model-payloads';
import { CancellationScope, heedCancellation, untrack } from './cancellation-scope';
import { currentRun } from './engine/current';
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
    const isCancelled = heedCancellation(reject, (reason: Error) => {
      if (!run.timers.delete(seq)) return;
      run.ask({ kind: 'cancelTimer', seq });
      reject(reason);
    });
    if (isCancelled) return;
    const summary =
      options?.summary === undefined
        ? {}
        : { summary: encodeValue(run.payloadConverter, options.summary, 'summary') };
    run.ask({ kind: 'startTimer', seq, delayMs: durationMs, ...summary });
    run.timers.set(seq, { resolve: resolve as (value: unknown) => void, reject });
  });
}

/** What `setTimeout` returns is the number of its timer. */
export function startTimeout(
  run: RunContext,
  callback: (...args: readonly unknown[]) => void,
  delayMs: number,
  args: readonly unknown[],
): number {
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

export function clearTimeoutOf(run: RunContext, handle: unknown): void {
  const scope = typeof handle === 'number' ? run.timeouts.get(handle) : undefined;
  if (scope === undefined) return;
  run.timeouts.delete(handle as number);
  scope.cancel();
}
