// Versions of workflow code that live side by side.
import { expect, test } from 'vitest';
import { deprecatePatch, patched, sleep } from '../../../src/workflow/index.ts';
import { Driver, fire, kinds, resultOf } from './driver.ts';

const REPLAY = { isReplaying: true };
const twice = async () => {
  const first = patched('change');
  await sleep(1);
  return [first, patched('change')];
};

test('in a new turn the new code runs, and history is told once', async () => {
  const driver = new Driver({ workflows: { main: twice } });
  expect(await driver.start()).toMatchObject([
    { kind: 'setPatchMarker', patchId: 'change', deprecated: false },
    { kind: 'startTimer' },
  ]);
  const commands = await driver.turn(fire(1));
  expect(kinds(commands)).toEqual(['completeWorkflow']);
  expect(resultOf(commands)).toEqual([true, true]);
});

test('a replay runs the new code if history has the patch, and asks for it again', async () => {
  const driver = new Driver({ workflows: { main: twice } });
  const jobs = [driver.initialize(), { kind: 'notifyHasPatch', patchId: 'change' } as const];
  expect(kinds((await driver.succeed(jobs, REPLAY)).commands)).toEqual(['setPatchMarker', 'startTimer']);
  expect(resultOf((await driver.succeed([fire(1)], REPLAY)).commands)).toEqual([true, true]);
});

test('a replay runs the old code otherwise; a new turn after it runs the new', async () => {
  const driver = new Driver({ workflows: { main: twice } });
  expect(kinds((await driver.succeed([driver.initialize()], REPLAY)).commands)).toEqual(['startTimer']);
  const commands = await driver.turn(fire(1));
  expect(kinds(commands)).toEqual(['setPatchMarker', 'completeWorkflow']);
  expect(resultOf(commands)).toEqual([false, true]);
});

test('a deprecated patch is marked as one, and decides nothing', async () => {
  const main = async () => {
    deprecatePatch('change');
    return patched('change');
  };
  const commands = await new Driver({ workflows: { main } }).start();
  expect(commands[0]).toEqual({ kind: 'setPatchMarker', patchId: 'change', deprecated: true });
  expect(resultOf(commands)).toBe(true);
});

test('before the workflow begins there is nothing to decide', async () => {
  const workflows = {
    get main(): () => Promise<boolean> {
      const isNew = patched('while its module loads');
      return async () => isNew;
    },
  };
  const driver = new Driver({ workflows });
  expect((await driver.fail(driver.initialize())).message).toBe(
    'Patches cannot be used before Workflow starts',
  );
  expect(() => patched('outside')).toThrow('Patches cannot be used before Workflow starts');
});
