// Replays a history that is not being worked on: the check that code still fits it. Pure. Nothing is written anywhere.
import type { HistoryEvent } from '../../model/event';
import type { Failure } from '../../model/failure';
import { Execution } from './execution';
import type { ExecutionOptions, FailedTurn } from './execution';

export type ReplayOutcome =
  | { readonly kind: 'ok' }
  /** The code does not fit the history; `details` names the event, what it says and what the code asks for. */
  | { readonly kind: 'nondeterminism'; readonly details: string; readonly stackTrace?: string }
  /** Workflow code threw what fails a workflow task. */
  | { readonly kind: 'taskFailure'; readonly failure: Failure };

/** What a failed replay is made of that is told. */
export type Explain = (failed: FailedTurn) => FailedTurn;

/** `history` from its first event on. A task that is open at its end is run too; what it asks for is compared with nothing. */
export function replayHistory(
  options: ExecutionOptions,
  history: readonly HistoryEvent[],
  explain: Explain = (failed) => failed,
): ReplayOutcome {
  const execution = new Execution(options);
  const failed = execution.catchUp(history);
  if (failed !== undefined) return verdict(explain(failed));
  if (history.at(-1)?.kind !== 'workflowTaskStarted') return { kind: 'ok' };
  const last = execution.runTurn([]);
  return last.kind === 'failed' ? verdict(last) : { kind: 'ok' };
}

function verdict({ cause, failure }: FailedTurn): ReplayOutcome {
  if (cause !== 'NON_DETERMINISTIC_ERROR') return { kind: 'taskFailure', failure };
  const { message: details, stackTrace } = failure;
  return { kind: 'nondeterminism', details, ...(stackTrace !== undefined && { stackTrace }) };
}
