// What the runtime tells its host process about itself. Emitting costs nothing without a listener. Host thread.
import { EventEmitter } from 'eventemitter3';
import type { RunStatus } from '../model/event';
import type { Failure } from '../model/failure';
import type { Execution, Namespace, TaskQueueName } from '../model/ids';
import type { DurationMs } from '../model/time';

export interface RunEvent {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly workflowType: string;
}

/** Every runtime event and what its listener is given. */
export interface RuntimeEvents {
  /** A run's start is durable. */
  workflowStarted: (event: RunEvent) => void;
  /** A run's end is durable. */
  workflowClosed: (event: RunEvent & { readonly status: RunStatus }) => void;
  /** A workflow task failed; it is retried with back-off. */
  turnFailed: (
    event: RunEvent & {
      readonly taskQueue: TaskQueueName;
      readonly attempt: number;
      readonly cause: string;
      readonly message: string;
      readonly failure: Failure;
    },
  ) => void;
  /** Workflow code has been running without an await for longer than the soft limit. */
  slowTurn: (event: {
    readonly lane: number;
    readonly elapsedMs: DurationMs;
    readonly workflowId?: string;
  }) => void;
  /** A thread was lost and replaced; its runs go on. */
  laneReplaced: (event: {
    readonly lane: number;
    readonly reason: string;
    readonly workflowId?: string;
  }) => void;
  /** Work waits for a worker that nobody has registered. */
  queueUnserved: (event: {
    readonly namespace: Namespace;
    readonly taskQueue: TaskQueueName;
    readonly served: readonly TaskQueueName[];
  }) => void;
  /** The host's event loop was blocked; timeouts are held back until its queues were seen. */
  hostStalled: (event: { readonly stalledMs: DurationMs }) => void;
  /** The disk is nearly full: new workflows are refused, running ones go on. */
  storeFull: (event: { readonly freeBytes: number }) => void;
  storeOk: (event: { readonly freeBytes: number }) => void;
  /** One effect or record could not be handled; the others were. */
  warning: (event: { readonly message: string; readonly error?: unknown }) => void;
  /** The store failed: nothing is acknowledged any more, and only a new process can recover. Without a listener the process aborts. */
  fatal: (error: Error) => void;
}

export class RuntimeEventEmitter extends EventEmitter<RuntimeEvents> {}
