// One arbitrary for each kind of message, command, effect, reply, refusal and entry.
import fc from 'fast-check';
import type { Command } from '../../../src/model/command';
import type { ActivityTask, Effect } from '../../../src/model/effect';
import type { ActivityState } from '../../../src/model/fact';
import type { Address } from '../../../src/model/ids';
import type {
  ActivityOutcome,
  ActivityRef,
  Message,
  OwedBy,
  Sender,
  SignalBody,
} from '../../../src/model/message';
import type {
  PendingActivityDescription,
  PendingChildDescription,
  PendingWorkflowTaskDescription,
  Refusal,
  Reply,
  RunDescription,
} from '../../../src/model/reply';
import type { SinkCall } from '../../../src/model/turn';
import type {
  Batch,
  BatchOp,
  EvictProposal,
  LaneStats,
  Post,
  PostEntry,
  StoredRun,
} from '../../../src/wire/traffic';
import { closeEvent } from '../storage/arbitraries/events';
import {
  childStartFailedCause,
  count,
  duration,
  eventId,
  execution,
  externalFailedCause,
  failure,
  flag,
  markerDetails,
  moment,
  namespace,
  parentClosePolicy,
  parentInfo,
  partialRetryPolicy,
  payload,
  payloadMap,
  payloads,
  retryPolicy,
  reusePolicy,
  runId,
  runOptions,
  runStatus,
  sdkMetadata,
  taskFailedCause,
  taskQueue,
  text,
  turnStamp,
  userMetadata,
  workflowId,
} from '../storage/arbitraries/parts';
import { anyOf, byKind, optional, record, word } from '../storage/arbitraries/record';

const address = record<Address>({ namespace, workflowId, runId: optional(runId) });
const to = address;
const waiter = count;
const described = { userMetadata: optional(userMetadata) } as const;
const target = { namespace, workflowId, runId: optional(runId) } as const;

export const COMMANDS = byKind<Command>({
  scheduleActivityTask: {
    ...described,
    activityId: text,
    activityType: text,
    taskQueue,
    header: payloadMap,
    input: payloads,
    scheduleToCloseTimeoutMs: optional(duration),
    scheduleToStartTimeoutMs: optional(duration),
    startToCloseTimeoutMs: optional(duration),
    heartbeatTimeoutMs: optional(duration),
    retryPolicy: optional(partialRetryPolicy),
  },
  requestCancelActivityTask: { ...described, scheduledEventId: eventId },
  startTimer: { ...described, timerId: text, startToFireTimeoutMs: duration },
  cancelTimer: { ...described, timerId: text },
  completeWorkflowExecution: { ...described, result: optional(payload) },
  failWorkflowExecution: { ...described, failure },
  cancelWorkflowExecution: { ...described, details: optional(payloads) },
  continueAsNewWorkflowExecution: {
    ...described,
    workflowType: text,
    taskQueue,
    input: payloads,
    header: payloadMap,
    memo: optional(payloadMap),
    searchAttributes: optional(payloadMap),
    retryPolicy: optional(partialRetryPolicy),
    runTimeoutMs: optional(duration),
    taskTimeoutMs: optional(duration),
    backoffStartIntervalMs: optional(duration),
  },
  startChildWorkflowExecution: {
    ...described,
    namespace,
    workflowId,
    workflowType: text,
    taskQueue,
    input: payloads,
    header: payloadMap,
    memo: optional(payloadMap),
    searchAttributes: optional(payloadMap),
    executionTimeoutMs: optional(duration),
    runTimeoutMs: optional(duration),
    taskTimeoutMs: optional(duration),
    parentClosePolicy: optional(parentClosePolicy),
    workflowIdReusePolicy: optional(reusePolicy),
    retryPolicy: optional(partialRetryPolicy),
    cronSchedule: optional(text),
  },
  signalExternalWorkflowExecution: {
    ...described,
    ...target,
    signalName: text,
    input: payloads,
    header: payloadMap,
    childWorkflowOnly: flag,
  },
  requestCancelExternalWorkflowExecution: {
    ...described,
    ...target,
    childWorkflowOnly: flag,
    reason: optional(text),
  },
  recordMarker: { ...described, markerName: text, details: markerDetails, failure: optional(failure) },
  upsertWorkflowSearchAttributes: { ...described, searchAttributes: payloadMap },
  modifyWorkflowProperties: { ...described, upsertedMemo: payloadMap },
});

const signalBody = record<SignalBody>({
  signalName: text,
  input: payloads,
  header: payloadMap,
  requestId: text,
});
const sender = record<Sender>({ namespace, execution, eventId });
const owedBy = record<OwedBy>({ namespace, execution, key: text });
const activity = anyOf<ActivityRef>(
  byKind<ActivityRef>({
    attempt: { scheduledEventId: eventId, attempt: count },
    id: { activityId: text },
  }),
);
const outcome = anyOf<ActivityOutcome>(
  byKind<ActivityOutcome>({
    completed: { result: payload },
    failed: { failure, lastHeartbeatDetails: optional(payload) },
    canceled: { details: optional(payloads) },
    willCompleteAsync: {},
  }),
);

