// The turn failed: its code threw, or did not fit its history. The workflow goes on as soon as the code is right.
import type { TurnFailedMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { findStartedTask } from '../target';
import { failTask, reportTaskFailure } from '../tasks';

export function turnFailed(draft: Draft, message: TurnFailedMessage): void {
  const { to, startedEventId, cause, failure, identity } = message;
  const found = findStartedTask(draft.runs, to, startedEventId);
  // An answer to an earlier attempt.
  if (found === undefined) return;
  const run = draft.edit(found.state);
  reportTaskFailure(run, found.task.attempt, cause, failure);
  failTask(run, { cause, failure, identity });
}
