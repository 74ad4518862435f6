// Terminate: by a client, or by a parent that has closed. Workflow code is not asked.
import type { TerminateMessage } from '../../../model/message';
import { forceClose } from '../close';
import type { Draft } from '../draft';
import { NO_SUCH_RUN, RUN_IS_CLOSED } from '../refusals';
import { isOpen } from '../run-state';
import { owedSettledMessage } from '../sends';
import { findRunOfChain } from '../target';

export function terminate(draft: Draft, message: TerminateMessage): void {
  const { waiter, identity, reason, details, owedBy } = message;
  const run = findRunOfChain(draft.runs, message.to, message.firstExecutionRunId);
  const target = run !== undefined && isOpen(run) ? draft.edit(run) : undefined;
  if (target !== undefined) {
    forceClose(target, {
      kind: 'workflowExecutionTerminated',
      identity,
      ...(reason !== undefined && { reason }),
      ...(details !== undefined && { details }),
    });
  }
  if (owedBy !== undefined) draft.send(owedSettledMessage(owedBy));
  if (target !== undefined) draft.answer(waiter, { kind: 'done' });
  else draft.refuse(waiter, run === undefined ? NO_SUCH_RUN : RUN_IS_CLOSED);
}
