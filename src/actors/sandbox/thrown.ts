// What workflow code threw, as a failure. Reads objects that user code made: any property may be anything, or throw. Shard thread.
import type { Failure } from '../../model/failure';
import type { Rejection } from './thread-hooks';

const CAUSES_MAX = 20;

/** The failure of a workflow task: never of the workflow. */
export function failureOf(thrown: unknown, depth = 0): Failure {
  const info = { kind: 'application', type: typeName(thrown), nonRetryable: false } as const;
  const message = messageOf(thrown);
  if (!isObject(thrown)) return { message, source: 'TypeScriptSDK', info };
  const stackTrace = framesOf(read(thrown, 'stack'));
  const cause = depth < CAUSES_MAX ? read(thrown, 'cause') : undefined;
  return {
    message,
    source: 'TypeScriptSDK',
    ...(stackTrace !== '' && { stackTrace }),
    ...(cause !== undefined && cause !== null && { cause: failureOf(cause, depth + 1) }),
    info,
  };
}

export function rejectionFailure({ reason }: Rejection): Failure {
  const cause = failureOf(reason);
  const name = typeName(reason);
  return {
    message: `Unhandled Promise rejection: ${isObject(reason) ? `${name}: ` : ''}${cause.message}`,
    source: 'TypeScriptSDK',
    ...(cause.stackTrace !== undefined && { stackTrace: cause.stackTrace }),
    cause,
    info: { kind: 'application', type: 'UnhandledRejectionError', nonRetryable: false },
  };
}

/** The message of an error, or what else was thrown as text. */
export function messageOf(thrown: unknown): string {
  if (isObject(thrown)) {
    const message = read(thrown, 'message');
    return typeof message === 'string' ? message : `a value of type ${typeof thrown} was thrown`;
  }
  return String(thrown);
}

/** The frames of a stack, without the line that repeats name and message. */
export function framesOf(stack: unknown): string {
  if (typeof stack !== 'string') return '';
  const firstFrame = stack.search(/^ {4}at /m);
  return firstFrame === -1 ? '' : stack.slice(firstFrame);
}

export const stackOf = (thrown: unknown): string => (isObject(thrown) ? framesOf(read(thrown, 'stack')) : '');

function typeName(thrown: unknown): string {
  if (!isObject(thrown)) return typeof thrown;
  const name = read(thrown, 'name');
  return typeof name === 'string' ? name : 'Error';
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

function read(holder: object, key: string): unknown {
  try {
    return Reflect.get(holder, key);
  } catch {
    return undefined;
  }
}
