// What events, facts and messages are made of.
import fc from 'fast-check';
import type {
  ParentInfo,
  RunOptions,
  RunStatus,
  SdkMetadata,
  TurnStamp,
  UserMetadata,
} from '../../../../src/model/event';
import type {
  ContinueAsNewInitiator,
  ExternalFailedCause,
  ParentClosePolicy,
  StartChildWorkflowExecutionFailed,
  WorkflowIdReusePolicy,
  WorkflowTaskFailedCause,
} from '../../../../src/model/event';
import type { Failure, FailureInfo, RetryState, TimeoutType } from '../../../../src/model/failure';
import type { Execution, Namespace, RunId, TaskQueueName, WorkflowId } from '../../../../src/model/ids';
import type { EncodedPayload, Payload, PayloadMap, Payloads } from '../../../../src/model/payload';
import type { RetryPolicy } from '../../../../src/model/retry-policy';
import { anyOf, byKind, optional, record, word } from './record';

/** Short and long, of one byte a character and of four. Half surrogates are no text: they cannot be stored. */
export const text = fc.oneof(
  fc.constantFrom('', 'a', 'order', 'default', '__proto__', 'é'.repeat(31), 'x'.repeat(31), 'x'.repeat(32)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
);
const named = <T extends string>(): fc.Arbitrary<T> => text as fc.Arbitrary<T>;
export const workflowId = named<WorkflowId>();
export const namespace = named<Namespace>();
export const taskQueue = named<TaskQueueName>();
export const runId = fc.uuid() as unknown as fc.Arbitrary<RunId>;
export const execution: fc.Arbitrary<Execution> = record<Execution>({ workflowId, runId });

export const eventId = fc.oneof(fc.nat(60_000), fc.constantFrom(0, 1, 127, 128, 255, 256, 65_535, 65_536));
export const count = fc.oneof(fc.nat(), fc.maxSafeNat());
export const duration = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.double({ min: 0, max: 1e9, noNaN: true }).map(withoutMinusZero),
);
/** Of this century. */
export const moment = fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 });
export const flag = fc.boolean();

function withoutMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}

const bytes = fc.uint8Array({ maxLength: 300 });
const encoded: fc.Arbitrary<EncodedPayload> = record<EncodedPayload>({
  metadata: fc.dictionary(text, bytes, { maxKeys: 3, noNullPrototype: true }),
  data: bytes,
});
export const payload: fc.Arbitrary<Payload> = fc.oneof(fc.json({ maxDepth: 2 }), fc.constant(null), encoded);
export const payloads: fc.Arbitrary<Payloads> = fc.array(payload, { maxLength: 3 });
export const payloadMap: fc.Arbitrary<PayloadMap> = fc.dictionary(text, payload, {
  maxKeys: 3,
  noNullPrototype: true,
});

export const userMetadata = record<UserMetadata>({ summary: optional(payload), details: optional(payload) });

export const retryPolicy = record<RetryPolicy>({
  initialIntervalMs: duration,
  backoffCoefficient: duration,
  maximumIntervalMs: duration,
  maximumAttempts: count,
  nonRetryableErrorTypes: fc.array(text, { maxLength: 3 }),
});
export const partialRetryPolicy = record<Partial<RetryPolicy>>({
  initialIntervalMs: optional(duration),
  backoffCoefficient: optional(duration),
  maximumIntervalMs: optional(duration),
  maximumAttempts: optional(count),
  nonRetryableErrorTypes: optional(fc.array(text, { maxLength: 3 })),
});

