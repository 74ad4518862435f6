// A store in memory, for tests and simulation: what LMDB promises, and every way in which a commit can end, on demand.
// `MemoryDisk` is what survives a crash; `MemoryStore` is one opening of it. Reads no clock and draws no chance.
import { assert } from '../../model/assert';
import type { EpochMs } from '../../model/time';
import { StoreCondition } from '../condition';
import { CommitAbsentError, CommitUnknownError, StoreClosedError, StoreFencedError } from '../errors';
import type { StoreError } from '../errors';
import { pagedRange } from '../paged-range';
import type { PageRequest } from '../paged-range';
import { assertWritable, SHARD_COUNT, STORE_FORMAT_VERSION, TABLES } from '../store';
import type {
  KeyRange,
  RangeOptions,
  Row,
  Space,
  SpaceState,
  Store,
  StoreMeta,
  Table,
  WriteOp,
} from '../store';
import { compareKeys, OrderedMap } from './ordered-map';

const PATH = 'the memory store';

/** What a disk holds: all commits that are durable, and who owns it. */
export class MemoryDisk {
  private constructor(
    readonly identity: Omit<StoreMeta, 'epoch'>,
    private readonly tables: Readonly<Record<Table, OrderedMap>>,
    private newestEpoch: number,
  ) {}

  static empty(identity: { readonly uuid?: string; readonly createdAt?: EpochMs } = {}): MemoryDisk {
    const { uuid = '00000000-0000-4000-8000-000000000000', createdAt = 0 } = identity;
    const fixed = { formatVersion: STORE_FORMAT_VERSION, shardCount: SHARD_COUNT };
    return new MemoryDisk(
      { uuid, createdAt, ...fixed },
      eachTable(() => new OrderedMap()),
      0,
    );
  }

  /** The disk as it is now, whatever is written to this one later. */
  snapshot(): MemoryDisk {
    return new MemoryDisk(
      this.identity,
      eachTable((name) => this.tables[name].clone()),
      this.newestEpoch,
    );
  }

  get epoch(): number {
    return this.newestEpoch;
  }

  raiseEpoch(): number {
    this.newestEpoch += 1;
    return this.newestEpoch;
  }

  table(name: Table): OrderedMap {
    return this.tables[name];
  }

  apply(ops: readonly WriteOp[]): void {
    for (const { table, key, value } of ops) {
      if (value === null) this.tables[table].delete(key);
      else this.tables[table].set(key, value);
    }
  }
}

const eachTable = (make: (name: Table) => OrderedMap): Record<Table, OrderedMap> =>
  Object.fromEntries(TABLES.map((name) => [name, make(name)])) as Record<Table, OrderedMap>;

/** How a commit goes wrong. */
export type CommitFault =
  /** Nothing is written, and the store says so. */
  | { readonly kind: 'absent' }
  /** Nothing is written, but the store cannot tell. */
  | { readonly kind: 'unknown' }
  /** All is written, but the store reports that it cannot tell. */
  | { readonly kind: 'executeAndError' }
  /** Nothing is written, and no answer ever comes. */
  | { readonly kind: 'hang' }
  /** Written, so many calls of `flushNext` later than it would be. */
  | { readonly kind: 'delay'; readonly flushes: number };

export interface MemoryStoreOptions {
  /** Default: a new, empty one. */
  readonly disk?: MemoryDisk;
  /** `immediate`: a commit is durable when its promise is asked. `manual`: when `flushNext` says so. */
  readonly flush?: 'immediate' | 'manual';
  /** What happens to the commit with this number, the first of an opening having number 1. */
  readonly fault?: (commit: number) => CommitFault | undefined;
}

interface Pending {
  readonly ops: readonly WriteOp[];
  readonly fault: CommitFault | undefined;
  flushesLeft: number;
  readonly settle: (failure: StoreError | undefined) => void;
}

export class MemoryStore implements Store {
  readonly kind = 'memory';
  readonly meta: StoreMeta;
  readonly space = new MemorySpace();
  readonly disk: MemoryDisk;
  private readonly options: MemoryStoreOptions;
  private readonly condition = new StoreCondition(PATH);
  private commits = 0;
  private pending: Pending | undefined;
  /** Until its promise is settled. */
  private isCommitting = false;
  private closing = false;
  private onIdle: (() => void) | undefined;

  constructor(options: MemoryStoreOptions = {}) {
    this.options = options;
    this.disk = options.disk ?? MemoryDisk.empty();
    this.meta = { ...this.disk.identity, epoch: this.disk.raiseEpoch() };
  }

