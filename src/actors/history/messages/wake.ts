// Something is due: everything whose time has come happens, in the order of its time, in one batch.
import { assert } from '../../../model/assert';
import type { WakeMessage } from '../../../model/message';
import { dispatchRetry, timeOutAttempt } from '../activities';
import { activityDue, activityExpiresAt } from '../activity-due';
import { forceClose } from '../close';
import type { Draft, RunDraft } from '../draft';
import { type DueItem, nextDue } from '../due';
import { workflowTimeout } from '../failures';
import { askRunRetry, continueAfter, retryAttributes } from '../retry-run';
import { endBackoff, relieveBuffer, scheduleTask, timeOutTask } from '../tasks';
import { findRun } from '../target';

export function wake(draft: Draft, message: WakeMessage): void {
  const state = findRun(draft.runs, message.to);
  if (state === undefined) return;
  const run = draft.edit(state);
  run.rearm('none');
  let previous: DueItem | undefined;
  for (;;) {
    const due = nextDue(state);
    if (due === undefined || due.at > run.ctx.now) return;
    assert(!isSame(due, previous), 'what was due is due again');
    happens[due.kind](run, due as never);
    relieveBuffer(run);
    previous = due;
  }
}

type DueByKind<K extends DueItem['kind']> = Extract<DueItem, { readonly kind: K }>;
const happens: { readonly [K in DueItem['kind']]: (run: RunDraft, due: DueByKind<K>) => void } = {
  timer(run, { timer }) {
    const { timerId, startedEventId } = timer;
    run.addOutside({ kind: 'timerFired', eventId: 0, at: 0, timerId, startedEventId });
    run.wantTask();
  },
  activity(run, { scheduledEventId }) {
    const activity = run.state.activities.get(scheduledEventId);
    assert(activity !== undefined, 'an activity that is not pending is due');
    const due = activityDue(activity);
    if (due.kind === 'timeout') timeOutAttempt(run, activity, due.timeoutType);
    // The wake-up came late, or both are due: an attempt must not begin when the time for all of them is over.
    else if (activityExpiresAt(activity) <= run.ctx.now) timeOutAttempt(run, activity, 'SCHEDULE_TO_CLOSE');
    else dispatchRetry(run, activity, due.at);
  },
  firstTask: (run) => scheduleTask(run),
  taskReady: (run) => endBackoff(run),
  taskTimeout: (run) => timeOutTask(run),
  runTimeout(run) {
    const failure = workflowTimeout();
    const retry = askRunRetry(run, failure);
    forceClose(run, { kind: 'workflowExecutionTimedOut', ...retryAttributes(retry) });
    continueAfter(run, retry, failure);
  },
};

function isSame(a: DueItem, b: DueItem | undefined): boolean {
  if (a.kind !== b?.kind || a.at !== b.at) return false;
  if (a.kind === 'timer' && b.kind === 'timer') return a.timer === b.timer;
  if (a.kind === 'activity' && b.kind === 'activity') return a.scheduledEventId === b.scheduledEventId;
  return true;
}
