// A small world around `decide`: several workflows, a store of frames and facts, the messages on their way, the wake-ups that the
// host would keep. Every step is checked: what is stored folds to the state in memory, and decides the same.
import assert from 'node:assert/strict';
import { decide, type DecidedMessage } from '../../../src/actors/history/decide';
import type { DecideContext, Decision, WorkflowRuns } from '../../../src/actors/history/decision';
import { dueAt, nextDue } from '../../../src/actors/history/due';
import { factsOf, load, type LoadedFrame } from '../../../src/actors/history/load';
import { outstanding } from '../../../src/actors/history/outstanding';
import { isOpen, type RunState } from '../../../src/actors/history/run-state';
import { turnEvents } from '../../../src/actors/history/tasks';
import type { Effect } from '../../../src/model/effect';
import type { EventKind, HistoryEvent } from '../../../src/model/event';
import { namespace, runId, workflowId, type RunId, type WorkflowId } from '../../../src/model/ids';
import type { Message } from '../../../src/model/message';
import type { EpochMs } from '../../../src/model/time';

export const NAMESPACE = namespace('default');
export const QUEUE = 'queue';
/** All moments are told relative to this one. */
export const T0: EpochMs = Date.UTC(2030, 0, 1);

interface Stored {
  readonly frames: LoadedFrame[];
  readonly createRequestId: string;
}

export class World {
  now: EpochMs = T0;
  epoch = 1;
  slots = Number.POSITIVE_INFINITY;
  /** The workflow code that serves the queue. */
  bundleHash = 'b1';
  /** Messages between runs, not delivered yet. */
  outbox: Message[] = [];
  readonly wakeUps = new Map<RunId, { readonly workflow: WorkflowId; readonly at: EpochMs }>();
  /** Frames of every run that was not deleted. */
  readonly stored = new Map<RunId, Stored>();
  readonly #workflows = new Map<WorkflowId, WorkflowRuns>();
  #runs = 0;
  #requests = 0;

