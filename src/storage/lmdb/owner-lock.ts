// The LOCK file: who has the folder open. It gives the second opener a clear answer; what makes two owners harmless is
// the epoch, which every commit checks. The owner beats by touching the file. Host thread.
import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurationMs } from '../../model/time';
import { StoreLockedError } from '../errors';
import type { StoreOwner } from '../errors';
import type { StoreClock } from '../store';
import { FILES, isMissing, isTaken } from './folder';
import { livenessOf, ownIdentity } from './process-identity';
import type { ProcessIdentity } from './process-identity';

export interface LockTiming {
  /** Between two beats of the owner. */
  readonly beatMs: DurationMs;
}
export const LOCK_TIMING: LockTiming = { beatMs: 2_000 };
/** An owner that missed so many beats has lost its claim. */
const MISSED_BEATS_MAX = 3;
/**
 * A silent owner is watched for this many beats before it is judged: after a suspended machine wakes, all clocks have
 * jumped and a healthy owner beats again within one interval.
 */
const WATCHED_BEATS_MIN = 1.25;
/** How often a waiting opener looks. */
const LOOKS_PER_BEAT = 4;

export interface LockOptions {
  readonly folder: string;
  readonly clock: StoreClock;
  readonly timing: LockTiming;
  /** How long to wait for an owner that is alive. 0: not at all. */
  readonly waitMs: DurationMs;
}

/** What the LOCK file says; one line of JSON. */
interface LockRecord extends ProcessIdentity {
  readonly token: string;
  /** ISO 8601. */
  readonly since: string;
}

/** The claim of this process, until `release` or until it is lost. */
export interface OwnerLock {
  /** Refreshes the claim. False: the file is gone or somebody else's, and the claim is lost. */
  beat(): Promise<boolean>;
  /** Gives the folder up. Never removes a lock that is not ours. */
  release(): Promise<void>;
}

/** @throws {StoreLockedError} when another owner is alive and does not end in time. */
export async function acquireLock(options: LockOptions): Promise<OwnerLock> {
  const own = await ownIdentity();
  const watch = new OwnerWatch(own, options);
  for (;;) {
    const lock = await claim(own, options);
    if (lock) return lock;
    const verdict = await watch.look();
    if (verdict.kind === 'stale') await removeStale(options.folder, verdict.seen);
    if (verdict.kind === 'held') throw new StoreLockedError(options.folder, verdict.owner);
    if (verdict.kind === 'undecided') await options.clock.sleep(options.timing.beatMs / LOOKS_PER_BEAT);
  }
}

const lockPath = (folder: string): string => join(folder, FILES.owner);

