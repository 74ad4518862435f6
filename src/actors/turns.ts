// The code of one workflow: its current run's, alive between turns, and that of others for as long as a query takes. Shard thread.
// A turn's outcome goes through the same `decide` as any message; an instance lives on only if its turn was accepted.
import { assert } from '../model/assert';
import type { Effect } from '../model/effect';
import type { HistoryEvent, WorkflowTaskFailedCause } from '../model/event';
import type { Failure } from '../model/failure';
import type { Address, Namespace, TaskQueueName } from '../model/ids';
import type { TurnCompletedMessage } from '../model/message';
import type { SinkCall } from '../model/turn';
import type { Mutable } from '../model/mutable';
import type { Handle } from '../wire/traffic';
import type { ServingWorker } from './code';
import type { DecidedMessage } from './history/decide';
import type { DecideContext, Decision, WorkflowRuns } from './history/decision';
import { isQuarantined, taskToRun } from './history/next-turn';
import { executionOf, isOpen, type RunState } from './history/run-state';
import { explainFailure, type ReplayOfCode } from './explain';
import type { ActivationWatch } from './execution-in';
import { isAccepted, LiveRun, optionsOf, startedIdOfTask, type ReadyCode } from './live-run';
import type { WorkflowRows } from './workflow-rows';

/** What turns need of their lane. */
export interface TurnsLane {
  worker(namespace: Namespace, taskQueue: TaskQueueName): ServingWorker | undefined;
  release(effect: Effect): void;
  /** A turn's code begins to run: a new count for the watchdog. */
  beforeActivation(handle: Handle): void;
  readonly counts: { turns: number; replays: number };
}

/** What turns need of their workflow. */
export interface TurnsActor {
  readonly handle: Handle;
  context(): DecideContext;
  /** Decides, and keeps what was decided. */
  decide(message: DecidedMessage, ctx: DecideContext): Decision;
  /** No worker serves the run's queue. */
  waitForWorker(run: RunState): void;
}

export interface TurnFailure {
  readonly cause: WorkflowTaskFailedCause;
  readonly failure: Failure;
}

/** Code with its history read; or its rows are on their way; or why it cannot be had. */
export type CodeOfRun = LiveRun | 'rows are wanted' | TurnFailure;

export class Turns implements ActivationWatch {
  readonly #lane: TurnsLane;
  readonly #actor: TurnsActor;
  readonly #runs: WorkflowRuns;
  readonly #rows: WorkflowRows;
  #live: LiveRun | undefined;

  constructor(lane: TurnsLane, actor: TurnsActor, runs: WorkflowRuns, rows: WorkflowRows) {
    this.#lane = lane;
    this.#actor = actor;
    this.#runs = runs;
    this.#rows = rows;
  }

  get live(): LiveRun | undefined {
    return this.#live;
  }

  /** The live code goes; the next turn replays. */
  drop(): void {
    this.#live?.dispose();
    this.#live = undefined;
  }