export const MESSAGES = byKind<Message>({
  start: {
    to,
    waiter,
    newRunId: runId,
    requestId: text,
    identity: text,
    options: runOptions,
    reusePolicy,
    conflictPolicy: word({ FAIL: true, USE_EXISTING: true, TERMINATE_EXISTING: true }),
    startDelayMs: optional(duration),
    userMetadata: optional(userMetadata),
    signal: optional(signalBody),
  },
  startChild: {
    to,
    newRunId: runId,
    parent: parentInfo,
    root: execution,
    options: runOptions,
    reusePolicy,
    userMetadata: optional(userMetadata),
  },
  signal: {
    to,
    waiter,
    signal: signalBody,
    identity: text,
    sender: optional(sender),
    childWorkflowOnly: optional(flag),
  },
  cancel: {
    to,
    waiter,
    requestId: text,
    identity: text,
    reason: optional(text),
    firstExecutionRunId: optional(runId),
    sender: optional(sender),
    childWorkflowOnly: optional(flag),
    owedBy: optional(owedBy),
  },
  terminate: {
    to,
    waiter,
    identity: text,
    reason: optional(text),
    details: optional(payloads),
    firstExecutionRunId: optional(runId),
    owedBy: optional(owedBy),
  },
  query: {
    to,
    waiter,
    queryType: text,
    input: payloads,
    header: payloadMap,
    rejectCondition: word({ NONE: true, NOT_OPEN: true, NOT_COMPLETED_CLEANLY: true }),
    expiresAt: moment,
  },
  describe: { to, waiter },
  delete: { to, waiter, identity: text },
  wake: { to },
  activityGranted: { to, scheduledEventId: eventId, attempt: count, identity: text },
  activityResolved: { to, waiter, activity, identity: text, outcome },
  activityHeartbeat: { to, waiter, activity, identity: text, details: optional(payload) },
  childStarted: { to, initiatedEventId: eventId, child: execution, namespace },
  childStartFailed: { to, initiatedEventId: eventId, cause: childStartFailedCause },
  firstTaskReleased: { to, parentGone: flag },
  childClosed: { to, initiatedEventId: eventId, child: execution, namespace, closeEvent },
  owedSettled: { to, key: text },
  externalResolved: {
    to,
    what: word({ signal: true, cancel: true }),
    initiatedEventId: eventId,
    cause: optional(externalFailedCause),
  },
  turnStarted: { to, identity: text, requestId: text },
  turnCompleted: {
    to,
    startedEventId: eventId,
    identity: text,
    commands: fc.array(anyOf<Command>(COMMANDS), { maxLength: 3 }),
    stamp: turnStamp,
    sdkMetadata: optional(sdkMetadata),
    eagerSlots: optional(count),
  },
  turnFailed: { to, startedEventId: eventId, identity: text, cause: taskFailedCause, failure },
  struck: { to, reason: text },
});
const message = anyOf<Message>(MESSAGES);

export const REFUSALS = byKind<Refusal>({
  notFound: { message: text },
  alreadyStarted: { message: text, runId },
  invalidArgument: { message: text },
  failedPrecondition: { message: text },
  resourceExhausted: { message: text },
  deadlineExceeded: { message: text },
  queryRejected: { status: runStatus },
  queryFailed: { failure, notRegistered: flag },
  activityNotFound: { message: text },
});

const pendingActivity = record<PendingActivityDescription>({
  activityId: text,
  activityType: text,
  state: word<ActivityState['kind']>({ scheduled: true, retrying: true, started: true }),
  cancelRequested: flag,
  attempt: count,
  maximumAttempts: count,
  scheduledAt: moment,
  lastStartedAt: optional(moment),
  lastHeartbeatAt: optional(moment),
  heartbeatDetails: optional(payload),
  lastFailure: optional(failure),
  nextAttemptAt: optional(moment),
  identity: optional(text),
});
const pendingChild = record<PendingChildDescription>({
  execution: fc.oneof(execution, record({ workflowId })),
  workflowType: text,
  initiatedEventId: eventId,
});
const pendingWorkflowTask = record<PendingWorkflowTaskDescription>({
  state: word({ scheduled: true, started: true }),
  scheduledAt: moment,
  startedAt: optional(moment),
  attempt: count,
  lastFailure: optional(failure),
  nextAttemptAt: optional(moment),
});
const description = record<RunDescription>({
  namespace,
  execution,
  workflowType: text,
  taskQueue,
  status: runStatus,
  historyLength: count,
  historySizeBytes: count,
  startTime: moment,
  executionTime: moment,
  closeTime: optional(moment),
  memo: optional(payloadMap),
  searchAttributes: optional(payloadMap),
  parent: optional(record({ namespace, execution })),
  root: optional(execution),
  firstExecutionRunId: runId,
  executionTimeoutMs: optional(duration),
  runTimeoutMs: optional(duration),
  taskTimeoutMs: duration,
  staticSummary: optional(payload),
  staticDetails: optional(payload),
  pendingActivities: fc.array(pendingActivity, { maxLength: 2 }),
  pendingChildren: fc.array(pendingChild, { maxLength: 2 }),
  pendingWorkflowTask: optional(pendingWorkflowTask),
  cancelRequested: flag,
  strikes: count,
  closeEvent: optional(closeEvent),
});