/** Creates the LOCK file. Undefined: there is one. */
async function claim(own: ProcessIdentity, { folder, clock }: LockOptions): Promise<OwnerLock | undefined> {
  let file: FileHandle;
  try {
    file = await open(lockPath(folder), 'wx');
  } catch (error) {
    if (isTaken(error)) return undefined;
    throw error;
  }
  const record: LockRecord = { ...own, token: randomUUID(), since: new Date(clock.now()).toISOString() };
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`);
  } catch (error) {
    await file.close();
    await unlink(lockPath(folder));
    throw error;
  }
  return new HeldLock(file, folder, clock);
}

class HeldLock implements OwnerLock {
  constructor(
    private readonly file: FileHandle,
    private readonly folder: string,
    private readonly clock: StoreClock,
  ) {}

  async beat(): Promise<boolean> {
    const nowSeconds = this.clock.now() / 1_000;
    await this.file.utimes(nowSeconds, nowSeconds);
    return this.isOurs();
  }

  async release(): Promise<void> {
    const ours = await this.isOurs();
    await this.file.close();
    if (ours) await unlink(lockPath(this.folder));
  }

  private async isOurs(): Promise<boolean> {
    const [own, there] = await Promise.all([this.file.stat(), statOrMissing(lockPath(this.folder))]);
    return there !== undefined && there.ino === own.ino && there.dev === own.dev;
  }
}

async function statOrMissing(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** One look at a LOCK file. */
interface Seen {
  readonly inode: number;
  readonly beatAtMs: number;
  /** Absent: it is not, or not yet, readable. */
  readonly record: LockRecord | undefined;
}

type Verdict =
  | { readonly kind: 'gone' }
  | { readonly kind: 'stale'; readonly seen: Seen }
  | { readonly kind: 'held'; readonly owner: StoreOwner | undefined }
  | { readonly kind: 'undecided' };

/** Judges the owner over several looks: only time tells a silent owner from a dead one. */
class OwnerWatch {
  private readonly startedAtMs: DurationMs;
  private last: { readonly seen: Seen; readonly sinceMs: DurationMs } | undefined;

  constructor(
    private readonly own: ProcessIdentity,
    private readonly options: LockOptions,
  ) {
    this.startedAtMs = options.clock.monotonicMs();
  }

  async look(): Promise<Verdict> {
    const seen = await readLock(this.options.folder);
    if (!seen) return { kind: 'gone' };
    const liveness = seen.record ? await livenessOf(seen.record, this.own) : 'unknown';
    if (liveness === 'dead') return { kind: 'stale', seen };

    const nowMs = this.options.clock.monotonicMs();
    const beats = this.last !== undefined && this.last.seen.beatAtMs !== seen.beatAtMs;
    if (this.last === undefined || beats || this.last.seen.inode !== seen.inode)
      this.last = { seen, sinceMs: nowMs };

    const { beatMs } = this.options.timing;
    const silentMs = this.options.clock.now() - seen.beatAtMs;
    const watchedMs = nowMs - this.last.sinceMs;
    // A clock that was set back makes a beat lie in the future: then only what we watched ourselves counts.
    const silence = silentMs < 0 ? watchedMs : silentMs;
    const missedAll = silence >= MISSED_BEATS_MAX * beatMs;
    if (missedAll && watchedMs >= WATCHED_BEATS_MIN * beatMs) return { kind: 'stale', seen };

    const isKnownAlive = beats || (liveness === 'alive' && !missedAll);
    const mayWait = nowMs - this.startedAtMs < this.options.waitMs;
    if (isKnownAlive && !mayWait) return { kind: 'held', owner: seen.record && ownerOf(seen.record) };
    return { kind: 'undecided' };
  }
}

const ownerOf = ({ pid, host, since }: LockRecord): StoreOwner => ({ pid, host, since });

async function readLock(folder: string): Promise<Seen | undefined> {
  try {
    const file = await open(lockPath(folder), 'r');
    try {
      const { ino, mtimeMs } = await file.stat();
      return { inode: ino, beatAtMs: mtimeMs, record: parseRecord(await file.readFile('utf8')) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function parseRecord(text: string): LockRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockRecord> | null;
    if (typeof value?.pid !== 'number' || typeof value.host !== 'string') return undefined;
    if (typeof value.token !== 'string' || typeof value.since !== 'string') return undefined;
    return value as LockRecord;
  } catch {
    return undefined;
  }
}

/**
 * Of several processes that judge one lock stale, one removes it: the file is moved aside first, and whoever finds that
 * it moved a younger lock puts it back. Should a third owner have slipped in by then, the epoch decides between them.
 */
async function removeStale(folder: string, judged: Seen): Promise<void> {
  const aside = `${lockPath(folder)}.${randomUUID()}`;
  try {
    await rename(lockPath(folder), aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const { ino } = await stat(aside);
  if (ino !== judged.inode || !(await isUnchanged(aside, judged))) await putBack(aside, folder);
  await unlink(aside);
}

/** An inode number may be used again by the next lock: its token tells. */
async function isUnchanged(aside: string, judged: Seen): Promise<boolean> {
  return parseRecord(await readFile(aside, 'utf8'))?.token === judged.record?.token;
}

async function putBack(aside: string, folder: string): Promise<void> {
  try {
    await link(aside, lockPath(folder));
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
}
