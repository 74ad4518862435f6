// When the activities and timers of one run are due: a binary heap that is corrected lazily. Owned by `evolve`, read through `due`.
// An item that becomes due later keeps its entry, and one that ends leaves it behind: the entry is put right, or dropped, when it
// reaches the top. Only an item that becomes due earlier needs a new one. So a heartbeat or a completed activity costs nothing here.
import { appended } from '../../model/appended';
import { assert } from '../../model/assert';
import type { EventId } from '../../model/ids';
import type { EpochMs } from '../../model/time';

export interface DueEntry {
  at: EpochMs;
  /** Scheduled event of an activity, started event of a timer: decides among entries of the same moment. */
  readonly eventId: EventId;
  /** Absent: an activity. */
  readonly timerId: string | undefined;
}

/** When the entry's item is due now; absent: there is no such item any more. `of`: what the items belong to. */
export type CurrentDue<Of> = (of: Of, entry: DueEntry) => EpochMs | undefined;

/** Entries left behind that are tolerated before the queue is rebuilt, beside as many as there are items. */
const LEFT_BEHIND_MAX = 64;

/** Never written to. */
const NO_ENTRIES: DueEntry[] = [];

export class DueQueue {
  #heap = NO_ENTRIES;
  #memo: EpochMs | undefined;

  /** When the whole run is due, as computed since its last change; absent: nobody has asked since. */
  get memo(): EpochMs | undefined {
    return this.#memo;
  }
  set memo(at: EpochMs | undefined) {
    this.#memo = at;
  }

  push(entry: DueEntry): void {
    const heap = (this.#heap = appended(this.#heap, entry));
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as DueEntry;
      if (!isBefore(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  /** The entry of the item that is due first. */
  first<Of>(of: Of, currentDue: CurrentDue<Of>): DueEntry | undefined {
    const heap = this.#heap;
    for (;;) {
      const top = heap[0];
      if (top === undefined) return undefined;
      const at = currentDue(of, top);
      if (at === top.at) return top;
      if (at === undefined) {
        const last = heap.pop() as DueEntry;
        if (heap.length > 0) this.#sink(last);
      } else {
        assert(at > top.at, 'an item became due earlier without a new entry');
        top.at = at;
        this.#sink(top);
      }
    }
  }

  /** Drops what was left behind once it outnumbers the items. */
  compact<Of>(items: number, of: Of, currentDue: CurrentDue<Of>): void {
    if (this.#heap.length <= 2 * items + LEFT_BEHIND_MAX) return;
    const seen = new Set<EventId>();
    const left = this.#heap;
    this.#heap = NO_ENTRIES;
    for (const entry of left) {
      const at = currentDue(of, entry);
      if (at === undefined || seen.has(entry.eventId)) continue;
      seen.add(entry.eventId);
      this.push({ ...entry, at });
    }
  }

  clear(): void {
    this.#heap = NO_ENTRIES;
  }

  /** Puts `entry` in the place of the top and moves it down to where it belongs. */
  #sink(entry: DueEntry): void {
    const heap = this.#heap;
    const length = heap.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      let below = heap[child] as DueEntry;
      if (child + 1 < length) {
        const right = heap[child + 1] as DueEntry;
        if (isBefore(right, below)) {
          child += 1;
          below = right;
        }
      }
      if (!isBefore(below, entry)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = entry;
  }
}

const isBefore = (a: DueEntry, b: DueEntry): boolean =>
  a.at < b.at || (a.at === b.at && a.eventId < b.eventId);
