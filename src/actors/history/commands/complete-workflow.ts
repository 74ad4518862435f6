// The run returns. Like all that ends a run by its own will: not while something waits that its code has not seen.
import { closeRun } from '../close';
import { sizeRefusal } from './checks';
import { UNHANDLED_COMMAND } from './close-check';
import type { CommandHandler } from './handler';

export const completeWorkflowExecution: CommandHandler<'completeWorkflowExecution'> = {
  check(planned, { result }) {
    if (planned.hasUnseen) return UNHANDLED_COMMAND;
    return result === undefined ? undefined : sizeRefusal('workflow result', [result]);
  },

  apply({ run, completedEventId }, { result, userMetadata }) {
    closeRun(run, {
      kind: 'workflowExecutionCompleted',
      workflowTaskCompletedEventId: completedEventId,
      ...(result !== undefined && { result }),
      ...(userMetadata !== undefined && { userMetadata }),
    });
  },
};
