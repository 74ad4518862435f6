// DECIDE: what one message does to the runs of one workflow id. Shard thread; no clock, no chance, no I/O: all of that is in `ctx`.
// One table of handlers; then, for every run that was touched, what Temporal does at the end of each transaction.
import { appended } from '../../model/appended';
import type { Message, MessageByKind, MessageKind, QueryMessage } from '../../model/message';
import { enforceHistoryLimits } from './close';
import type { DecideContext, Decision, RunChanges, WorkflowRuns } from './decision';
import { Draft, type RunDraft } from './draft';
import { activityGranted } from './messages/activity-granted';
import { activityHeartbeat } from './messages/activity-heartbeat';
import { activityResolved } from './messages/activity-resolved';
import { cancel } from './messages/cancel';
import { childClosed } from './messages/child-closed';
import { childStartFailed } from './messages/child-start-failed';
import { childStarted } from './messages/child-started';
import { deleteRun } from './messages/delete';
import { describe } from './messages/describe';
import { externalResolved } from './messages/external-resolved';
import { firstTaskReleased } from './messages/first-task-released';
import { owedSettled } from './messages/owed-settled';
import { signal } from './messages/signal';
import { start } from './messages/start';
import { startChild } from './messages/start-child';
import { struck } from './messages/struck';
import { terminate } from './messages/terminate';
import { turnCompleted } from './messages/turn-completed';
import { turnFailed } from './messages/turn-failed';
import { turnStarted } from './messages/turn-started';
import { wake } from './messages/wake';
import { relieveBuffer, scheduleTask } from './tasks';

/** Queries change nothing: see query-target.ts. */
export type DecidedMessage = Exclude<Message, QueryMessage>;

type Handlers = {
  readonly [K in Exclude<MessageKind, 'query'>]: (draft: Draft, message: MessageByKind<K>) => void;
};
const handlers: Handlers = {
  start,
  startChild,
  signal,
  cancel,
  terminate,
  describe,
  delete: deleteRun,
  wake,
  activityGranted,
  activityResolved,
  activityHeartbeat,
  childStarted,
  childStartFailed,
  firstTaskReleased,
  childClosed,
  owedSettled,
  externalResolved,
  turnStarted,
  turnCompleted,
  turnFailed,
  struck,
};

/** Folds what it decides into `runs`: the caller stores the changes, and releases the effects when they are durable. */
export function decide(runs: WorkflowRuns, message: DecidedMessage, ctx: DecideContext): Decision {
  const draft = new Draft(runs, ctx);
  (handlers[message.kind] as (draft: Draft, message: DecidedMessage) => void)(draft, message);
  return finish(draft);
}

/** Every decision ends here: limits, the workflow task that is wanted, the next wake-up. */
export function finish(draft: Draft): Decision {
  let runs: RunChanges[] = [];
  for (const run of draft.touched) {
    finishRun(run);
    const { state, changes, isNew } = run;
    // Of a deleted run nothing stays.
    if (changes.length === 0 || state.runId === draft.deleted) continue;
    runs = appended(runs, { run: state, changes, isNew });
  }
  const { effects, deleted } = draft;
  return deleted === undefined ? { runs, effects } : { runs, effects, deleted };
}

function finishRun(run: RunDraft): void {
  if (run.changes.length > 0) {
    relieveBuffer(run);
    enforceHistoryLimits(run);
    if (run.wantsTask) scheduleTask(run);
  }
  run.releaseWakeUp();
}
