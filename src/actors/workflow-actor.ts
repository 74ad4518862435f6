// One workflow as an actor: its mailbox, its runs, the live code of its current run. Shard thread. It decides; nothing leaves
// but through the lane's batch. All that one drain changed in a run becomes one frame, whatever number of messages it was.
import type { Namespace, RunId, TaskQueueName, WorkflowId } from '../model/ids';
import type { Message } from '../model/message';
import type { Reply } from '../model/reply';
import type { DurationMs } from '../model/time';
import type { Handle, LoadEntry, NamespaceEntry, StoredRun } from '../wire/traffic';
import { appended } from '../model/appended';
import { payloadsSize } from '../model/payload';
import { decide, type DecidedMessage } from './history/decide';
import type { DecideContext, DecidedEffect, Decision, WorkflowRuns } from './history/decision';
import { taskToRun } from './history/next-turn';
import { outstanding } from './history/outstanding';
import { isOpen, type RunState } from './history/run-state';
import { allowForStall } from './history/stall';
import { findRun } from './history/target';
import { INSTANCE_BYTES } from './live-run';
import { Mailbox, type Mail } from './mailbox';
import type { PendingRun } from './persist';
import { answerQueries, type QueriesActor, type QueriesLane } from './queries';
import { Turns, type TurnsActor, type TurnsLane } from './turns';
import { WorkflowRows, type RowsLane } from './workflow-rows';

/** What an actor needs of its lane. */
export interface Lane extends RowsLane, TurnsLane, QueriesLane {
  /** Time and chance of this drain; `identity` is who runs this queue's turns and activities. */
  context(namespace: Namespace, taskQueue: TaskQueueName | undefined): DecideContext;
  /** The host's wake-up of this run is gone. */
  wakeUpFired(runId: RunId): void;
  /** Calls `settle` again once a worker of the queue is there. */
  awaitWorker(actor: WorkflowActor, namespace: Namespace, taskQueue: TaskQueueName): void;
}

/** Never written to. */
const NONE: PendingRun[] = [];

export class WorkflowActor implements TurnsActor, QueriesActor {
  readonly handle: Handle;
  readonly #lane: Lane;
  readonly #runs: WorkflowRuns;
  readonly #rows: WorkflowRows;
  readonly #turns: Turns;
  readonly #mailbox = new Mailbox();
  /** Touched in this drain. */
  #pending: PendingRun[] = NONE;
  #toldOfWait = false;
  #isSettling = false;
  /** Of what was decided before it settles: they leave in the batch with the rows they rest on, which are written there. */
  #early: DecidedEffect[] | undefined;

