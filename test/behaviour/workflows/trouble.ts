import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from 'troupe/workflow';

const { absent } = proxyActivities<{ absent(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

export async function innocent(): Promise<string> {
  await sleep(20);
  return 'fine';
}

export async function endless(): Promise<void> {
  for (;;);
}

export async function callsAbsent(): Promise<void> {
  await absent();
}

export async function throwsPlain(): Promise<void> {
  throw new Error('a mistake in the code');
}

export async function rejectsUnheard(): Promise<string> {
  void Promise.reject(new Error('nobody listens'));
  await sleep(1);
  return 'never';
}

export const mend = defineSignal('mend');
export const end = defineSignal('end');
export const isMended = defineQuery<boolean>('isMended');

/** A mistake in the code until it is told otherwise. */
export async function failsUntilMended(): Promise<void> {
  let mended = false;
  let ended = false;
  setHandler(mend, () => void (mended = true));
  setHandler(isMended, () => mended);
  setHandler(end, () => void (ended = true));
  if (!mended) throw new Error('a mistake in the code');
  await condition(() => ended);
}
