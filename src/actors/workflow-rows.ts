// What this lane knows of the stored rows of one workflow's runs: which there are, what was read and not yet replayed, what is on
// its way, what is damaged. Shard thread. It reads and writes rows and decides nothing.
import { assert } from '../model/assert';
import type { HistoryEvent } from '../model/event';
import { FewMap } from '../model/few-map';
import type { RunId } from '../model/ids';
import type { BatchOp, Handle, NamespaceEntry, StoredRun } from '../wire/traffic';
import type { WorkflowRuns } from './history/decision';
import type { RunState } from './history/run-state';
import {
  persistDeletion,
  persistEviction,
  persistRun,
  type PendingRun,
  type PersistContext,
} from './persist';
import { loadRun, noRows, type LoadedRun, type RunRows } from './run-rows';

/** What it needs of its lane. */
export interface RowsLane {
  readonly epoch: number;
  readonly ops: BatchOp[];
  want(handle: Handle, runId: RunId): void;
}

/**
 * Why rows were asked for: to replay a run in memory, or to bring in one that is not. The rows of the first sort may be older than
 * the run, which nobody must take them for.
 */
export type WantedRows = 'history' | 'run';

export class WorkflowRows {
  readonly #lane: RowsLane;
  readonly #handle: Handle;
  readonly #namespace: NamespaceEntry;
  readonly #runs: WorkflowRuns;
  readonly #rows = new FewMap<RunId, RunRows>();
  /** Of runs in memory. */
  #histories: Map<RunId, readonly HistoryEvent[]> | undefined;
  #wanted: Map<RunId, WantedRows> | undefined;
  /** Why the rows of the current run could not be read. */
  #damage: string | undefined;
  /** Runs of the past, while messages to them are handled: those with damaged rows, and those without any. */
  #damagedOlder: Map<RunId, string> | undefined;
  #absent: Set<RunId> | undefined;

  constructor(lane: RowsLane, handle: Handle, namespace: NamespaceEntry, runs: WorkflowRuns) {
    this.#lane = lane;
    this.#handle = handle;
    this.#namespace = namespace;
    this.#runs = runs;
  }

