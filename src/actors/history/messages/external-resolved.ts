// How a signal or a cancel request that workflow code sent to another run has ended.
import type { ExternalResolvedMessage } from '../../../model/message';
import type { ExternalTarget } from '../../../model/event';
import type { Draft } from '../draft';
import { findRun } from '../target';

export function externalResolved(draft: Draft, message: ExternalResolvedMessage): void {
  const { initiatedEventId, what, cause } = message;
  const state = findRun(draft.runs, message.to);
  const pending = what === 'signal' ? state?.externalSignals : state?.externalCancels;
  const initiated = pending?.get(initiatedEventId);
  // A repeat, or the run has closed.
  if (state === undefined || initiated === undefined) return;
  const { namespace, workflowId, runId } = initiated;
  const target: ExternalTarget =
    runId === undefined ? { namespace, workflowId } : { namespace, workflowId, runId };
  const run = draft.edit(state);
  if (cause === undefined) {
    const kind =
      what === 'signal' ? 'externalWorkflowExecutionSignaled' : 'externalWorkflowExecutionCancelRequested';
    run.addOutside({ kind, ...target, initiatedEventId });
  } else {
    const kind =
      what === 'signal'
        ? 'signalExternalWorkflowExecutionFailed'
        : 'requestCancelExternalWorkflowExecutionFailed';
    run.addOutside({ kind, ...target, cause, initiatedEventId, workflowTaskCompletedEventId: 0 });
  }
  run.wantTask();
}
