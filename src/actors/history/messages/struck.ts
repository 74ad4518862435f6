// This run's code was on when its lane died, or was stopped. Its task fails, so that history tells; after repeated strikes the run is
// quarantined (next-turn.ts).
import type { StruckMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { taskFailure } from '../failures';
import { strikesUnder } from '../next-turn';
import { isOpen } from '../run-state';
import { findRun } from '../target';
import { failTask, reportTaskFailure, SERVICE_IDENTITY, startTask } from '../tasks';

export function struck(draft: Draft, message: StruckMessage): void {
  const state = findRun(draft.runs, message.to);
  if (state === undefined || !isOpen(state)) return;
  const run = draft.edit(state);
  const { bundleHash } = run.ctx;
  const count = strikesUnder(state, bundleHash) + 1;
  run.note({ kind: 'strikes', count, ...(bundleHash !== undefined && { bundleHash }) });
  const task = state.workflowTask;
  // A query was on, or a replay: no task is to blame.
  if (task.kind === 'none') return;
  // Its start was in the lane's last batch, and lost with it.
  if (task.kind === 'scheduled') {
    startTask(run, task, { identity: SERVICE_IDENTITY, requestId: run.ctx.newRequestId() });
  }
  const cause = 'WORKFLOW_WORKER_UNHANDLED_FAILURE';
  const failure = taskFailure(message.reason);
  reportTaskFailure(run, task.attempt, cause, failure);
  failTask(run, { cause, failure, identity: SERVICE_IDENTITY });
}
