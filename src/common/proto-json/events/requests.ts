// What others ask of a run. Pure.
import { eventShape } from '../event-shape';
import { always, nonDefault, optional, plain } from '../fields';
import { execution, identity } from '../parts';
import { headers, payloads } from '../payloads';
import { long, text } from '../scalars';

export const workflowExecutionSignaled = eventShape<'workflowExecutionSignaled'>({
  signalName: plain('signalName', text),
  input: always('input', payloads),
  identity,
  header: always('header', headers),
  externalWorkflowExecution: optional('externalWorkflowExecution', execution),
  requestId: optional('requestId', text),
});

export const workflowExecutionCancelRequested = eventShape<'workflowExecutionCancelRequested'>({
  cause: optional('cause', text),
  identity,
  externalInitiatedEventId: nonDefault('externalInitiatedEventId', long),
  externalWorkflowExecution: optional('externalWorkflowExecution', execution),
  requestId: optional('requestId', text),
});
