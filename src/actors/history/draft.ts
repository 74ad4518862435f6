// One decision while it is made: what it changes in which runs, and what leaves afterwards. Lives for one message.
// Gives every new event its id and time and folds it at once, so that the next line of a handler sees the state it made.
import { assert } from '../../model/assert';
import type { EventByKind, EventKind, HistoryEvent } from '../../model/event';
import type { Fact } from '../../model/fact';
import type { EventId, RunId } from '../../model/ids';
import type { Message, WaiterId } from '../../model/message';
import type { Mutable } from '../../model/mutable';
import type { Refusal, Reply } from '../../model/reply';
import type { EpochMs } from '../../model/time';
import { appended } from '../../model/appended';
import type { BufferableEvent, EventBody } from './buffering';
import type { Change, DecideContext, DecidedEffect, WakeUpChange, WorkflowRuns } from './decision';
import { dueAt } from './due';
import { beginRun, evolve } from './evolve';
import { executionOf, isOpen, type RunState } from './run-state';

/** A run that does not exist yet. */
export interface NewRun {
  readonly runId: RunId;
  readonly createRequestId: string;
  readonly started: EventBody<'workflowExecutionStarted'>;
}

/** Never written to. */
const NONE: RunDraft[] = [];
const NO_EFFECTS: DecidedEffect[] = [];
const NO_CHANGES: Change[] = [];

export class Draft {
  effects = NO_EFFECTS;
  /** Runs that this decision may change, oldest first. */
  touched = NONE;
  deleted: RunId | undefined;

  constructor(
    readonly runs: WorkflowRuns,
    readonly ctx: DecideContext,
  ) {}

  edit(state: RunState): RunDraft {
    for (const run of this.touched) if (run.state === state) return run;
    return this.#touch(new RunDraft(this, state, false));
  }

  /** The new run is the current one from here on; its predecessor stays only while it owes. */
  begin({ runId, createRequestId, started }: NewRun): RunDraft {
    const { runs, ctx } = this;
    assert(runs.current === undefined || !isOpen(runs.current), 'two open runs of one workflow');
    const first = identified(started, 1, ctx.now);
    const state = beginRun({ namespace: runs.namespace, runId, createRequestId }, first);
    if (runs.current !== undefined && runs.current.owed.length > 0) {
      runs.older.set(runs.current.runId, runs.current);
    }
    runs.current = state;
    const run = this.#touch(new RunDraft(this, state, true));
    run.began(first);
    return run;
  }

  release(effect: DecidedEffect): void {
    this.effects = appended(this.effects, effect);
  }
  send(message: Message): void {
    this.release({ kind: 'send', message });
  }
  answer(waiter: WaiterId, reply: Reply): void {
    // 0: nobody waits.
    if (waiter !== 0) this.release({ kind: 'answer', waiter, reply });
  }
  refuse(waiter: WaiterId, refusal: Refusal): void {
    this.answer(waiter, { kind: 'refused', refusal });
  }

  #touch(run: RunDraft): RunDraft {
    this.touched = appended(this.touched, run);
    return run;
  }
}

export class RunDraft {
  changes = NO_CHANGES;
  /** What the host was told at the latest. */
  #dueBefore: EpochMs | undefined | 'unknown';
  #isRearmed = false;
  #wantsTask = false;

  constructor(
    readonly draft: Draft,
    readonly state: RunState,
    readonly isNew: boolean,
  ) {
    this.#dueBefore = isNew ? undefined : dueAt(state);
  }

  get ctx(): DecideContext {
    return this.draft.ctx;
  }
  /** The time of what happens now: a history never goes back. */
  get now(): EpochMs {
    return Math.max(this.draft.ctx.now, this.state.lastEventAt);
  }
  get wantsTask(): boolean {
    return this.#wantsTask;
  }

  /** The host's wake-up has fired, and so it has none of this run any more; or what it has is not known: the run was just loaded. */
  rearm(hostHas: 'none' | 'unknown'): void {
    this.#isRearmed = true;
    this.#dueBefore = hostHas === 'none' ? undefined : hostHas;
  }
  /** Tells the host when the run is due, if that is not what it knows. */
  releaseWakeUp(): void {
    const at = dueAt(this.state);
    if (at === this.#dueBefore) return;
    const { namespace } = this.state;
    const wakeUp: Mutable<WakeUpChange> = {
      kind: 'wakeAt',
      namespace,
      execution: executionOf(this.state),
    };
    if (at !== undefined) wakeUp.at = at;
    // Told of a run's end, the host has no wake-up of it any more.
    if (isOpen(this.state)) wakeUp.was = this.#isRearmed ? 'unknown' : this.#dueBefore;
    this.draft.release(wakeUp);
  }

  /** The draft owns `body`: it becomes the event. `at` only where the event tells of an earlier moment. */
  add<K extends EventKind>(
    body: EventBody<K> & { readonly kind: K },
    at: EpochMs = this.now,
  ): EventByKind<K> {
    const event = identified(body, this.state.lastEventId + 1, at);
    this.#apply({ kind: 'event', event: event as HistoryEvent });
    return event;
  }

  /** Something from outside: waits without an id (0) while a workflow task is started. */
  addOutside(body: BufferableEvent): EventId {
    const { state } = this;
    if (state.workflowTask.kind !== 'started') return this.add(body).eventId;
    const { eventId: _id, at: _at, ...waiting } = body;
    this.note({ kind: 'buffered', events: [...state.buffered, waiting] });
    return 0;
  }

  /** What the run begins with is folded already. */
  began(event: HistoryEvent): void {
    this.changes = appended(this.changes, { kind: 'event', event });
  }

  note(fact: Fact): void {
    this.#apply({ kind: 'fact', fact });
  }

  /** Workflow code has something to see; a delayed first task stays delayed. */
  wantTask(): void {
    if (this.state.firstTaskAt === undefined) this.#wantsTask = true;
  }
  /** Even if the first task is delayed: the delay ends here. */
  wantTaskAtOnce(): void {
    this.#wantsTask = true;
  }

  #apply(change: Change): void {
    evolve(this.state, change, this.draft.ctx.epoch);
    this.changes = appended(this.changes, change);
  }
}

/** In place: a copy would cost as much as the fold (bench/micro/history.ts). */
function identified<K extends EventKind>(
  body: EventBody<K> & { readonly kind: K },
  eventId: EventId,
  at: EpochMs,
): EventByKind<K> {
  const event = body as { eventId?: EventId; at?: EpochMs };
  event.eventId = eventId;
  event.at = at;
  return event as EventByKind<K>;
}
