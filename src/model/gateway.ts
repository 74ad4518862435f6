// The port between callers (clients, workers, tools) and the engine: one request union, one reply each.
// In-process, a local socket and gRPC are three adapters of it. Everything in it is plain data.
import type { CloseEvent, Headers, HistoryEvent, RunOptions, RunStatus, UserMetadata } from './event';
import type { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from './event';
import type { Address, Execution, Namespace, RunId, TaskQueueName, WorkflowId } from './ids';
import type { ActivityOutcome, ActivityRef } from './message';
import type { Payload, PayloadMap, Payloads } from './payload';
import type { Refusal, RunDescription } from './reply';
import type { DurationMs, EpochMs } from './time';

/** Which runs to list: all given conditions must hold. Newest start first. */
export interface VisibilityFilter {
  readonly workflowType?: string;
  readonly workflowId?: WorkflowId;
  readonly runId?: RunId;
  readonly taskQueue?: TaskQueueName;
  readonly statuses?: readonly RunStatus[];
  readonly startedAfter?: EpochMs;
  readonly startedBefore?: EpochMs;
  readonly closedAfter?: EpochMs;
  readonly closedBefore?: EpochMs;
}

/** One row of a listing. */
export interface RunSummary {
  readonly execution: Execution;
  readonly workflowType: string;
  readonly taskQueue: TaskQueueName;
  readonly status: RunStatus;
  readonly startTime: EpochMs;
  readonly executionTime: EpochMs;
  readonly closeTime?: EpochMs;
  readonly historyLength: number;
  readonly historySizeBytes: number;
  readonly memo?: PayloadMap;
  readonly searchAttributes?: PayloadMap;
  readonly parent?: { readonly namespace: Namespace; readonly execution: Execution };
  readonly root?: Execution;
}

export interface StartRequest {
  readonly kind: 'start';
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly requestId: string;
  readonly identity: string;
  readonly options: RunOptions;
  readonly reusePolicy: WorkflowIdReusePolicy;
  readonly conflictPolicy: WorkflowIdConflictPolicy;
  readonly startDelayMs?: DurationMs;
  readonly userMetadata?: UserMetadata;
  /** Signal-with-start. */
  readonly signal?: {
    readonly signalName: string;
    readonly input: Payloads;
    readonly header: Headers;
    readonly requestId: string;
  };
}
export interface SignalRequest {
  readonly kind: 'signal';
  readonly to: Address;
  readonly signalName: string;
  readonly input: Payloads;
  readonly header: Headers;
  readonly requestId: string;
  readonly identity: string;
}
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly to: Address;
  readonly requestId: string;
  readonly identity: string;
  readonly reason?: string;
  readonly firstExecutionRunId?: RunId;
}
export interface TerminateRequest {
  readonly kind: 'terminate';
  readonly to: Address;
  readonly identity: string;
  readonly reason?: string;
  readonly details?: Payloads;
  readonly firstExecutionRunId?: RunId;
}
export interface QueryRequest {
  readonly kind: 'query';
  readonly to: Address;
  readonly queryType: string;
  readonly input: Payloads;
  readonly header: Headers;
  readonly rejectCondition: 'NONE' | 'NOT_OPEN' | 'NOT_COMPLETED_CLEANLY';
}
export interface DescribeRequest {
  readonly kind: 'describe';
  readonly to: Address;
}
/** Removes a run and everything of it. An open one is terminated first. */
export interface DeleteRequest {
  readonly kind: 'delete';
  readonly to: Address;
  readonly identity: string;
}
export interface FetchHistoryRequest {
  readonly kind: 'fetchHistory';
  readonly to: Address;
}
/** Waits until the addressed run (absent run id: the current one) is closed. One run: following a chain is the caller's choice. */
export interface AwaitCloseRequest {
  readonly kind: 'awaitClose';
  readonly to: Address;
}
export interface ListRequest {
  readonly kind: 'list';
  readonly namespace: Namespace;
  readonly filter: VisibilityFilter;
  /** At most 1,000. */
  readonly pageSize: number;
  /** Opaque, from the previous page. */
  readonly pageToken?: string;
}
export interface CountRequest {
  readonly kind: 'count';
  readonly namespace: Namespace;
  readonly filter: VisibilityFilter;
}
/** By task token (see `encodeTaskToken`) or by ids; without a workflow id in `to`, by nothing else. */
export interface ResolveActivityRequest {
  readonly kind: 'resolveActivity';
  readonly to: Address;
  readonly activity: ActivityRef;
  readonly identity: string;
  readonly outcome: ActivityOutcome;
}
export interface HeartbeatActivityRequest {
  readonly kind: 'heartbeatActivity';
  readonly to: Address;
  readonly activity: ActivityRef;
  readonly identity: string;
  readonly details?: Payload;
}

export type GatewayRequest =
  | StartRequest
  | SignalRequest
  | CancelRequest
  | TerminateRequest
  | QueryRequest
  | DescribeRequest
  | DeleteRequest
  | FetchHistoryRequest
  | AwaitCloseRequest
  | ListRequest
  | CountRequest
  | ResolveActivityRequest
  | HeartbeatActivityRequest;

export type GatewayRequestKind = GatewayRequest['kind'];

/** What each request is answered with when it is not refused. */
export interface GatewayReplies {
  readonly start: { readonly runId: RunId; readonly firstExecutionRunId: RunId; readonly isNew: boolean };
  readonly signal: { readonly runId: RunId };
  readonly cancel: Record<string, never>;
  readonly terminate: Record<string, never>;
  readonly query: { readonly result: Payload };
  readonly describe: RunDescription;
  readonly delete: Record<string, never>;
  readonly fetchHistory: { readonly execution: Execution; readonly events: readonly HistoryEvent[] };
  readonly awaitClose: { readonly execution: Execution; readonly closeEvent: CloseEvent };
  readonly list: { readonly runs: readonly RunSummary[]; readonly nextPageToken?: string };
  readonly count: { readonly count: number };
  readonly resolveActivity: Record<string, never>;
  readonly heartbeatActivity: { readonly cancelRequested: boolean };
}

/** The caller's mistake, or the state of the world, said by the engine. Doors turn it into Temporal's error classes. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  constructor(readonly refusal: Refusal) {
    super('message' in refusal ? refusal.message : refusal.kind);
  }
}
/** The engine stopped (closed, poisoned) before it could say whether the request took effect. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

export interface Gateway {
  /**
   * @throws {RequestRefused} nothing was done; the refusal says why
   * @throws {OutcomeUnknown} the engine stopped first; repeat with the same request id
   */
  request<R extends GatewayRequest>(request: R, signal?: AbortSignalLike): Promise<GatewayReplies[R['kind']]>;
}

/** The part of AbortSignal that the port needs (the vocabulary knows no platform types). */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
