// Watches the free space of the store's disk, so that new work is refused before LMDB meets a full disk. Host thread.
// And lets no commit begin for which there seems to be no room: where a write of LMDB fails, lmdb 3.5 prints more into its error message than
// it has allocated for it (`Attempting to write page …`, 100 bytes), and may take the process with it.
import type { DurationMs } from '../../model/time';
import type { Space, SpaceState, StoreClock } from '../store';
import { repeat } from './repeat';

export interface SpaceOptions {
  /** Below this the space is low. */
  readonly lowBytes: number;
  /** Below this share of the disk the space is low, if that is less than `lowBytes`: a small disk stays usable. */
  readonly lowFraction: number;
  readonly pollMs: DurationMs;
}

export const SPACE_DEFAULTS: SpaceOptions = {
  // Two seconds of writing at the speed of a fast disk, and room for what running workflows still have to write.
  lowBytes: 512 * 1_024 * 1_024,
  lowFraction: 0.05,
  pollMs: 1_000,
};
/** So much more than the limit must be free before the state is `ok` again: a state that flaps helps nobody. */
const RECOVERY_FACTOR = 1.1;

/** With less room than this a commit waits until the disk is measured: some tenths of a millisecond. */
const OTHERS_BYTES = 64 * 1_024 * 1_024;

export interface DiskSpace {
  /** What this process may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}
export type MeasureSpace = () => Promise<DiskSpace>;

export class SpaceGuard implements Space {
  private readonly listeners = new Set<(state: SpaceState) => void>();
  private current: SpaceState;
  private disk: DiskSpace;
  /** By how much the file may have grown since the disk was measured. */
  private takenBytes = 0;
  /** Of that, what the commit in flight has taken: it may not have been written when the disk is measured. */
  private inFlightBytes = 0;
  /** By the commit for which there was no room. */
  private wantedBytes = 0;
  private stopped = false;
  private stopPolling: (() => Promise<void>) | undefined;

  private constructor(
    private readonly measure: MeasureSpace,
    private readonly options: SpaceOptions,
    disk: DiskSpace,
  ) {
    this.disk = disk;
    this.current = this.stateOf(disk, 1);
  }

  /** Measures once, then again every `pollMs` until stopped. */
  static async start(measure: MeasureSpace, options: SpaceOptions, clock: StoreClock): Promise<SpaceGuard> {
    const guard = new SpaceGuard(measure, options, await measure());
    guard.stopPolling = repeat(clock, options.pollMs, () => guard.poll());
    return guard;
  }

  get state(): SpaceState {
    return this.current;
  }

  get freeBytes(): number {
    return this.disk.freeBytes;
  }

  onChange(listener: (state: SpaceState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Takes room for a commit that may make the file grow by so much. False: there is none, or `others`, who write to the same
   * disk, may have taken it since it was measured.
   */
  take(bytes: number, others: 'may have written' | 'have not written'): boolean {
    const margin = others === 'may have written' ? OTHERS_BYTES : 0;
    if (this.disk.freeBytes - this.takenBytes < bytes + margin) return false;
    this.takenBytes += bytes;
    this.inFlightBytes = bytes;
    return true;
  }

  /** What was taken is written, or never will be. */
  settled(): void {
    this.inFlightBytes = 0;
  }

  /** Measures now. */
  async refresh(): Promise<SpaceState> {
    const { takenBytes, inFlightBytes } = this;
    const disk = await this.measure();
    if (this.stopped) return this.current;
    this.disk = disk;
    // Measured twice at once, it is not to be subtracted twice.
    this.takenBytes = Math.max(this.takenBytes - takenBytes + inFlightBytes, this.inFlightBytes);
    const factor = this.current === 'low' ? RECOVERY_FACTOR : 1;
    this.enter(this.stateOf(disk, factor));
    return this.current;
  }

  /** There was no room for a commit, whatever was measured. `wantedBytes`: before there is so much, space is not `ok` again. */
  reportFull(wantedBytes = 0): void {
    this.wantedBytes = wantedBytes;
    this.enter('low');
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.stopPolling?.();
  }

  /** A disk without any room is full, also where no limit is wanted: a write that is cut short is judged by it. */
  private stateOf({ freeBytes, totalBytes }: DiskSpace, factor: number): SpaceState {
    const limit = Math.min(this.options.lowBytes, totalBytes * this.options.lowFraction) * factor;
    return freeBytes === 0 || freeBytes < Math.max(limit, this.wantedBytes) ? 'low' : 'ok';
  }

  private enter(state: SpaceState): void {
    if (state === this.current) return;
    this.current = state;
    if (state === 'ok') this.wantedBytes = 0;
    for (const listener of [...this.listeners]) listener(state);
  }

  private async poll(): Promise<void> {
    try {
      await this.refresh();
    } catch {
      // A disk that cannot be measured is judged by its commits; the last measurement stands.
    }
  }
}
