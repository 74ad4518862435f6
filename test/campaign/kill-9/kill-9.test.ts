import { expect, test } from 'vitest';
import { report } from '../report.ts';
import { killCampaign } from './campaign.ts';

/** Kills with operations in flight, by tier. */
const KILLS = { small: 8, ci: 100, full: 1_000 };
const tier = (process.env['TROUPE_TIER'] ?? 'small') as keyof typeof KILLS;

test('nothing acknowledged is lost and no result is recorded twice, however often the process is killed', async () => {
  const seed = Number(process.env['TROUPE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const startedAt = Date.now();
  const result = await killCampaign({ seed, kills: KILLS[tier], threads: 1, loops: 12 });
  const { faults, ...counters } = result;
  report({ campaign: 'kill-9', seeds: { first: seed, count: 1 }, counters, faults, startedAt });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(result.kills).toBeGreaterThanOrEqual(KILLS[tier]);
  expect(result.acknowledged).toBeGreaterThan(0);
});
