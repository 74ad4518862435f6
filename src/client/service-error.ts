// Errors of a service in the shape in which Temporal's clients see them: a gRPC status beneath a ServiceError.
import { isError, isRecord } from '../common/error-inspection';
import { markError } from '../common/error-marker';

/** The gRPC status codes that the engine answers with. */
export const STATUS_CODES = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNAVAILABLE: 14,
} as const;
export type StatusName = keyof typeof STATUS_CODES;

/** A gRPC status as an error. */
export interface GrpcStatusError extends Error {
  code: number;
  details: string;
  metadata: { get(key: string): unknown[] };
}

/** A request failed, for a reason that has no error class of its own. `cause` carries the status. */
export class ServiceError extends Error {
  static {
    markError(this, 'ServiceError');
  }
  override readonly cause?: Error;

  constructor(message: string, options?: { cause: Error }) {
    super(message);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}

export function serviceError(status: StatusName, details: string, message = details): ServiceError {
  const code = STATUS_CODES[status];
  const metadata = { get: (): unknown[] => [] };
  const cause = Object.assign(new Error(`${code} ${status}: ${details}`), { code, details, metadata });
  return new ServiceError(message, { cause });
}

/** Whether `error` is a gRPC status: usually the cause of a ServiceError. */
export function isGrpcServiceError(error: unknown): error is GrpcStatusError {
  return isError(error) && 'details' in error && 'metadata' in error && isRecord(error.metadata);
}

/** Whether a deadline passed. Looks through ServiceErrors. */
export function isGrpcDeadlineError(error: unknown): error is Error {
  return hasStatus(error, 'DEADLINE_EXCEEDED');
}

/** Whether the caller gave up. Looks through ServiceErrors. */
export function isGrpcCancelledError(error: unknown): error is Error {
  return hasStatus(error, 'CANCELLED');
}

function hasStatus(error: unknown, status: StatusName): boolean {
  let innermost = error;
  while (innermost instanceof ServiceError && innermost.cause !== undefined) innermost = innermost.cause;
  return isGrpcServiceError(innermost) && innermost.code === STATUS_CODES[status];
}
