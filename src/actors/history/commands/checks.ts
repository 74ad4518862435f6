// Checks that several kinds of command have in common. Pure computation: each says what is wrong, or nothing.
import { utf8Length } from '../../../common/payload/utf8';
import type { Namespace } from '../../../model/ids';
import { ID_BYTES_MAX, MEMO_BYTES_MAX, PAYLOAD_BYTES_MAX } from '../../../model/limits';
import {
  SEARCH_ATTRIBUTE_BYTES_MAX,
  SEARCH_ATTRIBUTES_BYTES_MAX,
  SEARCH_ATTRIBUTES_MAX,
} from '../../../model/limits';
import {
  type PayloadMap,
  payloadMapSize,
  type Payloads,
  payloadSize,
  payloadsSize,
} from '../../../model/payload';
import type { RetryPolicy } from '../../../model/retry-policy';
import { retryPolicyProblem, withRetryDefaults } from '../retry';
import type { CommandRefusal } from './handler';

/** UTF-8 takes at most three bytes per UTF-16 unit. */
const SURELY_FITS = Math.floor(ID_BYTES_MAX / 3);
const RESERVED_QUEUE_PREFIX = '/_sys/';

export function idProblem(what: string, id: string): string | undefined {
  if (id === '') return `${what} is not set.`;
  return lengthProblem(what, id);
}

/** An absent task queue is the run's own. */
export function taskQueueProblem(taskQueue: string): string | undefined {
  if (taskQueue.startsWith(RESERVED_QUEUE_PREFIX)) {
    return `task queue names may not begin with ${RESERVED_QUEUE_PREFIX}.`;
  }
  return lengthProblem('TaskQueue', taskQueue);
}

export function timeoutProblem(timeouts: {
  readonly [name: string]: number | undefined;
}): string | undefined {
  for (const name in timeouts) {
    const timeoutMs = timeouts[name];
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) return `${name} is not a valid duration.`;
  }
  return undefined;
}

export const retryProblem = (policy: Partial<RetryPolicy> | undefined): string | undefined =>
  policy === undefined ? undefined : retryPolicyProblem(withRetryDefaults(policy));

export const namespaceProblem = (own: Namespace, other: Namespace): string | undefined =>
  own === other ? undefined : 'cross namespace commands are not supported.';

/** Unlike Temporal's server, which terminates the workflow, its SDK lets the task fail: shorter payloads can mend it. */
export function sizeRefusal(what: string, payloads: Payloads): CommandRefusal | undefined {
  return payloadsSize(payloads) > PAYLOAD_BYTES_MAX ? tooLarge(what) : undefined;
}
export const tooLarge = (what: string): CommandRefusal => ({
  cause: 'PAYLOADS_TOO_LARGE',
  message: `[TMPRL1103] the ${what} is larger than ${PAYLOAD_BYTES_MAX} bytes.`,
});

export function memoRefusal(memo: PayloadMap | undefined): CommandRefusal | undefined {
  if (memo === undefined || payloadMapSize(memo) <= MEMO_BYTES_MAX) return undefined;
  return {
    cause: 'PAYLOADS_TOO_LARGE',
    message: `[TMPRL1103] the memo is larger than ${MEMO_BYTES_MAX} bytes.`,
  };
}

export function searchAttributesRefusal(attributes: PayloadMap | undefined): CommandRefusal | undefined {
  if (attributes === undefined) return undefined;
  const problem = searchAttributesProblem(attributes);
  return problem === undefined ? undefined : { cause: 'BAD_SEARCH_ATTRIBUTES', message: problem };
}

function searchAttributesProblem(attributes: PayloadMap): string | undefined {
  const names = Object.keys(attributes);
  if (names.length > SEARCH_ATTRIBUTES_MAX) {
    return `number of search attributes ${names.length} exceeds limit ${SEARCH_ATTRIBUTES_MAX}.`;
  }
  for (const name of names) {
    const size = payloadSize(attributes[name] ?? null);
    if (size > SEARCH_ATTRIBUTE_BYTES_MAX) {
      return `search attribute ${name} value size ${size} exceeds size limit ${SEARCH_ATTRIBUTE_BYTES_MAX}.`;
    }
  }
  const size = payloadMapSize(attributes);
  return size > SEARCH_ATTRIBUTES_BYTES_MAX
    ? `total size of search attributes ${size} exceeds size limit ${SEARCH_ATTRIBUTES_BYTES_MAX}.`
    : undefined;
}

function lengthProblem(what: string, text: string): string | undefined {
  if (text.length <= SURELY_FITS) return undefined;
  return utf8Length(text) > ID_BYTES_MAX ? `${what} exceeds length limit.` : undefined;
}
