// The failures that workflow code sees for events about activities, children and other workflows. Pure.
// Messages and shapes are Temporal's: user code matches on them, and recorded results of other SDKs contain them.
import type {
  ActivityTaskCanceled,
  ActivityTaskFailed,
  ActivityTaskTimedOut,
  ExternalFailedCause,
} from '../../../model/event';
import type { ActivityFailureInfo, ChildWorkflowFailureInfo, Failure } from '../../../model/failure';
import type { Payloads } from '../../../model/payload';

/** What tells one activity from another in a failure. */
export interface ActivityIdentity {
  readonly activityId: string;
  readonly activityType: string;
}

export function activityFailed(activity: ActivityIdentity, event: ActivityTaskFailed): Failure {
  return {
    message: 'Activity task failed',
    cause: event.failure,
    info: activityInfo(activity, event, event.identity),
  };
}

export function activityTimedOut(activity: ActivityIdentity, event: ActivityTaskTimedOut): Failure {
  return {
    message: 'Activity task timed out',
    cause: event.failure,
    info: activityInfo(activity, event, ''),
  };
}

/** `event` is absent when workflow code hears of it before history does, or when history never will. */
export function activityCancelled(
  activity: ActivityIdentity,
  event: ActivityTaskCanceled | undefined,
): Failure {
  const refersTo = event ?? { scheduledEventId: 0, startedEventId: 0, identity: '' };
  return {
    message: 'Activity cancelled',
    cause: cancelled(event?.details),
    info: activityInfo(activity, { ...refersTo, retryState: 'CANCEL_REQUESTED' }, refersTo.identity),
  };
}

function activityInfo(
  activity: ActivityIdentity,
  event: Pick<ActivityTaskFailed, 'scheduledEventId' | 'startedEventId' | 'retryState'>,
  identity: string,
): ActivityFailureInfo {
  return {
    kind: 'activity',
    scheduledEventId: event.scheduledEventId,
    startedEventId: event.startedEventId,
    identity,
    activityType: activity.activityType,
    activityId: activity.activityId,
    retryState: event.retryState,
  };
}

/** Which child, without its retry state. */
export type ChildIdentity = Omit<ChildWorkflowFailureInfo, 'kind' | 'retryState'>;

export function childFailed(
  child: ChildIdentity,
  cause: Failure,
  retryState: ChildWorkflowFailureInfo['retryState'],
): Failure {
  return { message: 'Child Workflow execution failed', cause, info: childInfo(child, retryState) };
}

export function childTimedOut(
  child: ChildIdentity,
  retryState: ChildWorkflowFailureInfo['retryState'],
): Failure {
  return {
    message: 'Child Workflow execution timed out',
    cause: { message: 'Timed out', info: { kind: 'timeout', timeoutType: 'START_TO_CLOSE' } },
    info: childInfo(child, retryState),
  };
}

export function childTerminated(child: ChildIdentity): Failure {
  return {
    message: 'Child Workflow execution terminated',
    cause: { message: 'Terminated', info: { kind: 'terminated' } },
    info: childInfo(child, 'NON_RETRYABLE_FAILURE'),
  };
}

export function childCancelled(child: ChildIdentity, details: Payloads | undefined): Failure {
  return {
    message: 'Child Workflow execution cancelled',
    cause: cancelled(details),
    info: childInfo(child, 'NON_RETRYABLE_FAILURE'),
  };
}

export function childNeverStarted(child: ChildIdentity, reason: string): Failure {
  return {
    message: `Child Workflow Execution cancelled before scheduled: ${reason}`,
    cause: cancelled(undefined),
    info: childInfo(child, 'NON_RETRYABLE_FAILURE'),
  };
}

/** The start was refused because its namespace does not exist. */
export function childNamespaceNotFound(child: ChildIdentity): Failure {
  return {
    message: `Unable to start child workflow because namespace '${child.namespace}' was not found`,
    info: { kind: 'application', type: 'NamespaceNotFound', nonRetryable: false },
  };
}

const childInfo = (
  child: ChildIdentity,
  retryState: ChildWorkflowFailureInfo['retryState'],
): ChildWorkflowFailureInfo => ({
  kind: 'childWorkflow',
  ...child,
  ...(retryState !== undefined && { retryState }),
});

const signalFailureReasons: { readonly [K in ExternalFailedCause]: string } = {
  EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND: 'it was not found',
  NAMESPACE_NOT_FOUND: 'it was not found',
  SIGNAL_COUNT_LIMIT_EXCEEDED: 'The per-workflow signal limit was exceeded',
};
const externalFailureTypes: { readonly [K in ExternalFailedCause]: string } = {
  EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND: 'ExternalWorkflowExecutionNotFound',
  NAMESPACE_NOT_FOUND: 'NamespaceNotFound',
  SIGNAL_COUNT_LIMIT_EXCEEDED: 'SignalCountLimitExceeded',
};

export const signalFailed = (cause: ExternalFailedCause): Failure => ({
  message: `Unable to signal external workflow because ${signalFailureReasons[cause]}`,
  info: { kind: 'application', type: externalFailureTypes[cause], nonRetryable: false },
});

export const signalCancelled: Failure = {
  message: 'Signal was cancelled before being sent',
  info: { kind: 'canceled' },
};

export const externalCancelFailed = (cause: ExternalFailedCause): Failure => ({
  message: 'Unable to cancel external workflow because not found',
  info: { kind: 'application', type: externalFailureTypes[cause], nonRetryable: false },
});

const cancelled = (details: Payloads | undefined): Failure => ({
  message: '',
  info: details === undefined ? { kind: 'canceled' } : { kind: 'canceled', details },
});
