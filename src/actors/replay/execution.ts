// One run's live code: the engine, its machines, and how far history is read. Pure; shard thread. Mutable, with one owner.
// Live turns and replay take the same path: events in, one activation (or more, when machines answer at once), commands out,
// and the events of those commands in again. After a failed turn the object is of no use: its owner disposes it and replays.
import { assert } from '../../model/assert';
import type { Command } from '../../model/command';
import type {
  HistoryEvent,
  SdkMetadata,
  TurnStamp,
  WorkflowExecutionStarted,
  WorkflowTaskCompleted,
  WorkflowTaskFailedCause,
} from '../../model/event';
import type { Failure } from '../../model/failure';
import type { EventId, RunId } from '../../model/ids';
import type { ActivationJob, QueryAnswer, SinkCall } from '../../model/turn';
import type { Mutable } from '../../model/mutable';
import { nextActivation } from './activation';
import type { TaskHead } from './activation';
import { nameEvent, NondeterminismError } from './determinism';
import type { Found } from './determinism';
import type { EnginePort } from './engine-port';
import { RunFlags } from './flags';
import type { SdkIdentity } from './flags';
import { hashTurn } from './hash';
import { initializeWorkflow } from './initialize';
import type { RunIdentity } from './initialize';
import { Machines } from './machines/machines';
import { patchMarkerOf } from './machines/patch-marker';
import { seedOf } from './seed';
import { nextCompletedTask } from './tasks';

export interface ExecutionOptions extends RunIdentity {
  readonly engine: EnginePort;
  /** Content hash of the code that runs; turns stamped with it must replay exactly. */
  readonly bundleHash: string;
  /** Recorded in the run when it changes; absent: not recorded. */
  readonly sdk?: SdkIdentity | undefined;
}

export interface CompletedTurn {
  readonly kind: 'completed';
  readonly commands: readonly Command[];
  readonly stamp: TurnStamp;
  /** Absent: nothing new to record. */
  readonly sdkMetadata?: SdkMetadata;
  readonly sinkCalls: readonly SinkCall[];
}
export interface FailedTurn {
  readonly kind: 'failed';
  readonly cause: WorkflowTaskFailedCause;
  readonly failure: Failure;
  /** What code asks for where history has something else. Its place is no part of the failure yet: see explain.ts. */
  readonly found?: Found;
}
export type TurnOutcome = CompletedTurn | FailedTurn;

export type QueryJob = Extract<ActivationJob, { readonly kind: 'queryWorkflow' }>;

/** What the activations of one task gave besides commands. */
interface TaskYield {
  readonly kind: 'completed';
  readonly sinkCalls: readonly SinkCall[];
  readonly usedFlags: readonly number[];
}

const NO_HEAD: TaskHead = {
  timestamp: 0,
  historyLength: 0,
  historySizeBytes: 0,
  continueAsNewSuggested: false,
};

export class Execution {
  private readonly engine: EnginePort;
  private readonly flags = new RunFlags();
  private readonly machines: Machines;
  /** The newest event read. */
  private lastEventId: EventId = 0;
  private head: TaskHead = NO_HEAD;
  /** The run's first event, until workflow code has been told. */
  private created: WorkflowExecutionStarted | undefined;
  /** The newest one read. */
  private completed: WorkflowTaskCompleted | undefined;
  /** Totals after the newest activation, for the turn's hash. */
  private randomDraws = 0;
  private counters = 0;
  private isUsable = true;

  constructor(private readonly options: ExecutionOptions) {
    this.engine = options.engine;
    this.machines = new Machines(options.namespace, options.runId, this.flags);
  }

  /**
   * Replays every completed task of `history` (from the first event on) and reads the rest, so that the next turn, or a
   * query, can follow. Undefined: done.
   */
  catchUp(history: readonly HistoryEvent[]): FailedTurn | undefined {
    return this.guarded(() => this.replay(history));
  }

