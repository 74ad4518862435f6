import { proxyActivities, sleep } from 'troupe/workflow';

const { charge } = proxyActivities<{ charge(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** What was deployed when the workflow began. */
export async function order(): Promise<string> {
  await charge();
  await sleep('1 hour');
  return 'done';
}
