// Errors to failures as data, and back. Runs everywhere; in the sandbox only inside a turn: it may call user code.
import type { Failure, FailureInfo } from '../../model/failure';
import { runId, workflowId } from '../../model/ids';
import type { Payload as ModelPayload, Payloads } from '../../model/payload';
import { compact } from '../compact';
import { describeThrown, isError, isRecord } from '../error-inspection';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  FAILURE_SOURCE,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  type ProtoFailure,
} from '../failure';
import { decodeValue, decodeValues, encodeValue, encodeValues } from '../payload/model-payloads';
import type { PayloadConverter } from '../payload/payload-converter';
import type { SerializationContext } from '../serialization-context';
import { cutoffStackTrace } from '../stack-trace';
import { optionalDurationToMs } from '../time';

export interface FailureConverter {
  /** @throws {ValueError} a detail has no payload form */
  errorToFailure(
    error: unknown,
    payloadConverter: PayloadConverter,
    context?: SerializationContext,
  ): ProtoFailure;
  failureToError(
    failure: ProtoFailure,
    payloadConverter: PayloadConverter,
    context?: SerializationContext,
  ): Error;
}

/** What of a failure is encoded by `encodeCommonAttributes`. */
export interface DefaultEncodedFailureAttributes {
  message: string;
  stack_trace: string;
}

export interface DefaultFailureConverterOptions {
  /** Moves message and stack trace into a payload, so that a codec can encrypt them. Default: false. */
  encodeCommonAttributes: boolean;
}

const ENCODED_MESSAGE = 'Encoded failure';
/** A longer chain of causes is cut: it is made by a program, not by a person. */
const CAUSES_MAX = 50;
const NOT_AN_ERROR =
  ' [Something other than an Error was thrown. Throw Error objects: they say where they come from]';

/** One conversion: the values that every step of it needs. */
interface Conversion {
  readonly payloadConverter: PayloadConverter;
  readonly context: SerializationContext | undefined;
}

export class DefaultFailureConverter implements FailureConverter {
  readonly options: DefaultFailureConverterOptions;

  constructor(options?: Partial<DefaultFailureConverterOptions>) {
    this.options = { encodeCommonAttributes: options?.encodeCommonAttributes ?? false };
  }

  errorToFailure(
    error: unknown,
    payloadConverter: PayloadConverter,
    context?: SerializationContext,
  ): ProtoFailure {
    return this.#failureOf(error, { payloadConverter, context }, []);
  }

  failureToError(
    failure: ProtoFailure,
    payloadConverter: PayloadConverter,
    context?: SerializationContext,
  ): TemporalFailure {
    const conversion = { payloadConverter, context };
    const { message, stackTrace } = decodedAttributes(failure, conversion);
    const cause =
      failure.cause === undefined ? undefined : this.failureToError(failure.cause, payloadConverter, context);
    const error = errorOf(message, failure.info, cause, conversion);
    error.stack = stackTrace;
    error.failure = failure;
    return error;
  }

  #failureOf(error: unknown, conversion: Conversion, chain: readonly unknown[]): ProtoFailure {
    // It came from elsewhere: pass it on as it was.
    if (error instanceof TemporalFailure && error.failure !== undefined) return error.failure;
    const plain = isError(error)
      ? compact<Failure>({
          message: String(error.message),
          source: FAILURE_SOURCE,
          stackTrace: cutoffStackTrace(error.stack),
          cause: this.#causeOf(error, conversion, chain),
          info: error instanceof TemporalFailure ? infoOf(error, conversion) : undefined,
        })
      : { message: describeNonError(error) + NOT_AN_ERROR, source: FAILURE_SOURCE, stackTrace: '' };
    return this.options.encodeCommonAttributes ? withEncodedAttributes(plain, conversion) : plain;
  }

  /** A cause that is its own effect ends the chain. */
  #causeOf(error: Error, conversion: Conversion, chain: readonly unknown[]): ProtoFailure | undefined {
    const { cause } = error;
    if (cause === undefined || cause === null || cause === error) return undefined;
    if (chain.includes(cause) || chain.length >= CAUSES_MAX) return undefined;
    return this.#failureOf(cause, conversion, [...chain, error]);
  }
}

/** Encodes nothing. */
export const defaultFailureConverter = new DefaultFailureConverter();

/** With the default failure converter. */
export const errorToFailure = (error: unknown, payloadConverter: PayloadConverter): Failure =>
  defaultFailureConverter.errorToFailure(error, payloadConverter);

/** With the default failure converter. */
export const failureToError = (failure: Failure, payloadConverter: PayloadConverter): TemporalFailure =>
  defaultFailureConverter.failureToError(failure, payloadConverter);

function describeNonError(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return isRecord(thrown) ? describeThrown(thrown) : describeScalar(thrown);
}

const describeScalar = (thrown: unknown): string =>
  typeof thrown === 'function' ? `function ${thrown.name}` : String(thrown);

function withEncodedAttributes(failure: Failure, { payloadConverter, context }: Conversion): Failure {
  const attributes: DefaultEncodedFailureAttributes = {
    message: failure.message,
    stack_trace: failure.stackTrace ?? '',
  };
  return {
    ...failure,
    message: ENCODED_MESSAGE,
    stackTrace: '',
    encodedAttributes: encodeValue(payloadConverter, attributes, 'encodedAttributes', context),
  };
}

