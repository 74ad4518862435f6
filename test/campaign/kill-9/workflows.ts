// The workflows that are killed: numbers come in by signal, each is recorded by an activity, the sum is the result.
import {
  condition,
  defineQuery,
  defineSignal,
  executeChild,
  proxyActivities,
  setHandler,
  sleep,
} from 'troupe/workflow';
import type * as activities from './activities.ts';

const { record } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '10 ms' },
});

export const add = defineSignal<[number]>('add');
export const finish = defineSignal('finish');
export const sum = defineQuery<number>('sum');

/** Adds what it is signalled until it is told to finish; every number goes through an activity, every third through a timer. */
export async function ledger(): Promise<{ sum: number; count: number }> {
  const waiting: number[] = [];
  let isFinishing = false;
  let total = 0;
  let count = 0;
  setHandler(add, (value) => void waiting.push(value));
  setHandler(finish, () => void (isFinishing = true));
  setHandler(sum, () => total);
  for (;;) {
    await condition(() => waiting.length > 0 || isFinishing);
    const value = waiting.shift();
    if (value === undefined) return { sum: total, count };
    if (count % 3 === 2) await sleep(5);
    total += await record(value);
    count += 1;
  }
}

/** A parent whose children's results are added. */
export async function family(values: number[]): Promise<{ sum: number; count: number }> {
  const results = await Promise.all(values.map((value) => executeChild(single, { args: [value] })));
  return { sum: results.reduce((a, b) => a + b, 0), count: results.length };
}

export async function single(value: number): Promise<number> {
  await sleep(2);
  return record(value);
}
