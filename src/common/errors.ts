// Errors that are no failures: the caller's mistakes, and signals to the runtime. Runs everywhere.
import { markError } from './error-marker';

/** A value that cannot be used: it has no payload form, or breaks a rule of the option it was given to. */
export class ValueError extends Error {
  static {
    markError(this, 'ValueError');
  }
  constructor(message: string | undefined, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** A payload converter was given what it cannot work with. */
export class PayloadConverterError extends ValueError {
  static {
    markError(this, 'PayloadConverterError');
  }
}

/** Called at the wrong moment: outside a workflow, in a query, after closing. */
export class IllegalStateError extends Error {
  static {
    markError(this, 'IllegalStateError');
  }
}

/** No such workflow, or no open one where the request needs one. */
export class WorkflowNotFoundError extends Error {
  static {
    markError(this, 'WorkflowNotFoundError');
  }
  constructor(
    message: string,
    readonly workflowId: string,
    readonly runId: string | undefined,
  ) {
    super(message);
  }
}

export class NamespaceNotFoundError extends Error {
  static {
    markError(this, 'NamespaceNotFoundError');
  }
  constructor(readonly namespace: string) {
    super(`Namespace not found: '${namespace}'`);
  }
}

/** Thrown by an activity that somebody else will complete, by its task token or its ids. */
export class CompleteAsyncError extends Error {
  static {
    markError(this, 'CompleteAsyncError');
  }
}

/** A payload is a reference to a storage that this process does not know. */
export class ExternalStorageNotConfiguredError extends Error {
  static {
    markError(this, 'ExternalStorageNotConfiguredError');
  }
  constructor(
    message = '[TMPRL1105] Payload refers to external storage, and no external storage is configured.',
  ) {
    super(message);
  }
}
