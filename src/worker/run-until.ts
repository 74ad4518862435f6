// `Worker.runUntil`: two things that go on at once, each of which may fail, and one answer.
import { msOptionalToNumber, type Duration } from '../common/time';
import type { DurationMs } from '../model/time';
import { CombinedWorkerRunError, PromiseCompletionTimeoutError } from './errors';

export interface RunUntilOptions {
  /** How long the promise may go on after the worker has ended. Default: 0. */
  promiseCompletionTimeout?: Duration;
}

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

const settled = <T>(promise: Promise<T>): Promise<Settled<T>> =>
  promise.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );

export async function runUntil<R>(
  running: Promise<void>,
  shutdown: () => void,
  fnOrPromise: Promise<R> | (() => Promise<R>),
  { promiseCompletionTimeout }: RunUntilOptions,
): Promise<R> {
  const worker = settled(running);
  const inner = settled(typeof fnOrPromise === 'function' ? call(fnOrPromise) : fnOrPromise);
  await Promise.race([worker, inner]);
  shutdown();
  const workerResult = await worker;
  const result = await within(inner, msOptionalToNumber(promiseCompletionTimeout) ?? 0);
  if (!workerResult.ok && !result.ok) {
    throw new CombinedWorkerRunError('The worker and the promise given to runUntil have both failed', {
      cause: { workerError: workerResult.error, innerError: result.error },
    });
  }
  if (!workerResult.ok) throw workerResult.error;
  if (!result.ok) throw result.error;
  return result.value;
}

/** What the function throws is a rejection, too. */
const call = async <R>(fn: () => Promise<R>): Promise<R> => fn();

async function within<R>(inner: Promise<Settled<R>>, ms: DurationMs): Promise<Settled<R>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Settled<R>>((resolve) => {
    timer = setTimeout(() => {
      const error = new PromiseCompletionTimeoutError(
        'The worker has ended, and the promise given to runUntil was not settled in promiseCompletionTimeout',
      );
      resolve({ ok: false, error });
    }, ms);
  });
  try {
    return await Promise.race([inner, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
