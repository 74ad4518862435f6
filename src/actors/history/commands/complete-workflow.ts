// The run returns. Like all that ends a run by its own will: not while something waits that its code has not seen.
import type { Mutable } from '../../../model/mutable';
import type { EventBody } from '../buffering';
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
    const completed: Mutable<EventBody<'workflowExecutionCompleted'>> = {
      kind: 'workflowExecutionCompleted',
      eventId: 0,
      at: 0,
      workflowTaskCompletedEventId: completedEventId,
    };
    if (result !== undefined) completed.result = result;
    if (userMetadata !== undefined) completed.userMetadata = userMetadata;
    closeRun(run, completed);
  },
};
