// Events as cells: code, id, time, user metadata, body; and so on, flat. A kind that is missing in the table does not compile. Pure.
import { assert } from '../../../model/assert';
import type { EventByKind, EventKind, HistoryEvent, NewEvent } from '../../../model/event';
import type { Mutable } from '../../../model/mutable';
import type { Cell, Cells, Reader, Writer } from '../cells';
import { readUserMetadata, writeUserMetadataOf } from '../parts';
import type { UserMetadataCells } from '../parts';
import * as activities from './activities';
import * as children from './children';
import type { EventCodec, Stamp } from './codec';
import * as externals from './externals';
import { markerRecorded, upsertWorkflowSearchAttributes, workflowPropertiesModified } from './records';
import * as requests from './requests';
import * as startAndClose from './start-and-close';
import * as timers from './timers';
import * as workflowTasks from './workflow-tasks';

const CODECS: { readonly [K in EventKind]: EventCodec<EventByKind<K>> } = {
  ...startAndClose,
  ...requests,
  ...workflowTasks,
  ...activities,
  ...timers,
  ...children,
  ...externals,
  markerRecorded,
  upsertWorkflowSearchAttributes,
  workflowPropertiesModified,
};
const BY_KIND = CODECS as Readonly<Record<EventKind, EventCodec<HistoryEvent>>>;

const BY_CODE: (EventCodec<HistoryEvent> | undefined)[] = [];
for (const each of Object.values(BY_KIND)) {
  assert(BY_CODE[each.code] === undefined, `two kinds of events have the number ${each.code}`);
  BY_CODE[each.code] = each;
}

/** Cells of one event. */
const EVENT_CELLS = 5;

export function writeEvents(events: readonly HistoryEvent[], writer: Writer): Cells {
  const cells = new Array<Cell>(EVENT_CELLS * events.length);
  let at = 0;
  for (const event of events) {
    const { code, write } = BY_KIND[event.kind];
    cells[at] = code;
    cells[at + 1] = event.eventId;
    cells[at + 2] = event.at - writer.baseTime;
    cells[at + 3] = writeUserMetadataOf(event.userMetadata, writer);
    cells[at + 4] = write(event, writer);
    at += EVENT_CELLS;
  }
  return cells;
}

export function readEvents<E extends HistoryEvent = HistoryEvent>(cells: Cells, reader: Reader): E[] {
  const events: E[] = [];
  for (let at = 0; at < cells.length; at += EVENT_CELLS) {
    const stamp = { eventId: cells[at + 1] as number, at: (cells[at + 2] as number) + reader.baseTime };
    const metadata = cells[at + 3] as UserMetadataCells | null;
    events.push(readEvent(cells[at] as number, stamp, metadata, cells[at + 4] as Cells, reader) as E);
  }
  return events;
}

/** Cells of an event that waits for its id and its time. */
const NEW_EVENT_CELLS = 3;

export function writeNewEvents(events: readonly NewEvent[], writer: Writer): Cells {
  const cells: Cell[] = [];
  for (const event of events) {
    const { code, write } = BY_KIND[event.kind];
    // What is not there yet is not written.
    cells.push(code, writeUserMetadataOf(event.userMetadata, writer), write(event as HistoryEvent, writer));
  }
  return cells;
}

const UNSTAMPED: Stamp = { eventId: 0, at: 0 };

export function readNewEvents(cells: Cells, reader: Reader): NewEvent[] {
  const events: NewEvent[] = [];
  for (let at = 0; at < cells.length; at += NEW_EVENT_CELLS) {
    const metadata = cells[at + 1] as UserMetadataCells | null;
    const stamped = readEvent(cells[at] as number, UNSTAMPED, metadata, cells[at + 2] as Cells, reader);
    const { eventId: _id, at: _at, ...event } = stamped;
    events.push(event);
  }
  return events;
}

function readEvent(
  code: number,
  stamp: Stamp,
  metadata: UserMetadataCells | null,
  body: Cells,
  reader: Reader,
): HistoryEvent {
  const found = BY_CODE[code];
  assert(found !== undefined, `no kind of event has the number ${code}`);
  const event: Mutable<HistoryEvent> = found.read(body, stamp, reader);
  if (metadata !== null) event.userMetadata = readUserMetadata(metadata, reader);
  return event;
}
