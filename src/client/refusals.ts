// What the engine refuses, and what it cannot answer, as Temporal's error classes.
import { WorkflowNotFoundError } from '../common/errors';
import { WorkflowExecutionAlreadyStartedError } from '../common/failure';
import type { FailureConverter } from '../common/converter/failure-converter';
import type { PayloadConverter } from '../common/payload/payload-converter';
import { OutcomeUnknown, RequestRefused } from '../model/gateway';
import type { Refusal } from '../model/reply';
import {
  ActivityCompletionError,
  ActivityNotFoundError,
  QueryNotRegisteredError,
  QueryRejectedError,
} from './errors';
import type { ServiceError } from './service-error';
import { serviceError, STATUS_CODES } from './service-error';
import { STATUSES } from './workflow-status';

/** What a request was about: error classes have fields for it. */
export interface Subject {
  readonly workflowId: string;
  readonly runId?: string | undefined;
  /** Of a start. */
  readonly workflowType?: string;
  /** Reads the failures of query handlers. */
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
}

/** The error to throw for whatever a request about a workflow was rejected with. */
export function workflowRequestError(error: unknown, subject: Subject): unknown {
  if (error instanceof RequestRefused) return refusalError(error.refusal, subject);
  return interruption(error) ?? error;
}

/** The same for an activity completed from outside. */
export function activityRequestError(error: unknown): unknown {
  if (error instanceof RequestRefused) {
    const { refusal } = error;
    if (refusal.kind === 'activityNotFound' || refusal.kind === 'notFound') {
      return new ActivityNotFoundError(refusal.message);
    }
    const cause = plainError(refusal);
    return new ActivityCompletionError(error.message, { cause });
  }
  const cause = interruption(error);
  return cause === undefined ? error : new ActivityCompletionError(cause.message, { cause });
}

/** The same for a request that is about no single workflow. */
export function requestError(error: unknown): unknown {
  return error instanceof RequestRefused ? plainError(error.refusal) : (interruption(error) ?? error);
}

function interruption(error: unknown): ServiceError | undefined {
  return error instanceof OutcomeUnknown
    ? serviceError('UNAVAILABLE', error.message, `The engine stopped, outcome unknown: ${error.message}`)
    : undefined;
}

function refusalError(refusal: Refusal, subject: Subject): Error {
  switch (refusal.kind) {
    case 'notFound':
      return new WorkflowNotFoundError(refusal.message, subject.workflowId, subject.runId);
    case 'alreadyStarted':
      return new WorkflowExecutionAlreadyStartedError(
        'Workflow execution already started',
        subject.workflowId,
        subject.workflowType ?? '',
      );
    case 'queryRejected': {
      const { code, name } = STATUSES[refusal.status];
      return new QueryRejectedError(code, name);
    }
    case 'queryFailed': {
      const cause = subject.failureConverter.failureToError(refusal.failure, subject.payloadConverter);
      return new QueryNotRegisteredError(cause.message, STATUS_CODES.INVALID_ARGUMENT, cause);
    }
    case 'invalidArgument':
    case 'failedPrecondition':
    case 'resourceExhausted':
    case 'activityNotFound':
    case 'deadlineExceeded':
      return plainError(refusal);
  }
}

function plainError(refusal: Refusal): ServiceError {
  switch (refusal.kind) {
    case 'notFound':
    case 'activityNotFound':
      return serviceError('NOT_FOUND', refusal.message);
    case 'alreadyStarted':
      return serviceError('ALREADY_EXISTS', refusal.message);
    case 'invalidArgument':
      return serviceError('INVALID_ARGUMENT', refusal.message);
    case 'queryFailed':
      return serviceError('INVALID_ARGUMENT', refusal.failure.message);
    case 'failedPrecondition':
      return serviceError('FAILED_PRECONDITION', refusal.message);
    case 'queryRejected':
      return serviceError('FAILED_PRECONDITION', `Query rejected: the workflow is ${refusal.status}`);
    case 'resourceExhausted':
      return serviceError('RESOURCE_EXHAUSTED', refusal.message);
    case 'deadlineExceeded':
      return serviceError('DEADLINE_EXCEEDED', refusal.message);
  }
}
