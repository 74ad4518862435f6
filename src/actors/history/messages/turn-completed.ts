// A turn is done: its commands become events and effects, all of them, or none and the task fails.
// The order is Temporal's: Completed, the command events in program order, what waited for the end of the task, the next task.
import { assert } from '../../../model/assert';
import type { Command } from '../../../model/command';
import type { WorkflowTaskFailedCause } from '../../../model/event';
import type { TurnCompletedMessage } from '../../../model/message';
import type { BufferableEvent } from '../buffering';
import { applyCommands, checkCommands } from '../commands';
import { isClosing } from '../commands/close-check';
import type { CommandRefusal } from '../commands/handler';
import type { Draft, RunDraft } from '../draft';
import { taskFailure } from '../failures';
import { isOpen } from '../run-state';
import { findStartedTask } from '../target';
import { completeTask, failTask, flushBuffered, reportTaskFailure } from '../tasks';

export function turnCompleted(draft: Draft, message: TurnCompletedMessage): void {
  const { to, startedEventId, commands } = message;
  const found = findStartedTask(draft.runs, to, startedEventId);
  // An answer to an earlier attempt.
  if (found === undefined) return;
  const { state, task } = found;
  const run = draft.edit(state);
  const refusal = checkCommands(state, commands);
  if (refusal !== undefined) return refuse(run, task.attempt, refusal, message.identity);
  if (state.strikes > 0) run.note({ kind: 'strikes', count: 0 });
  const completedEventId = completeTask(run, task, message);
  const outcomes: BufferableEvent[] = [];
  applyCommands({ run, completedEventId, endsRun: hasClosing(commands), outcomes }, commands);
  // Nobody sees anything any more.
  if (!isOpen(state)) return;
  if (flushBuffered(run) || outcomes.length > 0) run.wantTask();
  for (const outcome of outcomes) run.addOutside(outcome);
}

function refuse(run: RunDraft, attempt: number, { cause, message }: CommandRefusal, identity: string): void {
  const failure = taskFailure(message === undefined ? nameOf(cause) : `${nameOf(cause)}: ${message}`);
  // Something arrived while the turn ran: nobody's fault, and the next one sees it.
  if (cause !== 'UNHANDLED_COMMAND') reportTaskFailure(run, attempt, cause, failure);
  failTask(run, { cause, failure, identity });
}

function hasClosing(commands: readonly Command[]): boolean {
  const at = commands.findIndex(isClosing);
  assert(at === -1 || at === commands.length - 1, 'a command behind the end of the run');
  return at !== -1;
}

/** As Temporal writes it in failures: UnhandledCommand for UNHANDLED_COMMAND. */
const nameOf = (cause: WorkflowTaskFailedCause): string =>
  cause
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
