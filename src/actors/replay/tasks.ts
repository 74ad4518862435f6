// Cuts a history into the workflow tasks that workflow code went through. Pure.
// A task that failed or timed out left nothing in workflow code, so it is no task here; its events go to the next one.
import type { HistoryEvent, WorkflowTaskCompleted } from '../../model/event';
import { isCommandEvent } from './match';

/** A completed task: where its WorkflowTaskStarted stands. WorkflowTaskCompleted is the next event. */
export interface CompletedTask {
  readonly startedIndex: number;
  readonly completed: WorkflowTaskCompleted;
}

/** The first completed task whose start stands at `from` or behind it; undefined: the rest was not worked on. */
export function nextCompletedTask(history: readonly HistoryEvent[], from: number): CompletedTask | undefined {
  let sawCommand = false;
  for (let index = from; index < history.length; index++) {
    const event = history[index]!;
    if (isCommandEvent(event)) sawCommand = true;
    if (event.kind !== 'workflowTaskStarted') continue;
    const completed = history[index + 1];
    if (completed?.kind !== 'workflowTaskCompleted') continue;
    if (!sawCommand && isHeartbeat(completed, history[index + 2])) continue;
    return { startedIndex: index, completed };
  }
  return undefined;
}

/**
 * A worker of another SDK renewed its task while local activities ran: the next task goes on with the same activation.
 * Workers of ours never do that, and their turns carry a stamp.
 */
const isHeartbeat = (completed: WorkflowTaskCompleted, next: HistoryEvent | undefined): boolean =>
  completed.stamp === undefined && next?.kind === 'workflowTaskScheduled';
