// Which events wait while a workflow task is started, and in which order they leave. Pure data; the rule is Temporal's: workflow
// code must find, between a task's Started and Completed, nothing that it has not been told in that task.
import type { EventByKind, EventKind, NewEvent } from '../../model/event';
import type { EventId } from '../../model/ids';
import type { EpochMs } from '../../model/time';

/** Results and requests from outside. Never start and close events, task events, or what a command writes. */
const BUFFERABLE = {
  workflowExecutionSignaled: true,
  workflowExecutionCancelRequested: true,
  timerFired: true,
  activityTaskStarted: true,
  activityTaskCompleted: true,
  activityTaskFailed: true,
  activityTaskTimedOut: true,
  activityTaskCanceled: true,
  startChildWorkflowExecutionFailed: true,
  childWorkflowExecutionStarted: true,
  childWorkflowExecutionCompleted: true,
  childWorkflowExecutionFailed: true,
  childWorkflowExecutionCanceled: true,
  childWorkflowExecutionTimedOut: true,
  childWorkflowExecutionTerminated: true,
  signalExternalWorkflowExecutionFailed: true,
  externalWorkflowExecutionSignaled: true,
  requestCancelExternalWorkflowExecutionFailed: true,
  externalWorkflowExecutionCancelRequested: true,
} as const satisfies Partial<Record<EventKind, true>>;

export type BufferableKind = keyof typeof BUFFERABLE;
/**
 * An event before it has its id and its time. Frequent ones are made with zeros in their place: V8 takes a slow path, and more memory,
 * for fields that are added later.
 */
export type EventBody<K extends EventKind> = Omit<EventByKind<K>, 'eventId' | 'at'> & {
  readonly eventId?: EventId;
  readonly at?: EpochMs;
};
export type BufferableEvent = { [K in BufferableKind]: EventBody<K> }[BufferableKind];

export const isBufferable = (event: NewEvent): event is BufferableEvent => event.kind in BUFFERABLE;

/** These leave after all others, so that the Started event they point to has an id. */
const LEAVES_LAST: ReadonlySet<EventKind> = new Set<BufferableKind>([
  'activityTaskCompleted',
  'activityTaskFailed',
  'activityTaskTimedOut',
  'activityTaskCanceled',
  'childWorkflowExecutionCompleted',
  'childWorkflowExecutionFailed',
  'childWorkflowExecutionCanceled',
  'childWorkflowExecutionTimedOut',
  'childWorkflowExecutionTerminated',
]);

export function inLeavingOrder(buffered: readonly NewEvent[]): readonly NewEvent[] {
  const last = buffered.filter((event) => LEAVES_LAST.has(event.kind));
  if (last.length === 0) return buffered;
  return [...buffered.filter((event) => !LEAVES_LAST.has(event.kind)), ...last];
}
