// The run fails; under a retry policy the chain may go on with the next attempt.
import { failureSize } from '../../../model/failure';
import { PAYLOAD_BYTES_MAX } from '../../../model/limits';
import { closeRun } from '../close';
import { askRunRetry, continueAfter, retryAttributes } from '../retry-run';
import { tooLarge } from './checks';
import { UNHANDLED_COMMAND } from './close-check';
import type { CommandHandler } from './handler';

export const failWorkflowExecution: CommandHandler<'failWorkflowExecution'> = {
  check(planned, { failure }) {
    if (planned.hasUnseen) return UNHANDLED_COMMAND;
    return failureSize(failure) > PAYLOAD_BYTES_MAX ? tooLarge('workflow failure') : undefined;
  },

  apply({ run, completedEventId }, { failure, userMetadata }) {
    const retry = askRunRetry(run, failure);
    closeRun(run, {
      kind: 'workflowExecutionFailed',
      failure,
      workflowTaskCompletedEventId: completedEventId,
      ...retryAttributes(retry),
      ...(userMetadata !== undefined && { userMetadata }),
    });
    continueAfter(run, retry, failure);
  },
};