  runsOf(id: string): WorkflowRuns {
    const known = this.#workflows.get(workflowId(id));
    if (known !== undefined) return known;
    const runs: WorkflowRuns = {
      namespace: NAMESPACE,
      workflowId: workflowId(id),
      current: undefined,
      older: new Map(),
    };
    this.#workflows.set(runs.workflowId, runs);
    return runs;
  }
  get workflows(): readonly WorkflowRuns[] {
    return [...this.#workflows.values()];
  }
  current(id: string): RunState {
    const { current } = this.runsOf(id);
    assert(current !== undefined, `workflow ${id} has no run`);
    return current;
  }
  newRunId(): RunId {
    this.#runs += 1;
    return runId(`r${this.#runs}`);
  }

  /** Decides, and stores what was decided. */
  step(message: DecidedMessage): Decision {
    const runs = this.runsOf(message.to.workflowId);
    const twin = this.#reloaded(runs);
    const before = { runs: this.#runs, requests: this.#requests, slots: this.slots };
    const expected = plainDecision(decide(twin, structuredClone(message), this.#context()));
    this.#runs = before.runs;
    this.#requests = before.requests;
    this.slots = before.slots;
    const decision = decide(runs, structuredClone(message), this.#context());
    assert.deepEqual(plainDecision(decision), expected, 'a reloaded run decides something else');
    this.#commit(runs, decision);
    return decision;
  }

  /** The process ended, and another one opened the store. */
  restart(): Decision[] {
    this.epoch += 1;
    this.outbox = [];
    this.wakeUps.clear();
    return this.workflows.map((runs) => this.#reopen(runs));
  }

  /** One workflow left memory and comes back, in the same process. */
  reload(id: string): Decision {
    return this.#reopen(this.runsOf(id));
  }

  /** Due wake-ups, one after the other, earliest first. */
  wakeNext(until: EpochMs): { readonly workflow: WorkflowId; readonly run: RunId } | undefined {
    let next: { readonly workflow: WorkflowId; readonly run: RunId; readonly at: EpochMs } | undefined;
    for (const [run, { workflow, at }] of this.wakeUps) {
      if (at <= until && (next === undefined || at < next.at)) next = { run, workflow, at };
    }
    if (next === undefined) return undefined;
    this.now = Math.max(this.now, next.at);
    this.wakeUps.delete(next.run);
    return next;
  }

  #context(): DecideContext {
    return {
      now: this.now,
      epoch: this.epoch,
      identity: 'worker',
      bundleHash: this.bundleHash,
      newRunId: () => this.newRunId(),
      newRequestId: () => `q${++this.#requests}`,
      takeActivitySlot: () => {
        if (this.slots <= 0) return false;
        this.slots -= 1;
        return true;
      },
    };
  }

  #reopen(runs: WorkflowRuns): Decision {
    const fresh = this.#reloaded(runs);
    runs.current = fresh.current;
    runs.older.clear();
    for (const [id, run] of fresh.older) runs.older.set(id, run);
    const decision = outstanding(runs, this.#context());
    this.#commit(runs, decision);
    return decision;
  }

  #reloaded(runs: WorkflowRuns): WorkflowRuns {
    const { current, older } = runs;
    const copy: WorkflowRuns = { ...runs, current: current && this.#load(current), older: new Map() };
    for (const [id, run] of older) copy.older.set(id, this.#load(run));
    return copy;
  }

  #load(state: RunState): RunState {
    const stored = this.stored.get(state.runId);
    assert(stored !== undefined, 'a run in memory that is not stored');
    return load(structuredClone(stored.frames), structuredClone(factsOf(state)), {
      namespace: state.namespace,
      runId: state.runId,
      createRequestId: stored.createRequestId,
      historySizeBytes: state.historySizeBytes,
    });
  }

  #commit(runs: WorkflowRuns, decision: Decision): void {
    for (const { run, changes, isNew } of decision.runs) {
      const events: HistoryEvent[] = [];
      for (const change of changes) if (change.kind === 'event') events.push(structuredClone(change.event));
      if (isNew) this.stored.set(run.runId, { frames: [], createRequestId: run.createRequestId });
      if (events.length > 0) this.stored.get(run.runId)?.frames.push({ epoch: this.epoch, events });
      checkRun(run, this.events(run.runId));
    }
    if (decision.deleted !== undefined) this.stored.delete(decision.deleted);
    for (const effect of decision.effects) this.#release(effect);
    for (const run of [...runs.older.values(), ...(runs.current === undefined ? [] : [runs.current])]) {
      assert.deepEqual(plainState(this.#load(run)), plainState(run), 'what is stored folds to another state');
      if (isOpen(run))
        assert.equal(this.wakeUps.get(run.runId)?.at, dueAt(run), 'the host is to wake the run');
    }
  }

  events(run: RunId): readonly HistoryEvent[] {
    return this.stored.get(run)?.frames.flatMap((frame) => frame.events) ?? [];
  }

  #release(effect: Effect): void {
    if (effect.kind === 'send') this.outbox.push(structuredClone(effect.message));
    if (effect.kind !== 'wakeAt') return;
    const { execution, at } = effect;
    if (at === undefined) this.wakeUps.delete(execution.runId);
    else this.wakeUps.set(execution.runId, { workflow: execution.workflowId, at });
  }
}

const CLOSE_KINDS: ReadonlySet<string> = new Set([
  'workflowExecutionCompleted',
  'workflowExecutionFailed',
  'workflowExecutionTimedOut',
  'workflowExecutionCanceled',
  'workflowExecutionTerminated',
  'workflowExecutionContinuedAsNew',
]);

/** What holds of every history, always. */
function checkRun(run: RunState, events: readonly HistoryEvent[]): void {
  let at = 0;
  for (const [index, event] of events.entries()) {
    assert.equal(event.eventId, index + 1, 'ids have no gap');
    assert(event.at >= at, 'time does not go back');
    at = event.at;
    if (CLOSE_KINDS.has(event.kind)) assert.equal(event.eventId, events.length, 'nothing behind the end');
  }
  assert.equal(isOpen(run), !CLOSE_KINDS.has(events.at(-1)?.kind ?? ''), 'closed by its close event alone');
  checkEnds(events);
  if (run.workflowTask.kind === 'started') {
    const last = turnEvents(run).at(-1);
    assert.equal(last?.kind, 'workflowTaskStarted', 'a turn begins with its Started event');
  } else {
    assert.equal(run.buffered.length, 0, 'events wait, but not for a task');
  }
}

/** Every activity, timer and child ends at most once, and behind its beginning. */
function checkEnds(events: readonly HistoryEvent[]): void {
  const ended = new Set<string>();
  for (const event of events) {
    const end = endedBy(event);
    if (end === undefined) continue;
    const key = `${end.what} ${end.begunBy}`;
    assert(!ended.has(key), `${key} ends twice`);
    ended.add(key);
    const begun = events[end.begunBy - 1];
    assert(begun !== undefined && begun.eventId < event.eventId, `${key} ends before it begins`);
    if ('startedEventId' in event && event.startedEventId !== 0) {
      assert(event.startedEventId < event.eventId, 'a Started event is named that comes later');
    }
  }
}

/** What an event ends, and which of its fields names the beginning. */
const ENDS: Partial<Readonly<Record<EventKind, readonly [what: string, field: string]>>> = {
  activityTaskCompleted: ['activity', 'scheduledEventId'],
  activityTaskFailed: ['activity', 'scheduledEventId'],
  activityTaskTimedOut: ['activity', 'scheduledEventId'],
  activityTaskCanceled: ['activity', 'scheduledEventId'],
  timerFired: ['timer', 'startedEventId'],
  timerCanceled: ['timer', 'startedEventId'],
  startChildWorkflowExecutionFailed: ['child', 'initiatedEventId'],
  childWorkflowExecutionCompleted: ['child', 'initiatedEventId'],
  childWorkflowExecutionFailed: ['child', 'initiatedEventId'],
  childWorkflowExecutionCanceled: ['child', 'initiatedEventId'],
  childWorkflowExecutionTimedOut: ['child', 'initiatedEventId'],
  childWorkflowExecutionTerminated: ['child', 'initiatedEventId'],
  externalWorkflowExecutionSignaled: ['signal', 'initiatedEventId'],
  signalExternalWorkflowExecutionFailed: ['signal', 'initiatedEventId'],
  externalWorkflowExecutionCancelRequested: ['cancel', 'initiatedEventId'],
  requestCancelExternalWorkflowExecutionFailed: ['cancel', 'initiatedEventId'],
};

function endedBy(event: HistoryEvent): { readonly what: string; readonly begunBy: number } | undefined {
  const end = ENDS[event.kind];
  if (end === undefined) return undefined;
  const [what, field] = end;
  return { what, begunBy: (event as unknown as Readonly<Record<string, number>>)[field] ?? 0 };
}

/** All of a state that means something: the index of due items only by what it says. */
function plainState(state: RunState): unknown {
  const { due: _, activityIds, requestIds, ...rest } = state;
  return {
    ...rest,
    activityIds: [...activityIds].sort(),
    requestIds: [...requestIds].sort(),
    due: nextDue(state),
  };
}

const plainDecision = ({ runs, effects, deleted }: Decision): unknown =>
  structuredClone({
    runs: runs.map(({ run, changes, isNew }) => ({ runId: run.runId, changes, isNew })),
    effects,
    deleted,
  });
