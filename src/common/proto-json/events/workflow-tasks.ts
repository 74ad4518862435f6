// Workflow tasks: when code ran, and what came of it. Pure.
import type { TurnStamp, WorkflowTaskFailedCause } from '../../../model/event';
import { enumeration } from '../enums';
import { eventShape } from '../event-shape';
import type { Codec } from '../fields';
import { always, group, inside, nonDefault, optional, plain, required } from '../fields';
import { failure, timeoutType } from '../failure';
import { identity, scheduled, sdkMetadata, started, taskQueue } from '../parts';
import { duration, flag, long, small, text, textOf } from '../scalars';

const failedCause = enumeration<WorkflowTaskFailedCause>('WORKFLOW_TASK_FAILED_CAUSE_', {
  UNHANDLED_COMMAND: 1,
  BAD_SCHEDULE_ACTIVITY_ATTRIBUTES: 2,
  BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES: 3,
  BAD_START_TIMER_ATTRIBUTES: 4,
  BAD_CANCEL_TIMER_ATTRIBUTES: 5,
  BAD_RECORD_MARKER_ATTRIBUTES: 6,
  BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES: 7,
  BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES: 8,
  BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES: 9,
  BAD_REQUEST_CANCEL_EXTERNAL_ATTRIBUTES: [10, 'BAD_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_ATTRIBUTES'],
  BAD_CONTINUE_AS_NEW_ATTRIBUTES: 11,
  START_TIMER_DUPLICATE_ID: 12,
  WORKFLOW_WORKER_UNHANDLED_FAILURE: 14,
  BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES: 15,
  BAD_START_CHILD_EXECUTION_ATTRIBUTES: 16,
  FORCE_CLOSE_COMMAND: 17,
  RESET_WORKFLOW: 20,
  SCHEDULE_ACTIVITY_DUPLICATE_ID: 22,
  BAD_SEARCH_ATTRIBUTES: 23,
  NON_DETERMINISTIC_ERROR: 24,
  BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES: 25,
  PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED: 26,
  PENDING_ACTIVITIES_LIMIT_EXCEEDED: 27,
  PENDING_SIGNALS_LIMIT_EXCEEDED: 28,
  PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED: 29,
  PAYLOADS_TOO_LARGE: 37,
});

/** Our stamp in fields of Temporal's that mean nearly this: which bundle ran, and a checksum of what it did. */
const CHECKSUM = 'binaryChecksum';
const CHECKSUM_PREFIX = 'troupe:';
const commandHash: Codec<number> = {
  encode: (hash) => `${CHECKSUM_PREFIX}${hash}`,
  decode: (json, where) => small.decode(text.decode(json, where).slice(CHECKSUM_PREFIX.length), where),
};
const stamp = group<TurnStamp>((from) => String(from[CHECKSUM]).startsWith(CHECKSUM_PREFIX), {
  bundleHash: inside('workerVersion', plain('bundleId', text)),
  commandHash: required(CHECKSUM, commandHash),
});

export const workflowTaskScheduled = eventShape<'workflowTaskScheduled'>({
  taskQueue: plain('taskQueue', taskQueue),
  startToCloseTimeoutMs: plain('startToCloseTimeout', duration),
  attempt: plain('attempt', small),
});

export const workflowTaskStarted = eventShape<'workflowTaskStarted'>({
  scheduledEventId: scheduled,
  identity,
  requestId: plain('requestId', text),
  historySizeBytes: always('historySizeBytes', long),
  suggestContinueAsNew: plain('suggestContinueAsNew', flag),
});

export const workflowTaskCompleted = eventShape<'workflowTaskCompleted'>({
  scheduledEventId: scheduled,
  startedEventId: started,
  identity,
  sdkMetadata: optional('sdkMetadata', sdkMetadata),
  stamp,
  buildId: inside('workerVersion', nonDefault('buildId', text)),
});

export const workflowTaskTimedOut = eventShape<'workflowTaskTimedOut'>({
  scheduledEventId: scheduled,
  startedEventId: started,
  timeoutType: required('timeoutType', timeoutType),
});

export const workflowTaskFailed = eventShape<'workflowTaskFailed'>({
  scheduledEventId: scheduled,
  startedEventId: started,
  cause: required('cause', failedCause),
  failure: optional('failure', failure),
  identity,
  baseRunId: nonDefault('baseRunId', textOf()),
  newRunId: nonDefault('newRunId', textOf()),
});
