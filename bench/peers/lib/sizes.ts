// How much is measured: in full, or for a first impression.
import type { Sizes } from './workloads.ts';

export interface SizeChoice {
  readonly isQuick: boolean;
  readonly seconds: number | undefined;
  readonly repetitions: number | undefined;
  readonly callers: readonly number[] | undefined;
}

export function sizesOf({ isQuick, seconds, repetitions, callers }: SizeChoice): Sizes {
  return {
    callers: callers ?? (isQuick ? [1, 100] : [1, 10, 100, 1_000]),
    window: { warmUpMs: isQuick ? 1_000 : 2_500, windowMs: (seconds ?? (isQuick ? 2 : 10)) * 1_000 },
    repeats: { repetitions: repetitions ?? (isQuick ? 1 : 3), extraMax: isQuick ? 0 : 2 },
    steps: isQuick ? 200 : 1_000,
    messages: isQuick ? 20 : 100,
  };
}
