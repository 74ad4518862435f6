import type { HistoryEvent } from '../../model/event';
export const historyToProtoJson = (events: readonly HistoryEvent[]): { events: unknown[] } => ({ events: [...events] });
export const historyFromProtoJson = (history: unknown): readonly HistoryEvent[] =>
  (history as { events: HistoryEvent[] }).events;
