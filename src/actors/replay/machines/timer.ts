// One timer. Pure.
//
//   created ──cancel──▶ over (no event is left)
//      │ TimerStarted
//      ▼
//   running ──TimerFired──▶ over, workflow code hears fireTimer
//      └──cancel──▶ over, CancelTimer is sent (workflow code has rejected its promise by itself)
import { assert } from '../../../model/assert';
import type { HistoryEvent, TimerFired } from '../../../model/event';
import type { EventId } from '../../../model/ids';
import type { WorkflowCommandByKind, Seq } from '../../../model/turn';
import { NondeterminismError } from '../determinism';
import type { CommandOwner, Outgoing } from '../outgoing';
import type { MachineHost } from './host';
import type { Registry } from './registry';
import { userMetadata } from './user-metadata';

export type Timers = Registry<TimerMachine>;

export class TimerMachine implements CommandOwner {
  readonly seq: Seq;
  private sent: Outgoing | undefined;
  private startedEventId: EventId = 0;

  constructor(
    private readonly host: MachineHost,
    private readonly timers: Timers,
    command: WorkflowCommandByKind<'startTimer'>,
  ) {
    this.seq = command.seq;
    this.sent = host.send(
      {
        kind: 'startTimer',
        timerId: this.timerId,
        startToFireTimeoutMs: command.delayMs,
        ...userMetadata(command.summary),
      },
      this,
    );
    timers.add(this);
  }

  private get timerId(): string {
    return String(this.seq);
  }

  recorded(event: HistoryEvent): void {
    assert(event.kind === 'timerStarted', 'a started timer is recorded as TimerStarted');
    this.sent = undefined;
    this.startedEventId = event.eventId;
    this.timers.recorded(this, event.eventId);
  }

  cancel(): void {
    if (this.sent !== undefined) this.sent.dropped = true;
    else this.host.send({ kind: 'cancelTimer', timerId: this.timerId });
    this.over();
  }

  fired(event: TimerFired): void {
    if (event.timerId !== this.timerId) {
      throw new NondeterminismError(
        `Timer fired event did not have expected timer id ${this.timerId}; it was ${event.timerId}!`,
      );
    }
    this.over();
    this.host.tell({ kind: 'fireTimer', seq: this.seq });
  }

  private over(): void {
    this.timers.forgetSeq(this);
    this.timers.forgetEvent(this.startedEventId);
  }
}
