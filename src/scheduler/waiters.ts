// Callers who wait for an answer. Host thread. An answer reaches them only through a released effect, or when the engine stops.
import { OutcomeUnknown, type AbortSignalLike } from '../model/gateway';
import type { WaiterId } from '../model/message';
import type { Reply } from '../model/reply';

interface Waiter {
  readonly settle: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  /** A signal may outlive thousands of requests. */
  stopHeeding?: () => void;
}

export class Waiters {
  #next: WaiterId = 1;
  readonly #waiting = new Map<WaiterId, Waiter>();
  #stopped: string | undefined;

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Gives `send` the id under which the answer will come. Resolves with what `take` makes of it, or rejects with what that throws.
   * An abort only stops the waiting: what was sent still happens.
   */
  ask<T>(send: (waiter: WaiterId) => void, take: (reply: Reply) => T, signal?: AbortSignalLike): Promise<T> {
    if (this.#stopped !== undefined) return Promise.reject(new OutcomeUnknown(this.#stopped));
    if (signal?.aborted === true) return Promise.reject(new OutcomeUnknown(ABORTED));
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      const settle = (reply: Reply): void => {
        try {
          resolve(take(reply));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const waiter: Waiter = { settle, reject };
      this.#waiting.set(id, waiter);
      if (signal) waiter.stopHeeding = heed(signal, () => this.reject(id, new OutcomeUnknown(ABORTED)));
      send(id);
    });
  }

  answer(id: WaiterId, reply: Reply): void {
    this.#take(id)?.settle(reply);
  }

  reject(id: WaiterId, error: Error): void {
    this.#take(id)?.reject(error);
  }

  /** Nobody will be answered any more. */
  stop(why: string): void {
    this.#stopped ??= why;
    for (const id of [...this.#waiting.keys()]) this.reject(id, new OutcomeUnknown(why));
  }

  #take(id: WaiterId): Waiter | undefined {
    const waiter = this.#waiting.get(id);
    if (waiter === undefined) return undefined;
    this.#waiting.delete(id);
    waiter.stopHeeding?.();
    return waiter;
  }
}

export const ABORTED = 'the caller stopped waiting';

/** Returns what ends it. */
export function heed(signal: AbortSignalLike, onAbort: () => void): () => void {
  signal.addEventListener('abort', onAbort);
  return () => signal.removeEventListener('abort', onAbort);
}
