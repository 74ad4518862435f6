import { proxyActivities, sleep } from 'troupe/workflow';

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
