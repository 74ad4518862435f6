import { proxyActivities } from 'troupe/workflow';

const { charge, ship } = proxyActivities<{ charge(): Promise<void>; ship(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

export async function order(): Promise<string> {
  await charge();
  await send();
  return 'done';
}

async function send(): Promise<void> {
  await ship();
}
