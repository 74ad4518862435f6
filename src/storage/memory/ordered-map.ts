// Byte keys in order, in memory: runs of sorted keys, so that an insert moves a few hundred entries at most. Pure.

/** A run that grows beyond this is split. The best of 64 to 1,024 for a million inserts in random order. */
const RUN_ENTRIES_MAX = 256;

interface Run {
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[];
}

/** Before entry `index` of run `run`. */
interface Position {
  readonly run: number;
  readonly index: number;
}

export interface Bounds {
  readonly start?: Uint8Array | undefined;
  /** Exclusive. */
  readonly end?: Uint8Array | undefined;
}

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** By unsigned bytes; a prefix comes before what it begins. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i += 1) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Keeps the arrays it is given: who must not share them copies. It must not change while its entries are read. */
export class OrderedMap {
  /** None is empty. */
  private readonly runs: Run[];

  constructor(runs: Run[] = []) {
    this.runs = runs;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const at = this.lowerBound(key);
    return this.isAt(at, key) ? this.runs[at.run]?.values[at.index] : undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    const at = this.lowerBound(key);
    const run = this.runs[at.run];
    if (!run) {
      this.runs.push({ keys: [key], values: [value] });
    } else if (this.isAt(at, key)) {
      run.values[at.index] = value;
    } else {
      run.keys.splice(at.index, 0, key);
      run.values.splice(at.index, 0, value);
      if (run.keys.length > RUN_ENTRIES_MAX) this.split(at, run);
    }
  }

  delete(key: Uint8Array): void {
    const at = this.lowerBound(key);
    const run = this.runs[at.run];
    if (!run || !this.isAt(at, key)) return;
    run.keys.splice(at.index, 1);
    run.values.splice(at.index, 1);
    if (run.keys.length === 0) this.runs.splice(at.run, 1);
  }

  *entries({ start, end }: Bounds): Generator<Entry> {
    const first = start ? this.lowerBound(start) : { run: 0, index: 0 };
    let { index } = first;
    for (let at = first.run; at < this.runs.length; at += 1) {
      const { keys, values } = this.runs[at] as Run;
      for (; index < keys.length; index += 1) {
        const key = keys[index] as Uint8Array;
        if (end && compareKeys(key, end) >= 0) return;
        yield [key, values[index] as Uint8Array];
      }
      index = 0;
    }
  }

  /** The same entries, from the last to the first. */
  *entriesReversed({ start, end }: Bounds): Generator<Entry> {
    const last = end ? this.lowerBound(end) : { run: this.runs.length - 1, index: Number.POSITIVE_INFINITY };
    let { index } = last;
    for (let at = last.run; at >= 0; at -= 1) {
      const { keys, values } = this.runs[at] ?? { keys: [], values: [] };
      for (index = Math.min(index, keys.length) - 1; index >= 0; index -= 1) {
        const key = keys[index] as Uint8Array;
        if (start && compareKeys(key, start) < 0) return;
        yield [key, values[index] as Uint8Array];
      }
      index = Number.POSITIVE_INFINITY;
    }
  }

  count({ start, end }: Bounds): number {
    const from = start ? this.rank(this.lowerBound(start)) : 0;
    const to = end ? this.rank(this.lowerBound(end)) : this.rank({ run: this.runs.length, index: 0 });
    return Math.max(0, to - from);
  }

  /** The key with so many entries of the range before it. */
  keyBehind(entries: number, { start, end }: Bounds): Uint8Array | undefined {
    const from = start ? this.lowerBound(start) : { run: 0, index: 0 };
    let index = from.index + entries;
    for (let at = from.run; at < this.runs.length; at += 1) {
      const { keys } = this.runs[at] as Run;
      const key = keys[index];
      if (key !== undefined) return end && compareKeys(key, end) >= 0 ? undefined : key;
      index -= keys.length;
    }
    return undefined;
  }

  /** Shares the entries, not the order: neither sees what the other puts or deletes. */
  clone(): OrderedMap {
    return new OrderedMap(this.runs.map(({ keys, values }) => ({ keys: [...keys], values: [...values] })));
  }

  /** The first entry that is not before the key; the end of the last run when there is none. */
  private lowerBound(key: Uint8Array): Position {
    // The last run that begins at or before the key holds it, or would.
    const after = partition(
      this.runs.length,
      (at) => compareKeys((this.runs[at] as Run).keys[0] as Uint8Array, key) <= 0,
    );
    const run = Math.max(0, after - 1);
    const keys = this.runs[run]?.keys ?? [];
    const index = partition(keys.length, (at) => compareKeys(keys[at] as Uint8Array, key) < 0);
    return { run, index };
  }

  private isAt({ run, index }: Position, key: Uint8Array): boolean {
    const there = this.runs[run]?.keys[index];
    return there !== undefined && compareKeys(there, key) === 0;
  }

  /** How many entries lie before a position. */
  private rank({ run, index }: Position): number {
    let entries = index;
    for (let at = 0; at < run; at += 1) entries += (this.runs[at] as Run).keys.length;
    return entries;
  }

  /** In halves, but a run that grew at its end starts a new one: keys that only grow leave full runs behind. */
  private split(inserted: Position, run: Run): void {
    const half = run.keys.length >> 1;
    const from = inserted.index === run.keys.length - 1 ? inserted.index : half;
    this.runs.splice(inserted.run + 1, 0, { keys: run.keys.splice(from), values: run.values.splice(from) });
  }
}

/** How many of the first `length` numbers satisfy a condition that holds up to some number and never after. */
function partition(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
