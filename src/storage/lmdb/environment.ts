// The one file that knows lmdb-js: its options, its records, and what its promises mean. Main thread only.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Lmdb from 'lmdb';
import { assert } from '../../model/assert';
import type { PageRequest } from '../paged-range';
import { TABLES } from '../store';
import type { KeyRange, Row, Table, WriteOp } from '../store';
import { decodeIdentity, encodeIdentity } from './identity';
import type { Identity } from './identity';

/** How one conditional block ended. */
export type WriteOutcome =
  | { readonly kind: 'committed' }
  /** The epoch was not ours: nothing was written. */
  | { readonly kind: 'fenced' }
  /** `errno` is the system's number of the error, or LMDB's own (negative). */
  | { readonly kind: 'failed'; readonly errno: number | undefined; readonly error: unknown };

/** An open LMDB environment with the tables of a store. */
export interface Environment {
  readonly identity: Identity;
  /** Takes the store over, durably. @returns the new epoch. */
  raiseEpoch(): number;
  /** Writes all, or nothing when another owner has raised the epoch. Settles when it is durable; may never settle. */
  write(epoch: number, ops: readonly WriteOp[]): Promise<WriteOutcome>;
  /** What is read from here on is what is there now: a failed commit does not renew the snapshot that reads share. */
  renewSnapshot(): void;
  get(table: Table, key: Uint8Array): Uint8Array | undefined;
  read(table: Table, request: PageRequest): Iterable<Row>;
  count(table: Table, range: KeyRange): number;
  keyBehind(table: Table, rows: number, range: KeyRange): Uint8Array | undefined;
  close(): Promise<void>;
}

type Binary = Lmdb.Database<Uint8Array, Uint8Array>;
type Root = Lmdb.RootDatabase<Uint8Array, Uint8Array>;
/**
 * A database for each table. One for all of them, with the table's letter leading its keys, was measured at 0.8 to 1.0
 * times the throughput (9 ops for each of 1, 10, 100 and 1,000 workflows in a commit) at the same CPU time.
 */
type Tables = Readonly<Record<Table, Binary>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The owner's records: what the store is, who owns it. Not a table of the port. */
const FENCE_NAME = 'fence';
const FENCE_KEYS = {
  identity: encoder.encode('identity'),
  epoch: encoder.encode('epoch'),
} as const;
/** The epoch is the version of its entry. LMDB holds empty values, but this one shows up in a dump. */
const EPOCH_VALUE = encoder.encode('see version');
/** The tables, the fence, and room for a few of later formats. */
const DATABASES_MAX = 16;
/** The least key there is: LMDB knows no empty one. */
const FIRST_KEY = new Uint8Array([0]);

const ENVIRONMENT_OPTIONS: Lmdb.RootDatabaseOptions = {
  // By default a write is visible before it is durable, and a failed meta write acknowledges what is lost.
  overlappingSync: false,
  // One block is one transaction. Batching by event turns adds an operation of its own to each, with a promise that
  // nobody can catch, and was no faster (32,000 against 33,000 workflows/s at 100 in a commit).
  eventTurnBatching: false,
  encoding: 'binary',
  keyEncoding: 'binary',
  maxDbs: DATABASES_MAX,
};
const TABLE_OPTIONS = { encoding: 'binary', keyEncoding: 'binary' } as const;
/** lmdb-js makes a block conditional on the version of an entry, and on nothing else. */
const FENCE_OPTIONS = { ...TABLE_OPTIONS, name: FENCE_NAME, useVersions: true } as const;
/** Makes `openDB` return undefined for a database that is missing. */
const ONLY_EXISTING = { create: false } as const;

/** Loaded when it is needed: a thread that only imports this module never holds a native addon. */
const loadLmdb = (): typeof Lmdb => createRequire(join(__dirname, 'environment.js'))('lmdb') as typeof Lmdb;

const openRoot = (folder: string): Root =>
  loadLmdb().open<Uint8Array, Uint8Array>({ path: folder, ...ENVIRONMENT_OPTIONS });

/** Makes a new data file: its identity and its empty tables are durable when this returns. */
export function createEnvironment(folder: string, identity: Identity): Environment {
  const root = openRoot(folder);
  return root.transactionSync(() => {
    const fence: Binary = root.openDB(FENCE_OPTIONS);
    fence.putSync(FENCE_KEYS.identity, encoder.encode(encodeIdentity(identity)), 0);
    fence.putSync(FENCE_KEYS.epoch, EPOCH_VALUE, 0);
    const tables = tablesFrom((name) => root.openDB({ ...TABLE_OPTIONS, name }));
    return new LmdbEnvironment(root, fence, tables, identity);
  });
}

/**
 * Opens a data file that LMDB can survive, as `findDamage` tells. Writes nothing.
 * @returns undefined when the file is not the data of a store.
 */
export async function openEnvironment(folder: string): Promise<Environment | undefined> {
  const root = openRoot(folder);
  const fence = openExisting(root, FENCE_OPTIONS);
  const identity = fence && readIdentity(fence);
  const tables = identity && existingTables(root);
  if (fence && tables) return new LmdbEnvironment(root, fence, tables, identity);
  await root.close();
  return undefined;
}

