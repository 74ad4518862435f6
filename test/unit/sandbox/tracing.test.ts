// An execution that is looked into: it says where its code waits, in the lines of the user's files.
import { expect, test } from 'vitest';
import { Execution, realmOf, returned } from './sandbox.ts';

const WORKFLOWS = `export async function waits() {
  await new Promise(() => {});
}
export async function hurries() {
  for (let i = 0; i < 3; i++) await null;
  return 'done';
}`;

for (const isolation of ['auto', 'context'] as const) {
  test(`waiting code is told by its line, with isolation ${isolation}`, async () => {
    const { realm } = await realmOf(WORKFLOWS, { isolation });
    const traced = realm.instantiateTraced();
    new Execution(traced).begin('waits');
    expect(realm.userStacks(traced.waiting())).toContainEqual(
      expect.stringMatching(/^ {4}at waits \(\S+workflows\.ts:2:\d+\)/),
    );
    traced.dispose();
    expect(traced.waiting()).toBe('');
  });

  test(`code that waits no more is told nothing of, with isolation ${isolation}`, async () => {
    const { realm, run } = await realmOf(WORKFLOWS, { isolation });
    const traced = realm.instantiateTraced();
    expect(returned(new Execution(traced).begin('hurries'))).toBe('done');
    expect(realm.userStacks(traced.waiting()).join()).not.toContain('workflows.ts');
    expect(run('hurries')).toBe('done');
  });
}
