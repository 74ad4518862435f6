// Callers who wait for an answer. Host thread. An answer reaches them only through a released effect, or when the engine stops.
import { OutcomeUnknown, type AbortSignalLike } from '../model/gateway';
import type { WaiterId } from '../model/message';
import type { Reply } from '../model/reply';

interface Waiter {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

export class Waiters {
  #next: WaiterId = 1;
  readonly #waiting = new Map<WaiterId, Waiter>();
  #stopped: string | undefined;

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Gives `send` the id under which the answer will come.
   * An abort only stops the waiting: what was sent still happens.
   */
  ask(send: (waiter: WaiterId) => void, signal?: AbortSignalLike): Promise<Reply> {
    if (this.#stopped !== undefined) return Promise.reject(new OutcomeUnknown(this.#stopped));
    const id = this.#next++;
    return new Promise<Reply>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (signal) this.#heed(signal, id);
      send(id);
    });
  }

  answer(id: WaiterId, reply: Reply): void {
    const waiter = this.#waiting.get(id);
    if (!waiter) return;
    this.#waiting.delete(id);
    waiter.resolve(reply);
  }

  reject(id: WaiterId, error: Error): void {
    const waiter = this.#waiting.get(id);
    if (!waiter) return;
    this.#waiting.delete(id);
    waiter.reject(error);
  }

  /** Nobody will be answered any more. */
  stop(why: string): void {
    this.#stopped ??= why;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiter of waiting) waiter.reject(new OutcomeUnknown(why));
  }

  #heed(signal: AbortSignalLike, id: WaiterId): void {
    const onAbort = (): void => {
      signal.removeEventListener('abort', onAbort);
      this.reject(id, new OutcomeUnknown('the caller stopped waiting'));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  }
}
