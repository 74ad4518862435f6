// The one error of replay: history and workflow code disagree. Texts begin as Temporal's do, so that people find its manuals.
// Thrown while events are matched with commands, caught where a turn or a replay ends; it never leaves this folder.
import type { Command, CommandByKind, CommandKind } from '../../model/command';
import type { EventByKind, EventKind, HistoryEvent } from '../../model/event';
import type { CommandTrace } from '../../model/turn';

/** Temporal's number for this kind of error; its documentation is found by it. */
const RULE_PREFIX = '[TMPRL1100] Nondeterminism error: ';

/** What the code asks for in place of what history has. A trace only if it was looked into. */
export type Found =
  { readonly kind: 'command'; readonly trace: CommandTrace | undefined } | { readonly kind: 'nothing' };

export class NondeterminismError extends Error {
  override readonly name = 'NondeterminismError';

  /** `found` is absent where no single command is at fault. With a command the message ends in its description. */
  constructor(
    readonly reason: string,
    readonly found?: Found,
  ) {
    super(RULE_PREFIX + reason);
  }
}

/** Temporal's name of an event's type: ours in upper camel case. */
export const eventTypeName = (event: HistoryEvent): string => upperFirst(event.kind);

/** `HistoryEvent(id: 5, TimerStarted)` */
export const nameEvent = (event: HistoryEvent): string =>
  `HistoryEvent(id: ${event.eventId}, ${eventTypeName(event)})`;

/** What the event says the code asked for, in the words of `nameCommand`. */
export function describeEvent(event: HistoryEvent): string {
  const describe = eventDetails[event.kind] as ((event: HistoryEvent) => string) | undefined;
  return describe === undefined ? eventTypeName(event) : `${eventTypeName(event)} ${describe(event)}`;
}

/** Events that have more to say than their type. */
const eventDetails: { readonly [K in EventKind]?: (event: EventByKind<K>) => string } = {
  activityTaskScheduled: (event) => `'${event.activityType}' (id '${event.activityId}')`,
  activityTaskCancelRequested: (event) => `(scheduled in event ${event.scheduledEventId})`,
  timerStarted: (event) => `(id '${event.timerId}')`,
  timerCanceled: (event) => `(id '${event.timerId}')`,
  startChildWorkflowExecutionInitiated: (event) =>
    `'${event.workflowType}' (workflow id '${event.workflowId}')`,
  signalExternalWorkflowExecutionInitiated: (event) =>
    `'${event.signalName}' (to workflow id '${event.workflowId}')`,
  requestCancelExternalWorkflowExecutionInitiated: (event) => `(of workflow id '${event.workflowId}')`,
  workflowExecutionContinuedAsNew: (event) => `'${event.workflowType}'`,
  markerRecorded: (event) => `'${event.markerName}'`,
  upsertWorkflowSearchAttributes: (event) => `(${Object.keys(event.searchAttributes).join(', ')})`,
  workflowPropertiesModified: (event) => `(${Object.keys(event.upsertedMemo).join(', ')})`,
};

const commandDetails: { readonly [K in CommandKind]: (command: CommandByKind<K>) => string } = {
  scheduleActivityTask: (command) => `'${command.activityType}' (id '${command.activityId}')`,
  requestCancelActivityTask: (command) => `(scheduled in event ${command.scheduledEventId})`,
  startTimer: (command) => `(id '${command.timerId}')`,
  cancelTimer: (command) => `(id '${command.timerId}')`,
  completeWorkflowExecution: () => '',
  failWorkflowExecution: (command) => `(${command.failure.message})`,
  cancelWorkflowExecution: () => '',
  continueAsNewWorkflowExecution: (command) => `'${command.workflowType}'`,
  startChildWorkflowExecution: (command) => `'${command.workflowType}' (workflow id '${command.workflowId}')`,
  signalExternalWorkflowExecution: (command) =>
    `'${command.signalName}' (to workflow id '${command.workflowId}')`,
  requestCancelExternalWorkflowExecution: (command) => `(of workflow id '${command.workflowId}')`,
  recordMarker: (command) => `'${command.markerName}'`,
  upsertWorkflowSearchAttributes: (command) => `(${Object.keys(command.searchAttributes).join(', ')})`,
  modifyWorkflowProperties: (command) => `(${Object.keys(command.upsertedMemo).join(', ')})`,
};

/** `ScheduleActivityTask 'charge' (id '3')` */
export function describeCommand(command: Command): string {
  const describe = commandDetails[command.kind] as (command: Command) => string;
  const details = describe(command);
  return details === '' ? upperFirst(command.kind) : `${upperFirst(command.kind)} ${details}`;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
