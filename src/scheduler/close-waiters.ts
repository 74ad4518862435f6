// Callers who wait for the end of a run. Host thread. Register first, look into the store after: a close in between is not missed.
import type { CloseEvent } from '../model/event';
import { OutcomeUnknown, type AbortSignalLike } from '../model/gateway';
import type { Execution, RunId } from '../model/ids';
import { ABORTED, heed } from './waiters';

export interface Closed {
  readonly execution: Execution;
  readonly closeEvent: CloseEvent;
}

interface CloseWaiter {
  readonly resolve: (closed: Closed) => void;
  readonly reject: (error: Error) => void;
  stopHeeding?: () => void;
}

export class CloseWaiters {
  readonly #waiting = new Map<RunId, CloseWaiter[]>();
  #stopped: string | undefined;

  wait(runId: RunId, signal?: AbortSignalLike): Promise<Closed> {
    if (this.#stopped !== undefined) return Promise.reject(new OutcomeUnknown(this.#stopped));
    if (signal?.aborted === true) return Promise.reject(new OutcomeUnknown(ABORTED));
    return new Promise((resolve, reject) => {
      const waiter: CloseWaiter = { resolve, reject };
      const waiting = this.#waiting.get(runId);
      if (waiting) waiting.push(waiter);
      else this.#waiting.set(runId, [waiter]);
      if (signal) waiter.stopHeeding = heed(signal, () => this.#leave(runId, waiter));
    });
  }

  /** Returns whether anybody waited. */
  closed(execution: Execution, closeEvent: CloseEvent): boolean {
    const waiting = this.#take(execution.runId);
    for (const { resolve } of waiting) resolve({ execution, closeEvent });
    return waiting.length > 0;
  }

  /** The run is gone without an end that anybody could be told (deleted). */
  gone(runId: RunId, error: Error): void {
    for (const { reject } of this.#take(runId)) reject(error);
  }

  stop(why: string): void {
    this.#stopped ??= why;
    for (const runId of [...this.#waiting.keys()]) this.gone(runId, new OutcomeUnknown(why));
  }

  #take(runId: RunId): readonly CloseWaiter[] {
    const waiting = this.#waiting.get(runId);
    if (waiting === undefined) return NOBODY;
    this.#waiting.delete(runId);
    for (const { stopHeeding } of waiting) stopHeeding?.();
    return waiting;
  }

  #leave(runId: RunId, waiter: CloseWaiter): void {
    waiter.stopHeeding?.();
    const left = (this.#waiting.get(runId) ?? []).filter((other) => other !== waiter);
    if (left.length === 0) this.#waiting.delete(runId);
    else this.#waiting.set(runId, left);
    waiter.reject(new OutcomeUnknown(ABORTED));
  }
}

const NOBODY: readonly CloseWaiter[] = [];