  /**
   * One live turn. `events`: everything since the last completed task, up to the task's WorkflowTaskStarted; those already
   * read are skipped, so the events of the last turn's commands may be among them or not.
   */
  runTurn(events: readonly HistoryEvent[]): TurnOutcome {
    return this.guarded(() => {
      this.machines.isReplaying = false;
      this.readAll(events);
      assert(this.lastEventId === this.head.historyLength, 'a turn begins with its WorkflowTaskStarted');
      this.machines.settle(this.completed);
      const task = this.runTask();
      if (task.kind === 'failed') return task;
      const commands = this.machines.taskCommands();
      const turn: Mutable<CompletedTurn> = {
        kind: 'completed',
        commands,
        stamp: { bundleHash: this.options.bundleHash, commandHash: this.hash(commands) },
        sinkCalls: task.sinkCalls,
      };
      const sdkMetadata = this.flags.take(task.usedFlags, this.options.sdk);
      if (sdkMetadata !== undefined) turn.sdkMetadata = sdkMetadata;
      return turn;
    });
  }

  /** The events that became of the last turn's commands; whatever follows them may come along. */
  applied(events: readonly HistoryEvent[]): FailedTurn | undefined {
    return this.guarded(() => {
      this.readAll(events);
      return undefined;
    });
  }

  /** Leaves no trace in the run. */
  query(job: QueryJob): QueryAnswer {
    assert(this.isUsable && this.lastEventId > 0, 'a query goes to a run whose history is read');
    const result = this.engine.activate(nextActivation(this.head, [job], true, this.flags.availableToCode));
    if (result.kind === 'failed') return queryFailed(job, result.failure);
    const answer = result.answers.find(({ queryId }) => queryId === job.queryId);
    assert(answer !== undefined && result.commands.length === 0, 'a query is answered and asks for nothing');
    return answer;
  }

  private replay(history: readonly HistoryEvent[]): FailedTurn | undefined {
    this.machines.isReplaying = true;
    let next = history.findIndex((event) => event.eventId > this.lastEventId);
    if (next === -1) return undefined;
    let task = nextCompletedTask(history, next);
    while (task !== undefined) {
      const following = nextCompletedTask(history, task.startedIndex + 1);
      for (; next <= task.startedIndex; next++) this.read(history[next]!);
      this.lookAhead(history, next, following?.startedIndex ?? history.length);
      this.flags.learn(task.completed.sdkMetadata);
      this.machines.settle(this.completed);
      const outcome = this.runTask();
      if (outcome.kind === 'failed') return outcome;
      this.compareStamp(task.completed);
      task = following;
    }
    for (; next < history.length; next++) this.read(history[next]!);
    this.machines.settle(this.completed);
    return undefined;
  }

  /** Patches of the task that is about to be replayed: workflow code must know them while it runs. */
  private lookAhead(history: readonly HistoryEvent[], from: number, end: number): void {
    for (let index = from; index < end; index++) {
      const marker = patchMarkerOf(history[index]!);
      if (marker === undefined) continue;
      this.machines.patches.markerAhead(marker.patchId);
      this.machines.tell({ kind: 'notifyHasPatch', patchId: marker.patchId });
    }
  }

