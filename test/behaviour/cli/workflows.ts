import { ApplicationFailure, condition, proxyActivities, sleep } from 'troupe/workflow';
import type * as activities from './activities.ts';

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export async function hello(name: string): Promise<string> {
  await sleep(1);
  return greet(name);
}

export async function fails(): Promise<void> {
  throw ApplicationFailure.create({
    message: 'the outer',
    type: 'Outer',
    cause: new Error('the inner'),
  });
}

export async function waits(): Promise<void> {
  await condition(() => false);
}
