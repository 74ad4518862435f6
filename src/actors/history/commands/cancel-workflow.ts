// The run ends because it was asked to: its cancellation has reached the top of its code.
import { closeRun } from '../close';
import { sizeRefusal } from './checks';
import { UNHANDLED_COMMAND } from './close-check';
import type { CommandHandler } from './handler';

export const cancelWorkflowExecution: CommandHandler<'cancelWorkflowExecution'> = {
  check(planned, { details }) {
    if (planned.hasUnseen) return UNHANDLED_COMMAND;
    return details === undefined ? undefined : sizeRefusal('cancellation details', details);
  },

  apply({ run, completedEventId }, { details, userMetadata }) {
    closeRun(run, {
      kind: 'workflowExecutionCanceled',
      workflowTaskCompletedEventId: completedEventId,
      ...(details !== undefined && { details }),
      ...(userMetadata !== undefined && { userMetadata }),
    });
  },
};
