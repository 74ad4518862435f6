// Histories in short, and workflow code as a script: what each activation asks for.
import type { EnginePort } from '../../../src/actors/replay/engine-port';
import { Execution, type ExecutionOptions, type FailedTurn } from '../../../src/actors/replay/execution';
import { replayHistory, type ReplayOutcome } from '../../../src/actors/replay/replay-history';
import type { EventByKind, EventKind, HistoryEvent } from '../../../src/model/event';
import { namespace, runId, taskQueueName, workflowId } from '../../../src/model/ids';
import type {
  Activation,
  ActivationJob,
  ActivationResult,
  InitializeWorkflow,
  WorkflowCommand,
} from '../../../src/model/turn';

export const NAMESPACE = namespace('default');
export const RUN = runId('019e93d9-da0e-70d6-9f43-888c2c8d3988');
export const CHILD_RUN = runId('019e93d9-da0e-70d6-9f43-888c2c8d3989');
const QUEUE = taskQueueName('queue');
const BEGIN = Date.UTC(2030, 0, 1);

/** An event that waits for its id: it may refer to events before it. */
type Pending = (id: number) => HistoryEvent;

export function event<K extends EventKind>(
  kind: K,
  attributes: Omit<EventByKind<K>, 'kind' | 'eventId' | 'at'>,
): Pending {
  return (eventId) =>
    ({ kind, eventId, at: BEGIN + eventId * 1_000, ...attributes }) as unknown as EventByKind<K>;
}

export const history = (...events: readonly (Pending | readonly Pending[])[]): readonly HistoryEvent[] =>
  events.flat().map((pending, index) => pending(index + 1));

const FLAGS = { coreUsedFlags: [1, 2, 3] };

export const started = event('workflowExecutionStarted', {
  workflowType: 'test',
  workflowId: workflowId('w'),
  taskQueue: QUEUE,
  input: [],
  header: {},
  taskTimeoutMs: 10_000,
  originalExecutionRunId: RUN,
  firstExecutionRunId: RUN,
  identity: 'client',
  attempt: 1,
});

const scheduled = event('workflowTaskScheduled', {
  taskQueue: QUEUE,
  startToCloseTimeoutMs: 10_000,
  attempt: 1,
});
const begun: Pending = (id) =>
  event('workflowTaskStarted', {
    scheduledEventId: id - 1,
    identity: 'worker',
    requestId: 'r',
    historySizeBytes: id * 100,
    suggestContinueAsNew: false,
  })(id);
const completed =
  (more: Partial<EventByKind<'workflowTaskCompleted'>>): Pending =>
  (id) =>
    event('workflowTaskCompleted', {
      scheduledEventId: id - 2,
      startedEventId: id - 1,
      identity: 'worker',
      sdkMetadata: FLAGS,
      ...more,
    })(id);
const failed =
  (more: Partial<EventByKind<'workflowTaskFailed'>>): Pending =>
  (id) =>
    event('workflowTaskFailed', {
      scheduledEventId: id - 2,
      startedEventId: id - 1,
      cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
      identity: 'worker',
      ...more,
    })(id);

/** A task that was completed. */
export const task = (more: Partial<EventByKind<'workflowTaskCompleted'>> = {}): readonly Pending[] => [
  scheduled,
  begun,
  completed(more),
];
/** One that nobody has completed yet. */
export const openTask: readonly Pending[] = [scheduled, begun];
export const failedTask = (more: Partial<EventByKind<'workflowTaskFailed'>> = {}): readonly Pending[] => [
  scheduled,
  begun,
  failed(more),
];

export const signal = (signalName: string): Pending =>
  event('workflowExecutionSignaled', { signalName, input: [], identity: 'client', header: {} });

export const timerStarted = (timerId: string, workflowTaskCompletedEventId = 4): Pending =>
  event('timerStarted', { timerId, startToFireTimeoutMs: 1_000, workflowTaskCompletedEventId });
export const timerFired = (timerId: string, startedEventId: number): Pending =>
  event('timerFired', { timerId, startedEventId });

export const activityScheduled = (activityId: string, activityType = 'work'): Pending =>
  event('activityTaskScheduled', {
    activityId,
    activityType,
    taskQueue: QUEUE,
    header: {},
    input: [],
    scheduleToCloseTimeoutMs: 0,
    scheduleToStartTimeoutMs: 0,
    startToCloseTimeoutMs: 10_000,
    heartbeatTimeoutMs: 0,
    retryPolicy: {
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maximumIntervalMs: 100_000,
      maximumAttempts: 0,
      nonRetryableErrorTypes: [],
    },
    workflowTaskCompletedEventId: 4,
  });