  /** One turn of the current run, if one is due and can be run here. */
  run(): boolean {
    const run = this.#runs.current;
    if (run === undefined || taskToRun(run) === undefined || this.#rows.damage !== undefined) return false;
    const worker = this.#lane.worker(run.namespace, run.started.taskQueue);
    if (worker === undefined) {
      this.#actor.waitForWorker(run);
      return false;
    }
    const obstacle = obstacleOf(run, worker);
    if (obstacle !== undefined) {
      this.#fail(run, worker, obstacle);
      return true;
    }
    const code = this.codeOfCurrent(run, worker);
    if (code === 'rows are wanted') return false;
    if (code instanceof LiveRun) this.#complete(run, worker, code);
    else this.#fail(run, worker, code);
    return true;
  }

  /** The current run's code: as it stands in memory, or replayed. */
  codeOfCurrent(run: RunState, worker: ServingWorker): CodeOfRun {
    if (this.#live !== undefined && this.#live.bundleHash === worker.code.hash) return this.#live;
    this.drop();
    const code = this.codeFor(run, worker);
    if (code instanceof LiveRun) {
      this.#live = code;
      this.#rows.replayed(run.runId);
    }
    return code;
  }

  /** New code with its history read; the caller disposes of it. */
  codeFor(run: RunState, { code }: ServingWorker): CodeOfRun {
    assert(code.kind === 'ready', 'a turn needs code');
    const history = this.#rows.historyOf(run);
    if (history === undefined) return 'rows are wanted';
    const live = new LiveRun(run, code, this);
    if (run.lastCompletedTaskStartedEventId === 0) return live;
    this.#lane.counts.replays += 1;
    const failed = live.catchUp(history);
    if (failed === undefined) return live;
    this.#rows.replayed(run.runId);
    live.dispose();
    return explainFailure(failed, this.replayOf(run, code, history));
  }

  /** For a look into the run: see explain.ts. */
  replayOf(run: RunState, code: ReadyCode, history: readonly HistoryEvent[]): ReplayOfCode {
    const { realm } = code;
    return { realm, options: optionsOf(run, code), history, watch: this };
  }

  beforeActivation(): void {
    this.#lane.beforeActivation(this.#actor.handle);
  }

  #complete(run: RunState, worker: ServingWorker, live: LiveRun): void {
    const { to, startedEventId, ctx } = this.#start(run, worker);
    const { identity } = worker;
    this.#lane.counts.turns += 1;
    const outcome = live.runTurn(run);
    if (outcome.kind === 'failed') {
      this.drop();
      const { cause, failure } = outcome;
      this.#actor.decide({ kind: 'turnFailed', to, startedEventId, identity, cause, failure }, ctx);
      return;
    }
    const { commands, stamp, sdkMetadata, sinkCalls } = outcome;
    const completed: Mutable<TurnCompletedMessage> = {
      kind: 'turnCompleted',
      to,
      startedEventId,
      identity,
      commands,
      stamp,
    };
    if (sdkMetadata !== undefined) completed.sdkMetadata = sdkMetadata;
    const decision = this.#actor.decide(completed, ctx);
    const isKept = isAccepted(run, startedEventId);
    if (!isKept || !isOpen(run)) this.drop();
    // What became of its commands is how the code's machines learn their events.
    else if (live.applied(eventsOf(decision, run)) !== undefined) this.drop();
    if (isKept && sinkCalls.length > 0) this.#releaseSinkCalls(run, sinkCalls);
  }

  #fail(run: RunState, worker: ServingWorker, { cause, failure }: TurnFailure): void {
    const { to, startedEventId, ctx } = this.#start(run, worker);
    const { identity } = worker;
    this.#actor.decide({ kind: 'turnFailed', to, startedEventId, identity, cause, failure }, ctx);
  }

  #start(
    run: RunState,
    { identity }: ServingWorker,
  ): { readonly to: Address; readonly startedEventId: number; readonly ctx: DecideContext } {
    const to = { namespace: run.namespace, workflowId: run.workflowId, runId: run.runId };
    const ctx = this.#actor.context();
    this.#actor.decide({ kind: 'turnStarted', to, identity, requestId: ctx.newRequestId() }, ctx);
    return { to, startedEventId: startedIdOfTask(run), ctx };
  }

  #releaseSinkCalls(run: RunState, calls: readonly SinkCall[]): void {
    const { namespace } = run;
    const { workflowType, taskQueue } = run.started;
    const execution = executionOf(run);
    this.#lane.release({ kind: 'sinkCalls', namespace, execution, workflowType, taskQueue, calls });
  }
}

/** Why this code is not run at all. */
function obstacleOf(run: RunState, { code }: ServingWorker): TurnFailure | undefined {
  if (isQuarantined(run, code.hash)) return failedBy(quarantined(run));
  return code.kind === 'broken' ? failedBy(brokenCode(code.message)) : undefined;
}

const failedBy = (failure: Failure): TurnFailure => ({
  cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
  failure,
});

const quarantined = ({ strikes }: RunState): Failure => ({
  message: `this code of the workflow is not run any more: it has cost ${strikes} threads (a turn that did not end, or the thread's memory). Mend the code, or terminate the workflow`,
  source: 'Server',
  info: { kind: 'application', type: 'Quarantined', nonRetryable: true },
});

export const brokenCode = (message: string): Failure => ({
  message,
  source: 'TypeScriptSDK',
  info: { kind: 'application', nonRetryable: false },
});

function eventsOf({ runs }: Decision, run: RunState): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const changed of runs) {
    if (changed.run !== run) continue;
    for (const change of changed.changes) if (change.kind === 'event') events.push(change.event);
  }
  return events;
}
