import { sleep } from 'troupe/workflow';

/** Keeps all that it makes, until its thread has no memory left. */
export async function hog(): Promise<void> {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(500_000).fill(0.5));
}

export async function innocent(): Promise<string> {
  await sleep(20);
  return 'fine';
}
