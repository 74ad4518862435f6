// The token by which somebody else completes an activity: which attempt of which activity of which run. Pure.
// Its first byte is the version of its form; what follows is JSON.
import type { ActivityRef } from '../model/message';
import { namespace, runId, workflowId, type Address } from '../model/ids';
import { compact } from './compact';
import { decodeUtf8Strict, encodeUtf8 } from './payload/utf8';

/** The attempt that a token names. */
export interface TaskTokenContent {
  readonly to: Address;
  readonly activity: Extract<ActivityRef, { readonly kind: 'attempt' }>;
}

const VERSION = 1;

export function encodeTaskToken({ to, activity }: TaskTokenContent): Uint8Array {
  const fields = [to.namespace, to.workflowId, to.runId ?? null, activity.scheduledEventId, activity.attempt];
  const content = encodeUtf8(JSON.stringify(fields));
  const token = new Uint8Array(content.length + 1);
  token[0] = VERSION;
  token.set(content, 1);
  return token;
}

/** @returns undefined when `token` is none of ours */
export function decodeTaskToken(token: Uint8Array): TaskTokenContent | undefined {
  if (token[0] !== VERSION) return undefined;
  const text = decodeUtf8Strict(token.subarray(1));
  if (text === undefined) return undefined;
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields)) return undefined;
  const [space, id, run, scheduledEventId, attempt] = fields as unknown[];
  if (typeof space !== 'string' || typeof id !== 'string' || (typeof run !== 'string' && run !== null)) {
    return undefined;
  }
  if (!Number.isSafeInteger(scheduledEventId) || !Number.isSafeInteger(attempt)) return undefined;
  return {
    to: compact<Address>({
      namespace: namespace(space),
      workflowId: workflowId(id),
      runId: run === null ? undefined : runId(run),
    }),
    activity: { kind: 'attempt', scheduledEventId: scheduledEventId as number, attempt: attempt as number },
  };
}
