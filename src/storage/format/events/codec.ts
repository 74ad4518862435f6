// The shape of an event's codec. Pure.
import type { HistoryEvent } from '../../../model/event';
import type { EventId } from '../../../model/ids';
import type { EpochMs } from '../../../model/time';
import type { Cells, Reader, Writer } from '../cells';

/** What every event has; the rest of an event is its codec's. */
export interface Stamp {
  readonly eventId: EventId;
  readonly at: EpochMs;
}

export interface EventCodec<E extends HistoryEvent> {
  /** Temporal's EventType. */
  readonly code: number;
  /** Everything but kind, id, time and user metadata. */
  readonly write: (event: E, writer: Writer) => Cells;
  readonly read: (cells: Cells, stamp: Stamp, reader: Reader) => E;
}

export const eventCodec = <E extends HistoryEvent, const C extends Cells>(
  code: number,
  write: (event: E, writer: Writer) => C,
  read: (cells: C, stamp: Stamp, reader: Reader) => NoInfer<E>,
): EventCodec<E> => ({ code, write, read: read as unknown as EventCodec<E>['read'] });
