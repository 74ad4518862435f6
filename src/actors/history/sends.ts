// The messages that one run sends to another, made from what it has recorded: the same when they are repeated after a load.
// Pure computation. (run, event) of the sender is the receiver's request id, so that repeats are dropped.
import { assert } from '../../model/assert';
import type {
  CloseEvent,
  RequestCancelExternalWorkflowExecutionInitiated,
  SignalExternalWorkflowExecutionInitiated,
  StartChildWorkflowExecutionInitiated,
} from '../../model/event';
import type { OwedSend } from '../../model/fact';
import type { EventId, Execution, Namespace, RunId } from '../../model/ids';
import { addressOf, type Message, type OwedBy, type Sender } from '../../model/message';
import { executionOf, rootOf, type RunState } from './run-state';
import { runOptionsOf } from './run-options';
import { SERVICE_IDENTITY } from './tasks';

export const BY_PARENT_CLOSE_POLICY = 'by parent close policy';
const NOBODY_WAITS = 0;

export const crossRunRequestId = (sender: RunId, eventId: EventId): string => `${sender}:${eventId}`;

/** `newRunId` is for the case that the child does not exist yet; a repeat may carry another one. */
export function startChildMessage(
  parent: RunState,
  initiated: StartChildWorkflowExecutionInitiated,
  newRunId: RunId,
): Message {
  const { namespace, workflowId, workflowIdReusePolicy: reusePolicy, userMetadata } = initiated;
  return {
    kind: 'startChild',
    to: addressOf(namespace, workflowId),
    newRunId,
    parent: {
      namespace: parent.namespace,
      execution: executionOf(parent),
      initiatedEventId: initiated.eventId,
    },
    root: rootOf(parent),
    options: runOptionsOf(initiated),
    reusePolicy,
    ...(userMetadata !== undefined && { userMetadata }),
  };
}

export function signalMessage(
  sender: RunState,
  initiated: SignalExternalWorkflowExecutionInitiated,
): Message {
  const { namespace, workflowId, runId, signalName, input, header, childWorkflowOnly, eventId } = initiated;
  const requestId = crossRunRequestId(sender.runId, eventId);
  return {
    kind: 'signal',
    to: addressOf(namespace, workflowId, runId),
    waiter: NOBODY_WAITS,
    signal: { signalName, input, header, requestId },
    identity: SERVICE_IDENTITY,
    sender: senderOf(sender, eventId),
    childWorkflowOnly,
  };
}

export function cancelMessage(
  sender: RunState,
  initiated: RequestCancelExternalWorkflowExecutionInitiated,
): Message {
  const { namespace, workflowId, runId, reason, childWorkflowOnly, eventId } = initiated;
  return {
    kind: 'cancel',
    to: addressOf(namespace, workflowId, runId),
    waiter: NOBODY_WAITS,
    requestId: crossRunRequestId(sender.runId, eventId),
    identity: SERVICE_IDENTITY,
    sender: senderOf(sender, eventId),
    childWorkflowOnly,
    ...(reason !== undefined && { reason }),
  };
}

/** To the parent of a child's first run. */
export function childStartedMessage(child: RunState): Message {
  const { parent, firstExecutionRunId } = child.started;
  assert(parent !== undefined, 'a child without a parent');
  return {
    kind: 'childStarted',
    to: addressOf(parent.namespace, parent.execution.workflowId, parent.execution.runId),
    initiatedEventId: parent.initiatedEventId,
    child: { workflowId: child.workflowId, runId: firstExecutionRunId },
    namespace: child.namespace,
  };
}

export function firstTaskReleasedMessage(
  namespace: Namespace,
  child: Execution,
  parentGone: boolean,
): Message {
  return {
    kind: 'firstTaskReleased',
    to: addressOf(namespace, child.workflowId, child.runId),
    parentGone,
  };
}

/** Names an owed send in the receiver's acknowledgement. */
export const owedKey = (send: OwedSend): string =>
  send.kind === 'childClosed' ? send.kind : `${send.kind}:${send.initiatedEventId}`;

export function owedMessage(closed: RunState, send: OwedSend): Message {
  if (send.kind === 'childClosed') return childClosedMessage(closed, closed.closeEvent);
  const { namespace, child, initiatedEventId } = send;
  const owedBy: OwedBy = {
    namespace: closed.namespace,
    execution: executionOf(closed),
    key: owedKey(send),
  };
  // Whichever run of the child's chain is open by then.
  const common = {
    to: addressOf(namespace, child.workflowId),
    waiter: NOBODY_WAITS,
    identity: SERVICE_IDENTITY,
    firstExecutionRunId: child.runId,
    owedBy,
  };
  return send.action === 'terminate'
    ? { kind: 'terminate', ...common, reason: BY_PARENT_CLOSE_POLICY }
    : { kind: 'cancel', ...common, requestId: crossRunRequestId(closed.runId, initiatedEventId) };
}

export function owedSettledMessage({ namespace, execution, key }: OwedBy): Message {
  return { kind: 'owedSettled', to: addressOf(namespace, execution.workflowId, execution.runId), key };
}

function childClosedMessage(child: RunState, closeEvent: CloseEvent | undefined): Message {
  const { parent } = child.started;
  assert(parent !== undefined && closeEvent !== undefined, 'only a closed child owes its close');
  return {
    kind: 'childClosed',
    to: addressOf(parent.namespace, parent.execution.workflowId, parent.execution.runId),
    initiatedEventId: parent.initiatedEventId,
    child: executionOf(child),
    namespace: child.namespace,
    closeEvent,
  };
}

const senderOf = (sender: RunState, eventId: EventId): Sender => ({
  namespace: sender.namespace,
  execution: executionOf(sender),
  eventId,
});
