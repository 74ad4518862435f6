import { continueAsNew, proxyActivities } from 'troupe/workflow';

const { charge } = proxyActivities<{ charge(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

export async function order(): Promise<string> {
  await charge();
  await continueAsNew<typeof order>();
  return 'never';
}
