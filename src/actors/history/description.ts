// How a run stands, for people and tools. Pure computation.
import type {
  PendingActivityDescription,
  PendingChildDescription,
  PendingWorkflowTaskDescription,
  RunDescription,
} from '../../model/reply';
import { compact } from '../../common/compact';
import { executionOf, type PendingActivity, type PendingChild, type RunState } from './run-state';

export function describeRun(state: RunState): RunDescription {
  const { started, closeEvent, memo, searchAttributes } = state;
  const { workflowType, taskQueue, firstExecutionRunId, parent, root, userMetadata } = started;
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs } = started;
  return compact<RunDescription>({
    namespace: state.namespace,
    execution: executionOf(state),
    workflowType,
    taskQueue,
    status: state.status,
    historyLength: state.lastEventId,
    historySizeBytes: state.historySizeBytes,
    startTime: started.at,
    executionTime: started.at + (started.firstWorkflowTaskBackoffMs ?? 0),
    closeTime: closeEvent?.at,
    memo: isEmpty(memo) ? undefined : memo,
    searchAttributes: isEmpty(searchAttributes) ? undefined : searchAttributes,
    parent: parent && { namespace: parent.namespace, execution: parent.execution },
    root,
    firstExecutionRunId,
    executionTimeoutMs,
    runTimeoutMs,
    taskTimeoutMs,
    staticSummary: userMetadata?.summary,
    staticDetails: userMetadata?.details,
    pendingActivities: [...state.activities.values()].map(describeActivity),
    pendingChildren: [...state.children.values()].map(describeChild),
    pendingWorkflowTask: describeTask(state),
    cancelRequested: state.cancelRequested,
    strikes: state.strikes,
    closeEvent,
  });
}

function describeActivity(activity: PendingActivity): PendingActivityDescription {
  const { scheduled, state, attempt, lastFailure, heartbeatDetails, lastHeartbeatAt } = activity;
  const { activityId, activityType, retryPolicy, at: scheduledAt } = scheduled;
  return compact<PendingActivityDescription>({
    activityId,
    activityType,
    state: state.kind,
    cancelRequested: activity.cancelRequestedEventId !== undefined,
    attempt,
    maximumAttempts: retryPolicy.maximumAttempts,
    scheduledAt,
    lastStartedAt: state.kind === 'started' ? state.at : undefined,
    lastHeartbeatAt,
    heartbeatDetails,
    lastFailure,
    nextAttemptAt: state.kind === 'retrying' ? state.at : undefined,
    identity: state.kind === 'started' ? state.identity : undefined,
  });
}

function describeChild({ initiated, started }: PendingChild): PendingChildDescription {
  const { workflowId, workflowType, eventId: initiatedEventId } = initiated;
  return { execution: started?.execution ?? { workflowId }, workflowType, initiatedEventId };
}

function describeTask(state: RunState): PendingWorkflowTaskDescription | undefined {
  const { workflowTask: task, lastTaskFailure: lastFailure } = state;
  if (task.kind === 'none') return undefined;
  return compact<PendingWorkflowTaskDescription>({
    state: task.kind,
    scheduledAt: task.scheduledAt,
    startedAt: task.kind === 'started' ? task.startedAt : undefined,
    attempt: task.attempt,
    lastFailure,
    nextAttemptAt: task.kind === 'scheduled' ? task.notBefore : undefined,
  });
}

function isEmpty(map: Readonly<Record<string, unknown>>): boolean {
  for (const _key in map) return false;
  return true;
}