  /** All activations of one task. A task that brought nothing for workflow code leaves it alone. */
  private runTask(): TaskYield | FailedTurn {
    let sinkCalls: readonly SinkCall[] = [];
    let usedFlags: readonly number[] = [];
    let jobs = this.takeJobs();
    while (jobs.length > 0) {
      const { isReplaying } = this.machines;
      const result = this.engine.activate(
        nextActivation(this.head, jobs, isReplaying, this.flags.availableToCode),
      );
      if (result.kind === 'failed') {
        return { kind: 'failed', cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE', failure: result.failure };
      }
      this.randomDraws = result.randomDraws;
      this.counters = result.counters;
      if (result.sinkCalls.length > 0) sinkCalls = [...sinkCalls, ...result.sinkCalls];
      if (result.usedFlags.length > 0) usedFlags = [...usedFlags, ...result.usedFlags];
      this.machines.apply(result.commands);
      jobs = this.machines.takeJobs();
    }
    return { kind: 'completed', sinkCalls, usedFlags };
  }

  private takeJobs(): readonly ActivationJob[] {
    const jobs = this.machines.takeJobs();
    if (this.created === undefined) return jobs;
    const first = initializeWorkflow(this.options, this.created, this.head.timestamp);
    this.created = undefined;
    return [first, ...jobs];
  }

  private hash(commands: readonly Command[]): number {
    return hashTurn(commands, this.randomDraws, this.counters);
  }

  /** The same code must do exactly the same, also where Temporal compares nothing. */
  private compareStamp(completed: WorkflowTaskCompleted): void {
    const { stamp } = completed;
    const commands = this.machines.taskCommands();
    if (stamp === undefined || stamp.commandHash === 0 || stamp.bundleHash !== this.options.bundleHash)
      return;
    if (stamp.commandHash !== this.hash(commands)) {
      throw new NondeterminismError(
        `the same workflow code did something else than when ${nameEvent(completed)} was written: its commands, their options, its random numbers or its counters differ. The code depends on something that is not in its history`,
      );
    }
  }

  private readAll(events: readonly HistoryEvent[]): void {
    for (const event of events) if (event.eventId > this.lastEventId) this.read(event);
  }

  private read(event: HistoryEvent): void {
    assert(event.eventId === this.lastEventId + 1, `history has a gap before event ${event.eventId}`);
    this.lastEventId = event.eventId;
    if (event.kind === 'workflowTaskStarted') {
      this.head = {
        timestamp: Math.max(this.head.timestamp, event.at),
        historyLength: event.eventId,
        historySizeBytes: event.historySizeBytes,
        continueAsNewSuggested: event.suggestContinueAsNew,
      };
    } else if (event.kind === 'workflowTaskCompleted') {
      this.completed = event;
      this.flags.learn(event.sdkMetadata);
    } else if (event.kind === 'workflowExecutionStarted') {
      this.created = event;
      this.head = { ...NO_HEAD, timestamp: event.at };
    } else {
      this.readOther(event);
    }
  }

  private readOther(event: HistoryEvent): void {
    const job = jobOf(event);
    if (job === undefined) this.machines.on(event);
    else this.machines.tell(job);
  }

  /** Nondeterminism is an outcome; a run that failed is not gone on with. */
  private guarded<Outcome extends TurnOutcome | undefined>(
    work: () => Outcome | FailedTurn,
  ): Outcome | FailedTurn {
    assert(this.isUsable, 'a failed execution is not used again');
    try {
      const outcome = work();
      if (outcome?.kind === 'failed') this.isUsable = false;
      return outcome;
    } catch (error) {
      this.isUsable = false;
      if (error instanceof NondeterminismError) return nondeterministic(error);
      throw error;
    }
  }
}

/** What workflow code is told of an event at once; all others are for machines. */
function jobOf(event: HistoryEvent): ActivationJob | undefined {
  if (event.kind === 'workflowExecutionSignaled') {
    const { signalName, input, identity, header } = event;
    return { kind: 'signalWorkflow', signalName, input, identity, header };
  }
  if (event.kind === 'workflowExecutionCancelRequested') {
    return { kind: 'cancelWorkflow', reason: event.cause ?? '' };
  }
  if (event.kind === 'workflowTaskFailed') {
    const isReset = event.cause === 'RESET_WORKFLOW' && event.newRunId !== undefined;
    return isReset ? updateRandomSeed(event.newRunId) : undefined;
  }
  return undefined;
}

function updateRandomSeed(runId: RunId): ActivationJob {
  const seed = seedOf(runId);
  return { kind: 'updateRandomSeed', randomSeedHigh: seed.high, randomSeedLow: seed.low };
}

const nondeterministic = (error: NondeterminismError): FailedTurn => ({
  kind: 'failed',
  cause: 'NON_DETERMINISTIC_ERROR',
  failure: { message: error.message, info: { kind: 'application', nonRetryable: false } },
  ...(error.found !== undefined && { found: error.found }),
});

const queryFailed = (job: QueryJob, failure: Failure): QueryAnswer => ({
  queryId: job.queryId,
  outcome: { kind: 'failed', failure, notRegistered: false },
});
