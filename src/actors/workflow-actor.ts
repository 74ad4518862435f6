// One workflow as an actor: its mailbox, its runs, the live code of its current run. Shard thread. It decides; nothing leaves
// but through the lane's batch. All that one drain changed in a run becomes one frame, whatever number of messages it was.
import { assert } from '../model/assert';
import type { Effect } from '../model/effect';
import type { HistoryEvent, WorkflowTaskFailedCause } from '../model/event';
import type { Failure } from '../model/failure';
import type { Namespace, RunId, TaskQueueName, WorkflowId } from '../model/ids';
import type { Message, QueryMessage } from '../model/message';
import type { Refusal } from '../model/reply';
import type { DurationMs } from '../model/time';
import type { BatchOp, Handle, LoadEntry, NamespaceEntry, StoredRun } from '../wire/traffic';
import { decide } from './history/decide';
import type { DecideContext, Decision, WorkflowRuns } from './history/decision';
import { isQuarantined, taskToRun } from './history/next-turn';
import { outstanding } from './history/outstanding';
import { allowForStall } from './history/stall';
import { queryTarget } from './history/query-target';
import { isOpen, type RunState } from './history/run-state';
import { findRun } from './history/target';
import type { ServingWorker } from './code';
import { isAccepted, LiveRun, startedIdOfTask } from './live-run';
import { Mailbox, type Mail } from './mailbox';
import { persistDeletion, persistEviction, persistRun, type PendingRun } from './persist';
import { loadRun, noRows, type LoadedRun, type RunRows } from './run-rows';

/** What an actor needs of its lane. */
export interface Lane {
  readonly epoch: number;
  readonly ops: BatchOp[];
  /** Time and chance of this drain; `identity` is who runs this queue's turns and activities. */
  context(namespace: Namespace, taskQueue: TaskQueueName | undefined): DecideContext;
  worker(namespace: Namespace, taskQueue: TaskQueueName): ServingWorker | undefined;
  /** Calls `handleWorker` once a worker of the queue is there. */
  awaitWorker(actor: WorkflowActor, namespace: Namespace, taskQueue: TaskQueueName): void;
  release(effect: Effect): void;
  consumed(seq: number): void;
  want(handle: Handle, runId: RunId): void;
  /** A turn's code begins to run: a new count for the watchdog. */
  beforeActivation(handle: Handle): void;
  readonly counts: { turns: number; replays: number };
}

export class WorkflowActor {
  readonly handle: Handle;
  readonly #lane: Lane;
  readonly #namespace: NamespaceEntry;
  readonly #runs: WorkflowRuns;
  readonly #rows = new Map<RunId, RunRows>();
  readonly #mailbox = new Mailbox();
  /** Touched in this drain. */
  readonly #pending = new Map<RunId, PendingRun>();
  #live: LiveRun | undefined;
  /** Histories of runs in memory that were read and not yet replayed. */
  readonly #histories = new Map<RunId, readonly HistoryEvent[]>();
  /**
   * Rows on their way: of a run in memory, whose history is to be replayed, or of one that is not. The rows of the first sort may
   * be older than the run, which nobody must take them for.
   */
  readonly #wanted = new Map<RunId, 'history' | 'run'>();
  /** Why the rows of the current run could not be read. */
  #damage: string | undefined;
  /** Runs of the past, while messages to them are handled: those with damaged rows, and those without any. */
  readonly #damagedOlder = new Map<RunId, string>();
  readonly #absent = new Set<RunId>();
  #toldOfWait = false;

  constructor(lane: Lane, entry: LoadEntry, namespace: NamespaceEntry) {
    const { handle, workflowId, current } = entry;
    this.handle = handle;
    this.#lane = lane;
    this.#namespace = namespace;
    this.#runs = { namespace: entry.namespace, workflowId, current: undefined, older: new Map() };
    if (current !== undefined) this.#loadCurrent(current);
  }

