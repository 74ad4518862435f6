// The namespaces of a store: their numbers in keys and how long they keep closed runs. Host thread. Made on first use.
import type { Namespace } from '../model/ids';
import type { DurationMs } from '../model/time';
import { namespaceKey } from '../storage/format/keys';
import { decodeNamespace, encodeNamespace } from '../storage/format/values';
import type { Store, WriteOp } from '../storage/store';
import type { NamespaceEntry } from '../wire/traffic';

export interface NamespacesOptions {
  readonly store: Store;
  /** Of namespaces that are made now. */
  readonly retentionMs: DurationMs;
  /** Queued before any batch that uses the namespace, so it is durable before them or with them. */
  readonly submit: (ops: readonly WriteOp[]) => void;
  readonly announce: (entry: NamespaceEntry) => void;
}

export class Namespaces {
  readonly #options: NamespacesOptions;
  readonly #known = new Map<Namespace, NamespaceEntry>();
  #highest = 0;

  constructor(options: NamespacesOptions) {
    this.#options = options;
  }

  /** Reads what the store knows, and tells the lanes. */
  start(): void {
    for (const [, value] of this.#options.store.range('N')) {
      const { name, number, retentionMs } = decodeNamespace(value);
      this.#add({ kind: 'namespace', namespace: name, number, retentionMs });
    }
  }

  /** Absent: nothing was ever done in it. */
  find(namespace: Namespace): NamespaceEntry | undefined {
    return this.#known.get(namespace);
  }

  all(): Iterable<NamespaceEntry> {
    return this.#known.values();
  }

  ensure(namespace: Namespace): NamespaceEntry {
    const known = this.#known.get(namespace);
    if (known !== undefined) return known;
    const { retentionMs, submit } = this.#options;
    const number = this.#highest + 1;
    submit([
      {
        table: 'N',
        key: namespaceKey(namespace),
        value: encodeNamespace({ name: namespace, number, retentionMs }),
      },
    ]);
    const entry: NamespaceEntry = { kind: 'namespace', namespace, number, retentionMs };
    this.#add(entry);
    return entry;
  }

  #add(entry: NamespaceEntry): void {
    this.#known.set(entry.namespace, entry);
    this.#highest = Math.max(this.#highest, entry.number);
    this.#options.announce(entry);
  }
}
