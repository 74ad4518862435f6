// The context of one attempt: what an activity's function asks of the runtime while it runs.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ActivityCancellationDetails } from '../common/activity-cancellation-details';
import { IllegalStateError } from '../common/errors';
import type { Logger } from '../common/logger';
import type { Loose } from '../common/loose';
import type { MetricMeter } from '../common/metrics';
import { msToNumber, type Duration } from '../common/time';
import type { Cancellation } from './cancellation';
import type { Info } from './info';

/** Whose context it is: an attempt of the engine, or a test's. */
export interface ContextOwner {
  readonly info: Info;
  readonly log: Logger;
  readonly metricMeter: MetricMeter;
  readonly cancellation: Cancellation;
  readonly client: unknown;
  heartbeat(details: unknown): void;
}

const STORAGE = Symbol.for('troupe.activityContext');

/** One per process: a test runner or an application may load this module more than once. */
function sharedStorage(): AsyncLocalStorage<Context> {
  const holder = process as { [STORAGE]?: AsyncLocalStorage<Context> };
  holder[STORAGE] ??= new AsyncLocalStorage();
  return holder[STORAGE];
}

/** Which attempt the running code belongs to. */
export const asyncLocalStorage: AsyncLocalStorage<Context> = sharedStorage();

/** Node's timers hold 31 bits. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Context {
  readonly #owner: ContextOwner;

  /** Made by the runtime. */
  constructor(owner: ContextOwner) {
    this.#owner = owner;
  }

  /**
   * The context of the attempt that called.
   *
   * @throws {IllegalStateError} nobody did: the code does not run in an activity
   */
  static current(): Context {
    const context = asyncLocalStorage.getStore();
    if (context === undefined) throw new IllegalStateError('Activity context not initialized');
    return context;
  }

  get info(): Info {
    return this.#owner.info;
  }

  /** Rejects with a CancelledFailure when the activity is to stop: `await Promise.race([work(), context.cancelled])`. */
  get cancelled(): Promise<never> {
    return this.#owner.cancellation.promise;
  }

  /** Is aborted when the activity is to stop: for `fetch`, child processes and the like. */
  get cancellationSignal(): AbortSignal {
    return this.#owner.cancellation.signal;
  }

  /** Why the activity is to stop. Absent: it is not. */
  get cancellationDetails(): ActivityCancellationDetails | undefined {
    return this.#owner.cancellation.details;
  }

  /** Adds the attempt's attributes to each line. */
  get log(): Logger {
    return this.#owner.log;
  }

  get metricMeter(): MetricMeter {
    return this.#owner.metricMeter;
  }

  /** The `Client` of the worker's connection. */
  get client(): Loose {
    return this.#owner.client;
  }

  /**
   * Says that the activity is alive; an attempt with a heartbeat timeout must. Its `details` are what a later attempt finds in
   * `info.heartbeatDetails`. May be called as often as you like: what leaves is throttled. It is also how an activity hears of
   * its cancellation.
   */
  heartbeat(details?: unknown): void {
    this.#owner.heartbeat(details);
  }

  /** Resolves after `duration`; rejects with a CancelledFailure as soon as the activity is to stop. */
  sleep(duration: Duration): Promise<void> {
    const { cancellation } = this.#owner;
    const until = performance.now() + msToNumber(duration, 'sleep');
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const forget = cancellation.onRequest((failure) => {
        clearTimeout(timer);
        reject(failure);
      });
      if (cancellation.reason !== undefined) return;
      const wait = (): void => {
        const left = until - performance.now();
        if (left > 0) {
          timer = setTimeout(wait, Math.min(Math.ceil(left), TIMER_MS_MAX));
          return;
        }
        forget();
        resolve();
      };
      timer = setTimeout(wait, Math.min(Math.max(0, until - performance.now()), TIMER_MS_MAX));
    });
  }
}
