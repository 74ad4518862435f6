// One lane as the host sees it: what is on its way there, what it has not yet answered for, which generation counts. Host thread.
// Every message is kept until the batch that names it consumed is durable; a replaced lane is handed the rest again, in order.
import type { Address } from '../model/ids';
import type { Message } from '../model/message';
import type { DurationMs } from '../model/time';
import type { GrantEntry, Post, UnusedGrant } from '../wire/traffic';
import { isOutcome } from './asking';
import { HeavyMail } from './heavy-mail';
import type { Lane } from './lanes/lane';
import { Outbox } from './outbox';

const NONE_AWAITED: readonly Message[] = [];
export type SlotState = 'running' | 'down';

/** The workflow whose code was on when a lane died. */
export interface Strike {
  readonly to: Address;
  readonly reason: string;
}

export class LaneSlot {
  readonly index: number;
  generation = 0;
  state: SlotState = 'down';
  lane: Lane | undefined;
  /** Batches handed to the committer and not yet settled, of whichever generation. */
  unsettled = 0;
  /** Deaths without a batch in between: a lane that dies at its start is not respawned in a hot loop. */
  deathsInARow = 0;
  /** Of the last death; told to its workflow by the next generation. */
  strike: Strike | undefined;
  /** For how long the host loop stood still, as this lane does not know yet. */
  stalledMs: DurationMs = 0;
  /** What waits for the next posts. */
  readonly outbox = new Outbox();
  /** What has yet to become part of that. */
  readonly heavy = new HeavyMail();
  readonly #kept = new Map<number, Message>();
  #seq = 0;
  #posted = false;
  #granted: readonly GrantEntry[] = [];
  /** Who waits until the lane has handled so many entries, in order. */
  readonly #watching: { readonly entries: number; readonly resolve: () => void }[] = [];

  constructor(index: number) {
    this.index = index;
  }

  /** Messages that are not durable yet. */
  get backlog(): number {
    return this.#kept.size + this.heavy.size;
  }

  /** A post is out and unanswered. */
  get busy(): boolean {
    return this.#posted;
  }

  /** Nothing of it is on its way, or waits for a lane that is going to come. */
  isIdle(isHeld: boolean): boolean {
    if (this.#posted || this.outbox.size > 0 || this.unsettled > 0) return false;
    if (isHeld) return true;
    return this.heavy.size === 0 && (this.state === 'running' || this.#kept.size === 0);
  }

  /** Gives the message its number and keeps it. */
  keep(message: Message): number {
    this.#seq += 1;
    this.#kept.set(this.#seq, message);
    return this.#seq;
  }

  /** Returns those among them whose consumption the host has waited for: slots are used now, or free again; requests have ended. */
  settle(consumed: readonly number[]): readonly Message[] {
    let awaited: Message[] | undefined;
    for (const seq of consumed) {
      const message = this.#kept.get(seq);
      this.#kept.delete(seq);
      if (message !== undefined && (message.kind === 'activityGranted' || isOutcome(message)))
        (awaited ??= []).push(message);
    }
    return awaited ?? NONE_AWAITED;
  }

  /** The next post, with the slots set aside for it. */
  takePost(now: number, grants: readonly GrantEntry[]): Post {
    const entries = this.outbox.take();
    this.#posted = true;
    this.#granted = grants;
    const { stalledMs } = this;
    this.stalledMs = 0;
    return {
      generation: this.generation,
      now,
      stalledMs,
      entries: grants.length === 0 ? entries : [...grants, ...entries],
    };
  }

  /** Returns how many entries the lane has handled so far. */
  answered(): number {
    this.#posted = false;
    this.#granted = [];
    this.deathsInARow = 0;
    return this.outbox.taken;
  }

  /** Resolves when what it was told until now is handled and durable. A lane that is gone knows nothing: its successor begins with what is true then. */
  whenHandled(): Promise<void> {
    if (this.state === 'down') return Promise.resolve();
    return new Promise((resolve) => this.#watching.push({ entries: this.outbox.pushed, resolve }));
  }

  /** All that so many entries have led to is durable. */
  handled(entries: number): void {
    while (this.#watching[0] !== undefined && this.#watching[0].entries <= entries)
      this.#watching.shift()?.resolve();
  }

  /** The lane is gone. Returns the slots that went with it. */
  down(): readonly UnusedGrant[] {
    const granted = this.#granted;
    this.state = 'down';
    this.lane = undefined;
    this.generation += 1;
    this.#posted = false;
    this.#granted = [];
    this.outbox.clear();
    this.handled(Number.POSITIVE_INFINITY);
    return granted;
  }

  /** Everything that was not consumed, oldest first; each is to be kept again under a new number. */
  takeKept(): readonly Message[] {
    const kept = [...this.#kept.values()];
    this.#kept.clear();
    return kept;
  }
}
