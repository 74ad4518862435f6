// The scalar shapes of protobuf JSON, both ways: durations, timestamps, enums, payloads, failures. Pure.
import type { Failure, FailureInfo, RetryState, TimeoutType } from '../../model/failure';
import type { Payload, PayloadMap, Payloads } from '../../model/payload';
import type { RetryPolicy } from '../../model/retry-policy';
import { runId, workflowId } from '../../model/ids';
import { compact } from '../compact';
import { ValueError } from '../errors';
import { decodeBase64, encodeBase64 } from '../payload/base64';
import { modelFromPayload, payloadFromModel } from '../payload/payload';

export type Json = Record<string, unknown>;

/** One shape: how a value of the model is written, and read again. */
export interface Shape<T> {
  readonly write: (value: T) => unknown;
  readonly read: (json: unknown) => T;
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isJson(value) ? value : {});

const same = <T>(read: (json: unknown) => T): Shape<T> => ({ write: (value) => value, read });

export const text = same((json) => (typeof json === 'string' ? json : ''));
export const bool = same((json) => json === true);
export const int = same(Number);
/** 64-bit numbers are texts. */
export const long: Shape<number> = { write: String, read: Number };
export const numbers = same((json) => (Array.isArray(json) ? json.map(Number) : []));

export const duration: Shape<number> = {
  write: (ms) => (ms % 1_000 === 0 ? `${ms / 1_000}s` : `${(ms / 1_000).toFixed(3)}s`),
  read: (json) => (typeof json === 'string' ? Math.round(Number.parseFloat(json) * 1_000) : 0),
};
/** Milliseconds; what is finer is cut off. */
export const timestamp: Shape<number> = {
  write: (at) => new Date(at).toISOString(),
  read: (json) => {
    const at = Date.parse(String(json).replace(/(\.\d{3})\d+/, '$1'));
    if (Number.isNaN(at)) throw new ValueError(`not a timestamp: ${String(json)}`);
    return at;
  },
};

/** `{ name: … }` */
export const named: Shape<string> = { write: (name) => ({ name }), read: (json) => text.read(objectOf(json)['name']) };
export const taskQueue: Shape<string> = {
  write: (name) => ({ name, kind: 'TASK_QUEUE_KIND_NORMAL' }),
  read: named.read,
};

export const enumOf = <T extends string>(prefix: string): Shape<T> => ({
  write: (name) => `${prefix}${name}`,
  read: (json) => String(json).replace(prefix, '') as T,
});
export const retryState = enumOf<RetryState>('RETRY_STATE_');
const timeoutType = enumOf<TimeoutType>('TIMEOUT_TYPE_');

export const payload: Shape<Payload> = {
  write: (value) => {
    const { metadata, data } = payloadFromModel(value);
    const encoded: Json = {};
    for (const [key, bytes] of Object.entries(metadata ?? {})) encoded[key] = encodeBase64(bytes);
    return data === undefined || data === null || data.length === 0
      ? { metadata: encoded }
      : { metadata: encoded, data: encodeBase64(data) };
  },
  read: (json) => {
    const { metadata, data } = objectOf(json);
    const decoded: Record<string, Uint8Array> = {};
    for (const [key, value] of Object.entries(objectOf(metadata))) decoded[key] = bytesOf(value);
    return modelFromPayload({ metadata: decoded, data: bytesOf(data ?? '') });
  },
};
export const payloads: Shape<Payloads> = {
  write: (values) => (values.length === 0 ? {} : { payloads: values.map((value) => payload.write(value)) }),
  read: (json) => {
    const list = objectOf(json)['payloads'];
    return Array.isArray(list) ? list.map((item) => payload.read(item)) : [];
  },
};
/** A list of one. */
export const single: Shape<Payload> = {
  write: (value) => payloads.write([value]),
  read: (json) => payloads.read(json)[0] ?? null,
};
/** `{ [within]: { name: payload } }`; empty maps have no fields. */
export const mapIn = (within: string): Shape<PayloadMap> => ({
  write: (map) => {
    const fields: Json = {};
    for (const [name, value] of Object.entries(map)) fields[name] = payload.write(value);
    return Object.keys(fields).length === 0 ? {} : { [within]: fields };
  },
  read: (json) => {
    const map: Record<string, Payload> = {};
    for (const [name, value] of Object.entries(objectOf(objectOf(json)[within]))) map[name] = payload.read(value);
    return map;
  },
});
export const payloadLists: Shape<Readonly<Record<string, Payloads>>> = {
  write: (lists) => {
    const json: Json = {};
    for (const [name, list] of Object.entries(lists)) json[name] = payloads.write(list);
    return json;
  },
  read: (json) => {
    const lists: Record<string, Payloads> = {};
    for (const [name, list] of Object.entries(objectOf(json))) lists[name] = payloads.read(list);
    return lists;
  },
};

