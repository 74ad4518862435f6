// A running attempt reports progress, and learns whether it is still wanted. A fact, never an event.
import { PAYLOAD_BYTES_MAX } from '../../../model/limits';
import type { ActivityHeartbeatMessage } from '../../../model/message';
import { payloadSize } from '../../../model/payload';
import { failAttempt, noteActivity } from '../activities';
import type { Draft } from '../draft';
import { tooBig } from '../failures';
import { NO_SUCH_ATTEMPT } from '../refusals';
import { findRun } from '../target';
import { findAttempt } from './activity-resolved';

export function activityHeartbeat(draft: Draft, message: ActivityHeartbeatMessage): void {
  const { waiter, details, identity } = message;
  const state = findRun(draft.runs, message.to);
  const activity = state && findAttempt(state, message.activity, false);
  if (state === undefined || activity === undefined) return draft.refuse(waiter, NO_SUCH_ATTEMPT);
  const run = draft.edit(state);
  if (details !== undefined && payloadSize(details) > PAYLOAD_BYTES_MAX) {
    failAttempt(run, activity, tooBig('Heartbeat details exceed size limit.'), identity);
    // Its answer would come too late.
    return draft.answer(waiter, { kind: 'heartbeatRecorded', cancelRequested: true });
  }
  const progress = details === undefined ? {} : { heartbeatDetails: details };
  noteActivity(run, activity, { ...progress, lastHeartbeatAt: run.now });
  const cancelRequested = activity.cancelRequestedEventId !== undefined;
  draft.answer(waiter, { kind: 'heartbeatRecorded', cancelRequested });
}