function decodedAttributes(
  failure: Failure,
  { payloadConverter, context }: Conversion,
): { readonly message: string; readonly stackTrace: string } {
  const { message, stackTrace = '', encodedAttributes } = failure;
  if (encodedAttributes === undefined) return { message, stackTrace };
  const decoded = decodeValue(payloadConverter, encodedAttributes, context);
  if (!isRecord(decoded)) return { message, stackTrace };
  return {
    message: typeof decoded['message'] === 'string' ? decoded['message'] : message,
    stackTrace: typeof decoded['stack_trace'] === 'string' ? decoded['stack_trace'] : stackTrace,
  };
}

/** What makes a failure more than a message. Absent: a plain TemporalFailure, or an error of another class. */
function infoOf(error: TemporalFailure, conversion: Conversion): FailureInfo | undefined {
  if (error instanceof ApplicationFailure) return applicationInfo(error, conversion);
  if (error instanceof CancelledFailure) {
    return error.details.length === 0
      ? { kind: 'canceled' }
      : { kind: 'canceled', details: encodeDetails(error.details, conversion) };
  }
  if (error instanceof ActivityFailure) return activityInfo(error);
  if (error instanceof ChildWorkflowFailure) return childInfo(error);
  if (error instanceof TimeoutFailure) {
    const { timeoutType } = error;
    const lastHeartbeatDetails: unknown = error.lastHeartbeatDetails;
    return lastHeartbeatDetails === undefined
      ? { kind: 'timeout', timeoutType }
      : {
          kind: 'timeout',
          timeoutType,
          lastHeartbeatDetails: encodeDetails([lastHeartbeatDetails], conversion),
        };
  }
  if (error instanceof TerminatedFailure) return { kind: 'terminated' };
  if (error instanceof ServerFailure) return { kind: 'server', nonRetryable: error.nonRetryable };
  return undefined;
}

function applicationInfo(error: ApplicationFailure, conversion: Conversion): FailureInfo {
  const { type, nonRetryable, details, nextRetryDelay, category } = error;
  return compact<Extract<FailureInfo, { kind: 'application' }>>({
    kind: 'application',
    type: type ?? undefined,
    nonRetryable: nonRetryable ?? false,
    details:
      details === undefined || details === null || details.length === 0
        ? undefined
        : encodeDetails(details, conversion),
    nextRetryDelayMs: optionalDurationToMs(nextRetryDelay, 'nextRetryDelay'),
    category: category ?? undefined,
  });
}

function activityInfo(error: ActivityFailure): FailureInfo {
  return compact<Extract<FailureInfo, { kind: 'activity' }>>({
    kind: 'activity',
    scheduledEventId: 0,
    startedEventId: 0,
    identity: error.identity ?? '',
    activityType: error.activityType,
    activityId: error.activityId ?? '',
    retryState: error.retryState,
  });
}

function childInfo(error: ChildWorkflowFailure): FailureInfo {
  const { execution } = error;
  return compact<Extract<FailureInfo, { kind: 'childWorkflow' }>>({
    kind: 'childWorkflow',
    namespace: error.namespace ?? '',
    workflowId: workflowId(execution.workflowId ?? ''),
    runId: typeof execution.runId === 'string' ? runId(execution.runId) : undefined,
    workflowType: error.workflowType,
    initiatedEventId: 0,
    startedEventId: 0,
    retryState: error.retryState,
  });
}

const encodeDetails = (details: readonly unknown[], { payloadConverter, context }: Conversion): Payloads =>
  encodeValues(payloadConverter, details, 'details', context);

const decodeDetails = (details: Payloads | undefined, { payloadConverter, context }: Conversion): unknown[] =>
  decodeValues(payloadConverter, details ?? [], context);

const decodeFirst = (details: Payloads | undefined, { payloadConverter, context }: Conversion): unknown => {
  const first: ModelPayload | undefined = details?.[0];
  return first === undefined ? undefined : decodeValue(payloadConverter, first, context);
};

function errorOf(
  message: string,
  info: FailureInfo | undefined,
  cause: Error | undefined,
  conversion: Conversion,
): TemporalFailure {
  switch (info?.kind) {
    case undefined:
      return new TemporalFailure(message, cause);
    case 'application':
      return new ApplicationFailure(
        message,
        info.type,
        info.nonRetryable,
        decodeDetails(info.details, conversion),
        cause,
        info.nextRetryDelayMs,
        info.category,
      );
    case 'canceled':
      return new CancelledFailure(message, decodeDetails(info.details, conversion), cause);
    case 'terminated':
      return new TerminatedFailure(message, cause);
    case 'server':
      return new ServerFailure(message, info.nonRetryable, cause);
    case 'timeout':
      return withCause(
        new TimeoutFailure(message, decodeFirst(info.lastHeartbeatDetails, conversion), info.timeoutType),
        cause,
      );
    case 'resetWorkflow':
      return new ApplicationFailure(
        message,
        'ResetWorkflow',
        false,
        decodeDetails(info.lastHeartbeatDetails, conversion),
        cause,
      );
    case 'activity':
      return new ActivityFailure(
        message,
        info.activityType,
        info.activityId === '' ? undefined : info.activityId,
        info.retryState,
        info.identity === '' ? undefined : info.identity,
        cause,
      );
    case 'childWorkflow':
      return new ChildWorkflowFailure(
        info.namespace === '' ? undefined : info.namespace,
        info.runId === undefined
          ? { workflowId: info.workflowId }
          : { workflowId: info.workflowId, runId: info.runId },
        info.workflowType,
        info.retryState,
        cause,
      );
  }
}

/** For the one class whose constructor takes no cause. */
function withCause(error: TimeoutFailure, cause: Error | undefined): TimeoutFailure {
  if (cause !== undefined)
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  return error;
}
