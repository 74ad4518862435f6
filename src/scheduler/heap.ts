// A binary heap of moments by key, each replaceable. Host thread.
import type { EpochMs } from '../model/time';

interface Entry<K> {
  readonly key: K;
  at: EpochMs;
  index: number;
}

/** One moment per key; setting it again replaces it. All operations are O(log n). */
export class MomentHeap<K> {
  readonly #entries: Entry<K>[] = [];
  readonly #byKey = new Map<K, Entry<K>>();

  get size(): number {
    return this.#entries.length;
  }

  get earliest(): { readonly key: K; readonly at: EpochMs } | undefined {
    return this.#entries[0];
  }

  at(key: K): EpochMs | undefined {
    return this.#byKey.get(key)?.at;
  }

  set(key: K, at: EpochMs): void {
    const entry = this.#byKey.get(key);
    if (!entry) {
      const added: Entry<K> = { key, at, index: this.#entries.length };
      this.#byKey.set(key, added);
      this.#entries.push(added);
      this.#rise(added);
      return;
    }
    const before = entry.at;
    entry.at = at;
    if (at < before) this.#rise(entry);
    else this.#sink(entry);
  }

  delete(key: K): void {
    const entry = this.#byKey.get(key);
    if (!entry) return;
    this.#byKey.delete(key);
    const last = this.#entries.pop() as Entry<K>;
    if (last === entry) return;
    this.#put(last, entry.index);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(entry: Entry<K>): void {
    while (entry.index > 0) {
      const parent = this.#entries[(entry.index - 1) >>> 1] as Entry<K>;
      if (parent.at <= entry.at) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry<K>): void {
    for (;;) {
      const left = this.#entries[2 * entry.index + 1];
      if (!left) return;
      const right = this.#entries[2 * entry.index + 2];
      const child = right && right.at < left.at ? right : left;
      if (child.at >= entry.at) return;
      this.#swap(child, entry);
    }
  }

  #swap(a: Entry<K>, b: Entry<K>): void {
    const index = a.index;
    this.#put(a, b.index);
    this.#put(b, index);
  }

  #put(entry: Entry<K>, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }
}
