// A signal: from a client, who is answered, or from workflow code of another run, which is sent the outcome.
import type { ExternalFailedCause } from '../../../model/event';
import { addressOf, type Sender, type SignalMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { NO_SUCH_RUN, RUN_IS_CLOSED } from '../refusals';
import { isOpen } from '../run-state';
import { acceptSignal, signalRefusal } from '../signals';
import { findRun, isOwnChild } from '../target';

export function signal(draft: Draft, message: SignalMessage): void {
  const { sender } = message;
  if (sender === undefined) signalFromClient(draft, message);
  else signalFromRun(draft, message, sender);
}

function signalFromClient(draft: Draft, message: SignalMessage): void {
  const { waiter, identity } = message;
  const run = findRun(draft.runs, message.to);
  if (run === undefined) return draft.refuse(waiter, NO_SUCH_RUN);
  const { runId } = run;
  if (!run.requestIds.has(message.signal.requestId)) {
    const refusal = isOpen(run) ? signalRefusal(run, message.signal) : RUN_IS_CLOSED;
    if (refusal !== undefined) return draft.refuse(waiter, refusal);
    acceptSignal(draft.edit(run), message.signal, identity);
  }
  draft.answer(waiter, { kind: 'signaled', runId });
}

function signalFromRun(draft: Draft, message: SignalMessage, sender: Sender): void {
  const { namespace, execution, eventId: initiatedEventId } = sender;
  const cause = deliver(draft, message, sender);
  draft.send({
    kind: 'externalResolved',
    to: addressOf(namespace, execution.workflowId, execution.runId),
    what: 'signal',
    initiatedEventId,
    ...(cause !== undefined && { cause }),
  });
}

/** Why it cannot be delivered; absent: it is, or was before. */
function deliver(draft: Draft, message: SignalMessage, sender: Sender): ExternalFailedCause | undefined {
  const run = findRun(draft.runs, message.to);
  if (run?.requestIds.has(message.signal.requestId)) return undefined;
  const isFit =
    run !== undefined &&
    isOpen(run) &&
    run.runId !== sender.execution.runId &&
    (message.childWorkflowOnly !== true || isOwnChild(run, sender));
  if (!isFit) return 'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND';
  if (signalRefusal(run, message.signal) !== undefined) return 'SIGNAL_COUNT_LIMIT_EXCEEDED';
  acceptSignal(draft.edit(run), message.signal, message.identity, sender.execution);
  return undefined;
}
