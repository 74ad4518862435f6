// The port of storage: bytes in, bytes out. What the bytes mean is the business of `storage/format`.
// Host thread only. Implementations: `lmdb/`, `memory/`; one suite runs against all of them.
import { assert } from '../model/assert';
import type { DurationMs, EpochMs } from '../model/time';
import type { StoreError } from './errors';

/** The tables of the store, by the letters of the key layout. */
export const TABLES = ['I', 'H', 'A', 'F', 'W', 'T', 'V', 'X', 'S', 'N', 'M'] as const;
export type Table = (typeof TABLES)[number];

/** The layout of keys, frames and the store's own records. Another one is refused, never guessed. */
export const STORE_FORMAT_VERSION = 3;
/** Slices of all workflow ids, fixed when a store is created: more than a machine has cores, few enough to list. */
export const SHARD_COUNT = 256;
/** LMDB's limit at its default page size. */
export const KEY_BYTES_MAX = 1_978;

/** Puts `value`, or deletes when it is null. Key and value belong to the store until the commit has settled. */
export interface WriteOp {
  readonly table: Table;
  /** 1 to `KEY_BYTES_MAX` bytes. Keys are ordered as unsigned bytes. */
  readonly key: Uint8Array;
  /** May be empty. */
  readonly value: Uint8Array | null;
}

/** All keys with `start <= key < end`; an absent bound is open. */
export interface KeyRange {
  readonly start?: Uint8Array;
  readonly end?: Uint8Array;
}

export interface RangeOptions extends KeyRange {
  /** Rows at most. */
  readonly limit?: number;
  /** From the last key of the range to the first. */
  readonly reverse?: boolean;
}

export type Row = readonly [key: Uint8Array, value: Uint8Array];

export interface StoreMeta {
  /** Made when the store was created, and the same ever since. */
  readonly uuid: string;
  readonly formatVersion: number;
  readonly shardCount: number;
  readonly createdAt: EpochMs;
  /** The number of this opening: greater than that of every opening before. */
  readonly epoch: number;
}

/** What is left of the disk. `low`: take no new work; what runs may go on. */
export interface Space {
  readonly state: SpaceState;
  /** As last measured. */
  readonly freeBytes: number;
  /** Calls the listener after each change of state. Returns what removes it. */
  onChange(listener: (state: SpaceState) => void): () => void;
}
export type SpaceState = 'ok' | 'low';

export interface Store {
  readonly kind: 'lmdb' | 'memory';
  readonly meta: StoreMeta;
  readonly space: Space;
  /**
   * All of it is durable, or none of it is there. Later ops of one commit win over earlier ones on the same key.
   * At most one commit may be in flight: a second one is a bug and fails an assertion.
   *
   * Rejects with
   * - `CommitAbsentError`: nothing is there, the disk is full, the store goes on;
   * - `StoreFencedError`: nothing is there, another owner has the store; this one is poisoned;
   * - `CommitUnknownError`: only a new opening can tell; the store is poisoned;
   * - `StorePoisonedError`, `StoreClosedError`: the store was not touched.
   */
  commit(ops: readonly WriteOp[]): Promise<void>;
  /** The newest durable value; the caller owns the bytes. Throws `StorePoisonedError` or `StoreClosedError`. */
  get(table: Table, key: Uint8Array): Uint8Array | undefined;
  /**
   * Rows in the order of their keys, as of the newest durable commit. A long range is read page by page as it is
   * consumed, each page from one snapshot: a row that a later commit touches may show either state.
   */
  range(table: Table, options?: RangeOptions): Iterable<Row>;
  /** Looks at every row of the range: for ranges that are known to be short. */
  count(table: Table, range?: KeyRange): number;
  /**
   * The key of the row with so many others of the range before it; absent when the range is shorter. Looks at all of those, but hands
   * out none: so a long range is counted in steps, many times faster than it is read.
   */
  keyBehind(table: Table, rows: number, range?: KeyRange): Uint8Array | undefined;
  /** Why this store is out of use for good. */
  readonly failure: StoreError | undefined;
  /** Calls the listener once, when the store fails: by a commit, by `poison`, or because its folder was lost. */
  onFailure(listener: (failure: StoreError) => void): () => void;
  /** Puts the store out of use: it is never touched again, not even by `close`. */
  poison(failure: StoreError): void;
  /** Waits for the commit in flight. One call for each opening of the store; the last one closes it. */
  close(): Promise<void>;
}

/** Real time, for what watches the disk and other processes. Read in one place of the host, and handed in. */
export interface StoreClock {
  /** Wall clock. */
  now(): EpochMs;
  /** Never steps; its zero is arbitrary. */
  monotonicMs(): DurationMs;
  /** Calls `fire` once. The timer does not keep the process alive. Returns what cancels it. */
  setTimer(delayMs: DurationMs, fire: () => void): () => void;
  /** Keeps the process alive: somebody waits for it. */
  sleep(delayMs: DurationMs): Promise<void>;
}

/** Checked by every implementation before anything is written. */
export function assertWritable(ops: readonly WriteOp[]): void {
  for (const { table, key, value } of ops) {
    assert(TABLES.includes(table), 'there is no such table');
    assert(key.length > 0, 'a key has no bytes');
    if (key.length > KEY_BYTES_MAX) {
      assert(false, `a key has ${key.length} bytes, ${KEY_BYTES_MAX} at most are possible`);
    }
    assert(value === null || value instanceof Uint8Array, 'a value is neither bytes nor null');
  }
}
