// What an activity's function can know about its attempt.
import type { Priority } from '../common/priority';
import { encodeBase64 } from '../common/payload/base64';
import { decodeValue } from '../common/payload/model-payloads';
import type { PayloadConverter } from '../common/payload/payload-converter';
import { decompileRetryPolicy, type RetryPolicy } from '../common/retry-policy';
import { encodeTaskToken } from '../common/task-token';
import type { Loose } from '../common/loose';
import type { ActivityTask } from '../model/effect';

export interface Info {
  /** Names this attempt to `AsyncCompletionClient`. */
  readonly taskToken: Uint8Array;
  readonly base64TaskToken: string;
  /** Unique among the activities of its run. Together with the run id: the same for all attempts, so a good idempotency key. */
  readonly activityId: string;
  readonly activityRunId?: string;
  readonly activityType: string;
  /** @deprecated the same as `namespace` */
  readonly activityNamespace: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** From 1. */
  readonly attempt: number;
  readonly isLocal: boolean;
  readonly inWorkflow: boolean;
  /** The run that scheduled this activity. */
  readonly workflowExecution?: { readonly workflowId: string; readonly runId: string };
  readonly workflowType?: string;
  readonly workflowNamespace?: string;
  /** What the last heartbeat of an earlier attempt carried. */
  readonly heartbeatDetails: Loose;
  /** Absent: none. */
  readonly heartbeatTimeoutMs?: number;
  /** 0: none. */
  readonly scheduleToCloseTimeoutMs: number;
  /** 0: none. */
  readonly startToCloseTimeoutMs: number;
  readonly scheduledTimestampMs: number;
  readonly currentAttemptScheduledTimestampMs: number;
  readonly priority?: Priority;
  readonly retryPolicy?: RetryPolicy;
}

export function infoOf(task: ActivityTask, payloadConverter: PayloadConverter): Info {
  const { namespace, execution, scheduledEventId, attempt, heartbeatDetails, heartbeatTimeoutMs } = task;
  const taskToken = encodeTaskToken({
    to: { namespace, ...execution },
    activity: { kind: 'attempt', scheduledEventId, attempt },
  });
  const retryPolicy = decompileRetryPolicy(task.retryPolicy);
  return {
    taskToken,
    base64TaskToken: encodeBase64(taskToken),
    activityId: task.activityId,
    activityType: task.activityType,
    activityNamespace: namespace,
    namespace,
    taskQueue: task.taskQueue,
    attempt,
    isLocal: false,
    inWorkflow: true,
    workflowExecution: { workflowId: execution.workflowId, runId: execution.runId },
    workflowType: task.workflowType,
    workflowNamespace: namespace,
    heartbeatDetails:
      heartbeatDetails === undefined ? undefined : decodeValue<unknown>(payloadConverter, heartbeatDetails),
    ...(heartbeatTimeoutMs > 0 && { heartbeatTimeoutMs }),
    scheduleToCloseTimeoutMs: task.scheduleToCloseTimeoutMs,
    startToCloseTimeoutMs: task.startToCloseTimeoutMs,
    scheduledTimestampMs: task.scheduledAt,
    currentAttemptScheduledTimestampMs: task.currentAttemptScheduledAt,
    ...(retryPolicy !== undefined && { retryPolicy }),
  };
}
