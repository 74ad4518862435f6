// Each kind of job and command, with every field it may have, arrives on the other side of the realm's border as it was.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  Activation,
  ActivationJob,
  ActivationResult,
  ChildStartOutcome,
  QueryAnswer,
  Resolution,
  SinkCall,
  WorkflowCommand,
} from '../../../src/model/turn.ts';
import {
  readActivation,
  readResult,
  writeActivation,
  writeResult,
  type Primitive,
} from '../../../src/workflow/tape/index.ts';
import {
  count,
  duration,
  eventId,
  execution,
  failure,
  flag,
  moment,
  namespace,
  parentClosePolicy,
  partialRetryPolicy,
  payload,
  payloadMap,
  payloads,
  retryPolicy,
  reusePolicy,
  runId,
  taskQueue,
  text,
  workflowId,
} from '../storage/arbitraries/parts';
import { anyOf, byKind, optional, record, word } from '../storage/arbitraries/record';

const seed = { randomSeedHigh: count, randomSeedLow: count };
const seq = eventId;

const resolution = anyOf<Resolution>(
  byKind<Resolution>({
    completed: { result: optional(payload) },
    failed: { failure },
    canceled: { failure },
  }),
);
const childStart = anyOf<ChildStartOutcome>(
  byKind<ChildStartOutcome>({
    started: { runId },
    alreadyExists: { workflowId, workflowType: text },
    canceled: { failure },
  }),
);

const JOBS = byKind<ActivationJob>({
  initializeWorkflow: {
    namespace,
    workflowId,
    runId,
    workflowType: text,
    taskQueue,
    input: payloads,
    header: payloadMap,
    memo: optional(payloadMap),
    searchAttributes: optional(payloadMap),
    attempt: count,
    runStartTime: moment,
    startTime: moment,
    firstExecutionRunId: runId,
    continuedFromExecutionRunId: optional(runId),
    parent: optional(record({ namespace, workflowId, runId })),
    root: optional(execution),
    lastResult: optional(payload),
    lastFailure: optional(failure),
    executionTimeoutMs: optional(duration),
    executionExpirationTime: optional(moment),
    runTimeoutMs: optional(duration),
    taskTimeoutMs: duration,
    retryPolicy: optional(retryPolicy),
    cronSchedule: optional(text),
    firstWorkflowTaskBackoffMs: optional(duration),
    ...seed,
  },
  updateRandomSeed: seed,
  notifyHasPatch: { patchId: text },
  signalWorkflow: { signalName: text, input: payloads, identity: text, header: payloadMap },
  fireTimer: { seq },
  resolveActivity: { seq, resolution },
  resolveChildStart: { seq, outcome: childStart },
  resolveChild: { seq, resolution },
  cancelWorkflow: { reason: text },
  resolveSignalExternal: { seq, failure: optional(failure) },
  resolveCancelExternal: { seq, failure: optional(failure) },
  queryWorkflow: { queryId: text, queryType: text, input: payloads, header: payloadMap },
});

