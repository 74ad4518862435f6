// Errors of workers: how a run of one can end badly. Temporal's names, fields and markers.
import { markError } from '../common/error-marker';

export { IllegalStateError } from '../common/errors';

/** The worker was told to stop, and its activities did not end in `shutdownForceTime`. */
export class GracefulShutdownPeriodExpiredError extends Error {
  static {
    markError(this, 'GracefulShutdownPeriodExpiredError');
  }
}

/** An unhandled rejection that could not be tied to any workflow. */
export class UnhandledRejectionError extends Error {
  static {
    markError(this, 'UnhandledRejectionError');
  }
  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}

/** The worker has failed, and the promise given to `runUntil` was not settled in time. */
export class PromiseCompletionTimeoutError extends Error {
  static {
    markError(this, 'PromiseCompletionTimeoutError');
  }
}

export interface CombinedWorkerRunErrorCause {
  workerError: unknown;
  innerError: unknown;
}

/** Both the worker and the promise given to `runUntil` have failed. */
export class CombinedWorkerRunError extends Error {
  static {
    markError(this, 'CombinedWorkerRunError');
  }
  override readonly cause: CombinedWorkerRunErrorCause;
  constructor(message: string, { cause }: { cause: CombinedWorkerRunErrorCause }) {
    super(message);
    this.cause = cause;
  }
}

/** A history could not be replayed, for another reason than its code being another. */
export class ReplayError extends Error {
  static {
    markError(this, 'ReplayError');
  }
}

/** The engine was shut down while it was in use. */
export class ShutdownError extends Error {
  static {
    markError(this, 'ShutdownError');
  }
}

/** The engine cannot be reached. */
export class TransportError extends Error {
  static {
    markError(this, 'TransportError');
  }
}

/** Something that should not have happened. */
export class UnexpectedError extends Error {
  static {
    markError(this, 'UnexpectedError');
  }
}
