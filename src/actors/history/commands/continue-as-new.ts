// The run ends and its chain goes on, in one decision. What the command leaves out is as in the run that ends.
import type { ContinueAsNewWorkflowExecution } from '../../../model/command';
import type { RunOptions } from '../../../model/event';
import type { PayloadMap } from '../../../model/payload';
import { closeRun } from '../close';
import { startSuccessor, successorBackoff } from '../new-run';
import { withRetryDefaults } from '../retry';
import { withCappedTimeouts } from '../run-options';
import type { RunState } from '../run-state';
import {
  idProblem,
  memoRefusal,
  retryProblem,
  searchAttributesRefusal,
  sizeRefusal,
  taskQueueProblem,
  timeoutProblem,
} from './checks';
import { UNHANDLED_COMMAND } from './close-check';
import type { CommandHandler } from './handler';

export const continueAsNewWorkflowExecution: CommandHandler<'continueAsNewWorkflowExecution'> = {
  check(planned, command) {
    if (planned.hasUnseen) return UNHANDLED_COMMAND;
    const problem = problemOf(command, planned.state);
    if (problem !== undefined) return { cause: 'BAD_CONTINUE_AS_NEW_ATTRIBUTES', message: problem };
    return (
      sizeRefusal('workflow input', command.input) ??
      memoRefusal(command.memo) ??
      searchAttributesRefusal(command.searchAttributes)
    );
  },

  apply({ run, completedEventId }, command) {
    const { state, ctx, now } = run;
    const runId = ctx.newRunId();
    const options = optionsOf(command, state);
    const { retryPolicy: _, executionTimeoutMs: __, cronSchedule: ___, ...recorded } = options;
    const { backoffStartIntervalMs = 0, userMetadata } = command;
    const { lastCompletionResult, userMetadata: ownMetadata } = state.started;
    const backoffMs = successorBackoff(state, now, backoffStartIntervalMs);
    closeRun(run, {
      kind: 'workflowExecutionContinuedAsNew',
      newExecutionRunId: runId,
      ...recorded,
      initiator: 'WORKFLOW',
      workflowTaskCompletedEventId: completedEventId,
      ...(backoffStartIntervalMs > 0 && { backoffStartIntervalMs }),
      ...(lastCompletionResult !== undefined && { lastCompletionResult }),
      ...(userMetadata !== undefined && { userMetadata }),
    });
    startSuccessor(run, {
      runId,
      initiator: 'WORKFLOW',
      attempt: 1,
      options,
      backoffMs,
      ...(ownMetadata !== undefined && { userMetadata: ownMetadata }),
    });
  },
};

function problemOf(command: ContinueAsNewWorkflowExecution, { started }: RunState): string | undefined {
  return (
    idProblem('WorkflowType', command.workflowType || started.workflowType) ??
    taskQueueProblem(command.taskQueue) ??
    timeoutProblem({
      WorkflowRunTimeout: command.runTimeoutMs,
      WorkflowTaskTimeout: command.taskTimeoutMs,
      BackoffStartInterval: command.backoffStartIntervalMs,
    }) ??
    retryProblem(command.retryPolicy)
  );
}

function optionsOf(command: ContinueAsNewWorkflowExecution, state: RunState): RunOptions {
  const { started } = state;
  const { executionTimeoutMs } = started;
  const memo = command.memo ?? unlessEmpty(state.memo);
  const searchAttributes = command.searchAttributes ?? unlessEmpty(state.searchAttributes);
  const runTimeoutMs = command.runTimeoutMs || started.runTimeoutMs;
  const retryPolicy =
    command.retryPolicy === undefined ? started.retryPolicy : withRetryDefaults(command.retryPolicy);
  return withCappedTimeouts({
    workflowType: command.workflowType || started.workflowType,
    taskQueue: command.taskQueue || started.taskQueue,
    input: command.input,
    header: command.header,
    taskTimeoutMs: command.taskTimeoutMs || started.taskTimeoutMs,
    ...(memo !== undefined && { memo }),
    ...(searchAttributes !== undefined && { searchAttributes }),
    ...(executionTimeoutMs !== undefined && { executionTimeoutMs }),
    ...(runTimeoutMs !== undefined && { runTimeoutMs }),
    ...(retryPolicy !== undefined && { retryPolicy }),
  });
}

const unlessEmpty = (map: PayloadMap): PayloadMap | undefined =>
  Object.keys(map).length === 0 ? undefined : map;
