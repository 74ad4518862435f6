// The open machines of one kind: found by the number workflow code gave them, and by the event their command became. Pure.
// A machine leaves when nothing can come for it any more, so a long run holds only what is open.
import type { EventId } from '../../../model/ids';
import type { HistoryEvent } from '../../../model/event';
import { FewMap } from '../../../model/few-map';
import type { Seq } from '../../../model/turn';
import { nameEvent, NondeterminismError } from '../determinism';

export class Registry<Machine extends { readonly seq: Seq }> {
  private readonly bySeq = new FewMap<Seq, Machine>();
  private readonly byEventId = new FewMap<EventId, Machine>();
  private highestSeq = 0;

  constructor(private readonly what: string) {}

  add(machine: Machine): void {
    this.bySeq.set(machine.seq, machine);
    if (machine.seq > this.highestSeq) this.highestSeq = machine.seq;
  }

  /** Undefined: it is over, there is nothing to cancel. */
  withSeq(seq: Seq): Machine | undefined {
    const machine = this.bySeq.get(seq);
    if (machine === undefined && seq > this.highestSeq) {
      throw new NondeterminismError(`Missing associated machine for ${this.what} ${seq}`);
    }
    return machine;
  }

  recorded(machine: Machine, eventId: EventId): void {
    this.byEventId.set(eventId, machine);
  }

  /** The machine whose command became the event that `event` refers to. */
  of(initialEventId: EventId, event: HistoryEvent): Machine {
    const machine = this.byEventId.get(initialEventId);
    if (machine === undefined) {
      throw new NondeterminismError(
        `${nameEvent(event)} belongs to event ${initialEventId}, which no open ${this.what} of this workflow code is for`,
      );
    }
    return machine;
  }

  /** Workflow code has its answer: a cancellation of it is nothing any more. */
  forgetSeq(machine: Machine): void {
    this.bySeq.delete(machine.seq);
  }

  /** History has nothing more to say about it. */
  forgetEvent(initialEventId: EventId): void {
    this.byEventId.delete(initialEventId);
  }
}
