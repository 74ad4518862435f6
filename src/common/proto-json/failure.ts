// Failures, with their causes. Pure.
import type { Failure, FailureInfo, RetryState, TimeoutType } from '../../model/failure';
import { enumeration } from './enums';
import type { Codec, Field, Shape } from './fields';
import { inside, message, nonDefault, optional, plain, readShape, required, writeShape } from './fields';
import type { Message } from './json';
import { messageOf, UnsupportedHistoryError } from './json';
import { identity, initiated, named, scheduled, started } from './parts';
import { payload, payloads } from './payloads';
import { duration, flag, text, textOf } from './scalars';

export const retryState = enumeration<RetryState>('RETRY_STATE_', {
  IN_PROGRESS: 1,
  NON_RETRYABLE_FAILURE: 2,
  TIMEOUT: 3,
  MAXIMUM_ATTEMPTS_REACHED: 4,
  RETRY_POLICY_NOT_SET: 5,
  INTERNAL_SERVER_ERROR: 6,
  CANCEL_REQUESTED: 7,
});
export const timeoutType = enumeration<TimeoutType>('TIMEOUT_TYPE_', {
  START_TO_CLOSE: 1,
  SCHEDULE_TO_START: 2,
  SCHEDULE_TO_CLOSE: 3,
  HEARTBEAT: 4,
});
const category = enumeration<'BENIGN'>('APPLICATION_ERROR_CATEGORY_', { BENIGN: 1 });

type InfoKind = FailureInfo['kind'];
type InfoOf<K extends InfoKind> = Extract<FailureInfo, { readonly kind: K }>;

interface InfoCodec<Info extends FailureInfo> {
  /** Of the field that says by its presence what sort of failure it is. */
  readonly name: string;
  readonly shape: Shape<Omit<Info, 'kind'>>;
}

const INFOS: { readonly [K in InfoKind]: InfoCodec<InfoOf<K>> } = {
  application: {
    name: 'applicationFailureInfo',
    shape: {
      type: optional('type', text),
      nonRetryable: plain('nonRetryable', flag),
      details: optional('details', payloads),
      nextRetryDelayMs: optional('nextRetryDelay', duration),
      category: optional('category', category),
    },
  },
  timeout: {
    name: 'timeoutFailureInfo',
    shape: {
      timeoutType: required('timeoutType', timeoutType),
      lastHeartbeatDetails: optional('lastHeartbeatDetails', payloads),
    },
  },
  canceled: { name: 'canceledFailureInfo', shape: { details: optional('details', payloads) } },
  terminated: { name: 'terminatedFailureInfo', shape: {} },
  server: { name: 'serverFailureInfo', shape: { nonRetryable: plain('nonRetryable', flag) } },
  resetWorkflow: {
    name: 'resetWorkflowFailureInfo',
    shape: { lastHeartbeatDetails: optional('lastHeartbeatDetails', payloads) },
  },
  activity: {
    name: 'activityFailureInfo',
    shape: {
      scheduledEventId: scheduled,
      startedEventId: started,
      identity,
      activityType: plain('activityType', named),
      activityId: plain('activityId', text),
      retryState: optional('retryState', retryState),
    },
  },
  childWorkflow: {
    name: 'childWorkflowExecutionFailureInfo',
    shape: {
      namespace: plain('namespace', text),
      workflowId: inside('workflowExecution', plain('workflowId', textOf())),
      runId: inside('workflowExecution', nonDefault('runId', textOf())),
      workflowType: plain('workflowType', named),
      initiatedEventId: initiated,
      startedEventId: started,
      retryState: optional('retryState', retryState),
    },
  },
};
const BY_KIND = INFOS as { readonly [K in InfoKind]: InfoCodec<FailureInfo> };
const KINDS = Object.keys(INFOS) as InfoKind[];

const info: Field<FailureInfo | undefined> = {
  write(value, into) {
    if (value === undefined) return;
    const { name, shape } = BY_KIND[value.kind];
    into[name] = writeShape(shape, value);
  },
  read(from, where) {
    const name = infoNameOf(from);
    if (name === undefined) return undefined;
    const kind = KINDS.find((candidate) => INFOS[candidate].name === name);
    if (kind === undefined) {
      const feature = name.startsWith('nexus') ? 'Nexus operations' : undefined;
      throw new UnsupportedHistoryError(`${where}: ${name} is not supported`, name, feature);
    }
    const at = `${where}.${name}`;
    const attributes = readShape(BY_KIND[kind].shape, messageOf(from[name], at), at);
    return { ...attributes, kind } as FailureInfo;
  },
};

/** At most one field of a failure is of this sort. */
const infoNameOf = (from: Message): string | undefined =>
  Object.keys(from).find((name) => name.endsWith('FailureInfo') && isPresent(from[name]));

const isPresent = (json: unknown): boolean => json !== undefined && json !== null;

/** A failure is inside itself, as its cause: its shape is named before it is made. */
export const failure: Codec<Failure> = {
  encode: (value) => failureMessage.encode(value),
  decode: (json, where) => failureMessage.decode(json, where),
};
const failureMessage = message<Failure>({
  message: plain('message', text),
  source: optional('source', text),
  stackTrace: optional('stackTrace', text),
  encodedAttributes: optional('encodedAttributes', payload),
  cause: optional('cause', failure),
  info,
});