export const execution: Shape<{ readonly workflowId: ReturnType<typeof workflowId>; readonly runId: ReturnType<typeof runId> }> = {
  write: ({ workflowId: id, runId: run }) => ({ workflowId: id, ...(run !== '' && { runId: run }) }),
  read: (json) => ({
    workflowId: workflowId(text.read(objectOf(json)['workflowId'])),
    runId: runId(text.read(objectOf(json)['runId'])),
  }),
};

export const retryPolicy: Shape<RetryPolicy> = {
  write: (policy) => ({
    initialInterval: duration.write(policy.initialIntervalMs),
    backoffCoefficient: policy.backoffCoefficient,
    maximumInterval: duration.write(policy.maximumIntervalMs),
    ...(policy.maximumAttempts > 0 && { maximumAttempts: policy.maximumAttempts }),
    ...(policy.nonRetryableErrorTypes.length > 0 && { nonRetryableErrorTypes: policy.nonRetryableErrorTypes }),
  }),
  read: (json) => {
    const policy = objectOf(json);
    const types = policy['nonRetryableErrorTypes'];
    return {
      initialIntervalMs: duration.read(policy['initialInterval']),
      backoffCoefficient: Number(policy['backoffCoefficient'] ?? 0),
      maximumIntervalMs: duration.read(policy['maximumInterval']),
      maximumAttempts: Number(policy['maximumAttempts'] ?? 0),
      nonRetryableErrorTypes: Array.isArray(types) ? types.map(String) : [],
    };
  },
};

export const failure: Shape<Failure> = {
  write: (value) =>
    compact<Json>({
      message: value.message === '' ? undefined : value.message,
      source: value.source,
      stackTrace: value.stackTrace === '' ? undefined : value.stackTrace,
      encodedAttributes: value.encodedAttributes === undefined ? undefined : payload.write(value.encodedAttributes),
      cause: value.cause === undefined ? undefined : failure.write(value.cause),
      ...(value.info !== undefined && writeInfo(value.info)),
    }),
  read: (json) => {
    const { message, source, stackTrace, encodedAttributes, cause } = objectOf(json);
    return compact<Failure>({
      message: text.read(message),
      source: source === undefined ? undefined : text.read(source),
      stackTrace: stackTrace === undefined ? undefined : text.read(stackTrace),
      encodedAttributes: encodedAttributes === undefined ? undefined : payload.read(encodedAttributes),
      cause: cause === undefined ? undefined : failure.read(cause),
      info: readInfo(objectOf(json)),
    });
  },
};

const optional = <T>(value: T | undefined, shape: Shape<T>): unknown =>
  value === undefined ? undefined : shape.write(value);
const maybe = <T>(json: unknown, shape: Shape<T>): T | undefined => (json === undefined ? undefined : shape.read(json));

