// Which function runs where, and when two workers are the same.
import { expect, test } from 'vitest';
import type { ActivityPool } from '../../../src/model/activity-pool';
import type { RunningAttempt } from '../../../src/model/worker';
import { createActivityRunner } from '../../../src/worker/activity-runner';
import { FakePort, recordingLogger, taskOf } from '../activity/fixtures';

const poolOf = (...names: string[]): ActivityPool => ({
  names,
  run: (task): RunningAttempt => ({
    outcome: Promise.resolve({ kind: 'completed', result: JSON.stringify(`pool ${task.activityType}`) }),
    cancel: () => undefined,
  }),
  close: async () => undefined,
});
const { logger } = recordingLogger();
const whereRuns = async (
  type: string,
  activities: object | undefined,
  pool: ActivityPool,
): Promise<string | undefined> => {
  const outcome = await createActivityRunner(activities, { pool, logger }).run(taskOf(type), new FakePort())
    .outcome;
  return outcome.kind === 'completed' ? (outcome.result as string) : undefined;
};

test('a function runs on the host thread, one of the pool on the pool', async () => {
  const activities = { wait: () => 'host' };
  expect(await whereRuns('wait', activities, poolOf('hash'))).toBe('"host"');
  expect(await whereRuns('hash', activities, poolOf('hash'))).toBe('"pool hash"');
  expect(await whereRuns('hash', undefined, poolOf('hash'))).toBe('"pool hash"');
});

test('the default activity may be on either side; names come first', async () => {
  expect(await whereRuns('any', { wait: () => 'host' }, poolOf('default'))).toBe('"pool any"');
  expect(await whereRuns('wait', { wait: () => 'host' }, poolOf('default'))).toBe('"host"');
  expect(await whereRuns('any', { default: () => 'host' }, poolOf('hash'))).toBe('"host"');
  expect(await whereRuns('hash', { default: () => 'host' }, poolOf('hash'))).toBe('"pool hash"');
});

test('an unknown name lists those of both sides', async () => {
  const runner = createActivityRunner({ wait: () => 1 }, { pool: poolOf('hash'), logger });
  const outcome = await runner.run(taskOf('ship'), new FakePort()).outcome;
  expect(outcome.kind === 'failed' && outcome.failure.message).toContain('["hash","wait"]');
});

test('a name on both sides is refused', () => {
  expect(() => createActivityRunner({ hash: () => 1 }, { pool: poolOf('hash'), logger })).toThrow(
    "both have 'hash'",
  );
});

test('runners are the same when their functions are, by name and text', () => {
  const factory = (value: number) => ({ b: async () => value, a: async () => value });
  const print = (activities: object, poolHash = ''): string =>
    createActivityRunner(activities, { logger, poolHash }).fingerprint;
  expect(print(factory(1))).toBe(print(factory(2)));
  expect(print({ ...factory(1), c: async () => 1 })).not.toBe(print(factory(1)));
  expect(print({ a: async () => 1 })).not.toBe(print({ a: async () => 2 }));
  expect(print(factory(1), 'x')).not.toBe(print(factory(1), 'y'));
});
