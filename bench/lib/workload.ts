// What a workload is, and what it is given.
import type { Troupe, TroupeOptions } from 'troupe';
import type { DurabilityGuard } from './durability.ts';
import type { Window } from './loop.ts';
import type { Repeats, Row } from './measure.ts';

export interface Workload {
  /** `W1`: the name in reports and for --only. */
  readonly id: string;
  readonly title: string;
  /** Left out of a quick run, unless it is asked for by name. */
  readonly isLong?: true;
  run(bench: Bench): Promise<readonly Row[]>;
}

export interface Bench {
  readonly repeats: Repeats;
  /** For what takes long: whole processes and large stores. */
  readonly longRepeats: Repeats;
  readonly window: Window;
  readonly engine: EngineChoice;
  /** A folder on the disk that is measured: empty, and removed afterwards. */
  inFreshFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result>;
  /** With --keep: the folder that a run before has left under this name, if there was one. Otherwise a fresh one. */
  inKeptFolder<Result>(name: string, use: (folder: string) => Promise<Result>): Promise<Result>;
  /** Opens an engine on a fresh store, and closes it. */
  withTroupe<Result>(use: (opened: Opened) => Promise<Result>, more?: TroupeOptions): Promise<Result>;
  /** Picks the size of something by mode. */
  size<T>(sizes: { readonly quick: T; readonly full: T }): T;
  /** The same, unless the command line says how large it is to be. */
  scale(sizes: { readonly quick: number; readonly full: number }): number;
  progress(text: string): void;
}

export interface Opened {
  readonly troupe: Troupe;
  readonly guard: DurabilityGuard;
  /** A workflow id that was never used before. */
  readonly nextId: () => string;
}

/** What the command line says about the engine; the rest is its default. */
export interface EngineChoice {
  readonly store: 'lmdb' | 'memory';
  readonly threads?: number;
}

/** Options that hold for every engine of a bench, beside its store. */
export const BENCH_OPTIONS = {
  // Trivial activities: their number at once is the workload's to say.
  maxConcurrentActivityTaskExecutions: 4_000,
} satisfies TroupeOptions;
