// Start, and signal-with-start: by a client. Temporal's rules for an id that is in use, running or closed.
import type { SignalBody, StartMessage } from '../../../model/message';
import type { Mutable } from '../../../model/mutable';
import type { Refusal } from '../../../model/reply';
import type { EpochMs } from '../../../model/time';
import type { EventBody } from '../buffering';
import { forceClose } from '../close';
import type { Draft, RunDraft } from '../draft';
import { reuseRefusal, startRun } from '../new-run';
import { alreadyRunning, invalidArgument } from '../refusals';
import { addOptional, withCappedTimeouts } from '../run-options';
import { isOpen, type RunState } from '../run-state';
import { acceptSignal, signalRefusal } from '../signals';
import { SERVICE_IDENTITY } from '../tasks';

export function start(draft: Draft, message: StartMessage): void {
  const { current } = draft.runs;
  const { waiter } = message;
  // The caller repeats what it already did; its signal, too, came in with the run.
  if (current?.createRequestId === message.requestId) return answerStarted(draft, message, current, true);
  const refusal = messageRefusal(message) ?? (current && currentRefusal(message, current));
  if (refusal !== undefined) return draft.refuse(waiter, refusal);
  if (current !== undefined && isOpen(current)) {
    if (message.conflictPolicy !== 'TERMINATE_EXISTING') return useExisting(draft, message, current);
    terminateExisting(draft.edit(current), message);
  }
  const run = startRun(draft, {
    runId: message.newRunId,
    createRequestId: message.requestId,
    started: startedBody(message, draft.ctx.now),
  });
  if (message.signal !== undefined) acceptSignal(run, message.signal, message.identity);
  answerStarted(draft, message, run.state, true);
}

function messageRefusal({ options, signal, conflictPolicy, reusePolicy }: StartMessage): Refusal | undefined {
  if (options.cronSchedule) return invalidArgument('cron schedules are not supported yet');
  if (signal !== undefined && conflictPolicy === 'FAIL') {
    return invalidArgument(
      'Invalid WorkflowIDConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_FAIL is not supported for this operation.',
    );
  }
  if (conflictPolicy === 'TERMINATE_EXISTING' && reusePolicy === 'REJECT_DUPLICATE') {
    return invalidArgument(
      'Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot be used together with WorkflowIdConflictPolicy WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING',
    );
  }
  return undefined;
}

function currentRefusal(message: StartMessage, current: RunState): Refusal | undefined {
  const { conflictPolicy, reusePolicy, signal } = message;
  if (!isOpen(current)) return reuseRefusal(current, reusePolicy);
  if (conflictPolicy === 'FAIL') return alreadyRunning(current);
  if (conflictPolicy === 'USE_EXISTING' && signal !== undefined) return signalRefusal(current, signal);
  return undefined;
}

/** The running one is taken as it is; a signal reaches it even while its first task is delayed, and ends the delay. */
function useExisting(draft: Draft, message: StartMessage, current: RunState): void {
  const { signal, identity } = message;
  if (signal !== undefined && !current.requestIds.has(signal.requestId)) {
    signalWithoutDelay(draft.edit(current), signal, identity);
  }
  answerStarted(draft, message, current, false);
}

function signalWithoutDelay(run: RunDraft, signal: SignalBody, identity: string): void {
  acceptSignal(run, signal, identity);
  run.wantTaskAtOnce();
}

function terminateExisting(run: RunDraft, { newRunId }: StartMessage): void {
  forceClose(run, {
    kind: 'workflowExecutionTerminated',
    reason: 'TerminateIfRunning WorkflowIdReusePolicy',
    details: [JSON.stringify(`terminated by new runID: ${newRunId}`)],
    identity: SERVICE_IDENTITY,
  });
}

function startedBody(message: StartMessage, now: EpochMs): EventBody<'workflowExecutionStarted'> {
  const { newRunId, identity, startDelayMs = 0, userMetadata, to } = message;
  const options = withCappedTimeouts(message.options);
  const { workflowType, taskQueue, input, header, taskTimeoutMs, executionTimeoutMs } = options;
  const started: Mutable<EventBody<'workflowExecutionStarted'>> = {
    kind: 'workflowExecutionStarted',
    eventId: 0,
    at: 0,
    workflowType,
    taskQueue,
    input,
    header,
    taskTimeoutMs,
    workflowId: to.workflowId,
    originalExecutionRunId: newRunId,
    firstExecutionRunId: newRunId,
    identity,
    attempt: 1,
  };
  addOptional(started, options);
  // The delay is not counted: a run must not expire before it could begin.
  if (executionTimeoutMs !== undefined)
    started.executionExpirationTime = now + startDelayMs + executionTimeoutMs;
  if (startDelayMs > 0) started.firstWorkflowTaskBackoffMs = startDelayMs;
  if (userMetadata !== undefined) started.userMetadata = userMetadata;
  return started;
}

function answerStarted(draft: Draft, { waiter }: StartMessage, run: RunState, isNew: boolean): void {
  const { runId } = run;
  const { firstExecutionRunId } = run.started;
  draft.answer(waiter, { kind: 'started', runId, firstExecutionRunId, isNew });
}
