// What one message does to one workflow: the changes to store, the effects to release afterwards. The return type of `decide`.
import type { HistoryEvent } from '../../model/event';
import type { Effect, EffectByKind } from '../../model/effect';
import type { Fact } from '../../model/fact';
import type { Namespace, RunId, TaskQueueName, WorkflowId } from '../../model/ids';
import type { EpochMs } from '../../model/time';
import type { RunState } from './run-state';

/** Changes are folded by `evolve` in this order, now and on every load. */
export type Change =
  { readonly kind: 'event'; readonly event: HistoryEvent } | { readonly kind: 'fact'; readonly fact: Fact };

/** All that one message changed in one run. */
export interface RunChanges {
  readonly run: RunState;
  /** Of whoever asked for the decision: its own from here on. */
  readonly changes: Change[];
  /** First batch of this run: its create request id goes into the frame's head. */
  readonly isNew: boolean;
}

/** Of a wake-up also what it replaces in the host: absent, nothing. */
export interface WakeUpChange extends EffectByKind<'wakeAt'> {
  readonly was?: EpochMs | 'unknown' | undefined;
}
export type DecidedEffect = Exclude<Effect, { readonly kind: 'wakeAt' }> | WakeUpChange;

export interface Decision {
  /** Usually one run; two when a run closes and its successor starts (continue-as-new, retry, cron, terminate-existing). */
  readonly runs: readonly RunChanges[];
  /** In order. */
  readonly effects: readonly DecidedEffect[];
  /** Rows of this run go in this batch: a deleted closed run. */
  readonly deleted?: RunId;
}

/** The runs of one workflow id that are in memory. Owned by the workflow actor, changed only by `decide` and `evolve`. */
export interface WorkflowRuns {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  /** The newest run, open or closed; absent: this id was never used (or retention removed it). */
  current: RunState | undefined;
  /** Older runs that are still needed: they owe sends. By run id. */
  readonly older: Map<RunId, RunState>;
}

/** Everything `decide` may know besides the state and the message. Time and chance are arguments. */
export interface DecideContext {
  readonly now: EpochMs;
  /** The store's epoch: attempts begun under an older one ended with their process. */
  readonly epoch: number;
  /** Recorded as the worker that runs turns and activities of this process. */
  readonly identity: string;
  /** The workflow code that serves the current run's task queue; absent: none does. */
  readonly bundleHash: string | undefined;
  /** A fresh UUIDv7 for a successor run. */
  readonly newRunId: () => RunId;
  /** A fresh request id (UUID) for events that record one. */
  readonly newRequestId: () => string;
  /** Takes one of the activity slots which the host set aside for this drain; false: none left, the activity queues. */
  readonly takeActivitySlot: (namespace: Namespace, taskQueue: TaskQueueName) => boolean;
}
