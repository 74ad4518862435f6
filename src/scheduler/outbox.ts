// What waits for a lane's next posts, in order. Host thread. Rows are read from the store only when their turn is near, a little at a
// time: ten thousand workflows may be woken, or spoken to, at once, and the host's loop must not stand still for it.
import type { RunId } from '../model/ids';
import { DRAIN_MESSAGES_MAX } from '../model/limits';
import type { Handle, HistoryEntry, LoadEntry, PostEntry } from '../wire/traffic';
import { weightOf } from './weight';

/** A load whose rows were not read yet. */
export interface UnreadLoad extends Pick<LoadEntry, 'handle' | 'namespace' | 'workflowId'> {
  readonly kind: 'unreadLoad';
}
export interface UnreadHistory {
  readonly kind: 'unreadHistory';
  readonly handle: Handle;
  readonly runId: RunId;
}
export type UnreadEntry = UnreadLoad | UnreadHistory;

/** Reads an entry's rows, a page at a time: a history may be long. Until its lane has them, nothing changes them. */
export type ReadRows = (entry: UnreadEntry) => Generator<void, LoadEntry | HistoryEntry>;

export type QueuedEntry = Exclude<PostEntry, LoadEntry | HistoryEntry> | UnreadEntry;

/** One post stays under this, unless a single entry weighs more: it is encoded, copied and decoded as a whole. */
const POST_BYTES_MAX = 8 * 1_024 * 1_024;

export class Outbox {
  /** Those before `#head` were taken, those before `#unread` can be. */
  #entries: (PostEntry | UnreadEntry)[] = [];
  #head = 0;
  #unread = 0;
  #bytes = 0;
  #readyBytes = 0;
  #pushed = 0;
  /** Where posts end, whatever else would fit: counted as `taken` is. In order. */
  #cuts: number[] = [];
  /** Of the first unread entry. */
  #reading: ReturnType<ReadRows> | undefined;

  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** Entries so far that were taken, or are gone. */
  get taken(): number {
    return this.#pushed - this.size;
  }

  /** Entries so far. */
  get pushed(): number {
    return this.#pushed;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** There is something to take. */
  get isReady(): boolean {
    return this.#unread > this.#head;
  }

  /** There are rows to read for the next posts, and not enough is ready for one. */
  get wantsRows(): boolean {
    const isFull = this.#unread - this.#head >= DRAIN_MESSAGES_MAX || this.#readyBytes >= POST_BYTES_MAX;
    return !isFull && this.#unread < this.#entries.length;
  }

  /** A part that was set apart has not left completely. */
  get hasApart(): boolean {
    return this.#cuts.length > 0;
  }

  /** What `push` adds does not share a post with anything before or behind it. */
  apart(push: () => void): void {
    this.#cuts.push(this.#pushed);
    push();
    this.#cuts.push(this.#pushed);
    this.#forgetCuts();
  }

  push(entry: QueuedEntry): void {
    this.#entries.push(entry);
    this.#pushed += 1;
    if (isUnread(entry)) return;
    const bytes = weightOf(entry);
    this.#bytes += bytes;
    if (this.#unread < this.#entries.length - 1) return;
    this.#unread += 1;
    this.#readyBytes += bytes;
  }

  /** Reads rows for the next post, for as long as there is time. */
  readSome(read: ReadRows, hasTime: () => boolean): void {
    while (this.wantsRows) {
      const entry = this.#entries[this.#unread] as PostEntry | UnreadEntry;
      if (!isUnread(entry)) {
        this.#isRead(entry);
        continue;
      }
      if (!hasTime()) return;
      this.#reading ??= read(entry);
      const { done, value } = this.#reading.next();
      if (done !== true) continue;
      this.#reading = undefined;
      this.#entries[this.#unread] = value;
      this.#bytes += weightOf(value);
      this.#isRead(value);
    }
  }

  /** The next post: at most one drain's worth of what is ready. */
  take(): readonly PostEntry[] {
    const fitting = this.#readyBytes > POST_BYTES_MAX ? this.#fitting() : this.#unread - this.#head;
    const beforeCut = (this.#cuts[0] ?? Infinity) - this.taken;
    const count = Math.min(fitting, DRAIN_MESSAGES_MAX, beforeCut);
    const end = this.#head + count;
    const taken = this.#entries.slice(this.#head, end) as PostEntry[];
    for (const entry of taken) {
      const bytes = weightOf(entry);
      this.#bytes -= bytes;
      this.#readyBytes -= bytes;
    }
    this.#head = end;
    this.#forgetCuts();
    if (this.#head > this.#entries.length / 2) this.#forgetTaken();
    return taken;
  }

  clear(): void {
    this.#reading = undefined;
    this.#entries = [];
    this.#cuts = [];
    this.#head = 0;
    this.#unread = 0;
    this.#bytes = 0;
    this.#readyBytes = 0;
  }

  /** Those that have been reached. */
  #forgetCuts(): void {
    while (this.#cuts[0] !== undefined && this.#cuts[0] <= this.taken) this.#cuts.shift();
  }

  #isRead(entry: PostEntry): void {
    this.#unread += 1;
    this.#readyBytes += weightOf(entry);
  }

  #fitting(): number {
    let bytes = 0;
    for (let index = this.#head; index < this.#unread; index += 1) {
      bytes += weightOf(this.#entries[index] as PostEntry);
      if (bytes > POST_BYTES_MAX) return Math.max(1, index - this.#head);
    }
    return this.#unread - this.#head;
  }

  /** Not with every post: what waits behind it may be very much. */
  #forgetTaken(): void {
    this.#entries = this.#entries.slice(this.#head);
    this.#unread -= this.#head;
    this.#head = 0;
  }
}

const isUnread = (entry: PostEntry | UnreadEntry): entry is UnreadEntry =>
  entry.kind === 'unreadLoad' || entry.kind === 'unreadHistory';
