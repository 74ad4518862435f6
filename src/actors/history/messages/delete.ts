// Delete: everything of a run goes, once nobody else needs to hear from it. An open run is terminated first.
import type { DeleteMessage } from '../../../model/message';
import { forceClose } from '../close';
import type { Draft } from '../draft';
import { NO_SUCH_RUN, STILL_OWES } from '../refusals';
import { isOpen } from '../run-state';
import { findRun } from '../target';

export function deleteRun(draft: Draft, message: DeleteMessage): void {
  const { waiter, identity } = message;
  const { runs } = draft;
  const run = findRun(runs, message.to);
  if (run === undefined) return draft.refuse(waiter, NO_SUCH_RUN);
  if (isOpen(run)) {
    const reason = 'deleted';
    forceClose(draft.edit(run), { kind: 'workflowExecutionTerminated', reason, identity });
  }
  if (run.owed.length > 0) return draft.refuse(waiter, STILL_OWES);
  draft.deleted = run.runId;
  if (runs.current === run) runs.current = undefined;
  else runs.older.delete(run.runId);
  draft.answer(waiter, { kind: 'done' });
}
