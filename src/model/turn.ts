// One run of workflow code to its next await: activations in, workflow commands out. Both sides of the sandbox's border speak this.
// Workflow code numbers what it asks for (`seq`, per kind, from 1); the replay machines map numbers to events.
import type { Headers, ParentClosePolicy, WorkflowIdReusePolicy } from './event';
import type { Failure } from './failure';
import type { Execution, Namespace, RunId, TaskQueueName, WorkflowId } from './ids';
import type { Payload, PayloadMap, Payloads } from './payload';
import type { RetryPolicy } from './retry-policy';
import type { DurationMs, EpochMs } from './time';

export type Seq = number;

/** What `workflowInfo()` is made of and does not change during a run. Times as EpochMs, 0-less: absent means absent. */
export interface InitializeWorkflow {
  readonly kind: 'initializeWorkflow';
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly runId: RunId;
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly input: Payloads;
  readonly header: Headers;
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  readonly attempt: number;
  /** When the run's code began: the start of its first workflow task. */
  readonly runStartTime: EpochMs;
  /** When the run was created: the time of its first event. */
  readonly startTime: EpochMs;
  readonly firstExecutionRunId: RunId;
  readonly continuedFromExecutionRunId?: RunId;
  readonly parent?: { readonly namespace: Namespace; readonly workflowId: WorkflowId; readonly runId: RunId };
  readonly root?: Execution;
  readonly lastResult?: Payload;
  readonly lastFailure?: Failure;
  readonly executionTimeoutMs?: DurationMs;
  readonly executionExpirationTime?: EpochMs;
  readonly runTimeoutMs?: DurationMs;
  readonly taskTimeoutMs: DurationMs;
  readonly retryPolicy?: RetryPolicy;
  readonly cronSchedule?: string;
  readonly firstWorkflowTaskBackoffMs?: DurationMs;
  /** Eight bytes, big-endian, as the seed of the run's generator (see workflow/engine/random). Two unsigned 32-bit halves. */
  readonly randomSeedHigh: number;
  readonly randomSeedLow: number;
}

/** How an activity, or a child, came back. */
export type Resolution =
  | { readonly kind: 'completed'; readonly result?: Payload }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'canceled'; readonly failure: Failure };

export type ActivationJob =
  | InitializeWorkflow
  | { readonly kind: 'updateRandomSeed'; readonly randomSeedHigh: number; readonly randomSeedLow: number }
  | { readonly kind: 'notifyHasPatch'; readonly patchId: string }
  | {
      readonly kind: 'signalWorkflow';
      readonly signalName: string;
      readonly input: Payloads;
      readonly identity: string;
      readonly header: Headers;
    }
  | { readonly kind: 'fireTimer'; readonly seq: Seq }
  | { readonly kind: 'resolveActivity'; readonly seq: Seq; readonly resolution: Resolution }
  | { readonly kind: 'resolveChildStart'; readonly seq: Seq; readonly outcome: ChildStartOutcome }
  | { readonly kind: 'resolveChild'; readonly seq: Seq; readonly resolution: Resolution }
  | { readonly kind: 'cancelWorkflow'; readonly reason: string }
  /** `failure` absent: delivered. */
  | { readonly kind: 'resolveSignalExternal'; readonly seq: Seq; readonly failure?: Failure }
  | { readonly kind: 'resolveCancelExternal'; readonly seq: Seq; readonly failure?: Failure }
  | {
      readonly kind: 'queryWorkflow';
      readonly queryId: string;
      readonly queryType: string;
      readonly input: Payloads;
      readonly header: Headers;
    };

export type ChildStartOutcome =
  | { readonly kind: 'started'; readonly runId: RunId }
  | { readonly kind: 'alreadyExists'; readonly workflowId: WorkflowId; readonly workflowType: string }
  | { readonly kind: 'canceled'; readonly failure: Failure };

export type ActivationJobKind = ActivationJob['kind'];

/** What is the same for every job of one activation. */
export interface Activation {
  /** Workflow time: the time of the task's start. */
  readonly timestamp: EpochMs;
  /** Workflow code sees history for the second time: logs, sinks and metrics are silent. */
  readonly isReplaying: boolean;
  /** Events up to and including the task's start. */
  readonly historyLength: number;
  readonly historySizeBytes: number;
  readonly continueAsNewSuggested: boolean;
  /** SDK flags that the completion of this task recorded (replay), else empty. */
  readonly availableFlags: readonly number[];
  /** In the order of replay-rule: patches, signals, everything else in event order; queries come alone. */
  readonly jobs: readonly ActivationJob[];
}

/** Numbers are the SDK's enum values. */
export type ActivityCancellation = 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON';
export type ChildCancellation =
  'ABANDON' | 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'WAIT_CANCELLATION_REQUESTED';

