// One signal to another workflow. Pure.
//
//   created ──cancel──▶ over: no event is left, workflow code hears "cancelled" at once
//      │ SignalExternalWorkflowExecutionInitiated
//      ▼
//   sent ──ExternalWorkflowExecutionSignaled | SignalExternalWorkflowExecutionFailed──▶ over. It cannot be cancelled any more.
import { assert } from '../../../model/assert';
import type { HistoryEvent, SignalExternalWorkflowExecutionFailed } from '../../../model/event';
import type { EventId } from '../../../model/ids';
import type { Failure } from '../../../model/failure';
import type { WorkflowCommandByKind, Seq } from '../../../model/turn';
import type { CommandOwner, Outgoing } from '../outgoing';
import { signalCancelled, signalFailed } from './failures';
import type { MachineHost } from './host';
import type { Registry } from './registry';

export type ExternalSignals = Registry<SignalExternalMachine>;

export class SignalExternalMachine implements CommandOwner {
  readonly seq: Seq;
  private sent: Outgoing | undefined;
  private initiatedEventId: EventId = 0;

  constructor(
    private readonly host: MachineHost,
    private readonly signals: ExternalSignals,
    command: WorkflowCommandByKind<'signalExternal'>,
  ) {
    const { target } = command;
    this.seq = command.seq;
    this.sent = host.send(
      {
        kind: 'signalExternalWorkflowExecution',
        namespace: host.namespace,
        workflowId: target.workflowId,
        ...(target.kind === 'external' && target.runId !== undefined && { runId: target.runId }),
        signalName: command.signalName,
        input: command.input,
        header: command.header,
        childWorkflowOnly: target.kind === 'child',
      },
      this,
    );
    signals.add(this);
  }

  recorded(event: HistoryEvent): void {
    assert(
      event.kind === 'signalExternalWorkflowExecutionInitiated',
      'a signal is recorded as SignalExternalWorkflowExecutionInitiated',
    );
    this.sent = undefined;
    this.initiatedEventId = event.eventId;
    this.signals.recorded(this, event.eventId);
  }

  cancel(): void {
    if (this.sent === undefined) return;
    this.sent.dropped = true;
    this.resolve(signalCancelled);
  }

  delivered(): void {
    this.resolve(undefined);
  }

  failed(event: SignalExternalWorkflowExecutionFailed): void {
    this.resolve(signalFailed(event.cause));
  }

  private resolve(failure: Failure | undefined): void {
    this.signals.forgetSeq(this);
    this.signals.forgetEvent(this.initiatedEventId);
    this.host.tell({
      kind: 'resolveSignalExternal',
      seq: this.seq,
      ...(failure !== undefined && { failure }),
    });
  }
}
