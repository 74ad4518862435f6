import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from 'troupe/workflow';
import type * as activities from '../activities/first.ts';

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export const approve = defineSignal<[string]>('approve');
export const state = defineQuery<string>('state');

export async function nothing(): Promise<string> {
  return 'done';
}

export async function oneActivity(name: string): Promise<string> {
  return greet(name);
}

export async function approval(): Promise<string> {
  let by: string | undefined;
  let now = 'waiting';
  setHandler(approve, (name) => void (by = name));
  setHandler(state, () => now);
  if (!(await condition(() => by !== undefined, '30 days'))) return 'expired';
  now = 'approved';
  await sleep(1);
  return `approved by ${by}`;
}
