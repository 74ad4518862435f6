// The port between a worker (user code: workflows and activities of one task queue) and the engine that drives it.
import type { ActivityTask } from './effect';
import type { Execution, Namespace, TaskQueueName } from './ids';
import type { ActivityOutcome } from './message';
import type { Payload } from './payload';
import type { DurationMs } from './time';
import type { SinkCall } from './turn';

/** A bundle as lanes load it. Content-addressed: the same hash is loaded once per lane. */
export interface WorkflowBundleCode {
  readonly hash: string;
  readonly name: string;
  readonly code: string;
  /** JSON text; read only when a failure is recorded. */
  readonly sourceMap?: string;
}

/** One running attempt of an activity. */
export interface RunningAttempt {
  /** Never rejects: whatever user code does is an outcome. */
  readonly outcome: Promise<ActivityOutcome>;
  /** Asks the function to stop; it may clean up and still answer. Repeats are ignored. */
  cancel(reason: 'requested' | 'timedOut' | 'notFound' | 'workerShutdown'): void;
}

/** How an attempt speaks to the engine while it runs. */
export interface AttemptPort {
  /** Resolves with whether the workflow asked for cancellation; rejects when the attempt is over (not found). */
  heartbeat(details: Payload | undefined): Promise<{ readonly cancelRequested: boolean }>;
}

export interface ActivityRunner {
  /** Equal for two runners with the same registrations: two workers may then share a task queue. */
  readonly fingerprint: string;
  run(task: ActivityTask, port: AttemptPort): RunningAttempt;
}

export interface SinkContext {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
}

/** What a worker registers. One per namespace and task queue and process. */
export interface WorkerSpec {
  readonly namespace: Namespace;
  readonly taskQueue: TaskQueueName;
  readonly identity: string;
  /** Absent: this worker runs no workflows. */
  readonly bundle?: WorkflowBundleCode;
  /** Absent: this worker runs no activities. */
  readonly activities?: ActivityRunner;
  /** Activities of this queue running at once in this worker. */
  readonly maxConcurrentActivities: number;
  /** Log lines and sink calls of workflow code, after their commit. Must not throw. */
  readonly onSinkCalls: (context: SinkContext, calls: readonly SinkCall[]) => void;
}

export interface WorkerHandle {
  /** No new turn or attempt of this worker begins; resolves when running attempts ended, or were told to stop after `graceMs`. */
  shutdown(options: { readonly graceMs: DurationMs; readonly forceMs?: DurationMs }): Promise<void>;
  /** Attempts running now. */
  readonly runningActivities: number;
}

/** What worker doors need of the engine. */
export interface WorkerHost {
  /** @throws when another worker of this process is registered on the queue with other code. */
  registerWorker(spec: WorkerSpec): Promise<WorkerHandle>;
}
