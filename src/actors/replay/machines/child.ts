// One child workflow. Pure.
//
//   created ──cancel──▶ over: no event is left, its start is "cancelled" at once
//      │ StartChildWorkflowExecutionInitiated
//      ▼
//   initiated ──ChildWorkflowExecutionStarted──▶ started ──Completed | Failed | Canceled | TimedOut | Terminated──▶ over
//      │      ──StartChildWorkflowExecutionFailed──▶ over
//      └─cancel (also when started)
//           ABANDON                      nothing is sent, "cancelled" at once; what history says later is ignored
//           TRY_CANCEL                   RequestCancelExternal is sent, "cancelled" at once; later events are ignored
//           WAIT_CANCELLATION_REQUESTED  RequestCancelExternal is sent; history has the last word
//           WAIT_CANCELLATION_COMPLETED  the same
import type { Mutable } from '../../../model/mutable';
import type { StartChildWorkflowExecution } from '../../../model/command';
import { assert } from '../../../model/assert';
import type {
  ChildWorkflowExecutionCanceled,
  ChildWorkflowExecutionCompleted,
  ChildWorkflowExecutionFailed,
  ChildWorkflowExecutionStarted,
  ChildWorkflowExecutionTerminated,
  ChildWorkflowExecutionTimedOut,
  HistoryEvent,
  StartChildWorkflowExecutionFailed,
  StartChildWorkflowExecutionInitiated,
} from '../../../model/event';
import type { Namespace, EventId, RunId, WorkflowId } from '../../../model/ids';
import type {
  ChildCancellation,
  ChildStartOutcome,
  WorkflowCommandByKind,
  Resolution,
  Seq,
} from '../../../model/turn';
import { NondeterminismError } from '../determinism';
import { FLAG_COMPARE_IDS_AND_TYPES } from '../flags';
import type { CommandOwner, Outgoing } from '../outgoing';
import { CancelExternalMachine } from './cancel-external';
import type { ExternalCancels } from './cancel-external';
import {
  childCancelled,
  childFailed,
  childNamespaceNotFound,
  childNeverStarted,
  childTerminated,
  childTimedOut,
} from './failures';
import type { ChildIdentity } from './failures';
import type { MachineHost } from './host';
import type { Registry } from './registry';
import { userMetadata } from './user-metadata';

export type Children = Registry<ChildMachine>;

export class ChildMachine implements CommandOwner {
  readonly seq: Seq;
  private readonly workflowId: WorkflowId;
  private readonly workflowType: string;
  private readonly cancellationType: ChildCancellation;
  private sent: Outgoing | undefined;
  private initiatedEventId: EventId = 0;
  private startedEventId: EventId = 0;
  private runId: RunId | undefined;
  /** Workflow code has its last answer. */
  private isResolved = false;
  private isCancelSent = false;

  constructor(
    private readonly host: MachineHost,
    private readonly children: Children,
    private readonly externalCancels: ExternalCancels,
    command: WorkflowCommandByKind<'startChild'>,
  ) {
    this.seq = command.seq;
    this.workflowId = command.workflowId;
    this.workflowType = command.workflowType;
    this.cancellationType = command.cancellationType;
    this.sent = host.send(startOf(command, host.namespace), this);
    children.add(this);
  }

  recorded(event: HistoryEvent): void {
    assert(
      event.kind === 'startChildWorkflowExecutionInitiated',
      'a child is recorded as StartChildWorkflowExecutionInitiated',
    );
    if (this.host.flagHolds(FLAG_COMPARE_IDS_AND_TYPES)) this.compare(event);
    this.sent = undefined;
    this.initiatedEventId = event.eventId;
    this.children.recorded(this, event.eventId);
  }

  private compare(event: StartChildWorkflowExecutionInitiated): void {
    if (event.workflowId !== this.workflowId) {
      throw new NondeterminismError(
        `Child workflow id of scheduled event '${event.workflowId}' does not match child workflow id of command '${this.workflowId}' (event ${event.eventId}, StartChildWorkflowExecutionInitiated)`,
      );
    }
    if (event.workflowType !== this.workflowType) {
      throw new NondeterminismError(
        `Child workflow type of scheduled event '${event.workflowType}' does not match child workflow type of command '${this.workflowType}' (event ${event.eventId}, StartChildWorkflowExecutionInitiated)`,
      );
    }
  }

