// An executor takes the scheduled workflow task. Nothing happens if there is none for it.
import type { TurnStartedMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { taskToRun } from '../next-turn';
import { findRun } from '../target';
import { startTask } from '../tasks';

export function turnStarted(draft: Draft, message: TurnStartedMessage): void {
  const state = findRun(draft.runs, message.to);
  const task = state && taskToRun(state);
  if (state === undefined || task === undefined) return;
  startTask(draft.edit(state), task, message);
}
