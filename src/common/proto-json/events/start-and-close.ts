// How a run begins and ends. Pure.
import type { ParentInfo } from '../../../model/event';
import { eventShape } from '../event-shape';
import { defaulted, group, nonDefault, optional, plain, required } from '../fields';
import { failure, retryState } from '../failure';
import { execution, identity, initiator, runOptions, taskCompleted } from '../parts';
import { onlyPayload, payloads } from '../payloads';
import { duration, long, small, text, textOf, timestamp } from '../scalars';

const PARENT_EXECUTION = 'parentWorkflowExecution';
const parent = group<ParentInfo>((from) => (from[PARENT_EXECUTION] ?? null) !== null, {
  namespace: plain('parentWorkflowNamespace', textOf()),
  execution: required(PARENT_EXECUTION, execution),
  initiatedEventId: plain('parentInitiatedEventId', long),
});

const newExecutionRunId = nonDefault('newExecutionRunId', textOf<RunIdText>());
type RunIdText = Parameters<typeof execution.encode>[0]['runId'];

export const workflowExecutionStarted = eventShape<'workflowExecutionStarted'>({
  ...runOptions,
  workflowId: plain('workflowId', textOf()),
  originalExecutionRunId: plain('originalExecutionRunId', textOf()),
  firstExecutionRunId: plain('firstExecutionRunId', textOf()),
  continuedExecutionRunId: nonDefault('continuedExecutionRunId', textOf()),
  initiator: optional('initiator', initiator),
  continuedFailure: optional('continuedFailure', failure),
  lastCompletionResult: optional('lastCompletionResult', payloads),
  identity,
  attempt: plain('attempt', small),
  executionExpirationTime: optional('workflowExecutionExpirationTime', timestamp),
  firstWorkflowTaskBackoffMs: nonDefault('firstWorkflowTaskBackoff', duration),
  parent,
  root: optional('rootWorkflowExecution', execution),
});

export const workflowExecutionCompleted = eventShape<'workflowExecutionCompleted'>({
  result: optional('result', onlyPayload),
  workflowTaskCompletedEventId: taskCompleted,
  newExecutionRunId,
});

export const workflowExecutionFailed = eventShape<'workflowExecutionFailed'>({
  failure: required('failure', failure),
  retryState: required('retryState', retryState),
  workflowTaskCompletedEventId: taskCompleted,
  newExecutionRunId,
});

export const workflowExecutionTimedOut = eventShape<'workflowExecutionTimedOut'>({
  retryState: required('retryState', retryState),
  newExecutionRunId,
});

export const workflowExecutionCanceled = eventShape<'workflowExecutionCanceled'>({
  details: optional('details', payloads),
  workflowTaskCompletedEventId: taskCompleted,
});

export const workflowExecutionTerminated = eventShape<'workflowExecutionTerminated'>({
  reason: optional('reason', text),
  details: optional('details', payloads),
  identity,
});

const { workflowType, taskQueue, input, header, memo, searchAttributes, runTimeoutMs, taskTimeoutMs } =
  runOptions;

export const workflowExecutionContinuedAsNew = eventShape<'workflowExecutionContinuedAsNew'>({
  newExecutionRunId: plain('newExecutionRunId', textOf()),
  workflowType,
  taskQueue,
  input,
  header,
  memo,
  searchAttributes,
  runTimeoutMs,
  taskTimeoutMs,
  backoffStartIntervalMs: nonDefault('backoffStartInterval', duration),
  // The server leaves it out when workflow code asked for it.
  initiator: plain('initiator', defaulted(initiator, 'WORKFLOW')),
  failure: optional('failure', failure),
  lastCompletionResult: optional('lastCompletionResult', payloads),
  workflowTaskCompletedEventId: taskCompleted,
});
