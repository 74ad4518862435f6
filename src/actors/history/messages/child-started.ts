// The child exists: the second half of the two-phase start. The parent records it, and only then may the child run.
// A parent that has closed meanwhile, or knows of no such child, says so. A repeat is answered again and records nothing.
import type { ChildStartedMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { firstTaskReleasedMessage } from '../sends';
import { findRun } from '../target';

export function childStarted(draft: Draft, message: ChildStartedMessage): void {
  const { initiatedEventId, child: execution, namespace } = message;
  const parent = findRun(draft.runs, message.to);
  const child = parent?.children.get(initiatedEventId);
  // Another run of this id may have been started before, and be over: a request that came twice, far apart, makes no second child.
  const isAnother = child?.started !== undefined && child.started.execution.runId !== execution.runId;
  if (parent !== undefined && child !== undefined && child.started === undefined) {
    const { workflowType, header } = child.initiated;
    const run = draft.edit(parent);
    run.addOutside({
      kind: 'childWorkflowExecutionStarted',
      eventId: 0,
      at: 0,
      namespace,
      workflowExecution: execution,
      workflowType,
      initiatedEventId,
      header,
    });
    run.wantTask();
  }
  draft.send(firstTaskReleasedMessage(namespace, execution, child === undefined || isAnother));
}
