// A child workflow: recorded here, asked for by a message. It runs once this run has recorded that it exists (two-phase start).
import type { StartChildWorkflowExecution } from '../../../model/command';
import type { RunOptions } from '../../../model/event';
import type { TaskQueueName } from '../../../model/ids';
import { PENDING_MAX } from '../../../model/limits';
import { withRetryDefaults } from '../retry';
import { withCappedTimeouts } from '../run-options';
import type { RunState } from '../run-state';
import { startChildMessage } from '../sends';
import {
  idProblem,
  memoRefusal,
  namespaceProblem,
  retryProblem,
  searchAttributesRefusal,
  sizeRefusal,
  taskQueueProblem,
  timeoutProblem,
} from './checks';
import type { CommandHandler, CommandRefusal } from './handler';

export const startChildWorkflowExecution: CommandHandler<'startChildWorkflowExecution'> = {
  check(planned, command) {
    const problem = problemOf(command, planned.state);
    if (problem !== undefined) return { cause: 'BAD_START_CHILD_EXECUTION_ATTRIBUTES', message: problem };
    if (planned.pendingChildren >= PENDING_MAX) return TOO_MANY;
    planned.startChild(command.workflowId);
    return (
      sizeRefusal('child workflow input', command.input) ??
      memoRefusal(command.memo) ??
      searchAttributesRefusal(command.searchAttributes)
    );
  },

  apply({ run, completedEventId, endsRun }, command) {
    const { state, draft, ctx } = run;
    const { namespace, workflowId, userMetadata } = command;
    const { parentClosePolicy = 'TERMINATE', workflowIdReusePolicy = 'ALLOW_DUPLICATE' } = command;
    const initiated = run.add({
      kind: 'startChildWorkflowExecutionInitiated',
      namespace,
      workflowId,
      ...optionsOf(command, state.started.taskQueue),
      parentClosePolicy,
      workflowIdReusePolicy,
      workflowTaskCompletedEventId: completedEventId,
      ...(userMetadata !== undefined && { userMetadata }),
    });
    if (!endsRun) draft.send(startChildMessage(state, initiated, ctx.newRunId()));
  },
};

const TOO_MANY: CommandRefusal = {
  cause: 'PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED',
  message: `the number of pending child workflow executions, ${PENDING_MAX}, has reached the per-workflow limit of ${PENDING_MAX}.`,
};

function problemOf(command: StartChildWorkflowExecution, { namespace }: RunState): string | undefined {
  return (
    namespaceProblem(namespace, command.namespace) ??
    idProblem('WorkflowId', command.workflowId) ??
    idProblem('WorkflowType', command.workflowType) ??
    taskQueueProblem(command.taskQueue) ??
    timeoutProblem({
      WorkflowExecutionTimeout: command.executionTimeoutMs,
      WorkflowRunTimeout: command.runTimeoutMs,
      WorkflowTaskTimeout: command.taskTimeoutMs,
    }) ??
    retryProblem(command.retryPolicy) ??
    (command.cronSchedule ? 'cron schedules are not supported yet.' : undefined)
  );
}

/** A child inherits its parent's task queue, not its timeouts. */
function optionsOf(command: StartChildWorkflowExecution, ownTaskQueue: TaskQueueName): RunOptions {
  const { workflowType, taskQueue, input, header, memo, searchAttributes } = command;
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs = 0, retryPolicy } = command;
  return withCappedTimeouts({
    workflowType,
    taskQueue: taskQueue || ownTaskQueue,
    input,
    header,
    taskTimeoutMs,
    ...(memo !== undefined && { memo }),
    ...(searchAttributes !== undefined && { searchAttributes }),
    ...(executionTimeoutMs !== undefined && { executionTimeoutMs }),
    ...(runTimeoutMs !== undefined && { runTimeoutMs }),
    ...(retryPolicy !== undefined && { retryPolicy: withRetryDefaults(retryPolicy) }),
  });
}
