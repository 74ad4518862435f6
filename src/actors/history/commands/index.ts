// The commands of a turn, by kind: first all are checked, then all are applied.
import type { Command, CommandKind } from '../../../model/command';
import type { RunState } from '../run-state';
import { cancelTimer } from './cancel-timer';
import { cancelWorkflowExecution } from './cancel-workflow';
import { completeWorkflowExecution } from './complete-workflow';
import { continueAsNewWorkflowExecution } from './continue-as-new';
import { failWorkflowExecution } from './fail-workflow';
import type { AppliedTurn, CommandHandler, CommandRefusal } from './handler';
import { modifyWorkflowProperties } from './modify-properties';
import { PlannedTurn } from './planned-turn';
import { recordMarker } from './record-marker';
import { requestCancelActivityTask } from './request-cancel-activity-task';
import { requestCancelExternalWorkflowExecution } from './request-cancel-external-workflow';
import { scheduleActivityTask } from './schedule-activity-task';
import { signalExternalWorkflowExecution } from './signal-external-workflow';
import { startChildWorkflowExecution } from './start-child-workflow';
import { startTimer } from './start-timer';
import { upsertWorkflowSearchAttributes } from './upsert-search-attributes';

const handlers: { readonly [K in CommandKind]: CommandHandler<K> } = {
  scheduleActivityTask,
  requestCancelActivityTask,
  startTimer,
  cancelTimer,
  completeWorkflowExecution,
  failWorkflowExecution,
  cancelWorkflowExecution,
  continueAsNewWorkflowExecution,
  startChildWorkflowExecution,
  signalExternalWorkflowExecution,
  requestCancelExternalWorkflowExecution,
  recordMarker,
  upsertWorkflowSearchAttributes,
  modifyWorkflowProperties,
};

/** Why the turn cannot be taken: what is wrong with its first wrong command. */
export function checkCommands(state: RunState, commands: readonly Command[]): CommandRefusal | undefined {
  const planned = new PlannedTurn(state);
  for (const command of commands) {
    const refusal = (handlers[command.kind] as CommandHandler<CommandKind>).check(planned, command);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

export function applyCommands(turn: AppliedTurn, commands: readonly Command[]): void {
  for (const command of commands) {
    (handlers[command.kind] as CommandHandler<CommandKind>).apply(turn, command);
  }
}
