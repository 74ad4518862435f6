// Somebody has heard what a closed run owed. A run that owes nothing any more is needed no longer.
import type { OwedSettledMessage } from '../../../model/message';
import type { Draft } from '../draft';
import { owedKey } from '../sends';
import { findRun } from '../target';

export function owedSettled(draft: Draft, message: OwedSettledMessage): void {
  const { runs } = draft;
  const closed = findRun(runs, message.to);
  if (closed === undefined) return;
  const left = closed.owed.filter((send) => owedKey(send) !== message.key);
  // A repeat.
  if (left.length === closed.owed.length) return;
  draft.edit(closed).note({ kind: 'owed', sends: left });
  if (left.length === 0) runs.older.delete(closed.runId);
}
