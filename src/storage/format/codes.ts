// Numbers for words. A number, once given, is never given to another word: it is stored. Pure.
import { assert } from '../../model/assert';
import type {
  ContinueAsNewInitiator,
  ExternalFailedCause,
  ParentClosePolicy,
  RunStatus,
  StartChildWorkflowExecutionFailed,
  WorkflowIdReusePolicy,
  WorkflowTaskFailedCause,
} from '../../model/event';
import type { RetryState, TimeoutType } from '../../model/failure';

export interface Codes<T extends string> {
  readonly code: (word: T) => number;
  readonly codeOf: (word: T | undefined) => number | null;
  readonly word: (code: number) => T;
}

/** The record must name every word of the union: a new one fails to compile until it has a number. */
export function codes<T extends string>(numbers: Readonly<Record<T, number>>): Codes<T> {
  const words: (T | undefined)[] = [];
  for (const word in numbers) {
    assert(words[numbers[word]] === undefined, `two words have the number ${numbers[word]}`);
    words[numbers[word]] = word;
  }
  return {
    code: (word) => numbers[word],
    codeOf: (word) => (word === undefined ? null : numbers[word]),
    word: (code) => {
      const word = words[code];
      assert(word !== undefined, `no word has the number ${code}`);
      return word;
    },
  };
}

export const RUN_STATUS = codes<RunStatus>({
  RUNNING: 1,
  COMPLETED: 2,
  FAILED: 3,
  CANCELED: 4,
  TERMINATED: 5,
  CONTINUED_AS_NEW: 6,
  TIMED_OUT: 7,
});
export const TIMEOUT_TYPE = codes<TimeoutType>({
  START_TO_CLOSE: 1,
  SCHEDULE_TO_START: 2,
  SCHEDULE_TO_CLOSE: 3,
  HEARTBEAT: 4,
});
export const RETRY_STATE = codes<RetryState>({
  IN_PROGRESS: 1,
  NON_RETRYABLE_FAILURE: 2,
  TIMEOUT: 3,
  MAXIMUM_ATTEMPTS_REACHED: 4,
  RETRY_POLICY_NOT_SET: 5,
  INTERNAL_SERVER_ERROR: 6,
  CANCEL_REQUESTED: 7,
});
export const INITIATOR = codes<ContinueAsNewInitiator>({ WORKFLOW: 1, RETRY: 2, CRON_SCHEDULE: 3 });
export const PARENT_CLOSE_POLICY = codes<ParentClosePolicy>({ TERMINATE: 1, ABANDON: 2, REQUEST_CANCEL: 3 });
export const REUSE_POLICY = codes<WorkflowIdReusePolicy>({
  ALLOW_DUPLICATE: 1,
  ALLOW_DUPLICATE_FAILED_ONLY: 2,
  REJECT_DUPLICATE: 3,
});
export const CHILD_START_FAILED_CAUSE = codes<StartChildWorkflowExecutionFailed['cause']>({
  WORKFLOW_ALREADY_EXISTS: 1,
  NAMESPACE_NOT_FOUND: 2,
});
export const EXTERNAL_FAILED_CAUSE = codes<ExternalFailedCause>({
  EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND: 1,
  NAMESPACE_NOT_FOUND: 2,
  SIGNAL_COUNT_LIMIT_EXCEEDED: 3,
});
export const TASK_FAILED_CAUSE = codes<WorkflowTaskFailedCause>({
  UNHANDLED_COMMAND: 1,
  BAD_SCHEDULE_ACTIVITY_ATTRIBUTES: 2,
  BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES: 3,
  BAD_START_TIMER_ATTRIBUTES: 4,
  BAD_CANCEL_TIMER_ATTRIBUTES: 5,
  BAD_RECORD_MARKER_ATTRIBUTES: 6,
  BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES: 7,
  BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES: 8,
  BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES: 9,
  BAD_REQUEST_CANCEL_EXTERNAL_ATTRIBUTES: 10,
  BAD_CONTINUE_AS_NEW_ATTRIBUTES: 11,
  START_TIMER_DUPLICATE_ID: 12,
  WORKFLOW_WORKER_UNHANDLED_FAILURE: 13,
  BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES: 14,
  BAD_START_CHILD_EXECUTION_ATTRIBUTES: 15,
  FORCE_CLOSE_COMMAND: 16,
  RESET_WORKFLOW: 17,
  SCHEDULE_ACTIVITY_DUPLICATE_ID: 18,
  BAD_SEARCH_ATTRIBUTES: 19,
  NON_DETERMINISTIC_ERROR: 20,
  BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES: 21,
  PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED: 22,
  PENDING_ACTIVITIES_LIMIT_EXCEEDED: 23,
  PENDING_SIGNALS_LIMIT_EXCEEDED: 24,
  PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED: 25,
  PAYLOADS_TOO_LARGE: 26,
});
