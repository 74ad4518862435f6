// A slot is free for an activity that waits. If it does not wait any more, the slot goes back.
import type { ActivityGrantedMessage } from '../../../model/message';
import { beginAttempt } from '../activities';
import type { Draft } from '../draft';
import { findRun } from '../target';

export function activityGranted(draft: Draft, message: ActivityGrantedMessage): void {
  const { scheduledEventId, attempt, identity, to } = message;
  const state = findRun(draft.runs, to);
  const activity = state?.activities.get(scheduledEventId);
  if (state !== undefined && activity?.attempt === attempt) {
    if (activity.state.kind === 'scheduled') {
      return beginAttempt(draft.edit(state), activity, activity.state.since, identity);
    }
    // A repeat, after a load: the attempt that runs must not be taken for one that nobody wants.
    if (activity.state.kind === 'started') return;
  }
  const { workflowId, runId } = to;
  if (runId === undefined) return;
  const execution = { workflowId, runId };
  draft.release({ kind: 'cancelActivity', execution, scheduledEventId, attempt, reason: 'notFound' });
}
