// Opens and closes what a workload needs: an engine on a fresh store, folders on the measured disk.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Troupe } from 'troupe';
import * as activities from '../code/activities.ts';
import { DurabilityGuard } from './durability.ts';
import type { Window } from './loop.ts';
import { BENCH_OPTIONS } from './workload.ts';
import type { Bench, EngineChoice, Opened } from './workload.ts';

export const WORKFLOWS = new URL('../code/workflows.ts', import.meta.url);

const FULL: Window = { warmUpMs: 2_500, windowMs: 10_000 };
const EXTRA_MAX = 2;
const QUICK: Window = { warmUpMs: 150, windowMs: 400 };

export interface BenchOptions {
  readonly isQuick: boolean;
  readonly repetitions: number;
  /** How many, in workloads that can be of any size. Absent: by mode. */
  readonly chosenSize?: number | undefined;
  readonly engine: EngineChoice;
  readonly data: string;
  /** Where stores are kept from run to run. Absent: none is. */
  readonly kept?: string | undefined;
  readonly progress: (text: string) => void;
}

export function createBench(options: BenchOptions): Bench {
  const { isQuick, repetitions, chosenSize, engine, data, kept, progress } = options;
  const inFreshFolder: Bench['inFreshFolder'] = async (use) => {
    mkdirSync(data, { recursive: true });
    const folder = mkdtempSync(path.join(data, 'store-'));
    try {
      return await use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const extraMax = isQuick ? 0 : EXTRA_MAX;
  const size: Bench['size'] = (sizes) => (isQuick ? sizes.quick : sizes.full);
  return {
    repeats: { repetitions, extraMax },
    longRepeats: { repetitions: isQuick ? 1 : repetitions, extraMax },
    engine,
    window: isQuick ? QUICK : FULL,
    size,
    scale: (sizes) => chosenSize ?? size(sizes),
    inFreshFolder,
    inKeptFolder: async (name, use) => {
      if (kept === undefined) return inFreshFolder(use);
      const folder = path.join(kept, name);
      mkdirSync(folder, { recursive: true });
      return use(folder);
    },
    progress,
    withTroupe: (use, more = {}) =>
      inFreshFolder(async (folder) => {
        const { store, threads } = engine;
        const troupe = await Troupe.open({
          ...BENCH_OPTIONS,
          ...(store === 'memory' ? { store } : { path: folder }),
          ...(threads !== undefined && { threads }),
          workflowsPath: WORKFLOWS,
          activities,
          ...more,
        });
        try {
          return await use(opened(troupe));
        } finally {
          await troupe.close();
        }
      }),
  };
}

function opened(troupe: Troupe): Opened {
  let last = 0;
  const prefix = randomUUID();
  return {
    troupe,
    guard: new DurabilityGuard(troupe),
    nextId: () => `${prefix}-${(last += 1)}`,
  };
}
