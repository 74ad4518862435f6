// What crosses the thread border, as types. Posts from host to lane, batches back: one or more for each
// post, as the lane gets on. Entries are handled in their order.
import type { Effect } from '../model/effect';
import type { Namespace, RunId, TaskQueueName, WorkflowId } from '../model/ids';
import type { Message } from '../model/message';
import type { DurationMs, EpochMs } from '../model/time';

/** Rows of one run as they are stored. */
export interface StoredRun {
  readonly runId: RunId;
  /** Table H, oldest first. Empty: there is no such run (any more). */
  readonly frames: readonly Uint8Array[];
  /** Table A. */
  readonly activities: readonly Uint8Array[];
  /** Table F. */
  readonly facts?: Uint8Array;
  /** Whether table W has a row of it: then table T has none that wakes it. Without one it has a row T at its exact `dueAt`. */
  readonly awake: boolean;
}

/** The host's number for a workflow in a lane's memory, given with its load. Never used twice in a process. */
export type Handle = number;

export interface MessageEntry {
  readonly kind: 'message';
  readonly handle: Handle;
  /** Grows by one with every message routed to this lane, over all its generations. */
  readonly seq: number;
  readonly message: Message;
}
/** A workflow that is not in the lane's memory; comes before the first message to it. Without a message: recovery. */
export interface LoadEntry {
  readonly kind: 'load';
  readonly handle: Handle;
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  /** Absent: this workflow id has no run. */
  readonly current?: StoredRun;
}
/** The answer to a `wanted`: one run's rows, read again. */
export interface HistoryEntry {
  readonly kind: 'history';
  readonly handle: Handle;
  readonly run: StoredRun;
}
/** The eviction that the lane proposed is final: the workflow has left its memory. */
export interface EvictedEntry {
  readonly kind: 'evicted';
  readonly handle: Handle;
}
/** Activity slots set aside for this drain. */
export interface GrantEntry {
  readonly kind: 'grant';
  readonly namespace: Namespace;
  readonly taskQueue: TaskQueueName;
  readonly count: number;
}
export interface BundleEntry {
  readonly kind: 'bundle';
  readonly hash: string;
  readonly name: string;
  readonly code: string;
  readonly sourceMap?: string;
}
/** From now on this bundle runs the workflow tasks of the queue; without a hash nothing does. */
export interface WorkerEntry {
  readonly kind: 'worker';
  readonly namespace: Namespace;
  readonly taskQueue: TaskQueueName;
  readonly bundleHash?: string;
  readonly identity: string;
}
/** A namespace, before the first message of it: its number in keys, and how long its closed runs are kept. */
export interface NamespaceEntry {
  readonly kind: 'namespace';
  readonly namespace: Namespace;
  readonly number: number;
  readonly retentionMs: DurationMs;
}
/** Time passes: a chance to evict what is idle. */
export interface TickEntry {
  readonly kind: 'tick';
}

export type PostEntry =
  | MessageEntry
  | LoadEntry
  | HistoryEntry
  | EvictedEntry
  | GrantEntry
  | BundleEntry
  | WorkerEntry
  | NamespaceEntry
  | TickEntry;

export interface Post {
  readonly generation: number;
  readonly now: EpochMs;
  /** The host's loop was blocked for so long: deadlines of attempts move by it. 0 nearly always. */
  readonly stalledMs: DurationMs;
  readonly entries: readonly PostEntry[];
}

export interface BatchOp {
  /** A letter of the store's tables. */
  readonly table: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** A workflow that may leave the lane's memory. */
export interface EvictProposal {
  readonly handle: Handle;
  /** Its current run, if it has one: whose wake-up is now on disk. */
  readonly runId?: RunId;
}
/** The lane needs the rows of this run (again); answered by a HistoryEntry once this batch is durable. */
export interface Wanted {
  readonly handle: Handle;
  readonly runId: RunId;
}
export interface UnusedGrant {
  readonly namespace: Namespace;
  readonly taskQueue: TaskQueueName;
  readonly count: number;
}

export interface LaneStats {
  readonly residentWorkflows: number;
  readonly liveRuns: number;
  readonly residentBytes: number;
  readonly turns: number;
  readonly replays: number;
}

export interface Batch {
  readonly generation: number;
  /** The last of those that answer one post. Each stands on its own: it names what it consumed, and is released when it is durable. */
  readonly isLast: boolean;
  /** The newest message of the post that this batch answers; 0: none yet. */
  readonly seenSeq: number;
  /** Messages that need not be redelivered once this batch is durable. Those that wait in the lane come in a later batch. */
  readonly consumed: readonly number[];
  readonly ops: readonly BatchOp[];
  readonly effects: readonly Effect[];
  readonly evict: readonly EvictProposal[];
  readonly wanted: readonly Wanted[];
  readonly unused: readonly UnusedGrant[];
  readonly stats: LaneStats;
}