  constructor(lane: Lane, entry: LoadEntry, namespace: NamespaceEntry) {
    const { handle, workflowId, current } = entry;
    this.handle = handle;
    this.#lane = lane;
    const runs = { namespace: entry.namespace, workflowId, current: undefined, older: new Map() };
    this.#runs = runs;
    const rows = (this.#rows = new WorkflowRows(lane, handle, namespace, runs));
    this.#turns = new Turns(lane, this, runs, rows);
    if (current !== undefined) this.#loadCurrent(current);
  }

  get namespace(): Namespace {
    return this.#runs.namespace;
  }
  get workflowId(): WorkflowId {
    return this.#runs.workflowId;
  }
  /** Its code may hold all that it was told; what the run began with is held by its state, too; and a history may wait to be replayed. */
  get heldBytes(): number {
    const run = this.#runs.current;
    if (run === undefined) return 0;
    const ofCode = this.isLive ? INSTANCE_BYTES + run.historySizeBytes : 0;
    return ofCode + payloadsSize(run.started.input) + this.#rows.heldBytes;
  }
  get isLive(): boolean {
    return this.#turns.live !== undefined;
  }

  receive(mail: Mail): void {
    this.#mailbox.push(mail);
  }

  /** Rows of one run, as asked for. */
  receiveRows(stored: StoredRun): void {
    const { runId } = stored;
    const wanted = this.#rows.arrived(runId);
    if (this.#rows.isInMemory(runId)) {
      this.#rows.readHistory(stored);
      this.#mailbox.releaseRun(runId);
    } else if (wanted === 'history') {
      // It left memory after these rows were asked for: its last changes may not be in them.
      if (this.#mailbox.holdsForRun(runId)) this.#rows.want(runId, 'run');
    } else {
      this.#loadOlder(stored);
      this.#mailbox.releaseRun(runId);
    }
  }

  /** The host stood still. True: something has changed. */
  allowForStall(stalledMs: DurationMs): boolean {
    const decision = allowForStall(this.#runs, stalledMs, this.context());
    this.#apply(decision);
    return decision.runs.length > 0 || decision.effects.length > 0;
  }

  /** Everything that can be done now: messages, turns, queries; then one frame for each run that changed. */
  settle(): void {
    this.#isSettling = true;
    this.#releaseEarly();
    do {
      for (const mail of this.#mailbox.take()) this.#handle(mail);
    } while (this.#runTurn());
    this.#answerQueries();
    this.#persist();
    this.#forget();
    this.#isSettling = false;
  }

  /** Nothing waits in here for anything of this process: it may leave, and is then only rows. */
  get isQuiescent(): boolean {
    if (!this.#mailbox.isEmpty || this.#rows.areAwaited) return false;
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
    this.#turns.drop();
  }

  /** Writes what has to be on disk while the workflow is not here. Returns its current run. */
  prepareEviction(): RunId | undefined {
    const run = this.#runs.current;
    if (run !== undefined) this.#rows.persistEviction(run);
    return run?.runId;
  }

  context(): DecideContext {
    return this.#lane.context(this.namespace, this.#runs.current?.started.taskQueue);
  }

  decide(message: DecidedMessage, ctx: DecideContext): Decision {
    const decision = decide(this.#runs, message, ctx);
    this.#apply(decision);
    return decision;
  }

  waitForWorker(run: RunState): void {
    const { namespace, workflowId, runId } = run;
    const { taskQueue } = run.started;
    this.#lane.awaitWorker(this, namespace, taskQueue);
    if (this.#toldOfWait) return;
    this.#toldOfWait = true;
    this.#lane.release({ kind: 'taskWaits', namespace, execution: { workflowId, runId }, taskQueue });
  }

  answer(waiter: number, reply: Reply): void {
    if (waiter !== 0) this.#lane.release({ kind: 'answer', waiter, reply });
  }

  #handle(mail: Mail): void {
    const { seq, message } = mail;
    const { runId } = message.to;
    if (this.#rows.damage === undefined && runId !== undefined && !this.#rows.isKnown(runId)) {
      if (!isAnswered(message)) return this.#lane.consumed(seq);
      if (this.#mailbox.holdForRun(runId, mail)) this.#rows.want(runId, 'run');
      return;
    }
    const damage = this.#rows.damageOf(runId);
    if (damage !== undefined) {
      if ('waiter' in message) this.answer(message.waiter, damaged(damage));
      return this.#lane.consumed(seq);
    }
    if (message.kind === 'query') return this.#mailbox.holdQuery({ seq, message, since: 'arrives' });
    this.#lane.consumed(seq);
    const { current } = this.#runs;
    const target = findRun(this.#runs, message.to);
    if (message.kind === 'wake' && target !== undefined) this.#lane.wakeUpFired(target.runId);
    const { deleted } = this.decide(message, this.context());
    if (deleted !== undefined && target !== undefined) this.#delete(target, target === current);
  }

  #runTurn(): boolean {
    const hasRun = this.#turns.run();
    if (hasRun) this.#toldOfWait = false;
    return hasRun;
  }

  #answerQueries(): void {
    if (!this.#mailbox.hasQueries) return;
    const workflow = {
      lane: this.#lane,
      actor: this,
      runs: this.#runs,
      rows: this.#rows,
      turns: this.#turns,
    };
    answerQueries(workflow, this.#mailbox);
    const { current } = this.#runs;
    if (current !== undefined && !isOpen(current)) this.dropLive();
  }

  #apply(decision: Decision): void {
    for (const { run, changes, isNew } of decision.runs) {
      const pending = this.#pendingOf(run);
      if (pending !== undefined) {
        for (const change of changes) pending.changes.push(change);
        continue;
      }
      this.#pending = appended(this.#pending, { run, changes, isNew });
      if (!isNew) continue;
      this.#rows.begin(run.runId);
      this.dropLive();
    }
    if (decision.effects.length === 0) return;
    if (this.#isSettling) for (const effect of decision.effects) this.#lane.release(effect);
    else (this.#early ??= []).push(...decision.effects);
  }

  #releaseEarly(): void {
    const early = this.#early;
    if (early === undefined) return;
    this.#early = undefined;
    for (const effect of early) this.#lane.release(effect);
  }

  #delete(run: RunState, wasCurrent: boolean): void {
    const pending = this.#pendingOf(run);
    if (pending !== undefined) {
      this.#pending = this.#pending.filter((other) => other !== pending);
      this.#rows.persist([pending]);
    }
    this.#rows.delete(run, wasCurrent);
    if (wasCurrent) this.dropLive();
  }

  #persist(): void {
    if (this.#pending.length === 0) return;
    this.#rows.persist(this.#pending);
    this.#pending = NONE;
  }

  #pendingOf(run: RunState): PendingRun | undefined {
    for (const pending of this.#pending) if (pending.run.runId === run.runId) return pending;
    return undefined;
  }

  /** Runs of the past that owe nothing and that nobody waits for; a history that was replayed. */
  #forget(): void {
    const { older, current } = this.#runs;
    for (const [runId, run] of older) {
      if (run.owed.length === 0 && !this.#mailbox.holdsQuery(runId)) older.delete(runId);
    }
    if (current !== undefined && this.isLive) this.#rows.replayed(current.runId);
    this.#rows.forget();
  }

  #loadCurrent(stored: StoredRun): void {
    const run = this.#rows.loadCurrent(stored);
    if (run === undefined) return;
    this.#runs.current = run;
    this.#apply(outstanding(this.#runs, this.context()));
  }

  #loadOlder(stored: StoredRun): void {
    const run = this.#rows.loadOlder(stored);
    if (run === undefined) return;
    this.#runs.older.set(run.runId, run);
    // What the current run has to release, it has released.
    const alone = { ...this.#runs, current: undefined, older: new Map([[run.runId, run]]) };
    this.#apply(outstanding(alone, this.context()));
  }
}

const damaged = (message: string): Reply => ({
  kind: 'refused',
  refusal: { kind: 'failedPrecondition', message },
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