export const runStatus = word<RunStatus>({
  RUNNING: true,
  COMPLETED: true,
  FAILED: true,
  CANCELED: true,
  TERMINATED: true,
  CONTINUED_AS_NEW: true,
  TIMED_OUT: true,
});
export const retryState = word<RetryState>({
  IN_PROGRESS: true,
  NON_RETRYABLE_FAILURE: true,
  TIMEOUT: true,
  MAXIMUM_ATTEMPTS_REACHED: true,
  RETRY_POLICY_NOT_SET: true,
  INTERNAL_SERVER_ERROR: true,
  CANCEL_REQUESTED: true,
});
export const timeoutType = word<TimeoutType>({
  START_TO_CLOSE: true,
  SCHEDULE_TO_START: true,
  SCHEDULE_TO_CLOSE: true,
  HEARTBEAT: true,
});
export const initiator = word<ContinueAsNewInitiator>({ WORKFLOW: true, RETRY: true, CRON_SCHEDULE: true });
export const parentClosePolicy = word<ParentClosePolicy>({
  TERMINATE: true,
  ABANDON: true,
  REQUEST_CANCEL: true,
});
export const reusePolicy = word<WorkflowIdReusePolicy>({
  ALLOW_DUPLICATE: true,
  ALLOW_DUPLICATE_FAILED_ONLY: true,
  REJECT_DUPLICATE: true,
});
export const childStartFailedCause = word<StartChildWorkflowExecutionFailed['cause']>({
  WORKFLOW_ALREADY_EXISTS: true,
  NAMESPACE_NOT_FOUND: true,
});
export const externalFailedCause = word<ExternalFailedCause>({
  EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND: true,
  NAMESPACE_NOT_FOUND: true,
  SIGNAL_COUNT_LIMIT_EXCEEDED: true,
});
export const taskFailedCause = word<WorkflowTaskFailedCause>({
  UNHANDLED_COMMAND: true,
  BAD_SCHEDULE_ACTIVITY_ATTRIBUTES: true,
  BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES: true,
  BAD_START_TIMER_ATTRIBUTES: true,
  BAD_CANCEL_TIMER_ATTRIBUTES: true,
  BAD_RECORD_MARKER_ATTRIBUTES: true,
  BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES: true,
  BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES: true,
  BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES: true,
  BAD_REQUEST_CANCEL_EXTERNAL_ATTRIBUTES: true,
  BAD_CONTINUE_AS_NEW_ATTRIBUTES: true,
  START_TIMER_DUPLICATE_ID: true,
  WORKFLOW_WORKER_UNHANDLED_FAILURE: true,
  BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES: true,
  BAD_START_CHILD_EXECUTION_ATTRIBUTES: true,
  FORCE_CLOSE_COMMAND: true,
  RESET_WORKFLOW: true,
  SCHEDULE_ACTIVITY_DUPLICATE_ID: true,
  BAD_SEARCH_ATTRIBUTES: true,
  NON_DETERMINISTIC_ERROR: true,
  BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES: true,
  PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED: true,
  PENDING_ACTIVITIES_LIMIT_EXCEEDED: true,
  PENDING_SIGNALS_LIMIT_EXCEEDED: true,
  PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED: true,
  PAYLOADS_TOO_LARGE: true,
});

const FAILURE_INFOS = byKind<FailureInfo>({
  application: {
    type: optional(text),
    nonRetryable: flag,
    details: optional(payloads),
    nextRetryDelayMs: optional(duration),
    category: optional(fc.constant('BENIGN')),
  },
  timeout: {
    timeoutType,
    lastHeartbeatDetails: optional(payloads),
  },
  canceled: { details: optional(payloads) },
  terminated: {},
  server: { nonRetryable: flag },
  resetWorkflow: { lastHeartbeatDetails: optional(payloads) },
  activity: {
    scheduledEventId: eventId,
    startedEventId: eventId,
    identity: text,
    activityType: text,
    activityId: text,
    retryState: optional(retryState),
  },
  childWorkflow: {
    namespace: text,
    workflowId,
    runId: optional(runId),
    workflowType: text,
    initiatedEventId: eventId,
    startedEventId: eventId,
    retryState: optional(retryState),
  },
});

const failureWith = (cause: fc.Arbitrary<Failure>): fc.Arbitrary<Failure> =>
  record<Failure>({
    message: text,
    source: optional(text),
    stackTrace: optional(text),
    encodedAttributes: optional(payload),
    cause: optional(cause),
    info: optional(anyOf<FailureInfo>(FAILURE_INFOS)),
  });
const plainFailure: fc.Arbitrary<Failure> = text.map((message) => ({ message }));
export const failure = failureWith(failureWith(plainFailure));

export const parentInfo = record<ParentInfo>({ namespace, execution, initiatedEventId: eventId });
export const turnStamp = record<TurnStamp>({ bundleHash: text, commandHash: fc.nat(0xffff_ffff) });
export const sdkMetadata = record<SdkMetadata>({
  coreUsedFlags: optional(fc.array(fc.nat(10))),
  langUsedFlags: optional(fc.array(fc.nat(10))),
  sdkName: optional(text),
  sdkVersion: optional(text),
});
export const markerDetails = fc.dictionary(text, payloads, { maxKeys: 2, noNullPrototype: true });

export const runOptionsModel = {
  workflowType: text,
  taskQueue,
  input: payloads,
  header: payloadMap,
  memo: optional(payloadMap),
  searchAttributes: optional(payloadMap),
  executionTimeoutMs: optional(duration),
  runTimeoutMs: optional(duration),
  taskTimeoutMs: duration,
  retryPolicy: optional(retryPolicy),
  cronSchedule: optional(text),
} as const;
export const runOptions = record<RunOptions>(runOptionsModel);
