// A child workflow: recorded here, asked for by a message. It runs once this run has recorded that it exists (two-phase start).
import type { EventBody } from '../buffering';
import type { Mutable } from '../../../model/mutable';
import type { StartChildWorkflowExecution } from '../../../model/command';
import type { RunOptions } from '../../../model/event';
import type { TaskQueueName } from '../../../model/ids';
import { PENDING_MAX } from '../../../model/limits';
import { withRetryDefaults } from '../retry';
import { addOptional, withCappedTimeouts } from '../run-options';
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
    const options = optionsOf(command, state.started.taskQueue);
    const { workflowType, taskQueue, input, header, taskTimeoutMs } = options;
    const initiated: Mutable<EventBody<'startChildWorkflowExecutionInitiated'>> = {
      kind: 'startChildWorkflowExecutionInitiated',
      eventId: 0,
      at: 0,
      namespace,
      workflowId,
      workflowType,
      taskQueue,
      input,
      header,
      taskTimeoutMs,
      parentClosePolicy,
      workflowIdReusePolicy,
      workflowTaskCompletedEventId: completedEventId,
    };
    addOptional(initiated, options);
    if (userMetadata !== undefined) initiated.userMetadata = userMetadata;
    const event = run.add(initiated);
    if (!endsRun) draft.send(startChildMessage(state, event, ctx.newRunId()));
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
  const { workflowType, taskQueue, input, header, taskTimeoutMs = 0, retryPolicy } = command;
  const options: Mutable<RunOptions> = {
    workflowType,
    taskQueue: taskQueue || ownTaskQueue,
    input,
    header,
    taskTimeoutMs,
  };
  const { memo, searchAttributes, executionTimeoutMs, runTimeoutMs } = command;
  if (memo !== undefined) options.memo = memo;
  if (searchAttributes !== undefined) options.searchAttributes = searchAttributes;
  if (executionTimeoutMs !== undefined) options.executionTimeoutMs = executionTimeoutMs;
  if (runTimeoutMs !== undefined) options.runTimeoutMs = runTimeoutMs;
  if (retryPolicy !== undefined) options.retryPolicy = withRetryDefaults(retryPolicy);
  return withCappedTimeouts(options);
}
