import { proxyActivities, sleep } from 'troupe/workflow';

const { bill } = proxyActivities<{ bill(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

export async function order(): Promise<string> {
  await bill();
  await sleep('1 hour');
  return 'done';
}
