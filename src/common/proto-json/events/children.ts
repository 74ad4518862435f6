// What a parent remembers of its children. Pure.
import type {
  ChildRef,
  ParentClosePolicy,
  StartChildWorkflowExecutionFailed,
  WorkflowIdReusePolicy,
} from '../../../model/event';
import { enumeration } from '../enums';
import { eventShape } from '../event-shape';
import type { Shape } from '../fields';
import { always, defaulted, optional, plain, required } from '../fields';
import { failure, retryState } from '../failure';
import { execution, initiated, named, runOptions, started, taskCompleted } from '../parts';
import { headers, onlyPayload, payloads } from '../payloads';
import { textOf } from '../scalars';

const parentClosePolicy = enumeration<ParentClosePolicy>('PARENT_CLOSE_POLICY_', {
  TERMINATE: 1,
  ABANDON: 2,
  REQUEST_CANCEL: 3,
});
const reusePolicy = enumeration<WorkflowIdReusePolicy>('WORKFLOW_ID_REUSE_POLICY_', {
  ALLOW_DUPLICATE: 1,
  ALLOW_DUPLICATE_FAILED_ONLY: 2,
  REJECT_DUPLICATE: 3,
});
const startFailedCause = enumeration<StartChildWorkflowExecutionFailed['cause']>(
  'START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_',
  { WORKFLOW_ALREADY_EXISTS: 1, NAMESPACE_NOT_FOUND: 2 },
);

const child: Shape<ChildRef> = {
  namespace: plain('namespace', textOf()),
  workflowExecution: required('workflowExecution', execution),
  workflowType: plain('workflowType', named),
  initiatedEventId: initiated,
};

export const startChildWorkflowExecutionInitiated = eventShape<'startChildWorkflowExecutionInitiated'>({
  ...runOptions,
  namespace: plain('namespace', textOf()),
  workflowId: plain('workflowId', textOf()),
  parentClosePolicy: always('parentClosePolicy', defaulted(parentClosePolicy, 'TERMINATE')),
  workflowIdReusePolicy: always('workflowIdReusePolicy', defaulted(reusePolicy, 'ALLOW_DUPLICATE')),
  workflowTaskCompletedEventId: taskCompleted,
});

export const startChildWorkflowExecutionFailed = eventShape<'startChildWorkflowExecutionFailed'>({
  namespace: plain('namespace', textOf()),
  workflowId: plain('workflowId', textOf()),
  workflowType: plain('workflowType', named),
  cause: required('cause', startFailedCause),
  initiatedEventId: initiated,
  workflowTaskCompletedEventId: taskCompleted,
});

export const childWorkflowExecutionStarted = eventShape<'childWorkflowExecutionStarted'>({
  ...child,
  header: always('header', headers),
});

export const childWorkflowExecutionCompleted = eventShape<'childWorkflowExecutionCompleted'>({
  ...child,
  result: optional('result', onlyPayload),
  startedEventId: started,
});

export const childWorkflowExecutionFailed = eventShape<'childWorkflowExecutionFailed'>({
  ...child,
  failure: required('failure', failure),
  retryState: required('retryState', retryState),
  startedEventId: started,
});

export const childWorkflowExecutionCanceled = eventShape<'childWorkflowExecutionCanceled'>({
  ...child,
  details: optional('details', payloads),
  startedEventId: started,
});

export const childWorkflowExecutionTimedOut = eventShape<'childWorkflowExecutionTimedOut'>({
  ...child,
  retryState: required('retryState', retryState),
  startedEventId: started,
});

export const childWorkflowExecutionTerminated = eventShape<'childWorkflowExecutionTerminated'>({
  ...child,
  startedEventId: started,
});
