// A folder on disk as a store. Main thread only. It judges how a commit ended, watches its folder, and once it has failed
// it never touches LMDB again.
import { assert } from '../../model/assert';
import { StoreCondition } from '../condition';
import { CommitAbsentError, CommitUnknownError, StoreClosedError, StoreFencedError } from '../errors';
import type { StoreError } from '../errors';
import { pagedRange } from '../paged-range';
import { assertWritable } from '../store';
import type { KeyRange, RangeOptions, Row, Store, StoreMeta, Table, WriteOp } from '../store';
import type { Environment, WriteOutcome } from './environment';
import type { FolderWatch } from './folder-watch';
import type { SpaceGuard } from './space-guard';

/** Linux and macOS agree about the first four; the quota has another number on macOS. */
const ERRNO = { EIO: 5, EFBIG: 27, ENOSPC: 28, EDQUOT_MACOS: 69, EDQUOT: 122 } as const;
/** There was no room, whatever the file system says now. */
const FULL: readonly (number | undefined)[] = [ERRNO.ENOSPC, ERRNO.EDQUOT, ERRNO.EDQUOT_MACOS];
/** LMDB's answer to a short write. No room only if the file system agrees; else the disk is broken. */
const PERHAPS_FULL: readonly (number | undefined)[] = [ERRNO.EIO, ERRNO.EFBIG];

const PAGE_BYTES = 4_096;
/** The roots, the free list, what every commit writes. */
const PAGES_OF_COMMIT = 16;
/** The leaf of its row and the page above it, written anew. Those further up are shared. */
const PAGES_OF_OP = 2;
/** Large commits write many rows to one page, and find pages to use again that the ones before have left. */
const COPIED_PAGES_MAX = 512;
/** Pages that were split are half empty. */
const FILL_FACTOR = 2;

/**
 * By how much a commit may make the file grow: what it adds, and pages that LMDB does not write in place. Not the most that there can
 * be: 8 KB for each of 10,000 rows would be asked for in vain on every small disk.
 */
function growthOf(ops: readonly WriteOp[]): number {
  let pages = PAGES_OF_COMMIT + Math.min(PAGES_OF_OP * ops.length, COPIED_PAGES_MAX);
  let smallBytes = 0;
  for (const { key, value } of ops) {
    if (value === null) continue;
    // Large values have pages of their own.
    if (value.byteLength > PAGE_BYTES / 4) pages += 1 + Math.ceil(value.byteLength / PAGE_BYTES);
    else smallBytes += key.byteLength + value.byteLength;
  }
  return pages * PAGE_BYTES + FILL_FACTOR * smallBytes;
}

export interface LmdbStoreParts {
  /** The folder's real path. */
  readonly path: string;
  readonly meta: StoreMeta;
  readonly environment: Environment;
  readonly space: SpaceGuard;
  readonly watch: FolderWatch;
}

export class LmdbStore implements Store {
  readonly kind = 'lmdb';
  readonly meta: StoreMeta;
  readonly space: SpaceGuard;
  private readonly path: string;
  private readonly environment: Environment;
  private readonly watch: FolderWatch;
  private readonly condition: StoreCondition;
  private inFlight: Promise<unknown> | undefined;
  private openings = 1;
  private closing: Promise<void> | undefined;

  constructor(parts: LmdbStoreParts) {
    this.path = parts.path;
    this.meta = parts.meta;
    this.environment = parts.environment;
    this.space = parts.space;
    this.watch = parts.watch;
    this.condition = new StoreCondition(parts.path);
    this.condition.onFailure(() => void this.space.stop());
    this.watch.start((failure) => this.poison(failure));
  }

  get failure(): StoreError | undefined {
    return this.condition.failure;
  }

  onFailure(listener: (failure: StoreError) => void): () => void {
    return this.condition.onFailure(listener);
  }

  poison(failure: StoreError): void {
    this.condition.fail(failure);
  }

  async commit(ops: readonly WriteOp[]): Promise<void> {
    this.assertUsable();
    assert(this.inFlight === undefined, 'a commit began while another was in flight');
    assertWritable(ops);
    const done = this.attempt(ops);
    this.inFlight = done;
    const failure = await done;
    this.inFlight = undefined;
    if (failure) throw failure;
  }

  /** Not even begun where there is no room for it. */
  private async attempt(ops: readonly WriteOp[]): Promise<StoreError | undefined> {
    const bytes = growthOf(ops);
    if (!this.space.take(bytes, 'may have written') && !(await this.findRoom(bytes))) {
      this.space.reportFull(bytes);
      return new CommitAbsentError(this.path);
    }
    if (this.failure) return new CommitUnknownError(this.path, 'the store failed before it began');
    const failure = await this.finish(ops, this.environment.write(this.meta.epoch, ops));
    this.space.settled();
    return failure;
  }

