// A campaign that cannot fail proves nothing: each mutant must be found, and by an invariant that it breaks.
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { simulate } from './simulate.ts';
import { interpreterBundle } from './world.ts';

/** Seeds within which every mutant is found. They are the same in every run. */
const SEEDS_MAX = 20;

for (const mutant of MUTANTS) {
  test(`the simulation finds out when ${mutant.name}`, async () => {
    const bundle = await interpreterBundle();
    for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
      const { faults } = await simulate({ seed, bundle, workflows: 6, steps: 1_500, mutant });
      const [first] = faults;
      if (first === undefined) continue;
      expect(mutant.breaks, `seed ${seed}: ${first.what}`).toContain(first.invariant);
      return;
    }
    expect.fail(`not found with ${SEEDS_MAX} seeds`);
  });
}
