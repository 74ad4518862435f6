// Which attribute of which event is which field of protobuf JSON. A new kind of event fails to compile until it is here. Pure.
import type { EventByKind, EventKind } from '../../model/event';
import {
  bool,
  duration,
  enumOf,
  execution,
  failure,
  int,
  long,
  mapIn,
  named,
  payloadLists,
  payloads,
  retryPolicy,
  retryState,
  single,
  taskQueue,
  text,
  timestamp,
  type Shape,
} from './values';


type Attributes<K extends EventKind> = Exclude<keyof EventByKind<K>, 'kind' | 'eventId' | 'at' | 'userMetadata'>;
/** `[proto field, shape, value when absent]` */
type Row = readonly [proto: string, shape: Shape<unknown>, absent?: unknown];
type Table = {
  readonly [K in EventKind]: { readonly [A in Attributes<K>]-?: Row | 'flat' };
};

const row = <T>(proto: string, shape: Shape<T>, absent?: T): Row =>
  absent === undefined ? [proto, shape as Shape<unknown>] : [proto, shape as Shape<unknown>, absent];

const id = (name: string): Row => row(name, long, 0);
const completedBy = { workflowTaskCompletedEventId: id('workflowTaskCompletedEventId') };
const byWhom = { identity: row('identity', text, '') };
const header = row('header', mapIn('fields'), {});
const input = row('input', payloads, []);
const memo = row('memo', mapIn('fields'));
const attributes = row('searchAttributes', mapIn('indexedFields'));
const runOptions = {
  workflowType: row('workflowType', named, ''),
  taskQueue: row('taskQueue', taskQueue, ''),
  input,
  header,
  memo,
  searchAttributes: attributes,
  executionTimeoutMs: row('workflowExecutionTimeout', duration),
  runTimeoutMs: row('workflowRunTimeout', duration),
  taskTimeoutMs: row('workflowTaskTimeout', duration, 0),
  retryPolicy: row('retryPolicy', retryPolicy),
  cronSchedule: row('cronSchedule', text),
};
const child = {
  namespace: row('namespace', text, ''),
  workflowExecution: row('workflowExecution', execution),
  workflowType: row('workflowType', named, ''),
  initiatedEventId: id('initiatedEventId'),
};
/** The execution is one object in the JSON: see index.ts. */
const target = { namespace: row('namespace', text, ''), workflowId: 'flat', runId: 'flat' } as const;
const externalCause = (what: string): Row => row('cause', enumOf(`${what}_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_`));
const successor = { newExecutionRunId: row('newExecutionRunId', text) };

