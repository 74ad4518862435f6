// The four timeouts of an activity: when the next of them is due, and which one it is. Pure computation.
// A timeout of 0 is none. Ties are broken as Temporal does: start-to-close, schedule-to-start, schedule-to-close, heartbeat.
import type { TimeoutType } from '../../model/failure';
import type { DurationMs, EpochMs } from '../../model/time';
import type { PendingActivity } from './run-state';

export type ActivityDue =
  | { readonly kind: 'retry'; readonly at: EpochMs }
  | { readonly kind: 'timeout'; readonly at: EpochMs; readonly timeoutType: TimeoutType };

export const NEVER: EpochMs = Number.POSITIVE_INFINITY;

/** All attempts must have ended by then. */
export const activityExpiresAt = (activity: PendingActivity): EpochMs =>
  within(activity.scheduled.at, activity.scheduled.scheduleToCloseTimeoutMs);

/** `NEVER` for an activity that only its worker can end. */
export function activityDueAt(activity: PendingActivity): EpochMs {
  const { scheduled, state } = activity;
  const expiresAt = activityExpiresAt(activity);
  switch (state.kind) {
    case 'scheduled':
      return Math.min(expiresAt, within(state.since, scheduled.scheduleToStartTimeoutMs));
    case 'retrying':
      return Math.min(expiresAt, state.at);
    case 'started':
      return Math.min(
        expiresAt,
        within(state.at, scheduled.startToCloseTimeoutMs),
        heartbeatDueAt(activity, state.at),
      );
  }
}

/** What happens at `activityDueAt`. */
export function activityDue(activity: PendingActivity): ActivityDue {
  const { scheduled, state } = activity;
  const at = activityDueAt(activity);
  const timeout = (timeoutType: TimeoutType): ActivityDue => ({ kind: 'timeout', at, timeoutType });
  switch (state.kind) {
    case 'scheduled':
      return at === within(state.since, scheduled.scheduleToStartTimeoutMs)
        ? timeout('SCHEDULE_TO_START')
        : timeout('SCHEDULE_TO_CLOSE');
    case 'retrying':
      return at === state.at ? { kind: 'retry', at } : timeout('SCHEDULE_TO_CLOSE');
    case 'started':
      if (at === within(state.at, scheduled.startToCloseTimeoutMs)) return timeout('START_TO_CLOSE');
      return at === activityExpiresAt(activity) ? timeout('SCHEDULE_TO_CLOSE') : timeout('HEARTBEAT');
  }
}

function heartbeatDueAt(activity: PendingActivity, startedAt: EpochMs): EpochMs {
  // Details may be left from an earlier attempt: their time does not count.
  const last = Math.max(startedAt, activity.lastHeartbeatAt ?? startedAt);
  return within(last, activity.scheduled.heartbeatTimeoutMs);
}

const within = (since: EpochMs, timeoutMs: DurationMs): EpochMs =>
  timeoutMs > 0 ? since + timeoutMs : NEVER;
