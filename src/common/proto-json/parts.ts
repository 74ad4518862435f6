// What several events have in common. Pure.
import type {
  ContinueAsNewInitiator,
  ExternalTarget,
  RunOptions,
  SdkMetadata,
  UserMetadata,
} from '../../model/event';
import type { Execution } from '../../model/ids';
import type { RetryPolicy } from '../../model/retry-policy';
import { enumeration } from './enums';
import type { Codec, DefaultCodec, Shape } from './fields';
import { always, defaulted, inside, message, nonDefault, optional, plain, readField } from './fields';
import { messageOf } from './json';
import { headers, memo, payload, payloads, searchAttributes } from './payloads';
import { duration, list, long, small, text, textOf } from './scalars';

/** `{ name }`: how types of workflows and activities are written. */
export const named: DefaultCodec<string> = {
  encode: (name) => ({ name }),
  decode: (json, where) => readField('name', text, messageOf(json, where), where) ?? '',
  isDefault: (name) => name === '',
  getDefault: () => '',
};

/** The queue that people know: a sticky one, which is a worker's own, names it beside. */
export const taskQueue: DefaultCodec<RunOptions['taskQueue']> = {
  encode: (name) => ({ name, kind: 'TASK_QUEUE_KIND_NORMAL' }),
  decode(json, where) {
    const from = messageOf(json, where);
    const normalName = readField('normalName', textOf<RunOptions['taskQueue']>(), from, where);
    return normalName ?? plain('name', textOf<RunOptions['taskQueue']>()).read(from, where);
  },
  isDefault: (name) => name === '',
  getDefault: () => '' as RunOptions['taskQueue'],
};

export const execution: Codec<Execution> = message<Execution>({
  workflowId: plain('workflowId', textOf()),
  runId: plain('runId', textOf()),
});

const EXECUTION = 'workflowExecution';
export const externalTarget: Shape<ExternalTarget> = {
  namespace: plain('namespace', textOf()),
  workflowId: inside(EXECUTION, plain('workflowId', textOf())),
  runId: inside(EXECUTION, nonDefault('runId', textOf())),
};

/** The server fills in every default; so does this, for histories that were written by hand. */
export const retryPolicy: Codec<RetryPolicy> = {
  encode: (policy) => policyMessage.encode(policy),
  decode(json, where) {
    const { initialIntervalMs, maximumIntervalMs, ...policy } = policyMessage.decode(json, where);
    return {
      initialIntervalMs,
      ...policy,
      maximumIntervalMs: maximumIntervalMs === 0 ? initialIntervalMs * MAXIMUM_INTERVALS : maximumIntervalMs,
    };
  },
};
const MAXIMUM_INTERVALS = 100;
const policyMessage = message<RetryPolicy>({
  initialIntervalMs: always('initialInterval', defaulted(duration, 1_000)),
  backoffCoefficient: always('backoffCoefficient', defaulted(small, 2)),
  maximumIntervalMs: plain('maximumInterval', duration),
  maximumAttempts: plain('maximumAttempts', small),
  nonRetryableErrorTypes: plain('nonRetryableErrorTypes', list(text)),
});

export const runOptions: Shape<RunOptions> = {
  workflowType: plain('workflowType', named),
  taskQueue: plain('taskQueue', taskQueue),
  input: always('input', payloads),
  header: always('header', headers),
  memo: optional('memo', memo),
  searchAttributes: optional('searchAttributes', searchAttributes),
  executionTimeoutMs: nonDefault('workflowExecutionTimeout', duration),
  runTimeoutMs: nonDefault('workflowRunTimeout', duration),
  taskTimeoutMs: plain('workflowTaskTimeout', duration),
  retryPolicy: optional('retryPolicy', retryPolicy),
  cronSchedule: nonDefault('cronSchedule', text),
};

export const initiator = enumeration<ContinueAsNewInitiator>('CONTINUE_AS_NEW_INITIATOR_', {
  WORKFLOW: 1,
  RETRY: 2,
  CRON_SCHEDULE: 3,
});

export const userMetadata = message<UserMetadata>({
  summary: optional('summary', payload),
  details: optional('details', payload),
});

export const sdkMetadata = message<SdkMetadata>({
  coreUsedFlags: optional('coreUsedFlags', list(small)),
  langUsedFlags: optional('langUsedFlags', list(small)),
  sdkName: optional('sdkName', text),
  sdkVersion: optional('sdkVersion', text),
});

/** Events point to events by their ids. */
export const taskCompleted = plain('workflowTaskCompletedEventId', long);
export const scheduled = plain('scheduledEventId', long);
export const started = plain('startedEventId', long);
export const initiated = plain('initiatedEventId', long);
export const identity = plain('identity', text);
