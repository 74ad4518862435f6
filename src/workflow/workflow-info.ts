// What a workflow may know of its own run. Types only.
import type { RetryPolicy } from '../common/retry-policy';
import type { SearchAttributes, TypedSearchAttributes } from '../common/search-attributes';

export interface UnsafeWorkflowInfo {
  /** The real clock is not reachable: the current turn's time. */
  readonly now: () => number;
  /** Whether history is being read for the second time, or a query is being answered. */
  readonly isReplaying: boolean;
  /** Whether history is being read for the second time. */
  readonly isReplayingHistoryEvents: boolean;
}
export interface ParentWorkflowInfo {
  readonly workflowId: string;
  readonly runId: string;
  readonly namespace: string;
}
export interface RootWorkflowInfo {
  readonly workflowId: string;
  readonly runId: string;
}

/** Frozen; another object in each turn. */
export interface WorkflowInfo {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  /** @deprecated Untyped. */
  readonly searchAttributes: SearchAttributes;
  readonly typedSearchAttributes: TypedSearchAttributes;
  readonly memo?: Record<string, unknown>;
  readonly parent?: ParentWorkflowInfo;
  readonly root?: RootWorkflowInfo;
  /** Result of the last completed run of this chain (cron). */
  readonly lastResult?: unknown;
  readonly lastFailure?: Error;
  /** Events up to the current turn. */
  readonly historyLength: number;
  /** Bytes. */
  readonly historySize: number;
  /** The history is long: continue as new soon. */
  readonly continueAsNewSuggested: boolean;
  readonly taskQueue: string;
  readonly namespace: string;
  readonly firstExecutionRunId: string;
  readonly continuedFromExecutionRunId?: string;
  /** When the run was created. */
  readonly startTime: Date;
  /** When its code began. */
  readonly runStartTime: Date;
  readonly executionTimeoutMs?: number;
  readonly executionExpirationTime?: Date;
  readonly runTimeoutMs?: number;
  readonly taskTimeoutMs: number;
  readonly retryPolicy?: RetryPolicy;
  /** 1 for the first run of a retry chain. */
  readonly attempt: number;
  readonly cronSchedule?: string;
  readonly cronScheduleToScheduleInterval?: number;
  readonly unsafe: UnsafeWorkflowInfo;
}
