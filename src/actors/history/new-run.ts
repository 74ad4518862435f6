// The beginning of runs: by a client, by a parent, and as the successor of a run of the same chain.
import type {
  ContinueAsNewInitiator,
  RunOptions,
  UserMetadata,
  WorkflowIdReusePolicy,
} from '../../model/event';
import type { Failure } from '../../model/failure';
import type { RunId } from '../../model/ids';
import { CARRIED_REQUEST_IDS_MAX, CONTINUE_AS_NEW_MIN_INTERVAL_MS } from '../../model/limits';
import type { Refusal } from '../../model/reply';
import type { DurationMs, EpochMs } from '../../model/time';
import type { EventBody } from './buffering';
import type { Draft, NewRun, RunDraft } from './draft';
import { finished, finishedWell } from './refusals';
import { executionOf, type RunState } from './run-state';

/** Starts the run and its first task, unless that is delayed or waits for a parent. */
export function startRun(draft: Draft, spec: NewRun): RunDraft {
  const run = draft.begin(spec);
  const { namespace, started } = run.state;
  const { workflowType } = started;
  draft.release({ kind: 'runStarted', namespace, execution: executionOf(run.state), workflowType });
  run.wantTask();
  return run;
}

/** Why a closed run of the same id forbids a new one; absent: it does not. */
export function reuseRefusal(closed: RunState, policy: WorkflowIdReusePolicy): Refusal | undefined {
  switch (policy) {
    case 'ALLOW_DUPLICATE':
      return undefined;
    case 'ALLOW_DUPLICATE_FAILED_ONLY':
      return closed.status === 'COMPLETED' ? finishedWell(closed) : undefined;
    case 'REJECT_DUPLICATE':
      return finished(closed);
  }
}

export interface Successor {
  readonly runId: RunId;
  readonly initiator: ContinueAsNewInitiator;
  readonly attempt: number;
  /** Cut as `withCappedTimeouts` does. */
  readonly options: RunOptions;
  readonly backoffMs: DurationMs;
  readonly failure?: Failure;
  readonly userMetadata?: UserMetadata;
}

/** The next run of a chain, in the decision that closes `old`. */
export function startSuccessor(old: RunDraft, successor: Successor): void {
  const { runId, initiator, attempt, options, backoffMs, failure, userMetadata } = successor;
  const { state, draft, ctx } = old;
  const { firstExecutionRunId, executionExpirationTime, lastCompletionResult, parent, root } = state.started;
  const started: EventBody<'workflowExecutionStarted'> = {
    kind: 'workflowExecutionStarted',
    ...options,
    workflowId: state.workflowId,
    originalExecutionRunId: runId,
    firstExecutionRunId,
    continuedExecutionRunId: state.runId,
    initiator,
    identity: '',
    attempt,
    ...(failure !== undefined && { continuedFailure: failure }),
    ...(lastCompletionResult !== undefined && { lastCompletionResult }),
    ...(executionExpirationTime !== undefined && { executionExpirationTime }),
    ...(backoffMs > 0 && { firstWorkflowTaskBackoffMs: backoffMs }),
    ...(parent !== undefined && { parent }),
    ...(root !== undefined && { root }),
    ...(userMetadata !== undefined && { userMetadata }),
  };
  const run = startRun(draft, { runId, createRequestId: ctx.newRequestId(), started });
  const carried = [...state.carriedRequestIds, ...state.crossRunRequestIds].slice(-CARRIED_REQUEST_IDS_MAX);
  if (carried.length > 0) run.note({ kind: 'carriedRequestIds', requestIds: carried });
}

/** A run younger than the minimal interval has its successor wait for the rest of it: a chain must not become a hot loop. */
export function successorBackoff(old: RunState, now: EpochMs, wantedMs: DurationMs): DurationMs {
  const { at, firstWorkflowTaskBackoffMs } = old.started;
  const lifetimeMs = Math.max(0, now - at - (firstWorkflowTaskBackoffMs ?? 0));
  return Math.max(wantedMs, CONTINUE_AS_NEW_MIN_INTERVAL_MS - lifetimeMs, 0);
}
