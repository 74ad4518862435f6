// The folder of a store: the names of its files, and what the file system's errors mean for it. Host thread.
import { mkdirSync } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreUnavailableError } from '../errors';
import type { StoreError, UnavailableReason } from '../errors';

export const FILES = {
  /** LMDB's data, and its table of readers. */
  data: 'data.mdb',
  readers: 'lock.mdb',
  /** What this folder is: written once, when the store was created. */
  identity: 'STORE',
  /** The same while the store is being created: nothing in the folder was ever acknowledged. */
  creating: 'STORE.creating',
  /** Written and removed at each opening. */
  probe: 'STORE.probe',
  /** Who has the store open. */
  owner: 'LOCK',
} as const;

/** Makes the folder when it is missing. Returns its one real path. */
export async function prepareFolder(path: string): Promise<string> {
  try {
    makeFolder(path);
  } catch (error) {
    throw asUnavailable(error, path);
  }
  const real = await realpath(path);
  if (!(await stat(real)).isDirectory()) throw notAFolder(path);
  return real;
}

/** Makes the folder and those above it. Node's own recursive `mkdir` never returns where nothing can be made (`/proc`). */
export function makeFolder(path: string): void {
  if (mkdirUnlessTaken(path)) return;
  makeFolder(dirname(path));
  if (!mkdirUnlessTaken(path)) {
    throw new StoreUnavailableError(path, 'notWritable', 'nothing can be made there');
  }
}

/** @returns false when the folder above is missing */
function mkdirUnlessTaken(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (isMissing(error) && dirname(path) !== path) return false;
    if (!isTaken(error)) throw error;
  }
  return true;
}

const notAFolder = (path: string, options?: ErrorOptions): StoreUnavailableError =>
  new StoreUnavailableError(path, 'notAFolder', 'it is not a folder', options);

/** Makes the entries of a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; its directory entries are journaled.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export const isMissing = (error: unknown): boolean => errnoCode(error) === 'ENOENT';
export const isTaken = (error: unknown): boolean => errnoCode(error) === 'EEXIST';

function errnoCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const REASONS: Readonly<Record<string, { readonly reason: UnavailableReason; readonly detail: string }>> = {
  EACCES: { reason: 'notWritable', detail: 'this process may not write there' },
  EPERM: { reason: 'notWritable', detail: 'this process may not write there' },
  EROFS: { reason: 'notWritable', detail: 'the file system is read-only' },
  ENOSPC: { reason: 'noSpace', detail: 'the disk is full: free some space and open again' },
  EDQUOT: { reason: 'noSpace', detail: 'the disk quota is used up: free some space and open again' },
};

/** What a failed call of the file system says about the folder. */
export function asUnavailable(error: unknown, path: string): StoreError {
  const code = errnoCode(error);
  if (code === 'EEXIST' || code === 'ENOTDIR') return notAFolder(path, { cause: error });
  const known = typeof code === 'string' ? REASONS[code] : undefined;
  if (known) return new StoreUnavailableError(path, known.reason, known.detail, { cause: error });
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(path, 'inputOutput', detail, { cause: error });
}