/** What workflow code asks for, in program order. */
export type WorkflowCommand =
  | {
      readonly kind: 'startTimer';
      readonly seq: Seq;
      readonly delayMs: DurationMs;
      readonly summary?: Payload;
    }
  | { readonly kind: 'cancelTimer'; readonly seq: Seq }
  | {
      readonly kind: 'scheduleActivity';
      readonly seq: Seq;
      readonly activityId: string;
      readonly activityType: string;
      readonly taskQueue: TaskQueueName;
      readonly header: Headers;
      readonly input: Payloads;
      readonly scheduleToCloseTimeoutMs?: DurationMs;
      readonly scheduleToStartTimeoutMs?: DurationMs;
      readonly startToCloseTimeoutMs?: DurationMs;
      readonly heartbeatTimeoutMs?: DurationMs;
      readonly retryPolicy?: Partial<RetryPolicy>;
      readonly cancellationType: ActivityCancellation;
      readonly summary?: Payload;
    }
  | { readonly kind: 'requestCancelActivity'; readonly seq: Seq }
  | {
      readonly kind: 'startChild';
      readonly seq: Seq;
      readonly workflowId: WorkflowId;
      readonly workflowType: string;
      readonly taskQueue: TaskQueueName;
      readonly header: Headers;
      readonly input: Payloads;
      readonly memo?: PayloadMap;
      readonly searchAttributes?: PayloadMap;
      readonly executionTimeoutMs?: DurationMs;
      readonly runTimeoutMs?: DurationMs;
      readonly taskTimeoutMs?: DurationMs;
      readonly parentClosePolicy?: ParentClosePolicy;
      readonly workflowIdReusePolicy?: WorkflowIdReusePolicy;
      readonly retryPolicy?: Partial<RetryPolicy>;
      readonly cronSchedule?: string;
      readonly cancellationType: ChildCancellation;
      readonly summary?: Payload;
      readonly details?: Payload;
    }
  | { readonly kind: 'cancelChild'; readonly seq: Seq; readonly reason?: string }
  | {
      readonly kind: 'signalExternal';
      readonly seq: Seq;
      /** A child of this workflow, by id; else an external execution. */
      readonly target:
        | { readonly kind: 'child'; readonly workflowId: WorkflowId }
        | { readonly kind: 'external'; readonly workflowId: WorkflowId; readonly runId?: RunId };
      readonly signalName: string;
      readonly input: Payloads;
      readonly header: Headers;
    }
  | { readonly kind: 'cancelSignal'; readonly seq: Seq }
  | {
      readonly kind: 'requestCancelExternal';
      readonly seq: Seq;
      readonly workflowId: WorkflowId;
      readonly runId?: RunId;
      readonly reason?: string;
    }
  | { readonly kind: 'setPatchMarker'; readonly patchId: string; readonly deprecated: boolean }
  | { readonly kind: 'upsertSearchAttributes'; readonly searchAttributes: PayloadMap }
  | { readonly kind: 'modifyProperties'; readonly upsertedMemo: PayloadMap }
  | { readonly kind: 'completeWorkflow'; readonly result?: Payload }
  | { readonly kind: 'failWorkflow'; readonly failure: Failure }
  | { readonly kind: 'cancelWorkflow' }
  | {
      readonly kind: 'continueAsNew';
      readonly workflowType: string;
      readonly taskQueue: TaskQueueName;
      readonly input: Payloads;
      readonly header: Headers;
      readonly memo?: PayloadMap;
      readonly searchAttributes?: PayloadMap;
      readonly retryPolicy?: Partial<RetryPolicy>;
      readonly runTimeoutMs?: DurationMs;
      readonly taskTimeoutMs?: DurationMs;
      readonly backoffStartIntervalMs?: DurationMs;
    };

export type WorkflowCommandKind = WorkflowCommand['kind'];
export type WorkflowCommandByKind<K extends WorkflowCommandKind> = Extract<
  WorkflowCommand,
  { readonly kind: K }
>;

/** Where workflow code asked for a command, as stacks in the bundle's own lines. */
export interface CommandTrace {
  readonly stack: string;
  /** Of the awaits that code went on from before, the newest first. */
  readonly resumed: string;
}
/** `trace` only while a disagreement with history is looked into. */
export type AskedCommand = WorkflowCommand & { readonly trace?: CommandTrace };

/** A log line or sink call of workflow code: an effect, released after the commit. */
export interface SinkCall {
  readonly sink: string;
  readonly fn: string;
  /** JSON text of the argument array. */
  readonly args: string;
}

export interface QueryAnswer {
  readonly queryId: string;
  readonly outcome:
    | { readonly kind: 'succeeded'; readonly result: Payload }
    | { readonly kind: 'failed'; readonly failure: Failure; readonly notRegistered: boolean };
}

/** How one activation ended. */
export type ActivationResult =
  | {
      readonly kind: 'ok';
      readonly commands: readonly AskedCommand[];
      readonly answers: readonly QueryAnswer[];
      readonly sinkCalls: readonly SinkCall[];
      /** SDK flags used by this activation for the first time. */
      readonly usedFlags: readonly number[];
      /** RNG draws so far and the sum of the sequence counters: part of the turn's hash. */
      readonly randomDraws: number;
      readonly counters: number;
    }
  /** The workflow task fails; the workflow does not. */
  | { readonly kind: 'failed'; readonly failure: Failure };