  get namespace(): Namespace {
    return this.#runs.namespace;
  }
  get workflowId(): WorkflowId {
    return this.#runs.workflowId;
  }
  /** Of its live code, and of a history that waits to be replayed. */
  get heldBytes(): number {
    const history = this.#histories.size > 0 ? (this.#runs.current?.historySizeBytes ?? 0) : 0;
    return (this.#live?.bytes ?? 0) + history;
  }
  get isLive(): boolean {
    return this.#live !== undefined;
  }

  receive(mail: Mail): void {
    this.#mailbox.push(mail);
  }

  /** Rows of one run, as asked for. */
  receiveRows(stored: StoredRun): void {
    const { runId } = stored;
    const wanted = this.#wanted.get(runId);
    this.#wanted.delete(runId);
    if (this.#isInMemory(runId)) {
      this.#readHistory(stored);
      this.#mailbox.releaseRun(runId);
    } else if (wanted === 'history') {
      // It left memory after these rows were asked for: its last changes may not be in them.
      if (this.#mailbox.holdsForRun(runId)) this.#want(runId, 'run');
    } else {
      this.#loadOlder(stored);
      this.#mailbox.releaseRun(runId);
    }
  }

  /** The host stood still. True: something has changed. */
  allowForStall(stalledMs: DurationMs): boolean {
    const decision = allowForStall(this.#runs, stalledMs, this.#context());
    this.#apply(decision);
    return decision.runs.length > 0;
  }

  /** Everything that can be done now: messages, turns, queries; then one frame for each run that changed. */
  settle(): void {
    for (;;) {
      for (const mail of this.#mailbox.take()) this.#handle(mail);
      if (!this.#runTurn()) break;
    }
    this.#answerQueries();
    this.#persist();
    this.#forget();
  }

  /** Nothing waits in here for anything of this process: it may leave, and is then only rows. */
  get isQuiescent(): boolean {
    if (!this.#mailbox.isEmpty || this.#wanted.size > 0) return false;
    if (this.#runs.older.size > 0) return false;
    const run = this.#runs.current;
    return run === undefined || isAtRest(run);
  }

  /** Closed or never there: keeping it would save nothing. */
  get isOver(): boolean {
    const run = this.#runs.current;
    return (run === undefined || !isOpen(run)) && this.isQuiescent;
  }

  /** The live code goes; the next turn replays. */
  dropLive(): void {
    this.#live?.dispose();
    this.#live = undefined;
  }

  /** Writes what has to be on disk while the workflow is not here. Returns its current run. */
  prepareEviction(): RunId | undefined {
    const run = this.#runs.current;
    if (run === undefined) return undefined;
    if (this.#damage === undefined) persistEviction(run, this.#rowsOf(run), this.#persistContext());
    return run.runId;
  }

  #handle(mail: Mail): void {
    const { seq, message } = mail;
    const { runId } = message.to;
    if (this.#damage === undefined && runId !== undefined && !this.#isKnown(runId)) {
      if (!isAnswered(message)) return this.#lane.consumed(seq);
      if (this.#mailbox.holdForRun(runId, mail)) this.#want(runId, 'run');
      return;
    }
    const damage = this.#damageOf(message);
    if (damage !== undefined) {
      this.#refuse(message, { kind: 'failedPrecondition', message: damage });
      return this.#lane.consumed(seq);
    }
    if (message.kind === 'query') return this.#mailbox.holdQuery({ seq, message });
    this.#lane.consumed(seq);
    const { current } = this.#runs;
    const target = findRun(this.#runs, message.to);
    const decision = decide(this.#runs, message, this.#context());
    this.#apply(decision);
    if (decision.deleted !== undefined && target !== undefined) this.#delete(target, target === current);
  }

  #damageOf({ to: { runId } }: Message): string | undefined {
    return this.#damage ?? (runId && this.#damagedOlder.get(runId));
  }

  /** Whether nothing more is to be learnt of this run from the store. */
  #isKnown(runId: RunId): boolean {
    return this.#isInMemory(runId) || this.#absent.has(runId) || this.#damagedOlder.has(runId);
  }

  #isInMemory(runId: RunId): boolean {
    const { current, older } = this.#runs;
    return current?.runId === runId || older.has(runId);
  }

  /** One turn of the current run, if one is due and can be run here. */
  #runTurn(): boolean {
    const run = this.#runs.current;
    const task = run && taskToRun(run);
    if (run === undefined || task === undefined || this.#damage !== undefined) return false;
    const { taskQueue } = run.started;
    const worker = this.#lane.worker(run.namespace, taskQueue);
    if (worker === undefined) {
      this.#waitForWorker(run);
      return false;
    }
    this.#toldOfWait = false;
    if (isQuarantined(run, worker.code.hash)) {
      this.#failTurn(run, worker, 'WORKFLOW_WORKER_UNHANDLED_FAILURE', quarantined(run));
      return true;
    }
    if (worker.code.kind === 'broken') {
      this.#failTurn(run, worker, 'WORKFLOW_WORKER_UNHANDLED_FAILURE', brokenCode(worker.code.message));
      return true;
    }
    const live = this.#liveRun(run, worker);
    if (live === 'rows are wanted') return false;
    if (!(live instanceof LiveRun)) {
      this.#failTurn(run, worker, live.cause, live.failure);
      return true;
    }
    this.#completeTurn(run, worker, live);
    return true;
  }

  #completeTurn(run: RunState, { identity }: ServingWorker, live: LiveRun): void {
    const to = { namespace: run.namespace, workflowId: run.workflowId, runId: run.runId };
    const ctx = this.#context();
    this.#apply(
      decide(this.#runs, { kind: 'turnStarted', to, identity, requestId: ctx.newRequestId() }, ctx),
    );
    const startedEventId = startedIdOfTask(run);
    this.#lane.counts.turns += 1;
    const outcome = live.runTurn(run);
    if (outcome.kind === 'failed') {
      this.dropLive();
      const { cause, failure } = outcome;
      this.#apply(
        decide(this.#runs, { kind: 'turnFailed', to, startedEventId, identity, cause, failure }, ctx),
      );
      return;
    }
    const { commands, stamp, sdkMetadata, sinkCalls } = outcome;
    const { workflowType, taskQueue } = run.started;
    const decision = decide(
      this.#runs,
      {
        kind: 'turnCompleted',
        to,
        startedEventId,
        identity,
        commands,
        stamp,
        ...(sdkMetadata !== undefined && { sdkMetadata }),
      },
      ctx,
    );
    this.#apply(decision);
    if (!isAccepted(run, startedEventId) || !isOpen(run)) this.dropLive();
    // What became of its commands is how the code's machines learn their events.
    else if (live.applied(eventsOf(decision, run)) !== undefined) this.dropLive();
    if (sinkCalls.length === 0 || !isAccepted(run, startedEventId)) return;
    const { namespace, runId, workflowId } = to;
    this.#lane.release({
      kind: 'sinkCalls',
      namespace,
      execution: { workflowId, runId },
      workflowType,
      taskQueue,
      calls: sinkCalls,
    });
  }

  #failTurn(
    run: RunState,
    { identity }: ServingWorker,
    cause: WorkflowTaskFailedCause,
    failure: Failure,
  ): void {
    const to = { namespace: run.namespace, workflowId: run.workflowId, runId: run.runId };
    const ctx = this.#context();
    this.#apply(
      decide(this.#runs, { kind: 'turnStarted', to, identity, requestId: ctx.newRequestId() }, ctx),
    );
    const startedEventId = startedIdOfTask(run);
    this.#apply(
      decide(this.#runs, { kind: 'turnFailed', to, startedEventId, identity, cause, failure }, ctx),
    );
  }

  /** The current run's code with its history read: as it stands in memory, or replayed. */
  #liveRun(run: RunState, worker: ServingWorker): LiveRun | 'rows are wanted' | TurnFailure {
    assert(worker.code.kind === 'ready', 'a turn needs code');
    if (this.#live !== undefined && this.#live.bundleHash === worker.code.hash) return this.#live;
    this.dropLive();
    const history = this.#historyOf(run);
    if (history === undefined) return 'rows are wanted';
    const live = new LiveRun(run, worker.code, () => this.#lane.beforeActivation(this.handle));
    if (run.lastCompletedTaskStartedEventId > 0) {
      this.#lane.counts.replays += 1;
      const failed = live.catchUp(history);
      this.#histories.delete(run.runId);
      if (failed !== undefined) {
        live.dispose();
        return failed;
      }
    }
    this.#live = live;
    return live;
  }

  /** From the first event on, at least up to the newest completed task. Absent: it has to be read, and is asked for. */
  #historyOf(run: RunState): readonly HistoryEvent[] | undefined {
    if (run.lastCompletedTaskStartedEventId === 0) return run.newEvents;
    const history = this.#histories.get(run.runId);
    if (history === undefined || (history.at(-1)?.eventId ?? 0) < run.lastCompletedTaskStartedEventId) {
      this.#want(run.runId, 'history');
      return undefined;
    }
    return history;
  }

  #answerQueries(): void {
    const queries = this.#mailbox.takeQueries();
    if (queries.length === 0) return;
    for (const mail of queries) {
      if (this.#answerQuery(mail.message)) this.#lane.consumed(mail.seq);
      else this.#mailbox.holdQuery(mail);
    }
    const { current } = this.#runs;
    if (current !== undefined && !isOpen(current)) this.dropLive();
  }

  /** False: not yet. */
  #answerQuery(message: QueryMessage): boolean {
    const damage = this.#damageOf(message);
    if (damage !== undefined) return this.#refuse(message, { kind: 'failedPrecondition', message: damage });
    const target = queryTarget(this.#runs, message, this.#context().bundleHash);
    if ('refusal' in target) return this.#refuse(message, target.refusal);
    const { run } = target;
    const worker = this.#lane.worker(run.namespace, run.started.taskQueue);
    if (worker === undefined) {
      this.#waitForWorker(run);
      return false;
    }
    if (worker.code.kind === 'broken') {
      return this.#refuse(message, queryFailed(brokenCode(worker.code.message)));
    }
    if (run.lastCompletedTaskStartedEventId === 0) return this.#refuse(message, NO_TASK_YET);
    const live = run === this.#runs.current ? this.#liveRun(run, worker) : this.#temporary(run, worker);
    if (live === 'rows are wanted') return false;
    if (!(live instanceof LiveRun)) return this.#refuse(message, queryFailed(live.failure));
    const { outcome } = live.query(message);
    if (live !== this.#live) live.dispose();
    if (outcome.kind === 'failed') {
      const { failure, notRegistered } = outcome;
      return this.#refuse(message, { kind: 'queryFailed', failure, notRegistered });
    }
    this.#answer(message.waiter, { kind: 'queryAnswered', result: outcome.result });
    return true;
  }

  #temporary(run: RunState, worker: ServingWorker): LiveRun | 'rows are wanted' | TurnFailure {
    assert(worker.code.kind === 'ready', 'a query needs code');
    const history = this.#historyOf(run);
    if (history === undefined) return 'rows are wanted';
    const live = new LiveRun(run, worker.code, () => this.#lane.beforeActivation(this.handle));
    const failed = live.catchUp(history);
    if (failed === undefined) return live;
    live.dispose();
    return failed;
  }

  #waitForWorker(run: RunState): void {
    const { namespace, workflowId, runId } = run;
    const { taskQueue } = run.started;
    this.#lane.awaitWorker(this, namespace, taskQueue);
    if (this.#toldOfWait) return;
    this.#toldOfWait = true;
    this.#lane.release({ kind: 'taskWaits', namespace, execution: { workflowId, runId }, taskQueue });
  }

  #apply(decision: Decision): void {
    for (const { run, changes, isNew } of decision.runs) {
      const pending = this.#pending.get(run.runId);
      if (pending === undefined) {
        this.#pending.set(run.runId, { run, changes: [...changes], isNew });
        if (isNew) this.#rows.set(run.runId, noRows(run.runId));
      } else {
        pending.changes.push(...changes);
      }
      if (isNew && this.#live !== undefined) this.dropLive();
    }
    for (const effect of decision.effects) this.#lane.release(effect);
  }

  #delete(run: RunState, wasCurrent: boolean): void {
    const { runId } = run;
    const rows = this.#rowsOf(run);
    const pending = this.#pending.get(runId);
    const ctx = this.#persistContext();
    if (pending !== undefined) {
      this.#pending.delete(runId);
      persistRun(pending, rows, ctx);
    }
    persistDeletion(run, rows, wasCurrent, ctx);
    this.#rows.delete(runId);
    this.#histories.delete(runId);
    this.#absent.add(runId);
    if (wasCurrent) this.dropLive();
  }

  #persist(): void {
    if (this.#pending.size === 0) return;
    const ctx = this.#persistContext();
    for (const pending of this.#pending.values()) persistRun(pending, this.#rowsOf(pending.run), ctx);
    this.#pending.clear();
  }

  /** Runs of the past that owe nothing and that nobody waits for; a history that was replayed. */
  #forget(): void {
    const { older, current } = this.#runs;
    for (const [runId, run] of older) {
      if (run.owed.length === 0 && !this.#mailbox.holdsQuery(runId)) older.delete(runId);
    }
    if (this.#absent.size > 0) this.#absent.clear();
    if (this.#damagedOlder.size > 0) this.#damagedOlder.clear();
    if (current !== undefined && this.#live !== undefined) this.#histories.delete(current.runId);
    if (this.#rows.size <= 1) return;
    for (const runId of this.#rows.keys()) {
      if (this.#isInMemory(runId)) continue;
      this.#rows.delete(runId);
      this.#histories.delete(runId);
    }
  }

  /** Damaged rows make their run unusable, and only it. */
  #loadCurrent(stored: StoredRun): void {
    const loaded = this.#tryLoad(stored);
    if (typeof loaded === 'string') {
      this.#damage = loaded;
      return;
    }
    this.#runs.current = this.#remember(loaded);
    this.#apply(outstanding(this.#runs, this.#context()));
  }

  /** Callers may name any run: one of another workflow is none of this one. */
  #loadOlder(stored: StoredRun): void {
    const loaded = stored.frames.length === 0 ? undefined : this.#tryLoad(stored);
    if (typeof loaded === 'string') {
      this.#damagedOlder.set(stored.runId, loaded);
      return;
    }
    if (loaded?.state.workflowId !== this.workflowId || loaded.state.namespace !== this.namespace) {
      this.#absent.add(stored.runId);
      return;
    }
    const state = this.#remember(loaded);
    this.#runs.older.set(state.runId, state);
    // What the current run has to release, it has released.
    const alone = { ...this.#runs, current: undefined, older: new Map([[state.runId, state]]) };
    this.#apply(outstanding(alone, this.#context()));
  }

  #remember({ state, rows, events }: LoadedRun): RunState {
    this.#rows.set(state.runId, rows);
    this.#histories.set(state.runId, events);
    return state;
  }

  #readHistory(stored: StoredRun): void {
    const loaded = this.#tryLoad(stored);
    if (typeof loaded !== 'string') this.#histories.set(stored.runId, loaded.events);
    else if (stored.runId === this.#runs.current?.runId) this.#damage = loaded;
    else this.#damagedOlder.set(stored.runId, loaded);
  }

  /** What is wrong, when it cannot be read. */
  #tryLoad(stored: StoredRun): LoadedRun | string {
    try {
      return loadRun(stored);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `The stored history of workflow '${this.workflowId}', run ${stored.runId}, is damaged: ${reason}`;
    }
  }

  #want(runId: RunId, what: 'history' | 'run'): void {
    if (this.#wanted.has(runId)) return;
    this.#wanted.set(runId, what);
    this.#lane.want(this.handle, runId);
  }

  #context(): DecideContext {
    const { current } = this.#runs;
    return this.#lane.context(this.namespace, current?.started.taskQueue);
  }

  #persistContext(): { readonly ops: BatchOp[]; readonly epoch: number; readonly namespace: NamespaceEntry } {
    return { ops: this.#lane.ops, epoch: this.#lane.epoch, namespace: this.#namespace };
  }

  #rowsOf(run: RunState): RunRows {
    const rows = this.#rows.get(run.runId);
    assert(rows !== undefined, 'a run whose rows are not known');
    return rows;
  }

  #refuse(message: Message, refusal: Refusal): true {
    if ('waiter' in message) this.#answer(message.waiter, { kind: 'refused', refusal });
    return true;
  }

  #answer(waiter: number, reply: Extract<Effect, { kind: 'answer' }>['reply']): void {
    if (waiter !== 0) this.#lane.release({ kind: 'answer', waiter, reply });
  }
}

function eventsOf({ runs }: Decision, run: RunState): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const changed of runs) {
    if (changed.run !== run) continue;
    for (const change of changed.changes) if (change.kind === 'event') events.push(change.event);
  }
  return events;
}

