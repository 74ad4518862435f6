// What every kind of command brings: a check that changes nothing, and what it does. All commands of a turn are checked before the
// first of them is applied, so that a turn is taken as a whole or not at all.
import type { CommandByKind, CommandKind } from '../../../model/command';
import type { WorkflowTaskFailedCause } from '../../../model/event';
import type { EventId } from '../../../model/ids';
import type { BufferableEvent } from '../buffering';
import type { RunDraft } from '../draft';
import type { PlannedTurn } from './planned-turn';

/** The workflow task fails with this. */
export interface CommandRefusal {
  readonly cause: WorkflowTaskFailedCause;
  /** Absent: the cause says it all. */
  readonly message?: string;
}

/** A turn while its commands are applied. */
export interface AppliedTurn {
  readonly run: RunDraft;
  /** Of the task's Completed event. */
  readonly completedEventId: EventId;
  /** The last command ends the run: what a closed run asked for is recorded, but nobody does it (Temporal's rule). */
  readonly endsRun: boolean;
  /** What commands bring about at once, behind all command events. */
  readonly outcomes: BufferableEvent[];
}

export interface CommandHandler<K extends CommandKind> {
  /** Why the command cannot be; if it can, `planned` learns what later commands must know of it. */
  check(planned: PlannedTurn, command: CommandByKind<K>): CommandRefusal | undefined;
  apply(turn: AppliedTurn, command: CommandByKind<K>): void;
}
