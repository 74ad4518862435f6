// The last run of a child's chain has closed. The parent records it if it still can; either way the child owes it no longer.
import type { Mutable } from '../../../model/mutable';
import type { ChildRef, CloseEvent } from '../../../model/event';
import type { EventId } from '../../../model/ids';
import type { ChildClosedMessage } from '../../../model/message';
import { unreachable } from '../../../model/assert';
import type { BufferableEvent, EventBody } from '../buffering';
import type { Draft } from '../draft';
import { owedSettledMessage } from '../sends';
import { findRun } from '../target';

export function childClosed(draft: Draft, message: ChildClosedMessage): void {
  const { initiatedEventId, child: execution, namespace, closeEvent } = message;
  const parent = findRun(draft.runs, message.to);
  const child = parent?.children.get(initiatedEventId);
  if (parent !== undefined && child !== undefined) {
    const { workflowType, header } = child.initiated;
    const ref: ChildRef = { namespace, workflowExecution: execution, workflowType, initiatedEventId };
    const run = draft.edit(parent);
    // It was closed before this run heard that it exists.
    const startedEventId =
      child.started?.eventId ?? run.addOutside({ kind: 'childWorkflowExecutionStarted', ...ref, header });
    run.addOutside(endOfChild(closeEvent, ref, startedEventId));
    run.wantTask();
  }
  draft.send(owedSettledMessage({ namespace, execution, key: 'childClosed' }));
}

function endOfChild(closeEvent: CloseEvent, ref: ChildRef, startedEventId: EventId): BufferableEvent {
  switch (closeEvent.kind) {
    case 'workflowExecutionCompleted': {
      const { result } = closeEvent;
      const { namespace, workflowExecution, workflowType, initiatedEventId } = ref;
      const completed: Mutable<EventBody<'childWorkflowExecutionCompleted'>> = {
        kind: 'childWorkflowExecutionCompleted',
        eventId: 0,
        at: 0,
        namespace,
        workflowExecution,
        workflowType,
        initiatedEventId,
        startedEventId,
      };
      if (result !== undefined) completed.result = result;
      return completed;
    }
    case 'workflowExecutionFailed': {
      const { failure, retryState } = closeEvent;
      return { kind: 'childWorkflowExecutionFailed', ...ref, startedEventId, failure, retryState };
    }
    case 'workflowExecutionTimedOut': {
      const { retryState } = closeEvent;
      return { kind: 'childWorkflowExecutionTimedOut', ...ref, startedEventId, retryState };
    }
    case 'workflowExecutionCanceled': {
      const { details } = closeEvent;
      const value = details === undefined ? {} : { details };
      return { kind: 'childWorkflowExecutionCanceled', ...ref, startedEventId, ...value };
    }
    case 'workflowExecutionTerminated':
      return { kind: 'childWorkflowExecutionTerminated', ...ref, startedEventId };
    case 'workflowExecutionContinuedAsNew':
      // Only the last run of a chain owes its close.
      return unreachable(closeEvent as never, 'close event of a child');
  }
}
