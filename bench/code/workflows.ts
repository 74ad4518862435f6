// The workflows that the benches run: one for each workload.
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

const { step, numberedStep, echoed } = proxyActivities<typeof activities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 ms' },
});
const INPUT = { ok: true, n: 1 } as const;

export const ping = defineSignal('ping');
export const value = defineQuery<number>('value');

export async function nothing(): Promise<string> {
  return 'done';
}

/** Activities one after the other: each durable before the next begins. */
export async function sequence(steps: number): Promise<number> {
  let sum = 0;
  for (let done = 0; done < steps; done += 1) sum += (await step(INPUT)).n;
  return sum;
}

/** The same, each step named, so that the bench can tell what was repeated. */
export async function namedSequence(name: string, steps: number): Promise<number> {
  let sum = 0;
  for (let done = 0; done < steps; done += 1) sum += await numberedStep(name, done);
  return sum;
}

export async function echo(text: string): Promise<string> {
  return echoed(text);
}

export async function fanOut(width: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: width }, () => step(INPUT)));
  return results.reduce((sum, { n }) => sum + n, 0);
}

export async function receive(messages: number): Promise<number> {
  let received = 0;
  setHandler(ping, () => {
    received += 1;
  });
  await condition(() => received >= messages);
  return received;
}

/** Answers queries until it is told to end. */
export async function answer(): Promise<void> {
  let ended = false;
  setHandler(ping, () => {
    ended = true;
  });
  setHandler(value, () => 42);
  await condition(() => ended);
}

export async function parent(children: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: children }, () => executeChild(nothing)));
  return results.length;
}

export async function suspended(): Promise<void> {
  await sleep('30 days');
}

export async function sleepUntil(at: number): Promise<void> {
  await sleep(Math.max(1, at - Date.now()));
}

/** So many activities, and then a rest; tells how many there were. */
export async function longLived(steps: number): Promise<void> {
  let done = 0;
  setHandler(value, () => done);
  for (; done < steps; done += 1) await step(INPUT);
  await condition(() => false);
}

/** Holds what it was given, and takes pings. */
export async function hold(text: string): Promise<void> {
  let received = 0;
  setHandler(ping, () => {
    received += 1;
  });
  setHandler(value, () => text.length + received);
  await condition(() => false);
}
