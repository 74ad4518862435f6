// Signals and cancel requests to other workflows. Pure.
import type { ExternalFailedCause } from '../../../model/event';
import { enumeration } from '../enums';
import { eventShape } from '../event-shape';
import { optional, plain, required } from '../fields';
import { externalTarget, initiated, taskCompleted } from '../parts';
import { headers, payloads } from '../payloads';
import { flag, text } from '../scalars';

const CAUSES: Readonly<Record<ExternalFailedCause, number>> = {
  EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND: 1,
  NAMESPACE_NOT_FOUND: 2,
  SIGNAL_COUNT_LIMIT_EXCEEDED: 3,
};
const signalFailedCause = enumeration('SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_', CAUSES);
const cancelFailedCause = enumeration('CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_', CAUSES);

export const signalExternalWorkflowExecutionInitiated =
  eventShape<'signalExternalWorkflowExecutionInitiated'>({
    ...externalTarget,
    signalName: plain('signalName', text),
    input: plain('input', payloads),
    header: plain('header', headers),
    childWorkflowOnly: plain('childWorkflowOnly', flag),
    workflowTaskCompletedEventId: taskCompleted,
  });

export const signalExternalWorkflowExecutionFailed = eventShape<'signalExternalWorkflowExecutionFailed'>({
  ...externalTarget,
  cause: required('cause', signalFailedCause),
  initiatedEventId: initiated,
  workflowTaskCompletedEventId: taskCompleted,
});

export const externalWorkflowExecutionSignaled = eventShape<'externalWorkflowExecutionSignaled'>({
  ...externalTarget,
  initiatedEventId: initiated,
});

export const requestCancelExternalWorkflowExecutionInitiated =
  eventShape<'requestCancelExternalWorkflowExecutionInitiated'>({
    ...externalTarget,
    childWorkflowOnly: plain('childWorkflowOnly', flag),
    reason: optional('reason', text),
    workflowTaskCompletedEventId: taskCompleted,
  });

export const requestCancelExternalWorkflowExecutionFailed =
  eventShape<'requestCancelExternalWorkflowExecutionFailed'>({
    ...externalTarget,
    cause: required('cause', cancelFailedCause),
    initiatedEventId: initiated,
    workflowTaskCompletedEventId: taskCompleted,
  });

export const externalWorkflowExecutionCancelRequested =
  eventShape<'externalWorkflowExecutionCancelRequested'>({
    ...externalTarget,
    initiatedEventId: initiated,
  });
