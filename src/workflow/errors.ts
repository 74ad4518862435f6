// Errors that only workflow code meets. Runs in the realm.
import { markError } from '../common/error-marker';
import { ActivityFailure, CancelledFailure, ChildWorkflowFailure } from '../common/failure';
import type { ContinueAsNewInput } from './interceptors';

export class WorkflowError extends Error {
  static {
    markError(this, 'WorkflowError');
  }
}

/** What no replay could repeat. Fails the workflow task. */
export class DeterminismViolationError extends WorkflowError {
  static {
    markError(this, 'DeterminismViolationError');
  }
}

/** Thrown by `continueAsNew`; never to be caught and kept. */
export class ContinueAsNew extends Error {
  static {
    markError(this, 'ContinueAsNew');
  }
  constructor(readonly command: ContinueAsNewInput) {
    super('Workflow continued as new');
  }
}

/** Whether this is how a cancellation shows: itself, or the failure of an activity or child that was cancelled. */
export function isCancellation(error: unknown): boolean {
  return (
    error instanceof CancelledFailure ||
    ((error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) &&
      error.cause instanceof CancelledFailure)
  );
}