export const REPLIES = byKind<Reply>({
  refused: { refusal: anyOf<Refusal>(REFUSALS) },
  started: { runId, firstExecutionRunId: runId, isNew: flag },
  signaled: { runId },
  done: {},
  queryAnswered: { result: payload },
  heartbeatRecorded: { cancelRequested: flag },
  described: { description },
});

const task = record<ActivityTask>({
  namespace,
  execution,
  workflowType: text,
  scheduledEventId: eventId,
  activityId: text,
  activityType: text,
  taskQueue,
  header: payloadMap,
  input: payloads,
  attempt: count,
  scheduledAt: moment,
  currentAttemptScheduledAt: moment,
  startedAt: moment,
  scheduleToCloseTimeoutMs: duration,
  startToCloseTimeoutMs: duration,
  heartbeatTimeoutMs: duration,
  heartbeatDetails: optional(payload),
  retryPolicy,
});
const sinkCall = record<SinkCall>({ sink: text, fn: text, args: fc.json() });

export const EFFECTS = byKind<Effect>({
  answer: { waiter, reply: anyOf<Reply>(REPLIES) },
  runActivity: { task },
  queueActivity: { namespace, execution, taskQueue, scheduledEventId: eventId, attempt: count },
  cancelActivity: {
    execution,
    scheduledEventId: eventId,
    attempt: count,
    reason: word({ requested: true, timedOut: true, notFound: true }),
  },
  wakeAt: { namespace, execution, at: optional(moment) },
  send: { message },
  runStarted: { namespace, execution, workflowType: text },
  runClosed: { namespace, execution, workflowType: text, closeEvent },
  turnFailed: {
    namespace,
    execution,
    workflowType: text,
    taskQueue,
    attempt: count,
    cause: taskFailedCause,
    failure,
  },
  taskWaits: { namespace, execution, taskQueue },
  sinkCalls: {
    namespace,
    execution,
    workflowType: text,
    taskQueue,
    calls: fc.array(sinkCall, { maxLength: 3 }),
  },
});

const bytes = fc.uint8Array({ maxLength: 300 });
const storedRun = record<StoredRun>({
  runId,
  frames: fc.array(bytes, { maxLength: 3 }),
  activities: fc.array(bytes, { maxLength: 3 }),
  facts: optional(bytes),
  awake: flag,
});

export const ENTRIES = byKind<PostEntry>({
  message: { handle: count, seq: count, message },
  load: { handle: count, namespace, workflowId, current: optional(storedRun) },
  history: { handle: count, run: storedRun },
  evicted: { handle: count },
  grant: { namespace, taskQueue, count },
  bundle: { hash: text, name: text, code: text, sourceMap: optional(text) },
  worker: { namespace, taskQueue, bundleHash: optional(text), identity: text },
  namespace: { namespace, number: count, retentionMs: duration },
  tick: {},
});

export const post = record<Post>({
  generation: count,
  now: moment,
  stalledMs: duration,
  entries: fc.array(anyOf<PostEntry>(ENTRIES), { maxLength: 20 }),
});

const op = record<BatchOp>({
  table: fc.constantFrom('I', 'H', 'A', 'F', 'W', 'T', 'V', 'X', 'S', 'N', 'M'),
  key: fc.uint8Array({ minLength: 1, maxLength: 1_978 }),
  value: fc.option(bytes),
});
export const batch = record<Batch>({
  generation: count,
  isLast: fc.boolean(),
  seenSeq: count,
  consumed: fc.array(count),
  ops: fc.array(op, { maxLength: 20 }),
  effects: fc.array(anyOf<Effect>(EFFECTS), { maxLength: 10 }),
  evict: fc.array(record<EvictProposal>({ handle: count, runId: optional(runId) })),
  wanted: fc.array(record({ handle: count, runId })),
  unused: fc.array(record({ namespace, taskQueue, count })),
  stats: record<LaneStats>({
    residentWorkflows: count,
    liveRuns: count,
    residentBytes: count,
    turns: count,
    replays: count,
  }),
});
