// Temporal's event types: ours, and those of features that Troupe does not have yet. Pure.
import type { EventKind } from '../../model/event';
import type { EnumCodec } from './enums';
import { enumeration } from './enums';

const PREFIX = 'EVENT_TYPE_';

const NUMBERS: Readonly<Record<EventKind, number>> = {
  workflowExecutionStarted: 1,
  workflowExecutionCompleted: 2,
  workflowExecutionFailed: 3,
  workflowExecutionTimedOut: 4,
  workflowTaskScheduled: 5,
  workflowTaskStarted: 6,
  workflowTaskCompleted: 7,
  workflowTaskTimedOut: 8,
  workflowTaskFailed: 9,
  activityTaskScheduled: 10,
  activityTaskStarted: 11,
  activityTaskCompleted: 12,
  activityTaskFailed: 13,
  activityTaskTimedOut: 14,
  activityTaskCancelRequested: 15,
  activityTaskCanceled: 16,
  timerStarted: 17,
  timerFired: 18,
  timerCanceled: 19,
  workflowExecutionCancelRequested: 20,
  workflowExecutionCanceled: 21,
  requestCancelExternalWorkflowExecutionInitiated: 22,
  requestCancelExternalWorkflowExecutionFailed: 23,
  externalWorkflowExecutionCancelRequested: 24,
  markerRecorded: 25,
  workflowExecutionSignaled: 26,
  workflowExecutionTerminated: 27,
  workflowExecutionContinuedAsNew: 28,
  startChildWorkflowExecutionInitiated: 29,
  startChildWorkflowExecutionFailed: 30,
  childWorkflowExecutionStarted: 31,
  childWorkflowExecutionCompleted: 32,
  childWorkflowExecutionFailed: 33,
  childWorkflowExecutionCanceled: 34,
  childWorkflowExecutionTimedOut: 35,
  childWorkflowExecutionTerminated: 36,
  signalExternalWorkflowExecutionInitiated: 37,
  signalExternalWorkflowExecutionFailed: 38,
  externalWorkflowExecutionSignaled: 39,
  upsertWorkflowSearchAttributes: 40,
  workflowPropertiesModified: 46,
};

/** `EVENT_TYPE_TIMER_STARTED` of `timerStarted` */
export const eventType: EnumCodec<EventKind> = enumeration(
  PREFIX,
  Object.fromEntries(
    Object.entries(NUMBERS).map(([kind, number]) => [kind, [number, screamingSnake(kind)] as const]),
  ) as Record<EventKind, readonly [number, string]>,
);

function screamingSnake(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

const UPDATES = 'workflow updates';
const NEXUS = 'Nexus operations';
const PAUSING = 'pausing workflows';
const EDITING = 'changing the options of a running workflow';

const LATER = {
  WORKFLOW_EXECUTION_UPDATE_ACCEPTED: [41, UPDATES],
  WORKFLOW_EXECUTION_UPDATE_REJECTED: [42, UPDATES],
  WORKFLOW_EXECUTION_UPDATE_COMPLETED: [43, UPDATES],
  WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY: [44, EDITING],
  ACTIVITY_PROPERTIES_MODIFIED_EXTERNALLY: [45, EDITING],
  WORKFLOW_EXECUTION_UPDATE_ADMITTED: [47, UPDATES],
  NEXUS_OPERATION_SCHEDULED: [48, NEXUS],
  NEXUS_OPERATION_STARTED: [49, NEXUS],
  NEXUS_OPERATION_COMPLETED: [50, NEXUS],
  NEXUS_OPERATION_FAILED: [51, NEXUS],
  NEXUS_OPERATION_CANCELED: [52, NEXUS],
  NEXUS_OPERATION_TIMED_OUT: [53, NEXUS],
  NEXUS_OPERATION_CANCEL_REQUESTED: [54, NEXUS],
  WORKFLOW_EXECUTION_OPTIONS_UPDATED: [55, EDITING],
  NEXUS_OPERATION_CANCEL_REQUEST_COMPLETED: [56, NEXUS],
  NEXUS_OPERATION_CANCEL_REQUEST_FAILED: [57, NEXUS],
  WORKFLOW_EXECUTION_PAUSED: [58, PAUSING],
  WORKFLOW_EXECUTION_UNPAUSED: [59, PAUSING],
} as const satisfies Readonly<Record<string, readonly [number: number, feature: string]>>;

type LaterType = keyof typeof LATER;
const laterType = enumeration<LaterType>(
  PREFIX,
  Object.fromEntries(Object.entries(LATER).map(([name, [number]]) => [name, number])) as Record<
    LaterType,
    number
  >,
);

/** @returns undefined when not even the name is known */
export function laterTypeOf(json: unknown): { readonly name: string; readonly feature: string } | undefined {
  const found = laterType.find(json);
  return found && { name: PREFIX + found, feature: LATER[found][1] };
}