function writeInfo(info: FailureInfo): Json {
  switch (info.kind) {
    case 'application':
      return {
        applicationFailureInfo: compact<Json>({
          type: info.type,
          nonRetryable: info.nonRetryable ? true : undefined,
          details: optional(info.details, payloads),
          nextRetryDelay: optional(info.nextRetryDelayMs, duration),
          category: info.category === undefined ? undefined : `APPLICATION_ERROR_CATEGORY_${info.category}`,
        }),
      };
    case 'timeout':
      return {
        timeoutFailureInfo: compact<Json>({
          timeoutType: timeoutType.write(info.timeoutType),
          lastHeartbeatDetails: optional(info.lastHeartbeatDetails, payloads),
        }),
      };
    case 'canceled':
      return { canceledFailureInfo: compact<Json>({ details: optional(info.details, payloads) }) };
    case 'terminated':
      return { terminatedFailureInfo: {} };
    case 'server':
      return { serverFailureInfo: info.nonRetryable ? { nonRetryable: true } : {} };
    case 'resetWorkflow':
      return {
        resetWorkflowFailureInfo: compact<Json>({
          lastHeartbeatDetails: optional(info.lastHeartbeatDetails, payloads),
        }),
      };
    case 'activity':
      return {
        activityFailureInfo: compact<Json>({
          scheduledEventId: long.write(info.scheduledEventId),
          startedEventId: long.write(info.startedEventId),
          identity: info.identity,
          activityType: named.write(info.activityType),
          activityId: info.activityId,
          retryState: optional(info.retryState, retryState),
        }),
      };
    case 'childWorkflow':
      return {
        childWorkflowExecutionFailureInfo: compact<Json>({
          namespace: info.namespace,
          workflowExecution: execution.write({ workflowId: info.workflowId, runId: info.runId ?? runId('') }),
          workflowType: named.write(info.workflowType),
          initiatedEventId: long.write(info.initiatedEventId),
          startedEventId: long.write(info.startedEventId),
          retryState: optional(info.retryState, retryState),
        }),
      };
  }
}

type InfoByKind<K extends FailureInfo['kind']> = Extract<FailureInfo, { readonly kind: K }>;

const INFO_READERS: Readonly<Record<string, (info: Json) => FailureInfo>> = {
  applicationFailureInfo: (info) =>
    compact<InfoByKind<'application'>>({
      kind: 'application',
      type: maybe(info['type'], text),
      nonRetryable: info['nonRetryable'] === true,
      details: maybe(info['details'], payloads),
      nextRetryDelayMs: maybe(info['nextRetryDelay'], duration),
      category: info['category'] === 'APPLICATION_ERROR_CATEGORY_BENIGN' ? 'BENIGN' : undefined,
    }),
  timeoutFailureInfo: (info) =>
    compact<InfoByKind<'timeout'>>({
      kind: 'timeout',
      timeoutType: timeoutType.read(info['timeoutType']),
      lastHeartbeatDetails: maybe(info['lastHeartbeatDetails'], payloads),
    }),
  canceledFailureInfo: (info) =>
    compact<InfoByKind<'canceled'>>({ kind: 'canceled', details: maybe(info['details'], payloads) }),
  terminatedFailureInfo: () => ({ kind: 'terminated' }),
  serverFailureInfo: (info) => ({ kind: 'server', nonRetryable: info['nonRetryable'] === true }),
  resetWorkflowFailureInfo: (info) =>
    compact<InfoByKind<'resetWorkflow'>>({
      kind: 'resetWorkflow',
      lastHeartbeatDetails: maybe(info['lastHeartbeatDetails'], payloads),
    }),
  activityFailureInfo: (info) =>
    compact<InfoByKind<'activity'>>({
      kind: 'activity',
      scheduledEventId: Number(info['scheduledEventId'] ?? 0),
      startedEventId: Number(info['startedEventId'] ?? 0),
      identity: text.read(info['identity']),
      activityType: named.read(info['activityType']),
      activityId: text.read(info['activityId']),
      retryState: maybe(info['retryState'], retryState),
    }),
  childWorkflowExecutionFailureInfo: (info) => {
    const { workflowId: id, runId: run } = execution.read(info['workflowExecution']);
    return compact<InfoByKind<'childWorkflow'>>({
      kind: 'childWorkflow',
      namespace: text.read(info['namespace']),
      workflowId: id,
      runId: run === '' ? undefined : run,
      workflowType: named.read(info['workflowType']),
      initiatedEventId: Number(info['initiatedEventId'] ?? 0),
      startedEventId: Number(info['startedEventId'] ?? 0),
      retryState: maybe(info['retryState'], retryState),
    });
  },
};

function readInfo(json: Json): FailureInfo | undefined {
  for (const [name, read] of Object.entries(INFO_READERS)) {
    if (json[name] !== undefined) return read(objectOf(json[name]));
  }
  return undefined;
}

function bytesOf(json: unknown): Uint8Array {
  const bytes = decodeBase64(text.read(json));
  if (bytes === undefined) throw new ValueError('a payload is not base64');
  return bytes;
}
