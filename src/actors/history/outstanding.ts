// What a workflow that was just loaded still has to release. Recovery is no second path: it is the same effects, sent again.
// Receivers drop repeats: messages by the sender's run and event, the host by activity and attempt.
import { endWithItsProcess } from './activities';
import { finish } from './decide';
import type { DecideContext, Decision, WorkflowRuns } from './decision';
import { Draft, type RunDraft } from './draft';
import { executionOf, isOpen, type PendingActivity, type RunState } from './run-state';
import { cancelMessage, childStartedMessage, owedMessage, signalMessage, startChildMessage } from './sends';
import { timeOutTask } from './tasks';

/** Of every run in `runs`, whether the host still knows what it was told or not: neither wake-ups nor what waits for a slot. */
export function outstanding(runs: WorkflowRuns, ctx: DecideContext): Decision {
  const draft = new Draft(runs, ctx);
  for (const state of runs.older.values()) releaseOwed(draft, state);
  const { current } = runs;
  if (current !== undefined) {
    if (isOpen(current)) releaseOpen(draft.edit(current));
    else releaseOwed(draft, current);
  }
  return finish(draft);
}

function releaseOwed(draft: Draft, closed: RunState): void {
  for (const send of closed.owed) draft.send(owedMessage(closed, send));
}

function releaseOpen(run: RunDraft): void {
  const { state, draft, ctx } = run;
  run.rearm('unknown');
  // Before anything else: while a task is started, what happens has to wait.
  if (state.workflowTask.kind === 'started') timeOutTask(run);
  if (state.awaitsParent) draft.send(childStartedMessage(state));
  for (const activity of state.activities.values()) releaseActivity(run, activity);
  for (const { initiated, started } of state.children.values()) {
    if (started === undefined) draft.send(startChildMessage(state, initiated, ctx.newRunId()));
  }
  for (const initiated of state.externalSignals.values()) draft.send(signalMessage(state, initiated));
  for (const initiated of state.externalCancels.values()) draft.send(cancelMessage(state, initiated));
}

function releaseActivity(run: RunDraft, activity: PendingActivity): void {
  const { draft, ctx } = run;
  const { state, attempt, scheduled } = activity;
  switch (state.kind) {
    case 'scheduled': {
      const { eventId: scheduledEventId, taskQueue } = scheduled;
      const { namespace } = run.state;
      const execution = executionOf(run.state);
      draft.release({ kind: 'queueActivity', namespace, execution, taskQueue, scheduledEventId, attempt });
      return;
    }
    case 'started':
      if (!state.async && state.epoch < ctx.epoch) endWithItsProcess(run, activity, state.at);
      return;
    case 'retrying':
      return;
  }
}
