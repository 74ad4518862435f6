// The failures that user code throws and catches: Temporal's classes, fields and constructors. Runs in every realm.
import type { Failure } from '../model/failure';
import { describeThrown, errorMessage, isError, isRecord } from './error-inspection';
import { markError } from './error-marker';
import type { ApplicationFailureCategory, RetryState, TimeoutType } from './failure-enums';
import type { Loose } from './loose';
import type { Duration } from './time';

/** Names who made a failure. */
export const FAILURE_SOURCE = 'TypeScriptSDK';

/** A failure as data. */
export type ProtoFailure = Failure;

export interface WorkflowExecution {
  workflowId?: string | null;
  runId?: string | null;
}

/** Base of everything that fails a workflow or an activity. Thrown from workflow code, it fails the workflow. */
export class TemporalFailure extends Error {
  static {
    markError(this, 'TemporalFailure');
  }
  /** What this was made from, if it came from elsewhere; passed on as it is when it is thrown again. */
  declare failure?: ProtoFailure;
  declare readonly cause?: Error;

  constructor(message?: string | null, cause?: Error) {
    super(message ?? undefined);
    if (cause !== undefined) this.cause = cause;
  }
}

/** Made by the engine itself. */
export class ServerFailure extends TemporalFailure {
  static {
    markError(this, 'ServerFailure');
  }
  constructor(
    message: string | undefined,
    readonly nonRetryable: boolean,
    cause?: Error,
  ) {
    super(message, cause);
  }
}

export interface ApplicationFailureOptions {
  message?: string;
  /** Compared with a retry policy's `nonRetryableErrorTypes`. */
  type?: string;
  nonRetryable?: boolean;
  details?: Loose[];
  /** Overrides the retry policy's next interval. */
  nextRetryDelay?: Duration;
  cause?: Error;
  category?: ApplicationFailureCategory;
}

/** A failure of the user's own. The only one that user code should construct. */
export class ApplicationFailure extends TemporalFailure {
  static {
    markError(this, 'ApplicationFailure');
  }
  constructor(
    message?: string | null,
    readonly type?: string | null,
    readonly nonRetryable?: boolean | null,
    readonly details?: Loose[] | null,
    cause?: Error,
    readonly nextRetryDelay?: Duration | null,
    readonly category?: ApplicationFailureCategory | null,
  ) {
    super(message, cause);
  }

  /** Retryable, unless it says otherwise. */
  static create(options: ApplicationFailureOptions): ApplicationFailure {
    const { message, type, nonRetryable = false, details, nextRetryDelay, cause, category } = options;
    return new this(message, type, nonRetryable, details, cause, nextRetryDelay, category);
  }

  /** Its message and type are those of `error`, which becomes its cause; `overrides` come first. */
  static fromError(error: unknown, overrides?: ApplicationFailureOptions): ApplicationFailure {
    return this.create({
      message: messageOf(error),
      ...optionally('type', typeOf(error)),
      ...(isError(error) && { cause: error }),
      ...overrides,
    });
  }

  static retryable(message?: string | null, type?: string | null, ...details: Loose[]): ApplicationFailure {
    return new this(message, type ?? 'Error', false, details);
  }

  static nonRetryable(
    message?: string | null,
    type?: string | null,
    ...details: Loose[]
  ): ApplicationFailure {
    return new this(message, type ?? 'Error', true, details);
  }
}

/** Thrown into what was cancelled. */
export class CancelledFailure extends TemporalFailure {
  static {
    markError(this, 'CancelledFailure');
  }
  constructor(
    message: string | undefined,
    readonly details: Loose[] = [],
    cause?: Error,
  ) {
    super(message, cause);
  }
}

/** The cause of a WorkflowFailedError when the workflow was terminated. */
export class TerminatedFailure extends TemporalFailure {
  static {
    markError(this, 'TerminatedFailure');
  }
}

export class TimeoutFailure extends TemporalFailure {
  static {
    markError(this, 'TimeoutFailure');
  }
  constructor(
    message: string | undefined,
    readonly lastHeartbeatDetails: Loose,
    readonly timeoutType: TimeoutType,
  ) {
    super(message);
  }
}

/** Thrown by an activity's proxy: `cause` says why. */
export class ActivityFailure extends TemporalFailure {
  static {
    markError(this, 'ActivityFailure');
  }
  constructor(
    message: string | undefined,
    readonly activityType: string,
    readonly activityId: string | undefined,
    readonly retryState: RetryState | undefined,
    readonly identity: string | undefined,
    cause?: Error,
  ) {
    super(message, cause);
  }
}

/** Thrown where a child's result is awaited: `cause` says why. */
export class ChildWorkflowFailure extends TemporalFailure {
  static {
    markError(this, 'ChildWorkflowFailure');
  }
  constructor(
    readonly namespace: string | undefined,
    readonly execution: WorkflowExecution,
    readonly workflowType: string,
    readonly retryState: RetryState | undefined,
    cause?: Error,
  ) {
    super('Child Workflow execution failed', cause);
  }
}

/** The id is taken: by an open run, or by a closed one where the reuse policy forbids it. */
export class WorkflowExecutionAlreadyStartedError extends TemporalFailure {
  static {
    markError(this, 'WorkflowExecutionAlreadyStartedError');
  }
  constructor(
    message: string,
    readonly workflowId: string,
    readonly workflowType: string,
  ) {
    super(message);
  }
}

/** An ApplicationFailure with the message, type and stack of `error`, unless it is one already. */
export function ensureApplicationFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const failure = ApplicationFailure.create({
    message: messageOf(error),
    nonRetryable: false,
    ...optionally('type', typeOf(error)),
    ...(isError(error) && isError(error.cause) && { cause: error.cause }),
  });
  failure.stack = isError(error) ? (error.stack ?? '') : '';
  return failure;
}

/** `error`, if it is a TemporalFailure; else an ApplicationFailure made of it. */
export function ensureTemporalFailure(error: unknown): TemporalFailure {
  return error instanceof TemporalFailure ? error : ensureApplicationFailure(error);
}

/** Message of the innermost cause of a chain of failures; of other errors, their own. */
export function rootCause(error: unknown): string | undefined {
  let innermost = error;
  const seen = new Set<unknown>();
  while (innermost instanceof TemporalFailure && innermost.cause !== undefined && !seen.has(innermost)) {
    seen.add(innermost);
    innermost = innermost.cause;
  }
  return errorMessage(innermost);
}

function messageOf(error: unknown): string {
  if (isRecord(error) && error['message'] !== undefined && error['message'] !== '') {
    return describeText(error['message']);
  }
  return isError(error) ? error.name : describeText(error);
}

/** The name of its class; of its `name` where classes are anonymous. */
function typeOf(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const { constructor, name } = error;
  const className = typeof constructor === 'function' ? constructor.name : '';
  if (className !== '') return className;
  return typeof name === 'string' ? name : undefined;
}

const describeText = (value: unknown): string => (typeof value === 'string' ? value : describeThrown(value));

const optionally = <K extends string>(key: K, value: string | undefined): { [N in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [N in K]?: string });
