// Opens a folder as a store: claim it, look at its files, create or open LMDB, raise the epoch. Main thread only.
// Whatever is wrong is found before LMDB is loaded: a file that it does not like takes the whole process down.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { DurationMs } from '../../model/time';
import { StoreDamagedError, StoreError, StoreThreadError, StoreUnavailableError } from '../errors';
import { SHARD_COUNT, STORE_FORMAT_VERSION } from '../store';
import type { Store, StoreClock } from '../store';
import { findDamage } from './data-file';
import { createEnvironment, openEnvironment } from './environment';
import type { Environment } from './environment';
import { asUnavailable, FILES, isMissing, prepareFolder } from './folder';
import { FolderWatch } from './folder-watch';
import { finishCreating, readIdentity, removeUnfinished, writeCreating } from './identity';
import type { Identity } from './identity';
import { LmdbStore } from './lmdb-store';
import { acquireLock, LOCK_TIMING } from './owner-lock';
import type { LockTiming, OwnerLock } from './owner-lock';
import { openShared } from './registry';
import { SPACE_DEFAULTS, SpaceGuard } from './space-guard';
import type { DiskSpace, MeasureSpace, SpaceOptions } from './space-guard';

export interface LmdbStoreOptions {
  /** Made when it is missing. Local disks only: LMDB does not work over a network file system. */
  readonly path: string;
  readonly clock: StoreClock;
  /** Wait until another process has closed the folder or has ended: for so long, or for ever. Default: refuse at once. */
  readonly waitForOwner?: boolean | DurationMs;
  readonly space?: Partial<SpaceOptions>;
  /** Default: what the operating system tells about the disk of `path`. */
  readonly measureSpace?: MeasureSpace;
  readonly lockTiming?: LockTiming;
  readonly dataCheckMs?: DurationMs;
}

/** LMDB's table of readers is written through memory: on a full disk that kills the process. So room for it is tried. */
const OPEN_BYTES_MIN = 64 * 1_024;
const RESTORE = 'Restore the folder from a backup.';

/**
 * Opens the store in a folder, or creates it. Opened twice in one process it is one store, to be closed twice.
 * @throws {StoreError} `thread`, `locked`, `damaged`, `format`, `unavailable` or `poisoned`. Nothing was changed then,
 * except that the folder may have been made.
 */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<Store> {
  if (!isMainThread) throw new StoreThreadError();
  try {
    const folder = await prepareFolder(options.path);
    return await openShared(folder, () => openFolder(folder, options));
  } catch (error) {
    throw error instanceof StoreError ? error : asUnavailable(error, options.path);
  }
}

async function openFolder(folder: string, options: LmdbStoreOptions): Promise<LmdbStore> {
  const { clock, waitForOwner = false, lockTiming: timing = LOCK_TIMING } = options;
  const waitMs =
    typeof waitForOwner === 'number' ? waitForOwner : waitForOwner ? Number.POSITIVE_INFINITY : 0;
  const lock = await acquireLock({ folder, clock, timing, waitMs });
  try {
    return await openOwned(folder, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** This process has claimed the folder. */
async function openOwned(folder: string, lock: OwnerLock, options: LmdbStoreOptions): Promise<LmdbStore> {
  const { clock, lockTiming: timing = LOCK_TIMING, measureSpace = () => diskSpace(folder) } = options;
  const space = await SpaceGuard.start(measureSpace, { ...SPACE_DEFAULTS, ...options.space }, clock);
  try {
    await proveWritable(folder);
    const identity = await readIdentity(folder);
    const environment = identity ? await openExisting(folder, identity) : await create(folder, clock);
    const epoch = raiseEpoch(environment, folder);
    const { dataCheckMs } = options;
    const watch = await FolderWatch.of({
      folder,
      clock,
      lock,
      timing,
      ...(dataCheckMs !== undefined && { dataCheckMs }),
    });
    const meta = { ...environment.identity, epoch };
    return new LmdbStore({ path: folder, meta, environment, space, watch });
  } catch (error) {
    await space.stop();
    throw error;
  }
}

/** Not closed when this fails: after a failed write LMDB's close may wait for ever. */
function raiseEpoch(environment: Environment, folder: string): number {
  try {
    return environment.raiseEpoch();
  } catch (error) {
    const detail = `the first write failed: ${String(error)}`;
    throw new StoreUnavailableError(folder, 'inputOutput', detail, { cause: error });
  }
}

async function diskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Quotas and reserved blocks do not show in what the file system tells: only a write does. */
async function proveWritable(folder: string): Promise<void> {
  const path = join(folder, FILES.probe);
  const file = await open(path, 'w');
  try {
    await file.writeFile(new Uint8Array(OPEN_BYTES_MIN));
    await file.sync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

async function create(folder: string, clock: StoreClock): Promise<Environment> {
  if (await exists(join(folder, FILES.creating))) await removeUnfinished(folder);
  const data = join(folder, FILES.data);
  if (await exists(data)) {
    const found = `it is there without the file ${FILES.identity} that Troupe writes beside it`;
    throw new StoreDamagedError(data, found, 'Choose another folder, or restore this one from a backup.');
  }
  const identity: Identity = {
    uuid: randomUUID(),
    formatVersion: STORE_FORMAT_VERSION,
    shardCount: SHARD_COUNT,
    createdAt: clock.now(),
  };
  await writeCreating(folder, identity);
  const environment = createEnvironment(folder, identity);
  await finishCreating(folder);
  return environment;
}

async function openExisting(folder: string, identity: Identity): Promise<Environment> {
  const data = join(folder, FILES.data);
  const damage = await examine(data);
  if (damage !== undefined) throw new StoreDamagedError(data, damage, RESTORE);
  await examineReaders(join(folder, FILES.readers));
  const environment = await openEnvironment(folder);
  if (!environment) throw new StoreDamagedError(data, 'it was not written by Troupe', RESTORE);
  if (environment.identity.uuid !== identity.uuid) {
    await environment.close();
    const found = `it belongs to the store ${environment.identity.uuid}, its folder to ${identity.uuid}`;
    throw new StoreDamagedError(data, found, RESTORE);
  }
  return environment;
}

/** @returns what is wrong with the data file. */
async function examine(path: string): Promise<string | undefined> {
  if (!(await exists(path))) return 'it is missing';
  await access(path, constants.R_OK | constants.W_OK);
  const file = await open(path, 'r');
  try {
    const found = await file.stat();
    if (!found.isFile()) return 'it is not a file';
    return await findDamage(found.size, async (offset, length) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}

/** LMDB makes its table of readers anew when nobody uses it; it must only be able to. */
async function examineReaders(path: string): Promise<void> {
  if (!(await exists(path))) return;
  if (!(await stat(path)).isFile()) throw new StoreDamagedError(path, 'it is not a file', 'Remove it.');
  await access(path, constants.R_OK | constants.W_OK);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
