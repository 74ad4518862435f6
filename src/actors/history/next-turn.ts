// Whether a run's code is to be run now. Pure computation.
import { STRIKES_MAX } from '../../model/limits';
import { isOpen, type RunState, type ScheduledWorkflowTask } from './run-state';

/** The task that waits for an executor; absent: none is scheduled, or it backs off, or it runs already. */
export function taskToRun(state: RunState): ScheduledWorkflowTask | undefined {
  const task = state.workflowTask;
  if (task.kind !== 'scheduled' || task.notBefore !== undefined || !isOpen(state)) return undefined;
  return task;
}

/** Lanes that this code of the run has cost. */
export const strikesUnder = ({ strikes, strikesBundle }: RunState, bundleHash: string | undefined): number =>
  strikesBundle === undefined || strikesBundle === bundleHash ? strikes : 0;

/** This code has cost too many lanes: the run's tasks fail with back-off, without running it, until other code comes. */
export const isQuarantined = (state: RunState, bundleHash: string | undefined): boolean =>
  strikesUnder(state, bundleHash) >= STRIKES_MAX;
