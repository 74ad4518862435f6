// The closed loop: so many callers, each waiting for its answer before it asks again. And the open one: a fixed rate of
// arrivals, latency counted from when a call was due, so that a stall is charged to all who would have come meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { CpuMeter } from './machine.ts';
import { Samples } from './statistics.ts';
import type { Latency } from './statistics.ts';

export interface LoopResult {
  readonly completed: number;
  /** Completions per second, up to the last one: the drain counts. */
  readonly perSecond: number;
  readonly latency: Latency;
  readonly cores: number;
  readonly foreign: number;
}

/** One call; `index` is different in each. Rejects: the bench fails. */
export type Operation = (index: number) => Promise<void>;

export interface Window {
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** V8 compiles while it does the work that is measured next: the same work, again and again, for as long as the closed loop warms up. */
export async function warmUp({ warmUpMs }: Window, work: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + warmUpMs;
  do await work();
  while (performance.now() < until);
}

/** More callers than this tell a warm-up nothing. */
const WARM_UP_IN_FLIGHT_MAX = 128;

export async function closedLoop(
  inFlight: number,
  window: Window,
  operation: Operation,
  usedMs?: () => number,
): Promise<LoopResult> {
  let index = 0;
  const callFor = async (ms: number, callers: number, samples: Samples): Promise<number> => {
    const until = performance.now() + ms;
    let last = performance.now();
    const caller = async (): Promise<void> => {
      while (performance.now() < until) {
        const startedAt = performance.now();
        await operation(index++);
        last = performance.now();
        samples.add(last - startedAt);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return last;
  };
  await callFor(window.warmUpMs, Math.min(inFlight, WARM_UP_IN_FLIGHT_MAX), new Samples());
  const samples = new Samples();
  const cpu = new CpuMeter(usedMs);
  const startedAt = performance.now();
  const last = await callFor(window.windowMs, inFlight, samples);
  const { cores, foreign } = cpu.read();
  return {
    completed: samples.count,
    perSecond: (samples.count * 1_000) / (last - startedAt),
    latency: samples.latency(),
    cores,
    foreign,
  };
}

/** Calls arrive evenly at this rate, answered or not. */
export async function openLoop(perSecond: number, window: Window, operation: Operation): Promise<LoopResult> {
  let index = 0;
  const callFor = async (ms: number, samples: Samples): Promise<number> => {
    const startedAt = performance.now();
    const calls: Promise<void>[] = [];
    const total = Math.floor((ms * perSecond) / 1_000);
    let last = startedAt;
    const call = async (dueAt: number): Promise<void> => {
      await operation(index++);
      last = performance.now();
      samples.add(last - dueAt);
    };
    while (calls.length < total) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) + 1);
      while (calls.length < due) calls.push(call(startedAt + (calls.length * 1_000) / perSecond));
      await sleep(1);
    }
    await Promise.all(calls);
    return last;
  };
  await callFor(window.warmUpMs, new Samples());
  const samples = new Samples();
  const cpu = new CpuMeter();
  const startedAt = performance.now();
  const last = await callFor(window.windowMs, samples);
  const { cores, foreign } = cpu.read();
  return {
    completed: samples.count,
    perSecond: (samples.count * 1_000) / (last - startedAt),
    latency: samples.latency(),
    cores,
    foreign,
  };
}
