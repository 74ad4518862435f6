// A campaign that cannot fail proves nothing: each mutant must be found, and by an invariant that it breaks. What else goes wrong in its
// wake (somebody waits for ever, a child is gone) is no proof, and none of its seeds is bound to show the right fault first.
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { simulate } from './simulate.ts';
import { interpreterBundle } from './world.ts';

/** Seeds within which every mutant is found. They are the same in every run. */
const SEEDS_MAX = 20;

for (const mutant of MUTANTS) {
  test(`the simulation finds out when ${mutant.name}`, async () => {
    const bundle = await interpreterBundle();
    const others: string[] = [];
    for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
      const { faults } = await simulate({ seed, bundle, workflows: 6, steps: 1_500, mutant });
      if (faults.some(({ invariant }) => mutant.breaks.includes(invariant))) return;
      for (const { invariant, what } of faults) others.push(`seed ${seed}: ${invariant} ${what}`);
    }
    expect.fail(
      `no fault of ${mutant.breaks.join(', ')} with ${SEEDS_MAX} seeds, but:\n${others.join('\n')}`,
    );
  });
}
