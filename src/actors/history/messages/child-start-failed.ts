// The child could not be started: its workflow id is in use.
import type { ChildStartFailedMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { findRun } from '../target';

export function childStartFailed(draft: Draft, message: ChildStartFailedMessage): void {
  const { initiatedEventId, cause } = message;
  const parent = findRun(draft.runs, message.to);
  const child = parent?.children.get(initiatedEventId);
  // A repeat, or the parent has closed.
  if (parent === undefined || child === undefined || child.started !== undefined) return;
  const { namespace, workflowId, workflowType } = child.initiated;
  const run = draft.edit(parent);
  run.addOutside({
    kind: 'startChildWorkflowExecutionFailed',
    namespace,
    workflowId,
    workflowType,
    cause,
    initiatedEventId,
    workflowTaskCompletedEventId: 0,
  });
  run.wantTask();
}
