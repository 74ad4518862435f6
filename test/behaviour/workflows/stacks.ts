import {
  CancellationScope,
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
} from 'troupe/workflow';
import { waitsLonger } from './stacks-helper.ts';

const { first } = proxyActivities<{ first(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

export const end = defineSignal('end');

/** Has come through an activity, and waits in a function of another file. */
export async function deep(): Promise<string> {
  let ended = false;
  setHandler(end, () => void (ended = true));
  await first();
  await waitsLonger(() => ended);
  return 'ended';
}

/** Waits in two places at once, one of them in a scope and a timer that nobody waits for beside. */
export async function wide(): Promise<void> {
  void sleep('3 hours');
  await Promise.all([inScope(), condition(() => false, '2 hours')]);
}

async function inScope(): Promise<void> {
  await CancellationScope.cancellable(async () => {
    await sleep('1 hour');
  });
}

export async function brief(): Promise<string> {
  await sleep(1);
  return 'over';
}
