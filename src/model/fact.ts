// What is durable but no event. `evolve` folds facts as it folds events; storage keeps only the latest of each (tables A and F).
import type { NewEvent } from './event';
import type { Failure } from './failure';
import type { EventId, Execution, Namespace } from './ids';
import type { Payload } from './payload';
import type { DurationMs, EpochMs } from './time';

/** Where one activity stands. Absent: attempt 1 was begun in the batch that scheduled it. */
export interface ActivityFact {
  readonly kind: 'activity';
  readonly scheduledEventId: EventId;
  readonly attempt: number;
  readonly state: ActivityState;
  /** Cut to LAST_FAILURE_BYTES_MAX. */
  readonly lastFailure?: Failure;
  readonly heartbeatDetails?: Payload;
  readonly lastHeartbeatAt?: EpochMs;
}
export type ActivityState =
  /** Waits for a slot; since when (schedule-to-start counts from here). */
  | { readonly kind: 'scheduled'; readonly since: EpochMs }
  /** Backs off until `at`. */
  | { readonly kind: 'retrying'; readonly at: EpochMs; readonly intervalMs: DurationMs }
  /** Runs (or ran, if `epoch` is not the store's current one and it is not async). */
  | {
      readonly kind: 'started';
      readonly at: EpochMs;
      readonly epoch: number;
      readonly identity: string;
      readonly async: boolean;
    };

/** What the events do not say about the current workflow task. Absent: attempt 1, ready, never failed. */
export interface WorkflowTaskFact {
  readonly kind: 'workflowTask';
  /** Above 1: a transient task, whose Scheduled and Started are written only when it succeeds. */
  readonly attempt: number;
  readonly scheduledAt: EpochMs;
  /** Not before this moment, when backing off. */
  readonly notBefore?: EpochMs;
  readonly lastFailure?: Failure;
  /** Only of a transient task while it runs; a task of attempt 1 has its Started event. */
  readonly started?: { readonly at: EpochMs; readonly identity: string; readonly requestId: string };
}

/** Events that wait for the open workflow task's end to get their ids. Replaces the whole list. */
export interface BufferedFact {
  readonly kind: 'buffered';
  readonly events: readonly NewEvent[];
}

/** Request ids of cross-run messages that earlier runs of this chain consumed: a repeat may arrive here. Replaces the whole list. */
export interface CarriedRequestIdsFact {
  readonly kind: 'carriedRequestIds';
  readonly requestIds: readonly string[];
}

/** What a closed run still has to tell another run; kept until that run acknowledges. */
export type OwedSend =
  | { readonly kind: 'childClosed' }
  | {
      readonly kind: 'parentClosePolicy';
      readonly initiatedEventId: EventId;
      readonly namespace: Namespace;
      readonly child: Execution;
      readonly action: 'terminate' | 'requestCancel';
    };
/** Replaces the whole list. */
export interface OwedFact {
  readonly kind: 'owed';
  readonly sends: readonly OwedSend[];
}

/** Lanes that this run has cost under one bundle: other code begins without strikes. */
export interface StrikesFact {
  readonly kind: 'strikes';
  readonly count: number;
  /** Absent: unknown, and then every bundle is under suspicion. */
  readonly bundleHash?: string;
}

/**
 * A child run waits for its parent's durable CHILD_STARTED before its first task (two-phase start). Written only when the
 * released task is delayed: otherwise the task's Scheduled event says as much.
 */
export interface FirstTaskReleasedFact {
  readonly kind: 'firstTaskReleased';
}

export type Fact =
  | ActivityFact
  | WorkflowTaskFact
  | BufferedFact
  | CarriedRequestIdsFact
  | OwedFact
  | StrikesFact
  | FirstTaskReleasedFact;
export type FactKind = Fact['kind'];
export type FactByKind<K extends FactKind> = Extract<Fact, { readonly kind: K }>;
