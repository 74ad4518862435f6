import { condition, defineSignal, proxyActivities, setHandler } from 'troupe/workflow';

const go = defineSignal('go');

export async function works(): Promise<string> {
  const { step } = proxyActivities<{ step(): Promise<string> }>({ startToCloseTimeout: '1 hour' });
  return step();
}

export async function rests(): Promise<void> {
  let isGoing = false;
  setHandler(go, () => void (isGoing = true));
  await condition(() => isGoing);
}
