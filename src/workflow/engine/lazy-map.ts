// A Map that is made on first use. Most runs wait for one or two kinds of thing, and an empty Map costs some two hundred bytes for as
// long as the run is in memory. Runs in the realm.

const NOTHING: ReadonlyMap<never, never> = new Map<never, never>();

export class LazyMap<K, V> {
  #map: Map<K, V> | undefined;

  get size(): number {
    return this.#map === undefined ? 0 : this.#map.size;
  }

  /** In the order of insertion. What it shows may be changed meanwhile, as with a Map. */
  get all(): ReadonlyMap<K, V> {
    return this.#map ?? NOTHING;
  }

  get(key: K): V | undefined {
    return this.#map?.get(key);
  }

  has(key: K): boolean {
    return this.#map?.has(key) ?? false;
  }

  set(key: K, value: V): void {
    (this.#map ??= new Map<K, V>()).set(key, value);
  }

  delete(key: K): boolean {
    return this.#map?.delete(key) ?? false;
  }

  /** What was there, and is there no more. */
  take(key: K): V | undefined {
    const found = this.#map?.get(key);
    if (found !== undefined) this.#map?.delete(key);
    return found;
  }

  clear(): void {
    this.#map = undefined;
  }
}
