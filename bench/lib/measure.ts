// Repeats a measurement until there are enough undisturbed ones, and makes a row of them.
import { median } from './statistics.ts';
import type { Latency } from './statistics.ts';

/** One figure of the table. */
export interface Row {
  /** Whose figure it is, where several stand side by side. */
  readonly peer?: string;
  /** `W1` … : the same names in every report. */
  readonly workload: string;
  readonly what: string;
  readonly inFlight?: number;
  readonly unit: string;
  /** One for each repetition. */
  readonly values: readonly number[];
  readonly better: 'higher' | 'lower';
  readonly latencyMs?: Latency;
  /** Cores that the process kept busy. */
  readonly cores?: number;
  /** Share of the machine that others used, in the worst repetition. */
  readonly foreign?: number;
  readonly note?: string;
}

/** One repetition. */
export interface Sample {
  readonly value: number;
  readonly latency?: Latency;
  readonly cores?: number;
  readonly foreign?: number;
  readonly note?: string;
}

export interface RowName {
  readonly peer?: string;
  readonly workload: string;
  readonly what: string;
  readonly inFlight?: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
}

/** A repetition during which others used more than this of the machine is made again. */
export const FOREIGN_MAX = 0.12;

export interface Repeats {
  readonly repetitions: number;
  /** So many more at most for disturbed ones: on a machine that is never quiet the row says so. */
  readonly extraMax: number;
}

export async function repeat(name: RowName, repeats: Repeats, run: () => Promise<Sample>): Promise<Row> {
  const samples: Sample[] = [];
  let extra = 0;
  while (samples.length < repeats.repetitions) {
    const sample = await run();
    if ((sample.foreign ?? 0) > FOREIGN_MAX && extra < repeats.extraMax) extra += 1;
    else samples.push(sample);
  }
  const middle = median(samples.map(({ value }) => value));
  const typical = samples.find(({ value }) => value === middle) ?? samples[0];
  const foreign = Math.max(0, ...samples.map((sample) => sample.foreign ?? 0));
  return {
    ...name,
    values: samples.map(({ value }) => value),
    ...(typical?.latency && { latencyMs: typical.latency }),
    ...(typical?.cores !== undefined && { cores: typical.cores }),
    foreign,
    ...(typical?.note !== undefined && { note: typical.note }),
  };
}
