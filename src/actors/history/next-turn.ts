// Whether a run's code is to be run now. Pure computation.
import { STRIKES_MAX } from '../../model/limits';
import { isOpen, type RunState, type ScheduledWorkflowTask } from './run-state';

/** The task that waits for an executor; absent: none is scheduled, or it backs off, or it runs already. */
export function taskToRun(state: RunState): ScheduledWorkflowTask | undefined {
  const task = state.workflowTask;
  if (task.kind !== 'scheduled' || task.notBefore !== undefined || !isOpen(state)) return undefined;
  return task;
}

/** Its code has cost too many lanes: its tasks fail with back-off, without running it. */
export const isQuarantined = (state: RunState): boolean => state.strikes >= STRIKES_MAX;
