import { proxyActivities, sleep } from 'troupe/workflow';

const { charge } = proxyActivities<{ charge(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

export async function order(): Promise<string> {
  await charge();
  await Promise.race([sleep('1 hour'), sleep('2 hours')]);
  return 'done';
}
