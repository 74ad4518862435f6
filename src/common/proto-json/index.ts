// Histories in Temporal's protobuf JSON, and back. Pure. The one folder that knows this form.
// Nothing of ours is lost on the way out and in again. On the way in, what the model has no place for is passed over: task ids,
// versions of workers, links, priorities.
import type { EventByKind, EventKind, HistoryEvent } from '../../model/event';
import type { EventAttributes } from './event-shape';
import { eventType, laterTypeOf } from './event-types';
import * as activities from './events/activities';
import * as children from './events/children';
import * as externals from './events/externals';
import * as records from './events/records';
import * as requests from './events/requests';
import * as startAndClose from './events/start-and-close';
import * as timers from './events/timers';
import * as workflowTasks from './events/workflow-tasks';
import type { Shape } from './fields';
import { optional, readInto, required, writeShape } from './fields';
import type { JsonObject, Message } from './json';
import { HistoryFormatError, listOf, messageOf, nameOf, UnsupportedHistoryError } from './json';
import { userMetadata } from './parts';
import { long, timestamp } from './scalars';

export { HistoryFormatError, UnsupportedHistoryError } from './json';
export type { JsonObject } from './json';

/** As `temporal workflow show --output json` prints it. */
export interface HistoryJson {
  readonly events: readonly HistoryEventJson[];
}
export interface HistoryEventJson {
  readonly eventId: string;
  /** RFC 3339 */
  readonly eventTime: string;
  /** `EVENT_TYPE_TIMER_STARTED` */
  readonly eventType: string;
  readonly userMetadata?: JsonObject;
  /** The attributes of a TimerStarted are in `timerStartedEventAttributes`. */
  readonly [attributes: `${string}EventAttributes`]: JsonObject;
}

const SHAPES: { readonly [K in EventKind]: Shape<EventAttributes<K>> } = {
  ...startAndClose,
  ...requests,
  ...workflowTasks,
  ...activities,
  ...timers,
  ...children,
  ...externals,
  ...records,
};
type Attributes = Readonly<Record<string, unknown>>;
const BY_KIND = SHAPES as unknown as { readonly [K in EventKind]: Shape<Attributes> };

type Stamp = Pick<HistoryEvent, 'eventId' | 'at' | 'userMetadata'>;
const STAMP: Shape<Stamp> = {
  eventId: required('eventId', long),
  at: required('eventTime', timestamp),
  userMetadata: optional('userMetadata', userMetadata),
};

export const historyToProtoJson = (events: readonly HistoryEvent[]): HistoryJson => ({
  events: events.map(eventToJson),
});

function eventToJson(event: HistoryEvent): HistoryEventJson {
  const { eventId, eventTime, ...metadata } = writeShape<Stamp>(STAMP, event);
  return {
    eventId,
    eventTime,
    eventType: eventType.encode(event.kind),
    ...metadata,
    [attributesName(event.kind)]: writeShape<Attributes>(BY_KIND[event.kind], { ...event }),
  } as HistoryEventJson;
}

/**
 * Takes what `historyToProtoJson` gives, Temporal's command line, its web interface and its SDKs' objects: enums by name or by
 * number, 64-bit integers as text or numbers, times and durations as text or as seconds and nanoseconds.
 *
 * @throws {HistoryFormatError} not a history
 * @throws {UnsupportedHistoryError} a history with an event that Troupe does not know, or not yet
 */
export function historyFromProtoJson(history: unknown): readonly HistoryEvent[] {
  const { events } = messageOf(history, 'history');
  return listOf(events, 'history.events').map(eventFromJson);
}

function eventFromJson(json: unknown, index: number): HistoryEvent {
  const position = `history.events[${index}]`;
  const message = messageOf(json, position);
  const { eventId } = message;
  const where = typeof eventId === 'string' || typeof eventId === 'number' ? `event ${eventId}` : position;
  const kind = kindOf(message, where);
  const name = attributesName(kind);
  const attributes = messageOf(message[name] ?? {}, `${where}.${name}`);
  const event: Partial<Stamp> & { kind: EventKind } = { kind };
  readInto<Stamp>(event, STAMP, message, where);
  readInto<Attributes>(event, BY_KIND[kind], attributes, `${where}.${name}`);
  return event as EventByKind<EventKind>;
}

function kindOf({ eventType: type }: Message, where: string): EventKind {
  const kind = eventType.find(type);
  if (kind !== undefined) return kind;
  if (typeof type !== 'string' && typeof type !== 'number') {
    throw new HistoryFormatError(`${where}.eventType`, `expected a name or a number, found ${nameOf(type)}`);
  }
  const later = laterTypeOf(type);
  if (later === undefined) {
    throw new UnsupportedHistoryError(`${where} is of the unknown type ${type}`, String(type), undefined);
  }
  const { name, feature } = later;
  throw new UnsupportedHistoryError(
    `${where} is of the type ${name}, which Troupe does not know yet (${feature})`,
    name,
    feature,
  );
}

const attributesName = (kind: EventKind): `${EventKind}EventAttributes` => `${kind}EventAttributes`;
