// Which run a message is for. Pure computation.
import type { Address, EventId, RunId } from '../../model/ids';
import type { Sender } from '../../model/message';
import type { WorkflowRuns } from './decision';
import { parentOf, type RunState, type StartedWorkflowTask } from './run-state';
import { startedIdOf } from './tasks';

export function findRun(runs: WorkflowRuns, { runId }: Address): RunState | undefined {
  const { current, older } = runs;
  if (runId === undefined || runId === current?.runId) return current;
  return older.get(runId);
}

/** As `findRun`; with the first run of a chain given, only a run of that chain. */
export function findRunOfChain(
  runs: WorkflowRuns,
  to: Address,
  firstExecutionRunId: RunId | undefined,
): RunState | undefined {
  const run = findRun(runs, to);
  if (firstExecutionRunId === undefined || run?.started.firstExecutionRunId === firstExecutionRunId) {
    return run;
  }
  return undefined;
}

/** The started task that an executor's answer names; absent: the answer is to an earlier attempt, or the run has closed. */
export function findStartedTask(
  runs: WorkflowRuns,
  to: Address,
  startedEventId: EventId,
): { readonly state: RunState; readonly task: StartedWorkflowTask } | undefined {
  const state = findRun(runs, to);
  const task = state?.workflowTask;
  if (state === undefined || task?.kind !== 'started') return undefined;
  return startedIdOf(state, task) === startedEventId ? { state, task } : undefined;
}

export const isOwnChild = (run: RunState, { execution }: Sender): boolean =>
  parentOf(run)?.execution.runId === execution.runId;
