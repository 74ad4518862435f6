import {
  type ActivityOptions,
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from 'troupe/workflow';

type AnyActivities = Record<string, (...args: unknown[]) => Promise<unknown>>;
export const go = defineSignal('go');

export async function call(options: ActivityOptions, name: string, ...args: unknown[]): Promise<unknown> {
  return proxyActivities<AnyActivities>(options)[name]?.(...args);
}

export async function whichQueue(): Promise<string> {
  return workflowInfo().taskQueue;
}

export async function waits(): Promise<string> {
  let isGoing = false;
  setHandler(go, () => void (isGoing = true));
  await condition(() => isGoing);
  return 'went';
}

export async function throwsPlain(): Promise<void> {
  throw new Error('a mistake');
}

/** Two activities with a pause between them. */
export async function job(number: number): Promise<string> {
  const { step } = proxyActivities<{ step(what: string): Promise<string> }>({
    startToCloseTimeout: '1 minute',
  });
  const first = await step(`${number}a`);
  await sleep(2);
  return `${first} ${await step(`${number}b`)}`;
}

export async function fanOut(count: number): Promise<number> {
  const { slow } = proxyActivities<{ slow(): Promise<number> }>({ startToCloseTimeout: '1 minute' });
  const atOnce = await Promise.all(Array.from({ length: count }, () => slow()));
  return Math.max(...atOnce);
}

export async function endless(): Promise<void> {
  for (;;);
}

export async function monthly(months: number): Promise<number[]> {
  const moments: number[] = [];
  for (let month = 0; month < months; month += 1) {
    moments.push(Date.now());
    await sleep('30 days');
  }
  return moments;
}

export async function retriesForDays(): Promise<number> {
  const { flaky } = proxyActivities<{ flaky(): Promise<number> }>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 day', backoffCoefficient: 1, maximumAttempts: 5 },
  });
  return flaky();
}
