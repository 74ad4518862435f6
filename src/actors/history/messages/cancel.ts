// A cancel request: from a client, from workflow code of another run, or from a parent that has closed.
import type { ExternalFailedCause } from '../../../model/event';
import { addressOf, type CancelMessage, type Sender } from '../../../model/message';
import type { Draft, RunDraft } from '../draft';
import { NO_SUCH_RUN, RUN_IS_CLOSED } from '../refusals';
import { isOpen, type RunState } from '../run-state';
import { owedSettledMessage } from '../sends';
import { findRunOfChain, isOwnChild } from '../target';

export function cancel(draft: Draft, message: CancelMessage): void {
  const { waiter, sender, owedBy } = message;
  const run = findRunOfChain(draft.runs, message.to, message.firstExecutionRunId);
  if (sender !== undefined) {
    cancelFromRun(draft, message, sender, run);
  } else if (owedBy !== undefined) {
    if (run !== undefined && isOpen(run)) requestCancel(draft.edit(run), message);
    draft.send(owedSettledMessage(owedBy));
  } else if (run === undefined || !isOpen(run)) {
    draft.refuse(waiter, run === undefined ? NO_SUCH_RUN : RUN_IS_CLOSED);
  } else {
    requestCancel(draft.edit(run), message);
    draft.answer(waiter, { kind: 'done' });
  }
}

function cancelFromRun(
  draft: Draft,
  message: CancelMessage,
  sender: Sender,
  run: RunState | undefined,
): void {
  const { namespace, execution, eventId: initiatedEventId } = sender;
  const cause = causeAgainst(message, sender, run);
  // A run that has closed needs no cancelling: that is no failure.
  if (cause === undefined && run !== undefined && isOpen(run)) requestCancel(draft.edit(run), message);
  draft.send({
    kind: 'externalResolved',
    to: addressOf(namespace, execution.workflowId, execution.runId),
    what: 'cancel',
    initiatedEventId,
    ...(cause !== undefined && { cause }),
  });
}

function causeAgainst(
  { childWorkflowOnly }: CancelMessage,
  sender: Sender,
  run: RunState | undefined,
): ExternalFailedCause | undefined {
  const isFit =
    run !== undefined &&
    run.runId !== sender.execution.runId &&
    (childWorkflowOnly !== true || isOwnChild(run, sender));
  return isFit ? undefined : 'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND';
}

function requestCancel(run: RunDraft, message: CancelMessage): void {
  const { reason, identity, requestId, sender, owedBy } = message;
  // Once is enough; and a repeat may find the next run of the chain.
  if (run.state.cancelRequested || run.state.requestIds.has(requestId)) return;
  const from = sender?.execution ?? owedBy?.execution;
  run.addOutside({
    kind: 'workflowExecutionCancelRequested',
    identity,
    requestId,
    ...(reason !== undefined && { cause: reason }),
    ...(sender !== undefined && { externalInitiatedEventId: sender.eventId }),
    ...(from !== undefined && { externalWorkflowExecution: from }),
  });
  run.wantTaskAtOnce();
}
