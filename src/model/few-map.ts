// A Map of what there are few of. Most runs wait for one thing of a kind at a time: the first entry stands in the object itself, and a
// Map is made for the second. An empty Map costs some two hundred bytes for as long as the run is in memory, and emptying one again
// and again costs a table each time. Runs in the realm, too.

const NOTHING: ReadonlyMap<never, never> = new Map<never, never>();

export class FewMap<K extends string | number, V> {
  /** The only entry, as long as there is no Map. A key is undefined where there is none. */
  #key: K | undefined;
  #value: V | undefined;
  #map: Map<K, V> | undefined;

  get size(): number {
    return this.#map === undefined ? (this.#key === undefined ? 0 : 1) : this.#map.size;
  }

  /** In the order of insertion. What it shows may be changed meanwhile, as with a Map. */
  get all(): ReadonlyMap<K, V> {
    if (this.#map === undefined && this.#key === undefined) return NOTHING;
    return this.#asMap();
  }

  get(key: K): V | undefined {
    if (this.#map !== undefined) return this.#map.get(key);
    return this.#key === key ? this.#value : undefined;
  }

  has(key: K): boolean {
    return this.#map === undefined ? this.#key === key : this.#map.has(key);
  }

  set(key: K, value: V): void {
    if (this.#map === undefined && (this.#key === undefined || this.#key === key)) {
      this.#key = key;
      this.#value = value;
    } else {
      this.#asMap().set(key, value);
    }
  }

  delete(key: K): boolean {
    if (this.#map !== undefined) return this.#map.delete(key);
    if (this.#key !== key) return false;
    this.#key = undefined;
    this.#value = undefined;
    return true;
  }

  /** What was there, and is there no more. */
  take(key: K): V | undefined {
    const found = this.get(key);
    if (found !== undefined) this.delete(key);
    return found;
  }

  clear(): void {
    this.#key = undefined;
    this.#value = undefined;
    this.#map = undefined;
  }

  #asMap(): Map<K, V> {
    if (this.#map !== undefined) return this.#map;
    const map = new Map<K, V>();
    if (this.#key !== undefined) map.set(this.#key, this.#value as V);
    this.#key = undefined;
    this.#value = undefined;
    this.#map = map;
    return map;
  }
}
