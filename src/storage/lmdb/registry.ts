// The open stores of this process, by real path: a folder that is opened twice gives the same store. Host thread.
// Kept on `process`, since a test runner or an application may load this module more than once.
import { StorePoisonedError } from '../errors';
import type { LmdbStore } from './lmdb-store';

const REGISTRY = Symbol.for('troupe.stores');
type Registry = Map<string, Promise<LmdbStore>>;

function registry(): Registry {
  const holder = process as { [REGISTRY]?: Registry };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}

/** Opens the folder, or joins its open store. A store that failed stays, and refuses: LMDB may hold it till the end. */
export async function openShared(path: string, open: () => Promise<LmdbStore>): Promise<LmdbStore> {
  const stores = registry();
  for (;;) {
    const existing = stores.get(path);
    if (!existing) return openFirst(stores, path, open);
    const store = await existing;
    if (store.failure) throw new StorePoisonedError(path, store.failure);
    if (!store.closed) {
      store.retain();
      return store;
    }
    await store.closed;
    if (stores.get(path) === existing && !store.failure) stores.delete(path);
  }
}

async function openFirst(stores: Registry, path: string, open: () => Promise<LmdbStore>): Promise<LmdbStore> {
  const opening = open();
  stores.set(path, opening);
  try {
    return await opening;
  } catch (error) {
    stores.delete(path);
    throw error;
  }
}
