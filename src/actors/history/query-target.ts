// Which run answers a query, or why none does. Pure computation: a query changes nothing, so it is not decided.
import type { QueryMessage } from '../../model/message';
import type { Refusal } from '../../model/reply';
import type { WorkflowRuns } from './decision';
import { isQuarantined } from './next-turn';
import { failedPrecondition, NO_SUCH_RUN } from './refusals';
import { isOpen, type RunState } from './run-state';
import { findRun } from './target';

/** Once looked at a query waits: for a worker, for history, for a turn. */
export interface Query {
  readonly message: QueryMessage;
  readonly since: 'arrives' | 'waits';
}

export type QueryTarget =
  | { readonly run: RunState }
  | { readonly refusal: Refusal }
  /** What has happened to the run before the query is to be seen by its code first, or its code has not begun. */
  | { readonly awaitsTask: RunState };

/**
 * From this attempt of a workflow task on, queries are refused when they arrive: the code cannot get through its history. Those
 * that wait already go on waiting, until a task succeeds or their caller's patience ends.
 */
const BROKEN_FROM_ATTEMPT = 3;

const NEVER_RAN = failedPrecondition('Workflow execution closed before WorkflowTaskStarted event');
const DELAYED = failedPrecondition('Workflow task is not scheduled yet.');
const BROKEN = failedPrecondition('Cannot query workflow due to Workflow Task in failed state.');
const QUARANTINED = failedPrecondition(
  'Cannot query workflow: its code stopped the thread it ran on, again and again, and is not run any more until it is mended.',
);

/** `bundleHash`: the code that would answer; absent: none is there yet. */
export function queryTarget(
  runs: WorkflowRuns,
  { message, since }: Query,
  bundleHash: string | undefined,
): QueryTarget {
  const run = findRun(runs, message.to);
  if (run === undefined) return { refusal: NO_SUCH_RUN };
  const refusal = rejection(run, message) ?? suspended(run, bundleHash) ?? unanswerable(run, since);
  if (refusal !== undefined) return { refusal };
  return isOpen(run) && awaitsTask(run) ? { awaitsTask: run } : { run };
}

const awaitsTask = ({ workflowTask, lastCompletedTaskStartedEventId }: RunState): boolean =>
  workflowTask.kind !== 'none' || lastCompletedTaskStartedEventId === 0;

function rejection({ status }: RunState, { rejectCondition }: QueryMessage): Refusal | undefined {
  const isRejected =
    status !== 'RUNNING' &&
    (rejectCondition === 'NOT_OPEN' ||
      (rejectCondition === 'NOT_COMPLETED_CLEANLY' && status !== 'COMPLETED'));
  return isRejected ? { kind: 'queryRejected', status } : undefined;
}

const suspended = (run: RunState, bundleHash: string | undefined): Refusal | undefined =>
  isQuarantined(run, bundleHash) ? QUARANTINED : undefined;

function unanswerable(run: RunState, since: Query['since']): Refusal | undefined {
  if (!isOpen(run)) return run.lastCompletedTaskStartedEventId === 0 ? NEVER_RAN : undefined;
  if (run.firstTaskAt !== undefined) return DELAYED;
  const { workflowTask: task } = run;
  if (since === 'waits') return undefined;
  return task.kind !== 'none' && task.attempt >= BROKEN_FROM_ATTEMPT ? BROKEN : undefined;
}
