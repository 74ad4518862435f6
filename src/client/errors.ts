// Temporal's error classes of clients.
import { markError } from '../common/error-marker';
import type { TemporalFailure } from '../common/failure';
import type { RetryState } from '../common/failure-enums';
import type { WorkflowExecutionStatusName } from './workflow-status';

/** The workflow did not complete: `cause` says what became of it. */
export class WorkflowFailedError extends Error {
  static {
    markError(this, 'WorkflowFailedError');
  }
  constructor(
    message: string,
    override readonly cause: TemporalFailure | undefined,
    readonly retryState: RetryState | undefined,
  ) {
    super(message);
  }
}

/** The run continued as new, and its handle does not follow runs. */
export class WorkflowContinuedAsNewError extends Error {
  static {
    markError(this, 'WorkflowContinuedAsNewError');
  }
  constructor(
    message: string,
    readonly newExecutionRunId: string,
  ) {
    super(message);
  }
}

/** The workflow's state forbids the query: see `queryRejectCondition`. */
export class QueryRejectedError extends Error {
  static {
    markError(this, 'QueryRejectedError');
  }
  constructor(
    /** Temporal's number of the status. */
    readonly status: number,
    readonly statusName: WorkflowExecutionStatusName,
  ) {
    super('Query rejected');
  }
}

/** The workflow has no such query, or its handler failed: then `cause` is what it threw. */
export class QueryNotRegisteredError extends Error {
  static {
    markError(this, 'QueryNotRegisteredError');
  }
  override readonly cause?: Error;

  constructor(
    message: string,
    readonly code: number,
    cause?: Error,
  ) {
    super(message);
    if (cause !== undefined) this.cause = cause;
  }
}

/** The activity is over, or never was. */
export class ActivityNotFoundError extends Error {
  static {
    markError(this, 'ActivityNotFoundError');
  }
}

/** The engine did not take the activity's outcome. */
export class ActivityCompletionError extends Error {
  static {
    markError(this, 'ActivityCompletionError');
  }
  override readonly cause?: Error;

  constructor(message: string, options?: { cause: Error }) {
    super(message);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}

/** Thrown by a heartbeat: the workflow wants the activity to stop. */
export class ActivityCancelledError extends Error {
  static {
    markError(this, 'ActivityCancelledError');
  }
}

/** Thrown by a heartbeat: the activity was paused. */
export class ActivityPausedError extends Error {
  static {
    markError(this, 'ActivityPausedError');
  }
}

/** Thrown by a heartbeat: the activity was reset. */
export class ActivityResetError extends Error {
  static {
    markError(this, 'ActivityResetError');
  }
}
