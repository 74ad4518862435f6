// Temporal's workflows; its worker bundles this file.
import { condition, defineSignal, executeChild, proxyActivities, setHandler } from '@temporalio/workflow';

interface Activities {
  step(input: { ok: true; n: 1 }): Promise<{ ok: true; n: 1 }>;
}

const { step } = proxyActivities<Activities>({ startToCloseTimeout: '5 minutes' });
const INPUT = { ok: true, n: 1 } as const;

export async function nothing(): Promise<string> {
  return 'done';
}

export async function sequence(steps: number): Promise<number> {
  let sum = 0;
  for (let done = 0; done < steps; done += 1) sum += (await step(INPUT)).n;
  return sum;
}

export async function fanOut(width: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: width }, () => step(INPUT)));
  return results.reduce((sum, { n }) => sum + n, 0);
}

export async function parent(children: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: children }, () => executeChild(nothing)));
  return results.length;
}

export async function receive(messages: number): Promise<number> {
  let received = 0;
  setHandler(defineSignal<[typeof INPUT]>('message'), () => {
    received += 1;
  });
  await condition(() => received >= messages);
  return received;
}
