// The end of a run: its close event, the attempts nobody waits for any more, and what it now owes to its parent and its children.
import type { EventKind } from '../../model/event';
import type { OwedSend } from '../../model/fact';
import { HISTORY_BYTES_MAX, HISTORY_EVENTS_MAX } from '../../model/limits';
import type { EventBody } from './buffering';
import type { RunDraft } from './draft';
import { executionOf, isOpen, type RunState } from './run-state';
import { owedMessage } from './sends';
import { abandonTask, SERVICE_IDENTITY } from './tasks';

type CloseKind = Extract<
  EventKind,
  | 'workflowExecutionCompleted'
  | 'workflowExecutionFailed'
  | 'workflowExecutionTimedOut'
  | 'workflowExecutionCanceled'
  | 'workflowExecutionTerminated'
  | 'workflowExecutionContinuedAsNew'
>;
type CloseBody = { [K in CloseKind]: EventBody<K> }[CloseKind];

/** `keepFromParent`: the parent is known to be gone. */
interface CloseOptions {
  readonly keepFromParent?: boolean;
}

/** By a command of the run's own. Nothing waits in the buffer: the command would have been refused. */
export function closeRun(run: RunDraft, body: CloseBody, options: CloseOptions = {}): void {
  const { state } = run;
  const execution = executionOf(state);
  const owed = owedAfter(state, body, options);
  const activities = [...state.activities.values()];
  const closeEvent = run.add(body);
  for (const { scheduled, attempt } of activities) {
    const { eventId: scheduledEventId } = scheduled;
    const reason = 'notFound';
    run.draft.release({ kind: 'cancelActivity', execution, scheduledEventId, attempt, reason });
  }
  if (owed.length > 0) run.note({ kind: 'owed', sends: owed });
  for (const send of owed) run.draft.send(owedMessage(state, send));
  const { namespace } = state;
  const { workflowType } = state.started;
  run.draft.release({ kind: 'runClosed', namespace, execution, workflowType, closeEvent });
}

/** From outside: an open task is abandoned first. */
export function forceClose(run: RunDraft, body: CloseBody, options: CloseOptions = {}): void {
  abandonTask(run);
  closeRun(run, body, options);
}

/** A run that has outgrown its limits takes nothing more. */
export function enforceHistoryLimits(run: RunDraft): void {
  const { state } = run;
  if (!isOpen(state)) return;
  if (state.lastEventId > HISTORY_EVENTS_MAX) terminate('Workflow history count exceeds limit.');
  else if (state.historySizeBytes > HISTORY_BYTES_MAX) terminate('Workflow history size exceeds limit.');

  function terminate(reason: string): void {
    forceClose(run, { kind: 'workflowExecutionTerminated', reason, identity: SERVICE_IDENTITY });
  }
}

/** Nothing, if the chain goes on: only its last run reports, and its children are not the chain's. */
function owedAfter(state: RunState, body: CloseBody, options: CloseOptions): readonly OwedSend[] {
  if ('newExecutionRunId' in body) return [];
  const owed: OwedSend[] = [];
  if (state.started.parent !== undefined && options.keepFromParent !== true) {
    owed.push({ kind: 'childClosed' });
  }
  for (const { initiated, started } of state.children.values()) {
    // A child that this run has not seen start asks for its first task, and is told that its parent is gone.
    if (started === undefined || initiated.parentClosePolicy === 'ABANDON') continue;
    owed.push({
      kind: 'parentClosePolicy',
      initiatedEventId: initiated.eventId,
      namespace: initiated.namespace,
      child: started.execution,
      action: initiated.parentClosePolicy === 'TERMINATE' ? 'terminate' : 'requestCancel',
    });
  }
  return owed;
}
