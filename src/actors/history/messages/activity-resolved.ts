// How an attempt of an activity has ended, from its worker or, by id, from anyone. Anything stale is refused and changes nothing.
import type { ActivityOutcome, ActivityRef, ActivityResolvedMessage } from '../../../model/message';
import { failureSize } from '../../../model/failure';
import type { Failure } from '../../../model/failure';
import { LAST_FAILURE_BYTES_MAX, PAYLOAD_BYTES_MAX } from '../../../model/limits';
import { payloadSize, payloadsSize } from '../../../model/payload';
import type { Refusal } from '../../../model/reply';
import { cancelAttempt, completeActivity, failAttempt, noteActivity } from '../activities';
import type { Draft, RunDraft } from '../draft';
import { cutFailure, tooBig } from '../failures';
import { CANCEL_NOT_REQUESTED, NO_SUCH_ATTEMPT } from '../refusals';
import type { PendingActivity, RunState } from '../run-state';
import { findRun } from '../target';

export function activityResolved(draft: Draft, message: ActivityResolvedMessage): void {
  const { waiter, outcome, identity } = message;
  const state = findRun(draft.runs, message.to);
  const activity = state && findAttempt(state, message.activity, outcome.kind === 'completed');
  if (state === undefined || activity === undefined) return draft.refuse(waiter, NO_SUCH_ATTEMPT);
  const refusal = outcomes[outcome.kind](draft.edit(state), activity, outcome as never, identity);
  if (refusal !== undefined) draft.refuse(waiter, refusal);
  else draft.answer(waiter, { kind: 'done' });
}

/**
 * The attempt that `ref` names, if it is the one that runs. By id, an activity can also be completed (`mayWait`) while it waits
 * for its next attempt: Temporal allows that to whoever holds its id.
 */
export function findAttempt(
  state: RunState,
  ref: ActivityRef,
  mayWait: boolean,
): PendingActivity | undefined {
  const scheduledEventId = ref.kind === 'id' ? state.activityIds.get(ref.activityId) : ref.scheduledEventId;
  const activity = scheduledEventId === undefined ? undefined : state.activities.get(scheduledEventId);
  if (activity === undefined) return undefined;
  if (ref.kind === 'attempt' && ref.attempt !== activity.attempt) return undefined;
  if (activity.state.kind !== 'started' && !(ref.kind === 'id' && mayWait)) return undefined;
  return activity;
}

type OutcomeByKind<K extends ActivityOutcome['kind']> = Extract<ActivityOutcome, { readonly kind: K }>;
const outcomes: {
  readonly [K in ActivityOutcome['kind']]: (
    run: RunDraft,
    activity: PendingActivity,
    outcome: OutcomeByKind<K>,
    identity: string,
  ) => Refusal | undefined;
} = {
  completed(run, activity, { result }, identity) {
    if (payloadSize(result) > PAYLOAD_BYTES_MAX) {
      failAttempt(run, activity, tooBig('Complete result exceeds size limit.'), identity);
    } else {
      completeActivity(run, activity, result, identity);
    }
    return undefined;
  },
  failed(run, activity, { failure, lastHeartbeatDetails }, identity) {
    const known =
      lastHeartbeatDetails === undefined
        ? activity
        : { ...activity, hasFact: true, heartbeatDetails: lastHeartbeatDetails };
    failAttempt(run, known, fittingFailure(failure), identity);
    return undefined;
  },
  canceled(run, activity, { details }, identity) {
    const { cancelRequestedEventId } = activity;
    if (cancelRequestedEventId === undefined) return CANCEL_NOT_REQUESTED;
    if (details !== undefined && payloadsSize(details) > PAYLOAD_BYTES_MAX) {
      failAttempt(run, activity, tooBig('Cancel details exceed size limit.'), identity);
    } else {
      cancelAttempt(run, activity, cancelRequestedEventId, details, identity);
    }
    return undefined;
  },
  willCompleteAsync(run, activity) {
    const { state } = activity;
    if (state.kind !== 'started') return NO_SUCH_ATTEMPT;
    noteActivity(run, activity, { state: { ...state, async: true } });
    return undefined;
  },
};

function fittingFailure(failure: Failure): Failure {
  if (failureSize(failure) <= PAYLOAD_BYTES_MAX) return failure;
  return {
    ...tooBig('Failure exceeds size limit.'),
    cause: cutFailure(failure, LAST_FAILURE_BYTES_MAX),
  };
}
