// Which run a message is for. Pure computation.
import type { Address, RunId } from '../../model/ids';
import type { Sender } from '../../model/message';
import type { WorkflowRuns } from './decision';
import { parentOf, type RunState } from './run-state';

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

export const isOwnChild = (run: RunState, { execution }: Sender): boolean =>
  parentOf(run)?.execution.runId === execution.runId;
