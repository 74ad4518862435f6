// The life of a timer. Pure.
import type { TimerCanceled, TimerFired, TimerStarted } from '../../../model/event';
import { eventCodec } from './codec';

export const timerStarted = eventCodec(
  17,
  (event: TimerStarted) => [event.timerId, event.startToFireTimeoutMs, event.workflowTaskCompletedEventId],
  (cells, { eventId, at }) => ({
    kind: 'timerStarted',
    eventId,
    at,
    timerId: cells[0],
    startToFireTimeoutMs: cells[1],
    workflowTaskCompletedEventId: cells[2],
  }),
);

export const timerFired = eventCodec(
  18,
  (event: TimerFired) => [event.timerId, event.startedEventId],
  (cells, { eventId, at }) => ({
    kind: 'timerFired',
    eventId,
    at,
    timerId: cells[0],
    startedEventId: cells[1],
  }),
);

export const timerCanceled = eventCodec(
  19,
  (event: TimerCanceled, writer) => [
    event.timerId,
    event.startedEventId,
    event.workflowTaskCompletedEventId,
    writer.name(event.identity),
  ],
  (cells, { eventId, at }, reader) => ({
    kind: 'timerCanceled',
    eventId,
    at,
    timerId: cells[0],
    startedEventId: cells[1],
    workflowTaskCompletedEventId: cells[2],
    identity: reader.name(cells[3]),
  }),
);
