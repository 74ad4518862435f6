// Activities that run on threads of their own.
import { activityInfo, cancelled, heartbeat, sleep } from 'troupe/activity';
import { isMainThread, threadId } from 'node:worker_threads';

export async function whereAmI(): Promise<{ isMainThread: boolean; threadId: number; attempt: number }> {
  return { isMainThread, threadId, attempt: activityInfo().attempt };
}

export async function compute(upTo: number): Promise<number> {
  let sum = 0;
  for (let index = 0; index < upTo; index += 1) sum += index % 7;
  return sum;
}

export async function failOnThread(): Promise<void> {
  throw new RangeError('on a thread');
}

export async function dieOnThread(): Promise<string> {
  if (activityInfo().attempt === 1) process.exit(3);
  return 'survived';
}

/** Nobody hears of the rejection: an error of the thread. */
export async function rejectOnThread(): Promise<string> {
  if (activityInfo().attempt === 1) void Promise.reject(new Error('nobody listens'));
  await sleep(5);
  return 'survived';
}

export async function waitOnThread(): Promise<void> {
  for (;;) {
    heartbeat();
    await Promise.race([sleep(5), cancelled()]);
  }
}
