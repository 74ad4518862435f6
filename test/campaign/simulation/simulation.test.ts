import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';
import { interpreterBundle } from './world.ts';

/** Seeds, by tier. */
const SEEDS = { small: 30, ci: 400, full: 4_000 };
const tier = (process.env['TROUPE_TIER'] ?? 'small') as keyof typeof SEEDS;

test('whatever crashes, nothing acknowledged is lost, nothing happens twice, and everything comes to its end', async () => {
  const bundle = await interpreterBundle();
  const wanted = process.env['TROUPE_SEED'];
  const first = wanted === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(wanted);
  const count = wanted === undefined ? SEEDS[tier] : 1;
  const total = { seeds: 0, crashes: 0, lostLanes: 0, attempts: 0, events: 0, acknowledged: 0, virtualMs: 0 };
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await simulate({ seed, bundle, workflows: 6, steps: 1_500 });
    expect(result.faults, `TROUPE_SEED=${seed}`).toEqual([]);
    total.seeds += 1;
    for (const key of ['crashes', 'lostLanes', 'attempts', 'events', 'acknowledged', 'virtualMs'] as const)
      total[key] += result[key];
  }
  console.log(`simulation: seeds from ${first}, ${JSON.stringify(total)}`);
  expect(total.crashes).toBeGreaterThan(0);
});
