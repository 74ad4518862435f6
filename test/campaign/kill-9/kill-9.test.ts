import { expect, test } from 'vitest';
import { killCampaign } from './campaign.ts';

/** Kills with operations in flight, by tier. */
const KILLS = { small: 8, ci: 100, full: 1_000 };
const tier = (process.env['TROUPE_TIER'] ?? 'small') as keyof typeof KILLS;

test('nothing acknowledged is lost and no result is recorded twice, however often the process is killed', async () => {
  const seed = Number(process.env['TROUPE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const result = await killCampaign({ seed, kills: KILLS[tier], threads: 1, loops: 12 });
  console.log(`kill -9: seed ${seed} ${JSON.stringify(result)}`);
  expect(result.faults, `seed ${seed}`).toEqual([]);
  expect(result.kills).toBeGreaterThanOrEqual(KILLS[tier]);
  expect(result.acknowledged).toBeGreaterThan(0);
});
