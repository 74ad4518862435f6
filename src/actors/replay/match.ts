// A command event meets the command it became. Pure. The same check live and on replay: live it can only fail by our own bug.
// Compared: the kind, always; ids and types of activities and children; ids of patches. Not compared, as in Temporal:
// durations, options, arguments, values of search attributes and memos (under one bundle hash.ts compares more).
import type { CommandKind } from '../../model/command';
import type { EventByKind, EventKind, HistoryEvent, WorkflowTaskCompleted } from '../../model/event';
import { describeCommand, describeEvent, nameEvent, NondeterminismError } from './determinism';
import type { Found } from './determinism';
import type { PatchMarker } from './machines/patch-marker';
import { isVersionUpsert, patchMarkerOf } from './machines/patch-marker';
import type { Outgoing, OutgoingCommands } from './outgoing';

interface CommandRule {
  /** The event that a command of this kind becomes. */
  readonly event: EventKind;
  /** Begins the sentence "… this event: HistoryEvent(…)". */
  readonly refusal: string;
}

const refuses = (machine: string): string => `${machine} machine does not handle this event:`;

const rules = {
  scheduleActivityTask: { event: 'activityTaskScheduled', refusal: refuses('Activity') },
  requestCancelActivityTask: { event: 'activityTaskCancelRequested', refusal: refuses('Activity') },
  startTimer: { event: 'timerStarted', refusal: refuses('Timer') },
  cancelTimer: { event: 'timerCanceled', refusal: refuses('Timer') },
  completeWorkflowExecution: {
    event: 'workflowExecutionCompleted',
    refusal: refuses('Complete workflow'),
  },
  failWorkflowExecution: { event: 'workflowExecutionFailed', refusal: refuses('Fail workflow') },
  cancelWorkflowExecution: { event: 'workflowExecutionCanceled', refusal: refuses('Cancel workflow') },
  continueAsNewWorkflowExecution: {
    event: 'workflowExecutionContinuedAsNew',
    refusal: refuses('Continue as new workflow'),
  },
  startChildWorkflowExecution: {
    event: 'startChildWorkflowExecutionInitiated',
    refusal: refuses('Child workflow'),
  },
  signalExternalWorkflowExecution: {
    event: 'signalExternalWorkflowExecutionInitiated',
    refusal: refuses('Signal external WF'),
  },
  requestCancelExternalWorkflowExecution: {
    event: 'requestCancelExternalWorkflowExecutionInitiated',
    refusal: refuses('Cancel external WF'),
  },
  recordMarker: { event: 'markerRecorded', refusal: 'Change machine cannot handle this event:' },
  upsertWorkflowSearchAttributes: {
    event: 'upsertWorkflowSearchAttributes',
    refusal: 'UpsertWorkflowSearchAttributesMachine does not handle',
  },
  modifyWorkflowProperties: {
    event: 'workflowPropertiesModified',
    refusal: 'ModifyWorkflowPropertiesMachine does not handle',
  },
} as const satisfies { readonly [K in CommandKind]: CommandRule };

/** The events that stand for commands. */
export type CommandEventKind = (typeof rules)[CommandKind]['event'];
export type CommandEvent = EventByKind<CommandEventKind>;

const COMMAND_EVENT_KINDS: ReadonlySet<EventKind> = new Set<EventKind>(
  Object.values(rules).map((rule) => rule.event),
);

export const isCommandEvent = (event: HistoryEvent): event is CommandEvent =>
  COMMAND_EVENT_KINDS.has(event.kind);

export class CommandMatcher {
  /** The marker of a deprecated patch was skipped: its upsert, if there is one, is skipped too. */
  private skipsVersionUpsert = false;

  constructor(private readonly outgoing: OutgoingCommands) {}

  match(event: CommandEvent): void {
    const skipped = this.skipsVersionUpsert;
    this.skipsVersionUpsert = false;
    if (skipped && isVersionUpsert(event)) return;

    const marker = patchMarkerOf(event);
    const front = marker === undefined ? this.frontBehindPatches() : this.outgoing.front();
    if (marker !== undefined && this.skips(marker, front, event)) {
      this.skipsVersionUpsert = true;
      return;
    }
    if (front === undefined) {
      throw new NondeterminismError(
        `No command scheduled for event ${nameEvent(event)}. ${inHistory(event)}; the workflow code asks for nothing here`,
        { kind: 'nothing' },
      );
    }
    this.accept(front, event, marker);
  }

  private accept(front: Outgoing, event: CommandEvent, marker: PatchMarker | undefined): void {
    const rule = rules[front.command.kind];
    const isMarkerRight = (front.patchId === undefined) === (marker === undefined);
    if (rule.event !== event.kind || !isMarkerRight) {
      throw disagreement(`${rule.refusal} ${nameEvent(event)}`, event, front);
    }
    if (marker !== undefined && marker.patchId !== front.patchId) {
      const reason = `Change id ${marker.patchId} does not match expected id ${front.patchId}`;
      throw disagreement(reason, event, front);
    }
    this.outgoing.shift();
    try {
      front.owner?.recorded(event);
    } catch (error) {
      throw error instanceof NondeterminismError ? disagreement(error.reason, event, front) : error;
    }
  }

  /** All events of the task that `completed` ended are read: each of its commands must have met its own. */
  settle(completed: WorkflowTaskCompleted | undefined): void {
    const front = this.frontBehindPatches();
    if (front === undefined) return;
    const after = completed === undefined ? 'here' : `of what ${nameEvent(completed)} asked for`;
    throw new NondeterminismError(
      `No event recorded for a command. In history: nothing more ${after}; ${asksFor(front)}`,
      foundCommand(front),
    );
  }

  /** A patch that history lacks here is allowed: its command is taken back. */
  private frontBehindPatches(): Outgoing | undefined {
    let front = this.outgoing.front();
    while (front?.patchId !== undefined) {
      this.outgoing.shift();
      front = this.outgoing.front();
    }
    return front;
  }

  /** Whether a patch's marker has no command and needs none. */
  private skips(marker: PatchMarker, front: Outgoing | undefined, event: HistoryEvent): boolean {
    if (front?.patchId !== undefined) return front.patchId !== marker.patchId && marker.deprecated;
    if (marker.deprecated) return true;
    const reason = `Non-deprecated patch marker encountered for change ${marker.patchId}, but there is no corresponding change command! (${nameEvent(event)})`;
    if (front !== undefined) throw disagreement(reason, event, front);
    throw new NondeterminismError(`${reason}. ${inHistory(event)}; the workflow code asks for nothing here`, {
      kind: 'nothing',
    });
  }
}

const inHistory = (event: HistoryEvent): string => `In history: ${describeEvent(event)}`;

const asksFor = ({ command }: Outgoing): string => `the workflow code asks for: ${describeCommand(command)}`;

const disagreement = (reason: string, event: HistoryEvent, front: Outgoing): NondeterminismError =>
  new NondeterminismError(`${reason}. ${inHistory(event)}; ${asksFor(front)}`, foundCommand(front));

const foundCommand = ({ trace }: Outgoing): Found => ({ kind: 'command', trace });
