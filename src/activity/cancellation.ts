// Why an attempt is to stop, and everybody who waits for that. Nothing is made before somebody asks.
import { ActivityCancellationDetails } from '../common/activity-cancellation-details';
import type { ActivityCancellationDetailsOptions } from '../common/activity-cancellation-details';
import { CancelledFailure } from '../common/failure';

/** Message of the CancelledFailure that user code gets: Temporal's names. */
export type CancelReason =
  | 'CANCELLED'
  | 'NOT_FOUND'
  | 'TIMED_OUT'
  | 'WORKER_SHUTDOWN'
  | 'PAUSED'
  | 'RESET'
  | 'HEARTBEAT_DETAILS_CONVERSION_FAILED';

const DETAILS: { readonly [Reason in CancelReason]: ActivityCancellationDetailsOptions } = {
  CANCELLED: { cancelRequested: true },
  NOT_FOUND: { notFound: true },
  TIMED_OUT: { timedOut: true },
  WORKER_SHUTDOWN: { workerShutdown: true },
  PAUSED: { paused: true },
  RESET: { reset: true },
  HEARTBEAT_DETAILS_CONVERSION_FAILED: { cancelRequested: true },
};

type Listener = (failure: CancelledFailure) => void;

export class Cancellation {
  #failure: CancelledFailure | undefined;
  #reason: CancelReason | undefined;
  #details: ActivityCancellationDetails | undefined;
  #promise: Promise<never> | undefined;
  #controller: AbortController | undefined;
  #listeners: Set<Listener> | undefined;

  get reason(): CancelReason | undefined {
    return this.#reason;
  }

  get details(): ActivityCancellationDetails | undefined {
    return this.#details;
  }

  /** The first request counts. */
  request(reason: CancelReason, details = new ActivityCancellationDetails(DETAILS[reason])): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#details = details;
    const failure = (this.#failure = new CancelledFailure(reason));
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener(failure);
    this.#controller?.abort(failure);
  }

  /** Rejects when the attempt is to stop; stays pending for ever when it is not. */
  get promise(): Promise<never> {
    if (this.#promise === undefined) {
      this.#promise = new Promise<never>((_, reject) => void this.onRequest(reject));
      // Whoever only looks at it does not have to handle it.
      this.#promise.catch(() => undefined);
    }
    return this.#promise;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#failure !== undefined) this.#controller.abort(this.#failure);
    }
    return this.#controller.signal;
  }

  /** Calls once, at once if it was requested already. Returns what takes the listener away. */
  onRequest(listener: Listener): () => void {
    if (this.#failure !== undefined) {
      listener(this.#failure);
      return () => undefined;
    }
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }
}
