// What workflow code writes down about its run. Pure.
import type {
  MarkerRecorded,
  UpsertWorkflowSearchAttributes,
  WorkflowPropertiesModified,
} from '../../../model/event';
import type { Payloads } from '../../../model/payload';
import { setOwn } from '../cells';
import type { Mutable } from '../../../model/mutable';
import type { PayloadRef, Reader, Writer } from '../cells';
import { readFailure, writeFailureOf } from '../failure';
import { eventCodec } from './codec';

/** Name, payloads, name, payloads, … */
type DetailsCells = readonly (string | readonly PayloadRef[])[];

export function writeMarkerDetails(details: MarkerRecorded['details'], writer: Writer): DetailsCells {
  const cells: (string | readonly PayloadRef[])[] = [];
  for (const key in details) cells.push(key, writer.list(details[key] as Payloads));
  return cells;
}

export function readMarkerDetails(cells: DetailsCells, reader: Reader): MarkerRecorded['details'] {
  const details: Record<string, Payloads> = {};
  for (let at = 0; at < cells.length; at += 2) {
    setOwn(details, cells[at] as string, reader.list(cells[at + 1] as readonly PayloadRef[]));
  }
  return details;
}

export const markerRecorded = eventCodec(
  25,
  (event: MarkerRecorded, writer) => [
    writer.name(event.markerName),
    writeMarkerDetails(event.details, writer),
    writer.mapOf(event.header),
    writeFailureOf(event.failure, writer),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => {
    const event: Mutable<MarkerRecorded> = {
      kind: 'markerRecorded',
      eventId,
      at,
      markerName: reader.name(cells[0]),
      details: readMarkerDetails(cells[1], reader),
      workflowTaskCompletedEventId: cells[4],
    };
    if (cells[2] !== null) event.header = reader.map(cells[2]);
    if (cells[3] !== null) event.failure = readFailure(cells[3], reader);
    return event;
  },
);

export const upsertWorkflowSearchAttributes = eventCodec(
  40,
  (event: UpsertWorkflowSearchAttributes, writer) => [
    writer.map(event.searchAttributes),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'upsertWorkflowSearchAttributes',
    eventId,
    at,
    searchAttributes: reader.map(cells[0]),
    workflowTaskCompletedEventId: cells[1],
  }),
);

export const workflowPropertiesModified = eventCodec(
  46,
  (event: WorkflowPropertiesModified, writer) => [
    writer.map(event.upsertedMemo),
    event.workflowTaskCompletedEventId,
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'workflowPropertiesModified',
    eventId,
    at,
    upsertedMemo: reader.map(cells[0]),
    workflowTaskCompletedEventId: cells[1],
  }),
);
