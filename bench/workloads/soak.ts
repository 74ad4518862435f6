// What one process holds as it goes on and on: after so many workflows and after ten times as many; and with more in use than its
// budget has room for.
import type { MixJob, MixReport } from '../children/mix.ts';
import type { SoakJob, SoakReport } from '../children/soak.ts';
import { startChild } from '../lib/child.ts';
import type { Row } from '../lib/measure.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const SOAK = new URL('../children/soak.ts', import.meta.url);
const MIX = new URL('../children/mix.ts', import.meta.url);
const MB = 2 ** 20;
const CACHE_BYTES = 64 * MB;
const LARGE_EVERY = 20;
const LARGE_BYTES = 200_000;

export const soak: Workload = {
  id: 'soak',
  title: 'memory after N and 10 N workflows; and within a small budget',
  isLong: true,
  run: async (bench) => [await soakRow(bench), await mixRow(bench)],
};

function soakRow(bench: Bench): Promise<Row> {
  const workflows = bench.scale({ quick: 2_000, full: 20_000 });
  const what = `heap and external, more after ${(10 * workflows).toLocaleString('en-US')} than after ${workflows.toLocaleString('en-US')} workflows`;
  bench.progress(`soak ${what}`);
  return bench.inFreshFolder(async (folder) => {
    const job: SoakJob = { folder, workflows };
    const child = startChild(SOAK, job, ['--expose-gc']);
    const { before, after, perSecond } = await child.next<SoakReport>('soak');
    await child.ended();
    const grown = after.heap + after.external - before.heap - before.external;
    const note = `heap ${mb(before.heap)} → ${mb(after.heap)} MB, resident ${mb(before.resident)} → ${mb(after.resident)} MB, ${(grown / (9 * workflows)).toFixed(1)} bytes each, ${Math.round(perSecond).toLocaleString('en-US')}/s`;
    return { workload: 'soak', what, unit: 'MB', better: 'lower', values: [grown / MB], note };
  });
}

function mixRow(bench: Bench): Promise<Row> {
  const workflows = Math.min(bench.scale({ quick: 5_000, full: 20_000 }), 100_000);
  const what = `resident beyond an empty engine, with ${mb(CACHE_BYTES)} MB for ${workflows.toLocaleString('en-US')} workflows, large and small`;
  bench.progress(`soak ${what}`);
  return bench.inFreshFolder(async (folder) => {
    const large = { largeEvery: LARGE_EVERY, largeBytes: LARGE_BYTES };
    const job: MixJob = { folder, cacheBytes: CACHE_BYTES, workflows, ...large };
    const child = startChild(MIX, job, ['--expose-gc']);
    const { before, after, countedBytes, peakBytes, inMemory } = await child.next<MixReport>('mix');
    await child.ended();
    const held = after.heap + after.external - before.heap - before.external;
    const note = `heap and external ${mb(held)} MB, counted ${mb(countedBytes)} MB at most, ${inMemory.toLocaleString('en-US')} in memory at the end, ${mb(peakBytes - before.resident)} MB at most with garbage`;
    const values = [(after.resident - before.resident) / MB];
    return { workload: 'soak', what, unit: 'MB', better: 'lower', values, note };
  });
}

const mb = (bytes: number): string => (bytes / MB).toFixed(1);
