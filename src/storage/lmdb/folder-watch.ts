// Keeps the claim on an open folder, and notices when the folder is taken away under the store: LMDB would go on writing
// into a file that has no name any more. Host thread. Its own errors are no failure of the store: commits tell those.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurationMs } from '../../model/time';
import { StoreDamagedError, StoreFencedError } from '../errors';
import type { StoreError } from '../errors';
import type { StoreClock } from '../store';
import { FILES, isMissing } from './folder';
import type { LockTiming, OwnerLock } from './owner-lock';
import { repeat } from './repeat';

/** How often the data file's inode is compared. What is written in between is lost, so it is short. */
const DATA_CHECK_MS: DurationMs = 5_000;

export interface FolderWatchOptions {
  readonly folder: string;
  readonly clock: StoreClock;
  readonly lock: OwnerLock;
  readonly timing: LockTiming;
  readonly dataCheckMs?: DurationMs;
}

export class FolderWatch {
  private readonly stops: (() => Promise<void>)[] = [];

  private constructor(
    private readonly options: FolderWatchOptions,
    private readonly dataFile: FileName,
  ) {}

  /** Remembers which file is open. */
  static async of(options: FolderWatchOptions): Promise<FolderWatch> {
    const { ino, dev } = await stat(join(options.folder, FILES.data));
    return new FolderWatch(options, { ino, dev });
  }

  /** Calls `onLost` when the claim or the data file is lost. The claim is kept all the same, until `stop`. */
  start(onLost: (failure: StoreError) => void): void {
    const { clock, timing, dataCheckMs = DATA_CHECK_MS } = this.options;
    this.stops.push(
      repeat(clock, timing.beatMs, () => quietly(() => this.beat(onLost))),
      repeat(clock, dataCheckMs, () => quietly(() => this.checkData(onLost))),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
  }

  async release(): Promise<void> {
    await this.options.lock.release();
  }

  private async beat(onLost: (failure: StoreError) => void): Promise<void> {
    if (await this.options.lock.beat()) return;
    onLost(new StoreFencedError(this.options.folder, 'its LOCK file was removed or replaced'));
  }

  private async checkData(onLost: (failure: StoreError) => void): Promise<void> {
    const file = join(this.options.folder, FILES.data);
    const there = await fileName(file);
    if (there?.ino === this.dataFile.ino && there.dev === this.dataFile.dev) return;
    const found = there ? 'another file was put in its place' : 'it was removed';
    onLost(
      new StoreDamagedError(file, `${found} while the store was open`, 'Restore the folder from a backup.'),
    );
  }
}

/** What a file is, whatever path leads to it. */
interface FileName {
  readonly ino: number;
  readonly dev: number;
}

async function fileName(path: string): Promise<FileName | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function quietly(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch {
    // The file system did not answer: the next check asks again, and a commit that fails is judged as such.
  }
}