  private async findRoom(bytes: number): Promise<boolean> {
    try {
      await this.space.refresh();
    } catch {
      // A disk that cannot be measured: the commit will tell.
      return true;
    }
    return this.space.take(bytes, 'have not written');
  }

  /** Judges the outcome. Nothing escapes as a rejection, so that `close` can wait for it too. */
  private async finish(
    ops: readonly WriteOp[],
    write: Promise<WriteOutcome>,
  ): Promise<StoreError | undefined> {
    const outcome = await write;
    // Whoever put the store out of use meanwhile was told that this outcome is unknown.
    if (this.failure) return new CommitUnknownError(this.path, 'the store failed while it was in flight');
    if (outcome.kind === 'committed') return undefined;
    const failure =
      outcome.kind === 'fenced'
        ? new StoreFencedError(this.path, 'a commit found a younger epoch')
        : await this.judge(ops, outcome.errno, outcome.error);
    if (failure.kind !== 'commitAbsent') this.poison(failure);
    return failure;
  }

  private async judge(
    ops: readonly WriteOp[],
    errno: number | undefined,
    cause: unknown,
  ): Promise<StoreError> {
    try {
      if ((await this.isDiskFull(errno)) && !this.failure && this.isAbsent(ops)) {
        this.space.reportFull();
        return new CommitAbsentError(this.path, { cause });
      }
    } catch (error) {
      // LMDB refuses even to read: it cannot say what became of the commit.
      return new CommitUnknownError(this.path, `error ${errno}, then: ${String(error)}`, { cause });
    }
    return new CommitUnknownError(this.path, `error ${errno}`, { cause });
  }

  private async isDiskFull(errno: number | undefined): Promise<boolean> {
    return FULL.includes(errno) || (PERHAPS_FULL.includes(errno) && (await this.space.refresh()) === 'low');
  }

  /** Something is not as the commit would have left it. If all is, nobody knows: it may have changed nothing. */
  private isAbsent(ops: readonly WriteOp[]): boolean {
    // What counts is the last that a commit does to a key.
    const last = new Map(ops.map((op) => [`${op.table} ${op.key.join()}`, op]));
    this.environment.renewSnapshot();
    for (const { table, key, value } of last.values()) {
      const found = this.environment.get(table, key);
      const isDone = value === null ? found === undefined : found && Buffer.compare(value, found) === 0;
      if (isDone !== true) return true;
    }
    return false;
  }

  get(table: Table, key: Uint8Array): Uint8Array | undefined {
    this.assertUsable();
    return this.environment.get(table, key);
  }

  range(table: Table, options: RangeOptions = {}): Iterable<Row> {
    this.assertUsable();
    const readPage = (request: Parameters<Environment['read']>[1]): Iterable<Row> => {
      this.assertUsable();
      return this.environment.read(table, request);
    };
    return { [Symbol.iterator]: () => pagedRange(readPage, options) };
  }

  count(table: Table, range: KeyRange = {}): number {
    this.assertUsable();
    return this.environment.count(table, range);
  }

  keyBehind(table: Table, rows: number, range: KeyRange = {}): Uint8Array | undefined {
    this.assertUsable();
    return this.environment.keyBehind(table, rows, range);
  }

  /** The same folder was opened again in this process. */
  retain(): void {
    this.assertUsable();
    this.openings += 1;
  }

  /** Set from the moment at which the last opening was closed. */
  get closed(): Promise<void> | undefined {
    return this.closing;
  }

  async close(): Promise<void> {
    assert(this.openings > 0, 'a store was closed more often than opened');
    this.openings -= 1;
    if (this.openings === 0) this.closing = this.shutDown();
    await this.closing;
  }

  private async shutDown(): Promise<void> {
    await this.settled();
    // A failed store keeps its LOCK: LMDB may hold the folder until the process ends, and others must know it.
    if (this.failure) return;
    this.condition.close();
    await this.space.stop();
    await this.watch.stop();
    await this.environment.close();
    await this.watch.release();
  }

  /** The commit in flight has ended, or never will. */
  private async settled(): Promise<void> {
    const failed = new Promise<void>((resolve) => this.condition.onFailure(() => resolve()));
    if (!this.failure) await Promise.race([this.inFlight, failed]);
  }

  private assertUsable(): void {
    this.condition.assertUsable();
    if (this.closing) throw new StoreClosedError(this.path);
  }
}
