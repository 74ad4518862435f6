// What leaves after the commit: the only way out. Released by the host when the batch that carries it is durable.
import type { CloseEvent, Headers, WorkflowTaskFailedCause } from './event';
import type { Failure } from './failure';
import type { EventId, Execution, Namespace, TaskQueueName } from './ids';
import type { Message, WaiterId } from './message';
import type { Payload, Payloads } from './payload';
import type { Reply } from './reply';
import type { RetryPolicy } from './retry-policy';
import type { DurationMs, EpochMs } from './time';
import type { SinkCall } from './turn';

/** Everything an activity's function needs, and the token by which its result comes back. */
export interface ActivityTask {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly workflowType: string;
  readonly scheduledEventId: EventId;
  readonly activityId: string;
  readonly activityType: string;
  readonly taskQueue: TaskQueueName;
  readonly header: Headers;
  readonly input: Payloads;
  readonly attempt: number;
  readonly scheduledAt: EpochMs;
  readonly currentAttemptScheduledAt: EpochMs;
  readonly startedAt: EpochMs;
  readonly scheduleToCloseTimeoutMs: DurationMs;
  readonly startToCloseTimeoutMs: DurationMs;
  readonly heartbeatTimeoutMs: DurationMs;
  readonly heartbeatDetails?: Payload;
  readonly retryPolicy: RetryPolicy;
}

export type Effect =
  | { readonly kind: 'answer'; readonly waiter: WaiterId; readonly reply: Reply }
  /** The attempt's start is in this batch: run it. */
  | { readonly kind: 'runActivity'; readonly task: ActivityTask }
  /** No slot yet: queue it; when one is free the host sends `activityGranted`. */
  | {
      readonly kind: 'queueActivity';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly taskQueue: TaskQueueName;
      readonly scheduledEventId: EventId;
      readonly attempt: number;
    }
  /** The attempt is no longer wanted. `requested`: user code may clean up and answer; the others: nobody listens any more. */
  | {
      readonly kind: 'cancelActivity';
      readonly execution: Execution;
      readonly scheduledEventId: EventId;
      readonly attempt: number;
      readonly reason: 'requested' | 'timedOut' | 'notFound';
    }
  /** The earliest moment at which this run has something due; absent: never. Replaces the run's previous one. */
  | {
      readonly kind: 'wakeAt';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly at?: EpochMs;
    }
  | { readonly kind: 'send'; readonly message: Message }
  | {
      readonly kind: 'runStarted';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly workflowType: string;
    }
  | {
      readonly kind: 'runClosed';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly workflowType: string;
      readonly closeEvent: CloseEvent;
    }
  | {
      readonly kind: 'turnFailed';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly workflowType: string;
      readonly taskQueue: TaskQueueName;
      readonly attempt: number;
      readonly cause: WorkflowTaskFailedCause;
      readonly failure: Failure;
    }
  /** A task waits for a worker of this queue (logged after some seconds). */
  | {
      readonly kind: 'taskWaits';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly taskQueue: TaskQueueName;
    }
  | {
      readonly kind: 'sinkCalls';
      readonly namespace: Namespace;
      readonly execution: Execution;
      readonly workflowType: string;
      readonly taskQueue: TaskQueueName;
      readonly calls: readonly SinkCall[];
    };

export type EffectKind = Effect['kind'];
export type EffectByKind<K extends EffectKind> = Extract<Effect, { readonly kind: K }>;
