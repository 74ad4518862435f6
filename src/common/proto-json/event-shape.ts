// The shape of a kind's attributes: everything but kind, id, time and user metadata. Pure.
import type { EventByKind, EventKind } from '../../model/event';
import type { Shape } from './fields';

export type EventAttributes<K extends EventKind> = Omit<
  EventByKind<K>,
  'kind' | 'eventId' | 'at' | 'userMetadata'
>;

export const eventShape = <K extends EventKind>(
  shape: Shape<EventAttributes<K>>,
): Shape<EventAttributes<K>> => shape;
