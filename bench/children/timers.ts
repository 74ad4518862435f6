// Starts workflows that sleep until a moment of their own, lets all of them leave memory, and watches how they wake up: as densely as
// a million in a minute.
import { setTimeout as sleep } from 'node:timers/promises';
import { Troupe } from 'troupe';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { atOnce } from '../lib/in-batches.ts';
import { CpuMeter, residentBytes } from '../lib/machine.ts';
import { untilResident } from '../lib/resident.ts';
import { StallProbe } from '../lib/stalls.ts';
import type { Stalls } from '../lib/stalls.ts';
import { Samples } from '../lib/statistics.ts';
import type { Latency } from '../lib/statistics.ts';

export interface TimersJob {
  readonly folder: string;
  readonly threads?: number;
  readonly workflows: number;
}
export interface TimersReport extends Stalls {
  readonly kind: 'timers';
  readonly startedPerSecond: number;
  readonly firedPerSecond: number;
  /** From the moment that was asked for until the workflow's end is durable. */
  readonly lateness: Latency;
  /** When all sleep and none is in memory; and the most while they wake up. */
  readonly residentBytes: number;
  readonly peakBytes: number;
  readonly cores: number;
  readonly foreign: number;
}

/** One in so many milliseconds: a million in a minute. */
const APART_MS = 60_000 / 1_000_000;
const WARM_UP = 2_000;
/** The pace is taken of so many, once V8 has compiled: a cold one would put off a million timers by an hour. */
const PACE_SHARE = 1 / 50;
/** All must be asleep when the first is due: the pace may not last. */
const MARGIN = 1.5;
const MARGIN_MS = 5_000;
const LOOK_MS = 250;
/** What sleeps leaves for want of room, as fast as it is started: for idleness alone it is 4,000/s (src/actors/residency.ts). */
const CACHE_BYTES = 64 * 2 ** 20;

const { folder, threads, workflows } = readJob<TimersJob>();
const troupe = await Troupe.open({
  path: folder,
  ...(threads !== undefined && { threads }),
  workflowsPath: WORKFLOWS,
  idleEvict: '500 ms',
  cacheBytes: CACHE_BYTES,
});
const guard = new DurabilityGuard(troupe);
await startAll('warm-up', WARM_UP, () => Date.now());
const paced = Math.max(WARM_UP, Math.ceil(PACE_SHARE * workflows));
const paceMs = await startAll('pace', paced, () => Date.now());
await untilResident(troupe, 0);
const firstAt = Date.now() + MARGIN_MS + MARGIN * (paceMs / paced) * workflows;
const dueAt = (index: number): number => firstAt + index * APART_MS;
const startMs = await startAll('measured', workflows, dueAt);
await untilResident(troupe, 0);
const left = firstAt - Date.now();
if (left < 0) throw new Error(`the last workflow slept ${-left} ms after the first was due`);
const sleeping = residentBytes();
await sleep(left);
tell({ kind: 'due' });
const watched = await watch();
tell({
  kind: 'timers',
  startedPerSecond: (workflows * 1_000) / startMs,
  residentBytes: sleeping,
  ...watched,
} as TimersReport);
await troupe.close();
process.disconnect();

/** @returns how long it took. */
async function startAll(name: string, count: number, at: (index: number) => number): Promise<number> {
  const startedAt = performance.now();
  await atOnce(500, count, async (index) => {
    await troupe.client.workflow.start('sleepUntil', { workflowId: `${name}-${index}`, args: [at(index)] });
    guard.check();
  });
  return performance.now() - startedAt;
}

async function watch(): Promise<Omit<TimersReport, 'kind' | 'startedPerSecond' | 'residentBytes'>> {
  const samples = new Samples();
  const probe = new StallProbe();
  const cpu = new CpuMeter();
  const startedAt = performance.now();
  let peakBytes = 0;
  await new Promise<void>((resolve) => {
    const looking = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes())), LOOK_MS);
    troupe.on('workflowClosed', ({ execution }) => {
      samples.add(Date.now() - dueAt(Number(execution.workflowId.slice('measured-'.length))));
      if (samples.count < workflows) return;
      clearInterval(looking);
      resolve();
    });
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    ...probe.stop(),
    firedPerSecond: workflows / seconds,
    lateness: samples.latency(),
    peakBytes,
    ...cpu.read(),
  };
}
