// The end of a run that its workflow outlives.
import { expect, test } from 'vitest';
import {
  ContinueAsNew,
  continueAsNew,
  defineSignal,
  makeContinueAsNewFunc,
  setHandler,
  sleep,
} from '../../../src/workflow/index.ts';
import { Driver, fire, kinds, resultOf, signal } from './driver.ts';

test('the next run is of the same type, on the same queue, with new arguments', async () => {
  const main = async (n: number) => continueAsNew<typeof main>(n + 1);
  expect(await new Driver({ workflows: { main }, args: [1] }).start()).toEqual([
    { kind: 'continueAsNew', workflowType: 'main', taskQueue: 'the-queue', input: ['2'], header: {} },
  ]);
});

test('every option reaches the command', async () => {
  type Other = (name: string) => Promise<void>;
  const main = () =>
    makeContinueAsNewFunc<Other>({
      workflowType: 'other',
      taskQueue: 'another',
      workflowRunTimeout: '1 minute',
      workflowTaskTimeout: '5s',
      backoffStartInterval: '2s',
      memo: { handedOver: true },
      searchAttributes: { Colour: ['blue'] },
    })('Ada');
  const commands = await new Driver({ workflows: { main } }).start();
  expect(commands).toMatchObject([
    {
      kind: 'continueAsNew',
      workflowType: 'other',
      taskQueue: 'another',
      input: ['"Ada"'],
      runTimeoutMs: 60_000,
      taskTimeoutMs: 5_000,
      backoffStartIntervalMs: 2_000,
      memo: { handedOver: 'true' },
      searchAttributes: { Colour: expect.anything() as unknown },
    },
  ]);
});

test('it takes effect when it leaves the workflow: code may run behind it', async () => {
  const main = async () => {
    try {
      return await continueAsNew();
    } catch (error) {
      await sleep(1);
      throw error;
    }
  };
  const driver = new Driver({ workflows: { main } });
  expect(kinds(await driver.start())).toEqual(['startTimer']);
  expect(kinds(await driver.turn(fire(1)))).toEqual(['continueAsNew']);
});

test('it is an error of its own class, which may be caught and kept', async () => {
  const main = async () => continueAsNew().catch((error: unknown) => error instanceof ContinueAsNew);
  expect(resultOf(await new Driver({ workflows: { main } }).start())).toBe(true);
});

test('a handler may do it, too', async () => {
  const main = async () => {
    setHandler(defineSignal('go'), async () => continueAsNew());
    await sleep(1);
  };
  const driver = new Driver({ workflows: { main } });
  expect(kinds(await driver.start(signal('go')))).toEqual(['startTimer', 'continueAsNew']);
});

test('arguments without a JSON form fail the task', async () => {
  const main = async () => continueAsNew<(n: bigint) => Promise<never>>(1n);
  const driver = new Driver({ workflows: { main } });
  expect((await driver.fail(driver.initialize())).message).toMatch(/args\[0\].*BigInt/i);
});
