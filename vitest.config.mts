// Three projects, by what a test needs: `unit` nothing but the sources, `behaviour` the built package, `campaign` time.
import { defineConfig } from 'vitest/config';

/** How long one test of a campaign may take, by tier (TROUPE_TIER). */
const CAMPAIGN_TIMEOUT_MS = { small: 180_000, ci: 30 * 60_000, full: 24 * 3_600_000 };
const tier = (process.env['TROUPE_TIER'] ?? 'small') as keyof typeof CAMPAIGN_TIMEOUT_MS;

export default defineConfig({
  test: {
    // LMDB must be opened on the main thread of its process: no worker threads.
    pool: 'forks',
    maxWorkers: 2,
    // The package under test is loaded by Node itself, as users load it: one CommonJS instance.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'behaviour',
          include: ['test/behaviour/**/*.test.ts'],
          testTimeout: 20_000,
          // Concurrent tests only wait for the clock.
          maxConcurrency: 20,
          // Code that was written for Temporal's SDK runs on ours.
          alias: [{ find: /^@temporalio\//, replacement: 'troupe/' }],
        },
      },
      {
        extends: true,
        test: {
          name: 'campaign',
          include: ['test/campaign/**/*.test.ts'],
          testTimeout: CAMPAIGN_TIMEOUT_MS[tier],
        },
      },
    ],
  },
});
