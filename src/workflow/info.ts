// `workflowInfo()` and its kin. Runs in the realm. Made only when it is asked for: most turns do not.
import { compact } from '../common/compact';
import { decodeValue } from '../common/payload/model-payloads';
import {
  decodeSearchAttributes,
  decodeTypedSearchAttributes,
} from '../common/payload/search-attribute-payloads';
import { decompileRetryPolicy } from '../common/retry-policy';
import { currentOrNone, currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import type { WorkflowInfo } from './workflow-info';

/** @throws {IllegalStateError} outside of workflow code */
export function workflowInfo(): WorkflowInfo {
  const run = currentRun('workflowInfo()');
  run.info ??= infoOf(run);
  return run.info;
}

/** Whether this is workflow code. */
export const inWorkflowContext = (): boolean => currentOrNone()?.init !== undefined;

/** A UUID of the run's own generator; outside of workflow code, of `Math.random`. */
export function uuid4(): string {
  const run = currentOrNone();
  if (run?.init !== undefined) return run.random.uuid4();
  const hex = (): string => Math.floor(Math.random() * 16).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, hex);
}

export interface UpdateInfo {
  readonly id: string;
  readonly name: string;
}

/** Of the update whose handler runs. There are no updates yet. */
export function currentUpdateInfo(): UpdateInfo | undefined {
  currentRun('currentUpdateInfo()');
  return undefined;
}

/** A text for people who look at the workflow. */
export const getCurrentDetails = (): string => currentRun('getCurrentDetails()').currentDetails;
export function setCurrentDetails(details: string): void {
  const run = currentRun('setCurrentDetails()');
  run.assertWritable();
  run.currentDetails = details;
}

function infoOf(run: RunContext): WorkflowInfo {
  const { started: init, head } = run;
  return Object.freeze(
    compact<WorkflowInfo>({
      workflowId: init.workflowId,
      runId: init.runId,
      workflowType: init.workflowType,
      searchAttributes: decodeSearchAttributes(run.searchAttributes),
      typedSearchAttributes: decodeTypedSearchAttributes(run.searchAttributes),
      memo: run.decodedMemo(),
      parent: init.parent,
      root: init.root,
      lastResult:
        init.lastResult === undefined ? undefined : decodeValue(run.payloadConverter, init.lastResult),
      lastFailure: init.lastFailure === undefined ? undefined : run.errorOf(init.lastFailure),
      historyLength: head.historyLength,
      historySize: head.historySizeBytes,
      continueAsNewSuggested: head.continueAsNewSuggested,
      taskQueue: init.taskQueue,
      namespace: init.namespace,
      firstExecutionRunId: init.firstExecutionRunId,
      continuedFromExecutionRunId: init.continuedFromExecutionRunId,
      startTime: new Date(init.startTime),
      runStartTime: new Date(init.runStartTime),
      executionTimeoutMs: init.executionTimeoutMs,
      executionExpirationTime:
        init.executionExpirationTime === undefined ? undefined : new Date(init.executionExpirationTime),
      runTimeoutMs: init.runTimeoutMs,
      taskTimeoutMs: init.taskTimeoutMs,
      retryPolicy: decompileRetryPolicy(init.retryPolicy),
      attempt: init.attempt,
      cronSchedule: init.cronSchedule,
      unsafe: Object.freeze({
        now: () => run.head.timestamp,
        isReplaying: head.isReplaying || run.readOnly !== undefined,
        isReplayingHistoryEvents: run.isSilent,
      }),
    }),
  );
}
