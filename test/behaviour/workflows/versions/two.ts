import { proxyActivities } from 'troupe/workflow';

const { work } = proxyActivities<{ work(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** Asks for an activity where version one slept. */
export async function changing(): Promise<string> {
  await work();
  return 'two';
}