export const TABLE: Table = {
  workflowExecutionStarted: {
    ...runOptions,
    ...byWhom,
    workflowId: row('workflowId', text, ''),
    originalExecutionRunId: row('originalExecutionRunId', text, ''),
    firstExecutionRunId: row('firstExecutionRunId', text, ''),
    continuedExecutionRunId: row('continuedExecutionRunId', text),
    initiator: row('initiator', enumOf('CONTINUE_AS_NEW_INITIATOR_')),
    continuedFailure: row('continuedFailure', failure),
    lastCompletionResult: row('lastCompletionResult', payloads),
    attempt: row('attempt', int, 1),
    executionExpirationTime: row('workflowExecutionExpirationTime', timestamp),
    firstWorkflowTaskBackoffMs: row('firstWorkflowTaskBackoff', duration),
    parent: 'flat',
    root: row('rootWorkflowExecution', execution),
  },
  workflowExecutionCompleted: { result: row('result', single), ...completedBy, ...successor },
  workflowExecutionFailed: {
    failure: row('failure', failure, { message: '' }),
    retryState: row('retryState', retryState),
    ...completedBy,
    ...successor,
  },
  workflowExecutionTimedOut: { retryState: row('retryState', retryState), ...successor },
  workflowExecutionCanceled: { details: row('details', payloads), ...completedBy },
  workflowExecutionTerminated: { reason: row('reason', text), details: row('details', payloads), ...byWhom },
  workflowExecutionContinuedAsNew: {
    newExecutionRunId: row('newExecutionRunId', text, ''),
    workflowType: row('workflowType', named, ''),
    taskQueue: row('taskQueue', taskQueue, ''),
    input,
    header,
    memo,
    searchAttributes: attributes,
    runTimeoutMs: row('workflowRunTimeout', duration),
    taskTimeoutMs: row('workflowTaskTimeout', duration, 0),
    backoffStartIntervalMs: row('backoffStartInterval', duration),
    initiator: row('initiator', enumOf('CONTINUE_AS_NEW_INITIATOR_')),
    failure: row('failure', failure),
    lastCompletionResult: row('lastCompletionResult', payloads),
    ...completedBy,
  },
  workflowExecutionSignaled: {
    signalName: row('signalName', text, ''),
    input,
    ...byWhom,
    header,
    externalWorkflowExecution: row('externalWorkflowExecution', execution),
    requestId: row('requestId', text),
  },
  workflowExecutionCancelRequested: {
    cause: row('cause', text),
    ...byWhom,
    externalInitiatedEventId: row('externalInitiatedEventId', long),
    externalWorkflowExecution: row('externalWorkflowExecution', execution),
    requestId: row('requestId', text),
  },
  workflowTaskScheduled: {
    taskQueue: row('taskQueue', taskQueue, ''),
    startToCloseTimeoutMs: row('startToCloseTimeout', duration, 0),
    attempt: row('attempt', int, 1),
  },
  workflowTaskStarted: {
    scheduledEventId: id('scheduledEventId'),
    ...byWhom,
    requestId: row('requestId', text, ''),
    historySizeBytes: id('historySizeBytes'),
    suggestContinueAsNew: row('suggestContinueAsNew', bool, false),
  },
  workflowTaskCompleted: {
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    ...byWhom,
    sdkMetadata: 'flat',
    stamp: 'flat',
    buildId: 'flat',
  },
  workflowTaskTimedOut: {
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    timeoutType: row('timeoutType', enumOf('TIMEOUT_TYPE_')),
  },
  workflowTaskFailed: {
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    cause: row('cause', enumOf('WORKFLOW_TASK_FAILED_CAUSE_')),
    failure: row('failure', failure),
    ...byWhom,
    baseRunId: row('baseRunId', text),
    newRunId: row('newRunId', text),
  },
  activityTaskScheduled: {
    activityId: row('activityId', text, ''),
    activityType: row('activityType', named, ''),
    taskQueue: row('taskQueue', taskQueue, ''),
    header,
    input,
    scheduleToCloseTimeoutMs: row('scheduleToCloseTimeout', duration, 0),
    scheduleToStartTimeoutMs: row('scheduleToStartTimeout', duration, 0),
    startToCloseTimeoutMs: row('startToCloseTimeout', duration, 0),
    heartbeatTimeoutMs: row('heartbeatTimeout', duration, 0),
    retryPolicy: row('retryPolicy', retryPolicy, retryPolicy.read({})),
    ...completedBy,
  },
  activityTaskStarted: {
    scheduledEventId: id('scheduledEventId'),
    ...byWhom,
    requestId: row('requestId', text, ''),
    attempt: row('attempt', int, 1),
    lastFailure: row('lastFailure', failure),
  },
  activityTaskCompleted: {
    result: row('result', single),
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    ...byWhom,
  },
  activityTaskFailed: {
    failure: row('failure', failure, { message: '' }),
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    ...byWhom,
    retryState: row('retryState', retryState),
  },
  activityTaskTimedOut: {
    failure: row('failure', failure, { message: '' }),
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    retryState: row('retryState', retryState),
  },
  activityTaskCancelRequested: { scheduledEventId: id('scheduledEventId'), ...completedBy },
  activityTaskCanceled: {
    details: row('details', payloads),
    latestCancelRequestedEventId: id('latestCancelRequestedEventId'),
    scheduledEventId: id('scheduledEventId'),
    startedEventId: id('startedEventId'),
    ...byWhom,
  },
  timerStarted: {
    timerId: row('timerId', text, ''),
    startToFireTimeoutMs: row('startToFireTimeout', duration, 0),
    ...completedBy,
  },
  timerFired: { timerId: row('timerId', text, ''), startedEventId: id('startedEventId') },
  timerCanceled: {
    timerId: row('timerId', text, ''),
    startedEventId: id('startedEventId'),
    ...completedBy,
    ...byWhom,
  },
  startChildWorkflowExecutionInitiated: {
    ...runOptions,
    namespace: row('namespace', text, ''),
    workflowId: row('workflowId', text, ''),
    parentClosePolicy: row('parentClosePolicy', enumOf('PARENT_CLOSE_POLICY_')),
    workflowIdReusePolicy: row('workflowIdReusePolicy', enumOf('WORKFLOW_ID_REUSE_POLICY_')),
    ...completedBy,
  },
  startChildWorkflowExecutionFailed: {
    namespace: row('namespace', text, ''),
    workflowId: row('workflowId', text, ''),
    workflowType: row('workflowType', named, ''),
    cause: row('cause', enumOf('START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_')),
    initiatedEventId: id('initiatedEventId'),
    ...completedBy,
  },
  childWorkflowExecutionStarted: { ...child, header },
  childWorkflowExecutionCompleted: { ...child, result: row('result', single), startedEventId: id('startedEventId') },
  childWorkflowExecutionFailed: {
    ...child,
    failure: row('failure', failure, { message: '' }),
    retryState: row('retryState', retryState),
    startedEventId: id('startedEventId'),
  },
  childWorkflowExecutionCanceled: { ...child, details: row('details', payloads), startedEventId: id('startedEventId') },
  childWorkflowExecutionTimedOut: {
    ...child,
    retryState: row('retryState', retryState),
    startedEventId: id('startedEventId'),
  },
  childWorkflowExecutionTerminated: { ...child, startedEventId: id('startedEventId') },
  signalExternalWorkflowExecutionInitiated: {
    ...target,
    signalName: row('signalName', text, ''),
    input,
    header,
    childWorkflowOnly: row('childWorkflowOnly', bool, false),
    ...completedBy,
  },
  signalExternalWorkflowExecutionFailed: {
    ...target,
    cause: externalCause('SIGNAL'),
    initiatedEventId: id('initiatedEventId'),
    ...completedBy,
  },
  externalWorkflowExecutionSignaled: { ...target, initiatedEventId: id('initiatedEventId') },
  requestCancelExternalWorkflowExecutionInitiated: {
    ...target,
    childWorkflowOnly: row('childWorkflowOnly', bool, false),
    reason: row('reason', text),
    ...completedBy,
  },
  requestCancelExternalWorkflowExecutionFailed: {
    ...target,
    cause: externalCause('CANCEL'),
    initiatedEventId: id('initiatedEventId'),
    ...completedBy,
  },
  externalWorkflowExecutionCancelRequested: { ...target, initiatedEventId: id('initiatedEventId') },
  markerRecorded: {
    markerName: row('markerName', text, ''),
    details: row('details', payloadLists, {}),
    header: row('header', mapIn('fields')),
    failure: row('failure', failure),
    ...completedBy,
  },
  upsertWorkflowSearchAttributes: {
    searchAttributes: row('searchAttributes', mapIn('indexedFields'), {}),
    ...completedBy,
  },
  workflowPropertiesModified: { upsertedMemo: row('upsertedMemo', mapIn('fields'), {}), ...completedBy },
};
