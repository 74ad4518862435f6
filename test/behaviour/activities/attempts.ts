// Activities whose attempts end in every way there is. What happened in an attempt is told to the test by `trace`.
import {
  activityInfo,
  ApplicationFailure,
  cancellationSignal,
  cancelled,
  CompleteAsyncError,
  Context,
  heartbeat,
  sleep,
} from 'troupe/activity';
import { CancelledFailure } from 'troupe/common';

/** What attempts left behind, by activity id. */
export const trace = new Map<string, unknown[]>();
/** Task tokens of activities that somebody else completes, by workflow id. */
export const tokens = new Map<string, Uint8Array>();

function note(what: unknown): void {
  const { workflowExecution, activityId } = activityInfo();
  const key = `${workflowExecution?.workflowId}/${activityId}`;
  const list = trace.get(key) ?? [];
  list.push(what);
  trace.set(key, list);
}

export async function succeed(value: unknown): Promise<unknown> {
  return value;
}

/** Fails until its attempt number is `lastFailing` + 1. */
export async function failUntil(lastFailing: number): Promise<number> {
  const { attempt } = activityInfo();
  note(Date.now());
  if (attempt <= lastFailing) throw new Error(`attempt ${attempt}`);
  return attempt;
}

export async function failWith(options: Parameters<typeof ApplicationFailure.create>[0]): Promise<number> {
  const { attempt } = activityInfo();
  note(attempt);
  if (attempt >= 3) return attempt;
  throw ApplicationFailure.create({ ...options, cause: new RangeError('the root of it') });
}

class PaymentRefused extends Error {}

export async function throwOwnClass(): Promise<void> {
  note(activityInfo().attempt);
  throw new PaymentRefused('no money');
}

export async function throwText(): Promise<void> {
  const thrown: unknown = 'only a text';
  throw thrown;
}

/** Never ends by itself; stops at once when it is told to. */
export async function hang(): Promise<void> {
  note('began');
  try {
    await cancelled();
  } finally {
    note(`stopped: ${cancellationSignal().aborted}`);
  }
}

/** Heartbeats until it is told to stop; says `answer` then, or how it went. */
export async function heartbeatUntilCancelled(answer: 'rethrow' | 'ignore' | 'fail'): Promise<string> {
  note('began');
  for (;;) {
    heartbeat('alive');
    try {
      await sleep(5);
    } catch (error) {
      note(error instanceof CancelledFailure ? 'CancelledFailure' : 'something else');
      if (answer === 'ignore') return 'finished all the same';
      if (answer === 'fail') throw ApplicationFailure.nonRetryable('clean-up failed');
      throw error;
    }
  }
}

/** Counts to `to`, one heartbeat each, and dies once at `dieAt`; the next attempt goes on from there. */
export async function countWithHeartbeats(to: number, dieAt: number): Promise<number[]> {
  const info = activityInfo();
  const last: unknown = info.heartbeatDetails;
  const counted: number[] = [];
  for (let next = ((last as number | undefined) ?? 0) + 1; next <= to; next += 1) {
    heartbeat(next);
    counted.push(next);
    if (info.attempt === 1 && next === dieAt) throw new Error('died');
  }
  return counted;
}

/** Heartbeats once and then never again. */
export async function goSilent(): Promise<string> {
  const info = activityInfo();
  const heartbeatDetails: unknown = info.heartbeatDetails;
  note(heartbeatDetails);
  if (info.attempt > 1) return `resumed from ${JSON.stringify(heartbeatDetails)}`;
  heartbeat({ page: 7 });
  await Context.current().cancelled;
  return 'never';
}

export async function somebodyElse(): Promise<void> {
  const { workflowExecution, taskToken } = activityInfo();
  tokens.set(workflowExecution?.workflowId ?? '', taskToken);
  throw new CompleteAsyncError();
}

export async function describeAttempt(): Promise<object> {
  const { taskToken: _token, base64TaskToken: _base64, ...info } = activityInfo();
  const key = `${info.workflowExecution?.runId}/${info.activityId}`;
  note(key);
  if (info.attempt === 1) throw new Error('once');
  return { ...info, key };
}

export async function unserialisable(): Promise<unknown> {
  return { count: 1n };
}

export async function tooLarge(): Promise<string> {
  return 'x'.repeat(2 * 1_024 * 1_024 + 1);
}

export async function logs(): Promise<void> {
  Context.current().log.warn('from an activity', { page: 3 });
}