  get failure(): StoreError | undefined {
    return this.condition.failure;
  }

  onFailure(listener: (failure: StoreError) => void): () => void {
    return this.condition.onFailure(listener);
  }

  poison(failure: StoreError): void {
    this.condition.fail(failure);
    this.onIdle?.();
  }

  /** Whether a commit waits for `flushNext`. */
  get hasPending(): boolean {
    return this.pending !== undefined;
  }

  async commit(ops: readonly WriteOp[]): Promise<void> {
    this.assertUsable();
    assert(!this.isCommitting, 'a commit began while another was in flight');
    assertWritable(ops);
    this.commits += 1;
    this.isCommitting = true;
    const fault = this.options.fault?.(this.commits);
    const failure = await new Promise<StoreError | undefined>((settle) => {
      const flushesLeft = fault?.kind === 'delay' ? fault.flushes + 1 : 1;
      this.pending = { ops: ops.map(copyOf), fault, flushesLeft, settle };
      if (this.options.flush !== 'manual') while (this.flushNext());
    });
    this.isCommitting = false;
    if (failure) throw failure;
  }

  /**
   * Brings the commit in flight one step further, which ends it unless it is delayed or hangs.
   * @returns whether another call would do something.
   */
  flushNext(): boolean {
    const { pending } = this;
    if (!pending || pending.fault?.kind === 'hang') return false;
    pending.flushesLeft -= 1;
    if (pending.flushesLeft > 0) return true;
    this.pending = undefined;
    pending.settle(this.finish(pending));
    this.onIdle?.();
    return false;
  }

  private finish({ ops, fault }: Pending): StoreError | undefined {
    if (this.failure) return new CommitUnknownError(PATH, 'the store failed while it was in flight');
    const failure = this.outcomeOf(fault);
    if (!failure || fault?.kind === 'executeAndError') this.disk.apply(ops);
    if (failure && failure.kind !== 'commitAbsent') this.poison(failure);
    return failure;
  }

  private outcomeOf(fault: CommitFault | undefined): StoreError | undefined {
    if (this.disk.epoch !== this.meta.epoch)
      return new StoreFencedError(PATH, 'a commit found a younger epoch');
    if (fault === undefined || fault.kind === 'delay') return undefined;
    if (fault.kind !== 'absent') return new CommitUnknownError(PATH, 'an injected fault');
    this.space.set('low');
    return new CommitAbsentError(PATH);
  }

  get(table: Table, key: Uint8Array): Uint8Array | undefined {
    this.assertUsable();
    return this.disk.table(table).get(key)?.slice();
  }

  range(table: Table, options: RangeOptions = {}): Iterable<Row> {
    this.assertUsable();
    return { [Symbol.iterator]: () => pagedRange((request) => this.readPage(table, request), options) };
  }

  private *readPage(table: Table, { start, startExclusive, end, reverse }: PageRequest): Generator<Row> {
    this.assertUsable();
    const map = this.disk.table(table);
    for (const [key, value] of reverse ? map.entriesReversed({ start, end }) : map.entries({ start, end })) {
      if (startExclusive && start && compareKeys(key, start) === 0) continue;
      yield [key.slice(), value.slice()];
    }
  }

  count(table: Table, range: KeyRange = {}): number {
    this.assertUsable();
    return this.disk.table(table).count(range);
  }

  keyBehind(table: Table, rows: number, range: KeyRange = {}): Uint8Array | undefined {
    this.assertUsable();
    return this.disk.table(table).keyBehind(rows, range)?.slice();
  }

  /**
   * The process dies: the commit in flight never settles and is lost, and this store answers nobody any more.
   * @returns the disk, to be opened again.
   */
  crash(): MemoryDisk {
    this.pending = undefined;
    this.closing = true;
    this.condition.close();
    return this.disk;
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.pending && !this.failure) await new Promise<void>((resolve) => (this.onIdle = resolve));
    this.condition.close();
  }

  private assertUsable(): void {
    this.condition.assertUsable();
    if (this.closing) throw new StoreClosedError(PATH);
  }
}

const copyOf = ({ table, key, value }: WriteOp): WriteOp => ({
  table,
  key: key.slice(),
  value: value && value.slice(),
});

/** Space as the test says. */
class MemorySpace implements Space {
  private readonly listeners = new Set<(state: SpaceState) => void>();
  state: SpaceState = 'ok';

  get freeBytes(): number {
    return this.state === 'ok' ? Number.MAX_SAFE_INTEGER : 0;
  }

  onChange(listener: (state: SpaceState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(state: SpaceState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of [...this.listeners]) listener(state);
  }
}
