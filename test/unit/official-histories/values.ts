// The values that workflow code gives away, as its history has them and as its commands have them. A replay compares none of them,
// so this shows whether code computes the same from the same history.
import type { EventByKind, EventKind, HistoryEvent } from '../../../src/model/event';
import type { Failure } from '../../../src/model/failure';
import type { WorkflowCommand, WorkflowCommandByKind, WorkflowCommandKind } from '../../../src/model/turn';

const activity = (type: string, id: string, input: unknown) => ['activity', type, id, input];
const timer = (delayMs: number) => ['timer', Math.max(1, delayMs)];
const child = (type: string, id: string, input: unknown) => ['child', type, id, input];
const signal = (id: string, name: string, input: unknown) => ['signal', id, name, input];
const memo = (fields: unknown) => ['memo', fields];
const completed = (result: unknown) => ['completed', result];
const failed = (failure: Failure) => ['failed', withoutStack(failure)];
const continued = (type: string, input: unknown) => ['continued', type, input];

const EVENTS: { readonly [K in EventKind]?: (event: EventByKind<K>) => unknown } = {
  activityTaskScheduled: (event) => activity(event.activityType, event.activityId, event.input),
  timerStarted: (event) => timer(event.startToFireTimeoutMs),
  startChildWorkflowExecutionInitiated: (event) => child(event.workflowType, event.workflowId, event.input),
  signalExternalWorkflowExecutionInitiated: (event) =>
    signal(event.workflowId, event.signalName, event.input),
  workflowPropertiesModified: (event) => memo(event.upsertedMemo),
  workflowExecutionCompleted: (event) => completed(event.result),
  workflowExecutionFailed: (event) => failed(event.failure),
  workflowExecutionContinuedAsNew: (event) => continued(event.workflowType, event.input),
};

const COMMANDS: { readonly [K in WorkflowCommandKind]?: (command: WorkflowCommandByKind<K>) => unknown } = {
  scheduleActivity: (command) => activity(command.activityType, command.activityId, command.input),
  startTimer: (command) => timer(command.delayMs),
  startChild: (command) => child(command.workflowType, command.workflowId, command.input),
  signalExternal: (command) => signal(command.target.workflowId, command.signalName, command.input),
  modifyProperties: (command) => memo(command.upsertedMemo),
  completeWorkflow: (command) => completed(command.result),
  failWorkflow: (command) => failed(command.failure),
  continueAsNew: (command) => continued(command.workflowType, command.input),
};

const values = <Kind extends string, Each extends { readonly kind: Kind }>(
  table: { readonly [K in Kind]?: (each: never) => unknown },
  list: readonly Each[],
): string[] =>
  list.flatMap((each) => {
    const read = table[each.kind] as ((each: Each) => unknown) | undefined;
    return read === undefined ? [] : [JSON.stringify(read(each), inKeyOrder)];
  });

/** Values of the history that workflow code did not give. What it took back at once is not in a history. */
export function missingValues(
  history: readonly HistoryEvent[],
  commands: readonly WorkflowCommand[],
): readonly string[] {
  const given = values(COMMANDS, commands);
  return values(EVENTS, history).filter((value) => {
    const index = given.indexOf(value);
    if (index >= 0) given.splice(index, 1);
    return index < 0;
  });
}

function inKeyOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Stack traces name the files of the SDK. */
function withoutStack({ stackTrace: _, cause, ...failure }: Failure): unknown {
  return cause === undefined ? failure : { ...failure, cause: withoutStack(cause) };
}
