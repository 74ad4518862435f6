import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from 'troupe/workflow';
import type * as activities from '../activities/first.ts';

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });
const RETRY = { maximumAttempts: 2 };
const everything = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute', retry: RETRY });
const NAMES = ['Ada', 'Grace'] as const;

export const approve = defineSignal<[string]>('approve');
export const state = defineQuery<string>('state');

export async function nothing(): Promise<string> {
  return 'done';
}

export async function oneActivity(name: string): Promise<string> {
  return greet(name);
}

/** This module has no state of its own: all executions have the same proxies and constants. */
export async function byConstants(): Promise<readonly string[]> {
  const greetings: string[] = [];
  for (const name of NAMES) greetings.push(await everything.greet(name));
  return greetings;
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
