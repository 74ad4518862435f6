// The parent's CHILD_STARTED is durable: the child may run. Or the parent is gone: then the child never runs, whatever its close
// policy; nobody has seen it start, so it ends without a trace of running code (Temporal does not even start it then).
import type { FirstTaskReleasedMessage } from '../../../model/message';
import { forceClose } from '../close';
import type { Draft } from '../draft';
import { BY_PARENT_CLOSE_POLICY } from '../sends';
import { findRun } from '../target';
import { SERVICE_IDENTITY } from '../tasks';

export function firstTaskReleased(draft: Draft, message: FirstTaskReleasedMessage): void {
  const child = findRun(draft.runs, message.to);
  // A repeat, or the child has closed while it waited.
  if (child?.awaitsParent !== true) return;
  const run = draft.edit(child);
  if (message.parentGone) {
    const reason = BY_PARENT_CLOSE_POLICY;
    const identity = SERVICE_IDENTITY;
    forceClose(run, { kind: 'workflowExecutionTerminated', reason, identity }, { keepFromParent: true });
    return;
  }
  run.note({ kind: 'firstTaskReleased' });
  run.wantTask();
}