const COMMANDS = byKind<WorkflowCommand>({
  startTimer: { seq, delayMs: duration, summary: optional(payload) },
  cancelTimer: { seq },
  scheduleActivity: {
    seq,
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
    cancellationType: word({ TRY_CANCEL: true, WAIT_CANCELLATION_COMPLETED: true, ABANDON: true }),
    summary: optional(payload),
  },
  requestCancelActivity: { seq },
  startChild: {
    seq,
    workflowId,
    workflowType: text,
    taskQueue,
    header: payloadMap,
    input: payloads,
    memo: optional(payloadMap),
    searchAttributes: optional(payloadMap),
    executionTimeoutMs: optional(duration),
    runTimeoutMs: optional(duration),
    taskTimeoutMs: optional(duration),
    parentClosePolicy: optional(parentClosePolicy),
    workflowIdReusePolicy: optional(reusePolicy),
    retryPolicy: optional(partialRetryPolicy),
    cronSchedule: optional(text),
    cancellationType: word({
      ABANDON: true,
      TRY_CANCEL: true,
      WAIT_CANCELLATION_COMPLETED: true,
      WAIT_CANCELLATION_REQUESTED: true,
    }),
    summary: optional(payload),
    details: optional(payload),
  },
  cancelChild: { seq, reason: optional(text) },
  signalExternal: {
    seq,
    target: fc.oneof(
      record<ChildTarget>({ kind: fc.constant('child' as const), workflowId }),
      record<ExternalTarget>({ kind: fc.constant('external' as const), workflowId, runId: optional(runId) }),
    ),
    signalName: text,
    input: payloads,
    header: payloadMap,
  },
  cancelSignal: { seq },
  requestCancelExternal: { seq, workflowId, runId: optional(runId), reason: optional(text) },
  setPatchMarker: { patchId: text, deprecated: flag },
  upsertSearchAttributes: { searchAttributes: payloadMap },
  modifyProperties: { upsertedMemo: payloadMap },
  completeWorkflow: { result: optional(payload) },
  failWorkflow: { failure },
  cancelWorkflow: {},
  continueAsNew: {
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
});
type Target = Extract<WorkflowCommand, { kind: 'signalExternal' }>['target'];
type ChildTarget = Extract<Target, { kind: 'child' }>;
type ExternalTarget = Extract<Target, { kind: 'external' }>;

/** Nothing but primitives is in the hands of both sides. */
function expectPrimitives(tape: readonly Primitive[]): void {
  for (const cell of tape) if (Object(cell) === cell) throw new Error('an object on the tape');
}

function expectActivation(activation: Activation): void {
  const tape: Primitive[] = ['left over'];
  writeActivation(tape, activation);
  expectPrimitives(tape);
  expect(readActivation(tape)).toStrictEqual(activation);
}

function expectResult(result: ActivationResult): void {
  const tape: Primitive[] = ['left over'];
  writeResult(tape, result);
  expectPrimitives(tape);
  expect(readResult(tape)).toStrictEqual(result);
}

const head = {
  timestamp: moment,
  isReplaying: flag,
  historyLength: eventId,
  historySizeBytes: count,
  continueAsNewSuggested: flag,
  availableFlags: fc.array(fc.nat(10)),
};
/** What an activation that succeeded gives, apart from what each property is about. */
type Ended = Extract<ActivationResult, { kind: 'ok' }>;
const ended = (about: {
  readonly commands?: fc.Arbitrary<Ended['commands']>;
  readonly answers?: fc.Arbitrary<Ended['answers']>;
}): fc.Arbitrary<Ended> =>
  record<Ended>({
    kind: fc.constant('ok'),
    commands: about.commands ?? fc.constant([]),
    answers: about.answers ?? fc.constant([]),
    sinkCalls: fc.array(record<SinkCall>({ sink: text, fn: text, args: text }), { maxLength: 2 }),
    usedFlags: fc.array(fc.nat(10)),
    randomDraws: count,
    counters: count,
  });

describe('a job', () => {
  test.each(Object.entries<fc.Arbitrary<ActivationJob>>(JOBS))('of the kind %s', (_kind, job) => {
    fc.assert(
      fc.property(record<Activation>({ ...head, jobs: fc.array(job, { maxLength: 3 }) }), expectActivation),
    );
  });
});

describe('a command', () => {
  test.each(Object.entries<fc.Arbitrary<WorkflowCommand>>(COMMANDS))('of the kind %s', (_kind, command) => {
    fc.assert(fc.property(ended({ commands: fc.array(command, { maxLength: 3 }) }), expectResult));
  });
});

test('answers of queries', () => {
  const outcome = anyOf<QueryAnswer['outcome']>(
    byKind<QueryAnswer['outcome']>({
      succeeded: { result: payload },
      failed: { failure, notRegistered: flag },
    }),
  );
  const answers = fc.array(record<QueryAnswer>({ queryId: text, outcome }), { maxLength: 3 });
  fc.assert(fc.property(ended({ answers }), expectResult));
});

test('the failure of a task', () => {
  fc.assert(fc.property(failure, (given) => expectResult({ kind: 'failed', failure: given })));
});

test('a turn of many', () => {
  const jobs = fc.array(anyOf<ActivationJob>(JOBS), { maxLength: 20 });
  fc.assert(fc.property(record<Activation>({ ...head, jobs }), expectActivation), { numRuns: 30 });
  const commands = fc.array(anyOf<WorkflowCommand>(COMMANDS), { maxLength: 20 });
  fc.assert(fc.property(ended({ commands }), expectResult), { numRuns: 30 });
});
