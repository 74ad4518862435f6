// Folders for one test, removed behind it, and LMDB stores in them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openLmdbStore } from '../../../src/storage/lmdb/open-store';
import type { LmdbStoreOptions } from '../../../src/storage/lmdb/open-store';
import type { Store, StoreClock } from '../../../src/storage/store';
import { ManualClock } from './manual-clock';

const folders: string[] = [];
const stores: Store[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) {
    if (!store.failure && isOpen(store)) await store.close();
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

function isOpen(store: Store): boolean {
  try {
    store.count('M');
    return true;
  } catch {
    return false;
  }
}

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-store-'));
  folders.push(folder);
  return folder;
}

/** Closed behind the test if the test did not. */
export async function openStore(
  path: string,
  options: Partial<LmdbStoreOptions> & { readonly clock?: StoreClock } = {},
): Promise<Store> {
  const store = await openLmdbStore({ path, clock: new ManualClock(), ...options });
  if (!stores.includes(store)) stores.push(store);
  return store;
}
