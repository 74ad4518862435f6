// A parent's START_CHILD_INITIATED asks for its child. The first half of the two-phase start: the run exists, its first task waits
// until the parent's CHILD_STARTED is durable. A repeat finds the run and answers the same.
import type { Mutable } from '../../../model/mutable';
import type { ParentInfo } from '../../../model/event';
import { addressOf, type StartChildMessage } from '../../../model/message';
import type { EpochMs } from '../../../model/time';
import type { EventBody } from '../buffering';
import type { WorkflowRuns } from '../decision';
import type { Draft } from '../draft';
import { reuseRefusal, startRun } from '../new-run';
import { addOptional, withCappedTimeouts } from '../run-options';
import { isOpen, parentOf, type RunState } from '../run-state';
import { childStartedMessage, crossRunRequestId } from '../sends';

export function startChild(draft: Draft, message: StartChildMessage): void {
  const { current } = draft.runs;
  const { parent, newRunId, reusePolicy } = message;
  const known = findChild(draft.runs, parent);
  if (known !== undefined) return draft.send(childStartedMessage(known));
  if (current !== undefined && (isOpen(current) || reuseRefusal(current, reusePolicy) !== undefined)) {
    return draft.send({
      kind: 'childStartFailed',
      to: addressOf(parent.namespace, parent.execution.workflowId, parent.execution.runId),
      initiatedEventId: parent.initiatedEventId,
      cause: 'WORKFLOW_ALREADY_EXISTS',
    });
  }
  const createRequestId = crossRunRequestId(parent.execution.runId, parent.initiatedEventId);
  const started = startedBody(message, draft.ctx.now);
  const run = startRun(draft, { runId: newRunId, createRequestId, started });
  draft.send(childStartedMessage(run.state));
}

function findChild({ current, older }: WorkflowRuns, parent: ParentInfo): RunState | undefined {
  if (current !== undefined && isChildOf(current, parent)) return current;
  for (const run of older.values()) if (isChildOf(run, parent)) return run;
  return undefined;
}

/** Any run of the chain that this parent's request began. */
function isChildOf(run: RunState, parent: ParentInfo): boolean {
  const own = parentOf(run);
  return own?.execution.runId === parent.execution.runId && own.initiatedEventId === parent.initiatedEventId;
}

function startedBody(message: StartChildMessage, now: EpochMs): EventBody<'workflowExecutionStarted'> {
  const { newRunId, parent, root, userMetadata, to } = message;
  const options = withCappedTimeouts(message.options);
  const { workflowType, taskQueue, input, header, taskTimeoutMs, executionTimeoutMs } = options;
  const started: Mutable<EventBody<'workflowExecutionStarted'>> = {
    kind: 'workflowExecutionStarted',
    eventId: 0,
    at: 0,
    workflowType,
    taskQueue,
    input,
    header,
    taskTimeoutMs,
    workflowId: to.workflowId,
    originalExecutionRunId: newRunId,
    firstExecutionRunId: newRunId,
    identity: '',
    attempt: 1,
    parent,
    root,
  };
  addOptional(started, options);
  if (executionTimeoutMs !== undefined) started.executionExpirationTime = now + executionTimeoutMs;
  if (userMetadata !== undefined) started.userMetadata = userMetadata;
  return started;
}
