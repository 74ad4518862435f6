// What must hold of every history that is read after a crash, whatever was killed (invariants I5, I6, I10).

import type { Fault } from '../report.ts';

interface Event {
  readonly eventId: string;
  readonly eventType: string;
  readonly eventTime?: string;
  readonly [attributes: string]: unknown;
}
export interface History {
  readonly events: readonly Event[];
}

const CLOSE =
  /^EVENT_TYPE_WORKFLOW_EXECUTION_(COMPLETED|FAILED|TIMED_OUT|CANCELED|TERMINATED|CONTINUED_AS_NEW)$/;
const ACTIVITY_END = /^EVENT_TYPE_ACTIVITY_TASK_(COMPLETED|FAILED|TIMED_OUT|CANCELED)$/;

/** @returns what is wrong with it. */
export function faultsOf(name: string, { events }: History, earlier: History | undefined): readonly Fault[] {
  const faults: Fault[] = [];
  const say = (invariant: string, what: string): void =>
    void faults.push({ invariant, what: `${name}: ${what}` });
  events.forEach((event, index) => {
    if (Number(event.eventId) !== index + 1) say('I5', `event ${index + 1} has the id ${event.eventId}`);
    if (CLOSE.test(event.eventType) && index !== events.length - 1) say('I6', 'an event behind its end');
  });
  const ended = new Map<string, number>();
  for (const event of events) {
    if (!ACTIVITY_END.test(event.eventType)) continue;
    const scheduled = scheduledEventIdOf(event);
    ended.set(scheduled, (ended.get(scheduled) ?? 0) + 1);
  }
  for (const [scheduled, times] of ended) {
    if (times > 1) say('I10', `the activity of event ${scheduled} has ${times} results`);
  }
  earlier?.events.forEach((event, index) => {
    if (JSON.stringify(event) !== JSON.stringify(events[index])) {
      say(
        'I22',
        `event ${event.eventId} is not what it was: ${JSON.stringify(event)} → ${JSON.stringify(events[index])}`,
      );
    }
  });
  return faults;
}

export const isClosed = ({ events }: History): boolean => CLOSE.test(events.at(-1)?.eventType ?? '');

/** Values of the signals named `add`, in order. */
export function addedValues({ events }: History): readonly number[] {
  return signals(events)
    .filter(({ signalName }) => signalName === 'add')
    .map(({ input }) => Number(Buffer.from(input?.payloads?.[0]?.data ?? '', 'base64').toString()));
}

export const isFinishing = ({ events }: History): boolean =>
  signals(events).some(({ signalName }) => signalName === 'finish');

interface Signaled {
  readonly signalName: string;
  readonly input?: { readonly payloads?: readonly { readonly data?: string }[] };
}

const signals = (events: readonly Event[]): readonly Signaled[] =>
  events
    .filter(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED')
    .map((event) => event['workflowExecutionSignaledEventAttributes'] as Signaled);

function scheduledEventIdOf(event: Event): string {
  for (const [key, value] of Object.entries(event)) {
    if (key.endsWith('EventAttributes')) return (value as { scheduledEventId: string }).scheduledEventId;
  }
  return '';
}
