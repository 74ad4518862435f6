import { expect, test } from 'vitest';
import { report, type Fault } from '../report.ts';
import { simulate } from './simulate.ts';
import { interpreterBundle } from './world.ts';

/** Seeds, by tier: fewer where a loaded machine needs longer. What was run is what the ledger says. */
const SEEDS = { small: 30, ci: 400, full: 4_000 };
const BUDGET_MS = { small: 45_000, ci: 8 * 60_000, full: 50 * 60_000 };
const tier = (process.env['TROUPE_TIER'] ?? 'small') as keyof typeof SEEDS;

test('whatever crashes, nothing acknowledged is lost, nothing happens twice, and everything comes to its end', async () => {
  const startedAt = Date.now();
  const bundle = await interpreterBundle();
  const wanted = process.env['TROUPE_SEED'];
  const first = wanted === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(wanted);
  const most = wanted === undefined ? SEEDS[tier] : 1;
  const counters: Record<string, number> = {};
  const faults: Fault[] = [];
  let seed = first;
  const isTimeLeft = (): boolean => Date.now() < startedAt + BUDGET_MS[tier];
  for (; seed < first + most && faults.length === 0 && (seed === first || isTimeLeft()); seed += 1) {
    const {
      faults: found,
      seed: _,
      ...counts
    } = await simulate({ seed, bundle, workflows: 6, steps: 1_500 });
    for (const [name, count] of Object.entries(counts)) counters[name] = (counters[name] ?? 0) + count;
    faults.push(...found);
  }
  report({ campaign: 'simulation', seeds: { first, count: seed - first }, counters, faults, startedAt });
  expect(faults, `TROUPE_SEED=${seed - 1}`).toEqual([]);
  expect(counters['crashes']).toBeGreaterThan(0);
});
