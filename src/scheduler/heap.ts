// A binary heap of moments by key, each replaceable. Host thread.
import type { EpochMs } from '../model/time';

interface Entry<K, V> {
  readonly key: K;
  at: EpochMs;
  value: V;
  index: number;
}

/** One moment and value per key; setting it again replaces both. All operations are O(log n). */
export class MomentHeap<K, V> {
  readonly #entries: Entry<K, V>[] = [];
  readonly #byKey = new Map<K, Entry<K, V>>();

  get size(): number {
    return this.#entries.length;
  }

  get earliest(): { readonly key: K; readonly at: EpochMs; readonly value: V } | undefined {
    return this.#entries[0];
  }

  at(key: K): EpochMs | undefined {
    return this.#byKey.get(key)?.at;
  }

  set(key: K, at: EpochMs, value: V): void {
    const entry = this.#byKey.get(key);
    if (!entry) {
      const added: Entry<K, V> = { key, at, value, index: this.#entries.length };
      this.#byKey.set(key, added);
      this.#entries.push(added);
      this.#rise(added);
      return;
    }
    const before = entry.at;
    entry.at = at;
    entry.value = value;
    if (at < before) this.#rise(entry);
    else this.#sink(entry);
  }

  delete(key: K): void {
    const entry = this.#byKey.get(key);
    if (!entry) return;
    this.#byKey.delete(key);
    const last = this.#entries.pop() as Entry<K, V>;
    if (last === entry) return;
    this.#put(last, entry.index);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(entry: Entry<K, V>): void {
    while (entry.index > 0) {
      const parent = this.#entries[(entry.index - 1) >>> 1] as Entry<K, V>;
      if (parent.at <= entry.at) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry<K, V>): void {
    for (;;) {
      const left = this.#entries[2 * entry.index + 1];
      if (!left) return;
      const right = this.#entries[2 * entry.index + 2];
      const child = right && right.at < left.at ? right : left;
      if (child.at >= entry.at) return;
      this.#swap(child, entry);
    }
  }

  #swap(a: Entry<K, V>, b: Entry<K, V>): void {
    const index = a.index;
    this.#put(a, b.index);
    this.#put(b, index);
  }

  #put(entry: Entry<K, V>, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }
}
