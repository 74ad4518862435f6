// Which code runs the turns of which task queue in this lane, and the realms it runs in. Shard thread. A realm is made once per
// bundle, when a worker brings it; code that cannot be loaded fails the turns that need it and nothing else.
import type { Namespace, TaskQueueName } from '../model/ids';
import type { WorkflowBundleCode } from '../model/worker';
import type { BundleEntry, WorkerEntry } from '../wire/traffic';
import type { Realm } from './sandbox';

/** A bundle as this lane has it. */
export type LoadedCode =
  | { readonly kind: 'ready'; readonly hash: string; readonly realm: Realm }
  | { readonly kind: 'broken'; readonly hash: string; readonly message: string };

export interface ServingWorker {
  readonly identity: string;
  readonly code: LoadedCode;
}

export type CreateRealm = (bundle: WorkflowBundleCode) => Realm;

const keyOf = (namespace: Namespace, taskQueue: TaskQueueName): string => `${namespace}\u0000${taskQueue}`;

export class LaneCode {
  readonly #createRealm: CreateRealm;
  readonly #bundles = new Map<string, BundleEntry>();
  readonly #loaded = new Map<string, LoadedCode>();
  readonly #workers = new Map<string, ServingWorker>();

  constructor(createRealm: CreateRealm) {
    this.#createRealm = createRealm;
  }

  addBundle(entry: BundleEntry): void {
    this.#bundles.set(entry.hash, entry);
  }

  setWorker({ namespace, taskQueue, bundleHash, identity }: WorkerEntry): void {
    const key = keyOf(namespace, taskQueue);
    if (bundleHash === undefined) this.#workers.delete(key);
    else this.#workers.set(key, { identity, code: this.#load(bundleHash) });
  }

  worker(namespace: Namespace, taskQueue: TaskQueueName): ServingWorker | undefined {
    return this.#workers.get(keyOf(namespace, taskQueue));
  }

  #load(hash: string): LoadedCode {
    const known = this.#loaded.get(hash);
    if (known !== undefined) return known;
    const loaded = this.#tryLoad(hash);
    this.#loaded.set(hash, loaded);
    return loaded;
  }

  #tryLoad(hash: string): LoadedCode {
    const bundle = this.#bundles.get(hash);
    if (bundle === undefined) return { kind: 'broken', hash, message: `the bundle ${hash} never came` };
    try {
      return { kind: 'ready', hash, realm: this.#createRealm(bundle) };
    } catch (error) {
      return { kind: 'broken', hash, message: error instanceof Error ? error.message : String(error) };
    }
  }
}
