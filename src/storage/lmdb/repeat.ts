// A task at regular intervals, never twice at a time. Host thread.
import type { DurationMs } from '../../model/time';
import type { StoreClock } from '../store';

/**
 * Runs the task each `periodMs`, counted from the end of the run before. The task handles its own errors.
 * @returns what stops it, and settles when a run that is on has ended.
 */
export function repeat(
  clock: StoreClock,
  periodMs: DurationMs,
  task: () => Promise<void>,
): () => Promise<void> {
  let isStopped = false;
  let running = Promise.resolve();
  let cancelTimer = arm();

  function arm(): () => void {
    return clock.setTimer(periodMs, () => {
      running = task().finally(() => {
        if (!isStopped) cancelTimer = arm();
      });
    });
  }

  return () => {
    isStopped = true;
    cancelTimer();
    return running;
  };
}
