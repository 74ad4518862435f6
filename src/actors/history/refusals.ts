// What callers are told when decide says no. Texts are Temporal's where it has one: people search for them.
import type { Refusal } from '../../model/reply';
import type { RunState } from './run-state';

const notFound = (message: string): Refusal => ({ kind: 'notFound', message });
export const invalidArgument = (message: string): Refusal => ({ kind: 'invalidArgument', message });
export const failedPrecondition = (message: string): Refusal => ({ kind: 'failedPrecondition', message });

export const NO_SUCH_RUN = notFound('workflow execution not found');
export const RUN_IS_CLOSED = notFound('workflow execution already completed');
export const NO_SUCH_ATTEMPT: Refusal = {
  kind: 'activityNotFound',
  message: 'invalid activityID or activity already timed out or invoking workflow is completed',
};
export const CANCEL_NOT_REQUESTED = invalidArgument(
  'unable to mark activity as canceled without activity being request canceled first',
);
export const TOO_MANY_SIGNALS = invalidArgument('exceeded workflow execution limit for signal events');
export const STILL_OWES = failedPrecondition(
  'the workflow execution has closed, but other workflows do not know it yet: delete it again in a moment',
);

export const alreadyRunning = (state: RunState): Refusal =>
  alreadyStarted(state, `Workflow execution is already running. ${ids(state)}`);
export const finishedWell = (state: RunState): Refusal =>
  alreadyStarted(
    state,
    `Workflow execution already finished successfully. ${ids(state)} Workflow Id reuse policy: allow duplicate workflow Id if last run failed.`,
  );
export const finished = (state: RunState): Refusal =>
  alreadyStarted(
    state,
    `Workflow execution already finished. ${ids(state)} Workflow Id reuse policy: reject duplicate workflow Id.`,
  );

const ids = ({ workflowId, runId }: RunState): string => `WorkflowId: ${workflowId}, RunId: ${runId}.`;
const alreadyStarted = ({ runId }: RunState, message: string): Refusal => ({
  kind: 'alreadyStarted',
  message,
  runId,
});
