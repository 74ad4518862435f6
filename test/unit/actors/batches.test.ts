// In how many batches a lane hands over what one drain has done: the host works on the first while the lane is at the next.
import { expect, test } from 'vitest';
import { decodeBatch } from '../../../src/wire/codec';
import { EngineWorld } from './engine-world';

const KB = 1_024;

/** What each batch of the starts of these workflows wrote, in bytes. */
async function batchesOf(inputs: readonly string[]): Promise<readonly number[]> {
  const batches: number[] = [];
  const world = await EngineWorld.open({
    wrapLanes: (lanes) => (setup, events) =>
      lanes(setup, {
        ...events,
        onBatch: (bytes) => {
          const { ops } = decodeBatch(bytes);
          if (ops.length > 0) batches.push(ops.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
          events.onBatch(bytes);
        },
      }),
  });
  const starts = inputs.map((input, n) => {
    const { options, ...request } = world.startRequest(`w${n}`, 'once');
    return world.request({ ...request, options: { ...options, input: [input] } });
  });
  await world.settle();
  await Promise.all(starts);
  return batches;
}

const text = (bytes: number): string => JSON.stringify('x'.repeat(bytes));

test('a batch ends when it has grown large', async () => {
  const batches = await batchesOf(Array.from({ length: 10 }, () => text(60 * KB)));
  expect(batches).toHaveLength(2);
  for (const bytes of batches) expect(bytes).toBeLessThan(400 * KB);
});

test('workflows that write little share one', async () => {
  expect(await batchesOf([text(10), text(10), text(10), text(10)])).toHaveLength(1);
});
