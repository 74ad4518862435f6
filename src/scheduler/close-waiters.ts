// Callers who wait for the end of a run. Host thread. Register first, look into the store after: a close in between is not missed.
import type { CloseEvent } from '../model/event';
import { OutcomeUnknown, type AbortSignalLike } from '../model/gateway';
import type { Execution, Namespace, RunId } from '../model/ids';

export interface Closed {
  readonly execution: Execution;
  readonly closeEvent: CloseEvent;
}

interface CloseWaiter {
  readonly resolve: (closed: Closed) => void;
  readonly reject: (error: Error) => void;
}

export class CloseWaiters {
  readonly #waiting = new Map<RunId, CloseWaiter[]>();
  #stopped: string | undefined;

  wait(runId: RunId, signal?: AbortSignalLike): Promise<Closed> {
    if (this.#stopped !== undefined) return Promise.reject(new OutcomeUnknown(this.#stopped));
    return new Promise((resolve, reject) => {
      const waiter: CloseWaiter = { resolve, reject };
      const waiting = this.#waiting.get(runId);
      if (waiting) waiting.push(waiter);
      else this.#waiting.set(runId, [waiter]);
      if (signal) this.#heed(signal, runId, waiter);
    });
  }

  closed(_namespace: Namespace, execution: Execution, closeEvent: CloseEvent): void {
    const waiting = this.#waiting.get(execution.runId);
    if (!waiting) return;
    this.#waiting.delete(execution.runId);
    for (const { resolve } of waiting) resolve({ execution, closeEvent });
  }

  /** The run is gone without an end that anybody could be told (deleted). */
  gone(runId: RunId, error: Error): void {
    const waiting = this.#waiting.get(runId) ?? [];
    this.#waiting.delete(runId);
    for (const { reject } of waiting) reject(error);
  }

  stop(why: string): void {
    this.#stopped ??= why;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) for (const { reject } of waiting) reject(new OutcomeUnknown(why));
  }

  #heed(signal: AbortSignalLike, runId: RunId, waiter: CloseWaiter): void {
    const onAbort = (): void => {
      signal.removeEventListener('abort', onAbort);
      const left = (this.#waiting.get(runId) ?? []).filter((other) => other !== waiter);
      if (left.length === 0) this.#waiting.delete(runId);
      else this.#waiting.set(runId, left);
      waiter.reject(new OutcomeUnknown('the caller stopped waiting'));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  }
}
