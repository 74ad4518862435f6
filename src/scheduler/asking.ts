// What runs have asked of other runs and not yet heard of. Host thread. A run that is loaded asks again for whatever its history has
// no outcome of; while the first request, or its outcome, is still on its way here, the second would be answered on its own: "there is
// nobody to signal" to the one, delivered by the other. A request that was lost with its process is in no set, and is sent again.
import type { Message } from '../model/message';
import type { EventId, RunId } from '../model/ids';

const keyOf = (asker: RunId | undefined, eventId: EventId): string => `${asker}:${eventId}`;

export class Asking {
  readonly #keys = new Set<string>();

  get size(): number {
    return this.#keys.size;
  }

  /** Whether the message is to be sent: it asks for nothing, or for something that is not on its way already. */
  begin(message: Message): boolean {
    const key = requestKey(message);
    if (key === undefined) return true;
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }

  /** These were consumed, and what came of it is durable and released. */
  settle(outcomes: readonly Message[]): void {
    for (const message of outcomes) {
      const key = outcomeKey(message);
      if (key !== undefined) this.#keys.delete(key);
    }
  }
}

/** Whether its consumption ends a request. */
export const isOutcome = (message: Message): boolean => outcomeKey(message) !== undefined;

function requestKey(message: Message): string | undefined {
  if (message.kind === 'startChild')
    return keyOf(message.parent.execution.runId, message.parent.initiatedEventId);
  if (message.kind !== 'signal' && message.kind !== 'cancel') return undefined;
  const { sender } = message;
  return sender && keyOf(sender.execution.runId, sender.eventId);
}

function outcomeKey(message: Message): string | undefined {
  const { kind } = message;
  if (kind !== 'externalResolved' && kind !== 'childStarted' && kind !== 'childStartFailed') return undefined;
  return keyOf(message.to.runId, message.initiatedEventId);
}