interface TurnFailure {
  readonly cause: WorkflowTaskFailedCause;
  readonly failure: Failure;
}

const NO_TASK_YET: Refusal = {
  kind: 'failedPrecondition',
  message: 'the workflow has not completed its first workflow task yet: there is nothing to ask',
};

const queryFailed = (failure: Failure): Refusal => ({ kind: 'queryFailed', failure, notRegistered: false });

const quarantined = ({ strikes }: RunState): Failure => ({
  message: `this code of the workflow is not run any more: it has cost ${strikes} threads (a turn that did not end, or the thread's memory). Mend the code, or terminate the workflow`,
  source: 'Server',
  info: { kind: 'application', type: 'Quarantined', nonRetryable: true },
});

const brokenCode = (message: string): Failure => ({
  message,
  source: 'TypeScriptSDK',
  info: { kind: 'application', nonRetryable: false },
});

/**
 * Whether somebody waits for what a run that is not in memory has to say. A run which is not current is closed: late results
 * and wake-ups are of no consequence to it, except when it owes.
 */
function isAnswered(message: Message): boolean {
  if (message.kind === 'activityGranted' || message.kind === 'struck') return false;
  if (message.kind === 'activityResolved' || message.kind === 'activityHeartbeat')
    return message.waiter !== 0;
  return true;
}

/** Nothing of it is on its way to anybody, and nothing in this process works for it. */
function isAtRest(run: RunState): boolean {
  if (run.owed.length > 0) return false;
  if (!isOpen(run)) return true;
  if (run.workflowTask.kind === 'started' || taskToRun(run) !== undefined || run.awaitsParent) return false;
  if (run.externalSignals.size > 0 || run.externalCancels.size > 0 || run.buffered.length > 0) return false;
  for (const { started } of run.children.values()) if (started === undefined) return false;
  for (const { state } of run.activities.values()) {
    if (state.kind === 'scheduled' || (state.kind === 'started' && !state.async)) return false;
  }
  return true;
}