/** What `openDB` really returns when it must not create. */
const openExisting = (root: Root, options: Lmdb.DatabaseOptions & { name: string }): Binary | undefined =>
  root.openDB({ ...options, ...ONLY_EXISTING });

function existingTables(root: Root): Tables | undefined {
  const tables = tablesFrom((name) => openExisting(root, { ...TABLE_OPTIONS, name }));
  return TABLES.every((name) => tables[name]) ? (tables as Tables) : undefined;
}

const tablesFrom = <T>(open: (name: Table) => T): Record<Table, T> =>
  Object.fromEntries(TABLES.map((name) => [name, open(name)])) as Record<Table, T>;

function readIdentity(fence: Binary): Identity | undefined {
  const bytes = fence.getBinary(FENCE_KEYS.identity);
  const decoded = bytes && decodeIdentity(decoder.decode(bytes));
  return decoded?.kind === 'identity' ? decoded.identity : undefined;
}

class LmdbEnvironment implements Environment {
  constructor(
    private readonly root: Root,
    private readonly fence: Binary,
    private readonly tables: Tables,
    readonly identity: Identity,
  ) {}

  raiseEpoch(): number {
    return this.root.transactionSync(() => {
      const epoch = this.fence.getEntry(FENCE_KEYS.epoch)?.version;
      assert(epoch !== undefined, 'a store has no record of its epoch');
      this.fence.putSync(FENCE_KEYS.epoch, EPOCH_VALUE, epoch + 1);
      return epoch + 1;
    });
  }

  /**
   * Measured against `transactionSync` (durable either way): the same throughput from 10 to 1,000 workflows in a commit,
   * but there the host thread waits for the disk: 3 to 9 µs an op instead of 0.6 to 1, its loop blocked for 40 ms
   * instead of 16 at 9,000 ops.
   */
  async write(epoch: number, ops: readonly WriteOp[]): Promise<WriteOutcome> {
    try {
      // Only this promise decides: those inside resolve to `true` also when the block was skipped.
      const isOurs = await this.fence.ifVersion(FENCE_KEYS.epoch, epoch, () => this.putAll(ops));
      return isOurs ? { kind: 'committed' } : { kind: 'fenced' };
    } catch (error) {
      return { kind: 'failed', errno: await errnoOf(error), error };
    }
  }

  /** Must not throw: what was put before would be written with the next commit. Ops are checked before they get here. */
  private putAll(ops: readonly WriteOp[]): void {
    const settle = ignoreRejections();
    for (const { table, key, value } of ops) {
      const database = this.tables[table];
      settle(value === null ? database.remove(key) : database.put(key, value));
    }
  }

  renewSnapshot(): void {
    this.root.resetReadTxn();
  }

  get(table: Table, key: Uint8Array): Uint8Array | undefined {
    // `getBinary` copies, as opposed to `getBinaryFast`, whose buffer serves the next read too.
    const value = this.tables[table].getBinary(key);
    return value && asPlain(value);
  }

  *read(table: Table, { start, startExclusive, end, reverse }: PageRequest): Generator<Row> {
    const range: Lmdb.RangeOptions = reverse
      ? { ...(end && { start: end, exclusiveStart: true }), end: start ?? FIRST_KEY, inclusiveEnd: true }
      : { start: start ?? FIRST_KEY, exclusiveStart: startExclusive, ...(end && { end }) };
    for (const { key, value } of this.tables[table].getRange({ ...range, reverse })) {
      yield [asPlain(key), asPlain(value)];
    }
  }

  count(table: Table, { start, end }: KeyRange): number {
    return this.tables[table].getKeysCount({ start: start ?? FIRST_KEY, ...(end && { end }) });
  }

  keyBehind(table: Table, rows: number, { start, end }: KeyRange): Uint8Array | undefined {
    const range = { start: start ?? FIRST_KEY, ...(end && { end }), offset: rows, limit: 1 };
    for (const key of this.tables[table].getKeys(range)) return asPlain(key);
    return undefined;
  }

  async close(): Promise<void> {
    await this.root.close();
  }
}

/** lmdb-js hands out a Buffer over bytes of its own; `slice` of a Buffer would surprise whoever expects plain bytes. */
const asPlain = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** All puts of a block share one settled promise: it is caught once, not once an op. */
function ignoreRejections(): (promise: Promise<unknown>) => void {
  let last: Promise<unknown> | undefined;
  return (promise) => {
    if (promise === last) return;
    last = promise;
    promise.catch(() => undefined);
  };
}

/** lmdb-js rejects with an error that holds a promise, which rejects with what happened. */
async function errnoOf(error: unknown): Promise<number | undefined> {
  if (error instanceof Error && 'commitError' in error) {
    try {
      await error.commitError;
    } catch (cause) {
      return numberOf(cause);
    }
  }
  return numberOf(error);
}

const numberOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
