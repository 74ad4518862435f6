// A request to cancel another workflow: recorded here, delivered by a message, whose answer becomes an event.
import { PENDING_MAX } from '../../../model/limits';
import { cancelMessage } from '../sends';
import { targetOf, targetProblem } from './external-target';
import type { CommandHandler, CommandRefusal } from './handler';

export const requestCancelExternalWorkflowExecution: CommandHandler<'requestCancelExternalWorkflowExecution'> =
  {
    check(planned, command) {
      const problem =
        targetProblem(planned.state, command) ??
        (planned.startsChild(command.workflowId)
          ? 'a child workflow cannot be cancelled in the workflow task that starts it.'
          : undefined);
      if (problem !== undefined) {
        return { cause: 'BAD_REQUEST_CANCEL_EXTERNAL_ATTRIBUTES', message: problem };
      }
      if (planned.pendingCancels >= PENDING_MAX) return TOO_MANY;
      planned.cancelExternal();
      return undefined;
    },

    apply({ run, completedEventId, endsRun }, command) {
      const { childWorkflowOnly, reason, userMetadata } = command;
      const initiated = run.add({
        kind: 'requestCancelExternalWorkflowExecutionInitiated',
        ...targetOf(command),
        childWorkflowOnly,
        workflowTaskCompletedEventId: completedEventId,
        ...(reason !== undefined && { reason }),
        ...(userMetadata !== undefined && { userMetadata }),
      });
      if (!endsRun) run.draft.send(cancelMessage(run.state, initiated));
    },
  };

const TOO_MANY: CommandRefusal = {
  cause: 'PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED',
  message: `the number of pending requests to cancel external workflows, ${PENDING_MAX}, has reached the per-workflow limit of ${PENDING_MAX}.`,
};
