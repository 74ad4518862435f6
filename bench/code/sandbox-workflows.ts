// What the sandbox bench runs: one activity after the other, for ever; and nothing at all.
import { proxyActivities } from 'troupe/workflow';

interface Activities {
  step(n: number): Promise<number>;
}

const { step } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });

export async function steps(): Promise<void> {
  for (let n = 0; ; n = await step(n));
}

export function nothing(): void {
  // Completes in its first turn.
}
