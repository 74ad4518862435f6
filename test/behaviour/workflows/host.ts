import { condition, defineSignal, proxyActivities, setHandler, sleep } from 'troupe/workflow';

interface Activities {
  later(): Promise<string>;
}
const { later } = proxyActivities<Activities>({
  startToCloseTimeout: '1 day',
  retry: { maximumAttempts: 3 },
});

export const add = defineSignal<[number]>('add');

export async function quarterOfAYear(): Promise<number> {
  const before = Date.now();
  await sleep('90 days');
  return Date.now() - before;
}

export async function sum(count: number): Promise<number> {
  const numbers: number[] = [];
  setHandler(add, (value) => void numbers.push(value));
  await condition(() => numbers.length >= count);
  return numbers.reduce((a, b) => a + b, 0);
}

export async function waitsForSomebody(): Promise<string> {
  return later();
}