export const patchMarker = (id: string, deprecated = false): Pending =>
  event('markerRecorded', {
    markerName: 'core_patch',
    details: { 'patch-data': [JSON.stringify({ id, deprecated })] },
    workflowTaskCompletedEventId: 4,
  });

/** What workflow code asks for. */
export const startTimer = (seq: number): WorkflowCommand => ({ kind: 'startTimer', seq, delayMs: 1_000 });
export const cancelTimer = (seq: number): WorkflowCommand => ({ kind: 'cancelTimer', seq });
export const scheduleActivity = (
  seq: number,
  cancellationType: 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON' = 'TRY_CANCEL',
  activityType = 'work',
): WorkflowCommand => ({
  kind: 'scheduleActivity',
  seq,
  activityId: String(seq),
  activityType,
  taskQueue: QUEUE,
  header: {},
  input: [],
  cancellationType,
});
export const cancelActivity = (seq: number): WorkflowCommand => ({ kind: 'requestCancelActivity', seq });
export const startChild = (
  seq: number,
  cancellationType: Extract<WorkflowCommand, { kind: 'startChild' }>['cancellationType'],
): WorkflowCommand => ({
  kind: 'startChild',
  seq,
  workflowId: workflowId('child'),
  workflowType: 'kid',
  taskQueue: QUEUE,
  header: {},
  input: [],
  cancellationType,
});
export const patch = (patchId: string, deprecated = false): WorkflowCommand => ({
  kind: 'setPatchMarker',
  patchId,
  deprecated,
});
export const complete: WorkflowCommand = { kind: 'completeWorkflow' };

/** Commands of each activation, in turn. Behind the last one nothing is asked for. */
export type Script = readonly (readonly WorkflowCommand[])[];

export class ScriptedEngine implements EnginePort {
  readonly activations: Activation[] = [];

  constructor(private readonly script: Script) {}

  activate(activation: Activation): ActivationResult {
    const commands = this.script[this.activations.length] ?? [];
    this.activations.push(activation);
    return {
      kind: 'ok',
      commands,
      answers: [],
      sinkCalls: [],
      usedFlags: [],
      randomDraws: 0,
      counters: this.activations.length,
    };
  }

  /** Jobs of each activation; the first job, which tells everything about the run, by its name. */
  get jobs(): readonly (readonly (Exclude<ActivationJob, InitializeWorkflow> | 'initializeWorkflow')[])[] {
    return this.activations.map(({ jobs }) =>
      jobs.map((job) => (job.kind === 'initializeWorkflow' ? job.kind : job)),
    );
  }
}

const optionsOf = (engine: EnginePort): ExecutionOptions => ({
  namespace: NAMESPACE,
  runId: RUN,
  engine,
  bundleHash: 'bundle',
});

export interface Replayed {
  readonly outcome: ReplayOutcome;
  readonly engine: ScriptedEngine;
}

export function replay(events: readonly HistoryEvent[], script: Script): Replayed {
  const engine = new ScriptedEngine(script);
  return { outcome: replayHistory(optionsOf(engine), events), engine };
}

/** The details of the failure to replay. */
export function refusal(events: readonly HistoryEvent[], script: Script): string {
  const { outcome } = replay(events, script);
  return outcome.kind === 'nondeterminism' ? outcome.details : outcome.kind;
}

/** An execution that has read a history, and its engine. */
export function caughtUp(
  events: readonly HistoryEvent[],
  script: Script,
): {
  readonly execution: Execution;
  readonly engine: ScriptedEngine;
  readonly failed: FailedTurn | undefined;
} {
  const engine = new ScriptedEngine(script);
  const execution = new Execution(optionsOf(engine));
  return { execution, engine, failed: execution.catchUp(events) };
}

/** The commands of one live turn at the end of a history. */
export function commandsOf(events: readonly HistoryEvent[], script: Script): readonly object[] {
  const engine = new ScriptedEngine(script);
  const turn = new Execution(optionsOf(engine)).runTurn(events);
  if (turn.kind === 'failed') throw new Error(turn.failure.message);
  return turn.commands;
}