  cancel(reason: string): void {
    if (this.sent !== undefined) {
      this.sent.dropped = true;
      this.resolveStart({ kind: 'canceled', failure: childNeverStarted(this.identity(), reason) });
      this.over();
      return;
    }
    if (this.isResolved || this.isCancelSent) return;
    if (this.cancellationType !== 'ABANDON') {
      this.isCancelSent = true;
      CancelExternalMachine.ofChild(this.host, this.externalCancels, this.workflowId, this.runId, reason);
    }
    if (this.cancellationType === 'ABANDON' || this.cancellationType === 'TRY_CANCEL') {
      const failure = childCancelled(this.identity(), undefined);
      if (this.startedEventId === 0) {
        this.resolveStart({ kind: 'canceled', failure });
        this.over();
      } else {
        this.resolve({ kind: 'canceled', failure });
      }
    }
  }

  startFailed(event: StartChildWorkflowExecutionFailed): void {
    this.children.forgetEvent(this.initiatedEventId);
    if (this.isResolved) return;
    this.resolveStart(
      event.cause === 'WORKFLOW_ALREADY_EXISTS'
        ? { kind: 'alreadyExists', workflowId: this.workflowId, workflowType: this.workflowType }
        : { kind: 'canceled', failure: childNamespaceNotFound(this.identity()) },
    );
    this.over();
  }

  started(event: ChildWorkflowExecutionStarted): void {
    this.startedEventId = event.eventId;
    this.runId = event.workflowExecution.runId;
    if (!this.isResolved) this.resolveStart({ kind: 'started', runId: this.runId });
  }

  completed(event: ChildWorkflowExecutionCompleted): void {
    this.close({ kind: 'completed', ...(event.result !== undefined && { result: event.result }) });
  }

  failed(event: ChildWorkflowExecutionFailed): void {
    this.close({ kind: 'failed', failure: childFailed(this.identity(), event.failure, event.retryState) });
  }

  cancelled(event: ChildWorkflowExecutionCanceled): void {
    this.close({ kind: 'canceled', failure: childCancelled(this.identity(), event.details) });
  }

  timedOut(event: ChildWorkflowExecutionTimedOut): void {
    this.close({ kind: 'failed', failure: childTimedOut(this.identity(), event.retryState) });
  }

  terminated(_event: ChildWorkflowExecutionTerminated): void {
    this.close({ kind: 'failed', failure: childTerminated(this.identity()) });
  }

  private close(resolution: Resolution): void {
    this.children.forgetEvent(this.initiatedEventId);
    if (!this.isResolved) this.resolve(resolution);
  }

  private resolveStart(outcome: ChildStartOutcome): void {
    this.host.tell({ kind: 'resolveChildStart', seq: this.seq, outcome });
  }

  private resolve(resolution: Resolution): void {
    this.over();
    this.host.tell({ kind: 'resolveChild', seq: this.seq, resolution });
  }

  private over(): void {
    this.isResolved = true;
    this.children.forgetSeq(this);
  }

  private identity(): ChildIdentity {
    return {
      namespace: this.host.namespace,
      workflowId: this.workflowId,
      ...(this.runId !== undefined && { runId: this.runId }),
      workflowType: this.workflowType,
      initiatedEventId: this.initiatedEventId,
      startedEventId: this.startedEventId,
    };
  }
}

/** Field by field, as with activities. */
function startOf(
  command: WorkflowCommandByKind<'startChild'>,
  namespace: Namespace,
): StartChildWorkflowExecution {
  const { workflowId, workflowType, taskQueue, header, input, summary, details } = command;
  const start: Mutable<StartChildWorkflowExecution> = {
    kind: 'startChildWorkflowExecution',
    namespace,
    workflowId,
    workflowType,
    taskQueue,
    header,
    input,
  };
  const { memo, searchAttributes, executionTimeoutMs, runTimeoutMs, taskTimeoutMs } = command;
  const { parentClosePolicy, workflowIdReusePolicy, retryPolicy, cronSchedule } = command;
  if (memo !== undefined) start.memo = memo;
  if (searchAttributes !== undefined) start.searchAttributes = searchAttributes;
  if (executionTimeoutMs !== undefined) start.executionTimeoutMs = executionTimeoutMs;
  if (runTimeoutMs !== undefined) start.runTimeoutMs = runTimeoutMs;
  if (taskTimeoutMs !== undefined) start.taskTimeoutMs = taskTimeoutMs;
  if (parentClosePolicy !== undefined) start.parentClosePolicy = parentClosePolicy;
  if (workflowIdReusePolicy !== undefined) start.workflowIdReusePolicy = workflowIdReusePolicy;
  if (retryPolicy !== undefined) start.retryPolicy = retryPolicy;
  if (cronSchedule !== undefined) start.cronSchedule = cronSchedule;
  const texts = userMetadata(summary, details).userMetadata;
  if (texts !== undefined) start.userMetadata = texts;
  return start;
}
