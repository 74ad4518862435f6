// The commands that end a run, or change only its description: they leave one event and nothing follows. Pure.
import type { Command, CommandKind } from '../../../model/command';
import type { WorkflowCommand, WorkflowCommandByKind, WorkflowCommandKind } from '../../../model/turn';
import { FLAG_UPSERT_ON_PATCH } from '../flags';
import type { MachineHost } from './host';
import { VERSION_SEARCH_ATTRIBUTE } from './patch-marker';

export function completeWorkflow(
  host: MachineHost,
  command: WorkflowCommandByKind<'completeWorkflow'>,
): void {
  const { result } = command;
  host.send({ kind: 'completeWorkflowExecution', ...(result !== undefined && { result }) });
}

export function failWorkflow(host: MachineHost, command: WorkflowCommandByKind<'failWorkflow'>): void {
  host.send({ kind: 'failWorkflowExecution', failure: command.failure });
}

export function cancelWorkflow(host: MachineHost): void {
  host.send({ kind: 'cancelWorkflowExecution' });
}

export function continueAsNew(host: MachineHost, command: WorkflowCommandByKind<'continueAsNew'>): void {
  host.send({ ...command, kind: 'continueAsNewWorkflowExecution' });
}

/** The list of patches is kept by the engine: workflow code cannot write it, and the command stays, empty. */
export function upsertSearchAttributes(
  host: MachineHost,
  { searchAttributes }: WorkflowCommandByKind<'upsertSearchAttributes'>,
): void {
  const isReserved = VERSION_SEARCH_ATTRIBUTE in searchAttributes && host.flagHolds(FLAG_UPSERT_ON_PATCH);
  host.send({
    kind: 'upsertWorkflowSearchAttributes',
    searchAttributes: isReserved ? {} : searchAttributes,
  });
}

export function modifyProperties(
  host: MachineHost,
  { upsertedMemo }: WorkflowCommandByKind<'modifyProperties'>,
): void {
  host.send({ kind: 'modifyWorkflowProperties', upsertedMemo });
}

const TERMINAL_KINDS: ReadonlySet<WorkflowCommandKind | CommandKind> = new Set<
  WorkflowCommandKind | CommandKind
>([
  'completeWorkflow',
  'failWorkflow',
  'cancelWorkflow',
  'continueAsNew',
  'completeWorkflowExecution',
  'failWorkflowExecution',
  'cancelWorkflowExecution',
  'continueAsNewWorkflowExecution',
]);

/** After this command the run is closed. */
export const isTerminal = (command: WorkflowCommand | Command): boolean => TERMINAL_KINDS.has(command.kind);

/**
 * The commands of one activation as they are sent: the first terminal one behind the others, so that those are heeded;
 * histories from before that rule have nothing behind the terminal one.
 */
export function arrange<C extends WorkflowCommand>(
  commands: readonly C[],
  moveTerminal: boolean,
): readonly C[] {
  const at = commands.findIndex(isTerminal);
  if (at === -1 || at === commands.length - 1) return commands;
  if (!moveTerminal) return commands.slice(0, at + 1);
  return [...commands.filter((command) => !isTerminal(command)), commands[at]!];
}
