// One request to cancel another workflow: asked for by workflow code, or made for a cancelled child. Pure.
//
//   created ──RequestCancelExternalWorkflowExecutionInitiated──▶ sent
//   sent ──ExternalWorkflowExecutionCancelRequested | RequestCancelExternalWorkflowExecutionFailed──▶ over
// For a child nobody waits for the answer: the child's own events tell what became of it.
import { assert } from '../../../model/assert';
import type { HistoryEvent, RequestCancelExternalWorkflowExecutionFailed } from '../../../model/event';
import type { Failure } from '../../../model/failure';
import type { EventId, RunId, WorkflowId } from '../../../model/ids';
import type { WorkflowCommandByKind, Seq } from '../../../model/turn';
import type { CommandOwner } from '../outgoing';
import { externalCancelFailed } from './failures';
import type { MachineHost } from './host';
import type { Registry } from './registry';

export type ExternalCancels = Registry<CancelExternalMachine>;

/** No workflow code waits. Its own numbers begin at 1. */
const UNASKED: Seq = 0;

interface Target {
  readonly workflowId: WorkflowId;
  readonly runId: RunId | undefined;
  readonly isChild: boolean;
  readonly reason: string;
}

export class CancelExternalMachine implements CommandOwner {
  private initiatedEventId: EventId = 0;

  private constructor(
    private readonly host: MachineHost,
    private readonly cancels: ExternalCancels,
    readonly seq: Seq,
    target: Target,
  ) {
    host.send(
      {
        kind: 'requestCancelExternalWorkflowExecution',
        namespace: host.namespace,
        workflowId: target.workflowId,
        ...(target.runId !== undefined && { runId: target.runId }),
        childWorkflowOnly: target.isChild,
        ...(target.reason !== '' && { reason: target.reason }),
      },
      this,
    );
  }

  static ofExternal(
    host: MachineHost,
    cancels: ExternalCancels,
    command: WorkflowCommandByKind<'requestCancelExternal'>,
  ): void {
    const { workflowId, runId } = command;
    const reason = `Cancel requested by workflow with run id ${host.runId} with reason: ${command.reason ?? ''}`;
    const target: Target = { workflowId, runId, isChild: false, reason };
    cancels.add(new CancelExternalMachine(host, cancels, command.seq, target));
  }

  static ofChild(
    host: MachineHost,
    cancels: ExternalCancels,
    workflowId: WorkflowId,
    runId: RunId | undefined,
    reason: string,
  ): void {
    new CancelExternalMachine(host, cancels, UNASKED, { workflowId, runId, isChild: true, reason });
  }

  recorded(event: HistoryEvent): void {
    assert(
      event.kind === 'requestCancelExternalWorkflowExecutionInitiated',
      'a cancel is recorded as RequestCancelExternalWorkflowExecutionInitiated',
    );
    this.initiatedEventId = event.eventId;
    this.cancels.recorded(this, event.eventId);
  }

  delivered(): void {
    this.resolve(undefined);
  }

  failed(event: RequestCancelExternalWorkflowExecutionFailed): void {
    this.resolve(externalCancelFailed(event.cause));
  }

  private resolve(failure: Failure | undefined): void {
    this.cancels.forgetEvent(this.initiatedEventId);
    if (this.seq === UNASKED) return;
    this.cancels.forgetSeq(this);
    this.host.tell({
      kind: 'resolveCancelExternal',
      seq: this.seq,
      ...(failure !== undefined && { failure }),
    });
  }
}