  /** Of a history that waits to be replayed. */
  get heldBytes(): number {
    return (this.#histories?.size ?? 0) > 0 ? (this.#runs.current?.historySizeBytes ?? 0) : 0;
  }

  get areAwaited(): boolean {
    return this.#wanted !== undefined && this.#wanted.size > 0;
  }

  /** The current run cannot be used. */
  get damage(): string | undefined {
    return this.#damage;
  }

  damageOf(runId: RunId | undefined): string | undefined {
    return this.#damage ?? (runId && this.#damagedOlder?.get(runId));
  }

  isInMemory(runId: RunId): boolean {
    const { current, older } = this.#runs;
    return current?.runId === runId || older.has(runId);
  }

  /** Whether nothing more is to be learnt of this run from the store. */
  isKnown(runId: RunId): boolean {
    if (this.isInMemory(runId)) return true;
    return this.#absent?.has(runId) === true || this.#damagedOlder?.has(runId) === true;
  }

  want(runId: RunId, what: WantedRows): void {
    this.#wanted ??= new Map();
    if (this.#wanted.has(runId)) return;
    this.#wanted.set(runId, what);
    this.#lane.want(this.#handle, runId);
  }

  /** They came: what they were asked for. */
  arrived(runId: RunId): WantedRows | undefined {
    const wanted = this.#wanted?.get(runId);
    this.#wanted?.delete(runId);
    return wanted;
  }

  /** A run that has nothing stored yet. */
  begin(runId: RunId): void {
    this.#rows.set(runId, noRows(runId));
  }

  /** Undefined: its rows are damaged, which makes this run unusable, and only it. */
  loadCurrent(stored: StoredRun): RunState | undefined {
    const loaded = this.#tryLoad(stored);
    if (typeof loaded !== 'string') return this.#remember(loaded);
    this.#damage = loaded;
    return undefined;
  }

  /** Callers may name any run: one of another workflow is none of this one. */
  loadOlder(stored: StoredRun): RunState | undefined {
    const loaded = stored.frames.length === 0 ? undefined : this.#tryLoad(stored);
    if (typeof loaded === 'string') {
      this.#damagedOlder ??= new Map();
      this.#damagedOlder.set(stored.runId, loaded);
      return undefined;
    }
    const { workflowId, namespace } = this.#runs;
    if (loaded?.state.workflowId === workflowId && loaded.state.namespace === namespace) {
      return this.#remember(loaded);
    }
    this.#isAbsent(stored.runId);
    return undefined;
  }

  readHistory(stored: StoredRun): void {
    const loaded = this.#tryLoad(stored);
    if (typeof loaded !== 'string') {
      this.#keepHistory(stored.runId, loaded.events);
    } else if (stored.runId === this.#runs.current?.runId) {
      this.#damage = loaded;
    } else {
      this.#damagedOlder ??= new Map();
      this.#damagedOlder.set(stored.runId, loaded);
    }
  }

  /** From the first event on, at least up to the newest completed task. Absent: it has to be read, and is asked for. */
  historyOf(run: RunState): readonly HistoryEvent[] | undefined {
    if (run.lastCompletedTaskStartedEventId === 0) return run.newEvents;
    const history = this.#histories?.get(run.runId);
    if (history !== undefined && (history.at(-1)?.eventId ?? 0) >= run.lastCompletedTaskStartedEventId) {
      return history;
    }
    this.want(run.runId, 'history');
    return undefined;
  }

  /** A history is not needed any more: the code that read it is alive. */
  replayed(runId: RunId): void {
    this.#histories?.delete(runId);
  }

  persist(pending: Iterable<PendingRun>): void {
    const ctx = this.#context();
    for (const one of pending) persistRun(one, this.#rowsOf(one.run), ctx);
  }

  delete(run: RunState, wasCurrent: boolean): void {
    const { runId } = run;
    persistDeletion(run, this.#rowsOf(run), wasCurrent, this.#context());
    this.#rows.delete(runId);
    this.#histories?.delete(runId);
    this.#isAbsent(runId);
  }

  /** Writes what has to be on disk while the workflow is not here. */
  persistEviction(run: RunState): void {
    if (this.#damage === undefined) persistEviction(run, this.#rowsOf(run), this.#context());
  }

  /** What belongs to runs that are not in memory any more. */
  forget(): void {
    this.#absent = undefined;
    this.#damagedOlder = undefined;
    if (this.#rows.size <= 1) return;
    for (const runId of this.#rows.all.keys()) {
      if (this.isInMemory(runId)) continue;
      this.#rows.delete(runId);
      this.#histories?.delete(runId);
    }
  }

  #remember({ state, rows, events }: LoadedRun): RunState {
    this.#rows.set(state.runId, rows);
    this.#keepHistory(state.runId, events);
    return state;
  }

  #keepHistory(runId: RunId, events: readonly HistoryEvent[]): void {
    this.#histories ??= new Map();
    this.#histories.set(runId, events);
  }

  #isAbsent(runId: RunId): void {
    this.#absent ??= new Set();
    this.#absent.add(runId);
  }

  /** What is wrong, when it cannot be read. */
  #tryLoad(stored: StoredRun): LoadedRun | string {
    try {
      return loadRun(stored);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `The stored history of workflow '${this.#runs.workflowId}', run ${stored.runId}, is damaged: ${reason}`;
    }
  }

  #rowsOf(run: RunState): RunRows {
    const rows = this.#rows.get(run.runId);
    assert(rows !== undefined, 'a run whose rows are not known');
    return rows;
  }

  #context(): PersistContext {
    return { ops: this.#lane.ops, epoch: this.#lane.epoch, namespace: this.#namespace };
  }
}
