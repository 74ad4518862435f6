// What a run will look like behind the commands of one turn that have been checked so far: its state, and beside it what those
// commands add and remove. Lives for one check. Sets are made when first needed: most turns have one or two commands.
import type { EventId, WorkflowId } from '../../../model/ids';
import type { RunState } from '../run-state';

export class PlannedTurn {
  /** Activities that this turn schedules (true), and ids that it frees (false). */
  #activityIds: Map<string, boolean> | undefined;
  #cancelledActivities: Set<EventId> | undefined;
  #timers: Map<string, boolean> | undefined;
  #children: Set<WorkflowId> | undefined;
  /** Events that will still wait for the task's end. */
  #buffered: number;
  #scheduledActivities = 0;
  #startedChildren = 0;
  #externalSignals = 0;
  #externalCancels = 0;

  constructor(readonly state: RunState) {
    this.#buffered = state.buffered.length;
  }

  hasActivity(activityId: string): boolean {
    return this.#activityIds?.get(activityId) ?? this.state.activityIds.has(activityId);
  }
  get pendingActivities(): number {
    return this.state.activities.size + this.#scheduledActivities;
  }
  scheduleActivity(activityId: string): void {
    this.#activityIds ??= new Map();
    this.#activityIds.set(activityId, true);
    this.#scheduledActivities += 1;
  }
  /** False: it was cancelled before. An activity that no worker has yet is over at once, and its id is free again. */
  cancelActivity(scheduledEventId: EventId): boolean {
    const activity = this.state.activities.get(scheduledEventId);
    if (activity?.cancelRequestedEventId !== undefined) return false;
    this.#cancelledActivities ??= new Set();
    if (this.#cancelledActivities.has(scheduledEventId)) return false;
    this.#cancelledActivities.add(scheduledEventId);
    if (activity !== undefined && activity.state.kind !== 'started') {
      this.#activityIds ??= new Map();
      this.#activityIds.set(activity.scheduled.activityId, false);
    }
    return true;
  }

  hasTimer(timerId: string): boolean {
    return this.#timers?.get(timerId) ?? this.state.timers.has(timerId);
  }
  startTimer(timerId: string): void {
    this.#timers ??= new Map();
    this.#timers.set(timerId, true);
  }
  cancelTimer(timerId: string): void {
    this.#timers ??= new Map();
    this.#timers.set(timerId, false);
  }
  /** A timer has fired, but its event still waits: the cancel takes it back. */
  takeBackFired(timerId: string): void {
    this.cancelTimer(timerId);
    this.#buffered -= 1;
  }
  isTakenBack(timerId: string): boolean {
    return this.#timers?.get(timerId) === false;
  }

  startsChild(workflowId: WorkflowId): boolean {
    return this.#children?.has(workflowId) === true;
  }
  get pendingChildren(): number {
    return this.state.children.size + this.#startedChildren;
  }
  startChild(workflowId: WorkflowId): void {
    this.#children ??= new Set();
    this.#children.add(workflowId);
    this.#startedChildren += 1;
  }

  get pendingSignals(): number {
    return this.state.externalSignals.size + this.#externalSignals;
  }
  signalExternal(): void {
    this.#externalSignals += 1;
  }
  get pendingCancels(): number {
    return this.state.externalCancels.size + this.#externalCancels;
  }
  cancelExternal(): void {
    this.#externalCancels += 1;
  }

  /** Something has arrived that workflow code has not seen: it must not end yet. */
  get hasUnseen(): boolean {
    return this.#buffered > 0;
  }
}
