// Messages that weigh much, and whatever came behind them for the same workflow. Some of them at a time go to their lane, between posts
// of what is small: workflows that carry megabytes slow each other, and others by no more than one such post each time. Host thread.
import { workflowKey } from '../model/ids';
import type { Address } from '../model/ids';
import type { Message } from '../model/message';
import { DRAIN_MESSAGES_MAX } from '../model/limits';
import { messageWeight } from './weight';

/** A message of more waits for its turn here. */
const HEAVY_BYTES = 64 * 1_024;
/** What is taken at once, unless a single message weighs more. */
const TAKE_BYTES_MAX = 512 * 1_024;

export class HeavyMail {
  #queue: Message[] = [];
  /** How many of them are for which workflow. */
  readonly #waiting = new Map<string, number>();
  #bytes = 0;

  get size(): number {
    return this.#queue.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns false: the message is small and there is none of its workflow to wait for */
  hold(message: Message): boolean {
    const weight = messageWeight(message);
    if (weight <= HEAVY_BYTES && this.#queue.length === 0) return false;
    const key = workflowKey(message.to);
    const before = this.#waiting.get(key) ?? 0;
    if (weight <= HEAVY_BYTES && before === 0) return false;
    this.#waiting.set(key, before + 1);
    this.#queue.push(message);
    this.#bytes += weight;
    return true;
  }

  /** The next ones, in the order in which they came; none if there are none. */
  take(): readonly Message[] {
    const taken: Message[] = [];
    let bytes = 0;
    for (const message of this.#queue) {
      const weight = messageWeight(message);
      if (taken.length === DRAIN_MESSAGES_MAX || (taken.length > 0 && bytes + weight > TAKE_BYTES_MAX)) break;
      taken.push(message);
      bytes += weight;
      this.#forget(workflowKey(message.to));
    }
    this.#queue = this.#queue.slice(taken.length);
    this.#bytes -= bytes;
    return taken;
  }

  /** Takes out what is for the chosen workflows, in order. */
  remove(isChosen: (to: Address) => boolean): readonly Message[] {
    const removed = this.#queue.filter(({ to }) => isChosen(to));
    this.#queue = this.#queue.filter(({ to }) => !isChosen(to));
    for (const message of removed) {
      this.#bytes -= messageWeight(message);
      this.#forget(workflowKey(message.to));
    }
    return removed;
  }

  #forget(key: string): void {
    const left = (this.#waiting.get(key) ?? 0) - 1;
    if (left > 0) this.#waiting.set(key, left);
    else this.#waiting.delete(key);
  }
}
