// A request to cancel an activity. One that no worker has yet is over at once; a running one is asked.
import { cancelUnstarted } from '../activities';
import { executionOf, type RunState } from '../run-state';
import type { CommandHandler, CommandRefusal } from './handler';

export const requestCancelActivityTask: CommandHandler<'requestCancelActivityTask'> = {
  check(planned, { scheduledEventId }) {
    const { state } = planned;
    if (!state.activities.has(scheduledEventId) && !endIsBuffered(state, scheduledEventId)) {
      return refusal(`ScheduledEventId ${scheduledEventId} is not a pending activity.`);
    }
    if (!planned.cancelActivity(scheduledEventId)) {
      return refusal(`the activity with ScheduledEventId ${scheduledEventId} is cancelled already.`);
    }
    return undefined;
  },

  apply({ run, completedEventId, outcomes }, { scheduledEventId, userMetadata }) {
    const { state } = run;
    const activity = state.activities.get(scheduledEventId);
    const requested = run.add({
      kind: 'activityTaskCancelRequested',
      scheduledEventId,
      workflowTaskCompletedEventId: completedEventId,
      ...(userMetadata !== undefined && { userMetadata }),
    });
    // Its end waits already.
    if (activity === undefined) return;
    if (activity.state.kind !== 'started') {
      outcomes.push(cancelUnstarted(run, activity, requested.eventId));
      return;
    }
    const { attempt } = activity;
    const reason = 'requested';
    run.draft.release({
      kind: 'cancelActivity',
      execution: executionOf(state),
      scheduledEventId,
      attempt,
      reason,
    });
  },
};

const refusal = (message: string): CommandRefusal => ({
  cause: 'BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES',
  message,
});

/** Of whatever kind: an activity's Started event never waits without its end. */
const endIsBuffered = ({ buffered }: RunState, scheduledEventId: number): boolean =>
  buffered.some((event) => 'scheduledEventId' in event && event.scheduledEventId === scheduledEventId);
