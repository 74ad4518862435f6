// A workflow: ordinary code whose awaits survive a kill. It runs in a sandbox and reaches the world through activities.
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'troupe/workflow';
import type * as activities from './activities.ts';

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

export const stop = defineSignal('stop');
export const greeted = defineQuery<number>('greeted');

/** Greets everybody, then waits to be told to stop: for up to 30 days, and it costs nothing. */
export async function hello(names: readonly string[]): Promise<string> {
  let stopped = false;
  let count = 0;
  setHandler(stop, () => {
    stopped = true;
  });
  setHandler(greeted, () => count);

  const greetings: string[] = [];
  for (const name of names) {
    greetings.push(await greet(name));
    count += 1;
  }
  const told = await condition(() => stopped, '30 days');
  return `${greetings.join(' ')} (${told ? 'told to stop' : 'nobody came'})`;
}
