// Which runs began or ended a moment ago in this process, so that waiting for a result does not read the store. Host thread.
// Bounded, and only a hint: whoever finds nothing here asks the store.
import type { CloseEvent } from '../model/event';
import type { RunId } from '../model/ids';

/** Some seconds of a busy process. */
const RECENT_MAX = 20_000;

export class RecentRuns {
  readonly #open = new Set<RunId>();
  readonly #closed = new Map<RunId, CloseEvent>();

  started(runId: RunId): void {
    this.#open.add(runId);
    if (this.#open.size > RECENT_MAX) drop(this.#open.keys(), (oldest) => this.#open.delete(oldest));
  }

  closed(runId: RunId, closeEvent: CloseEvent): void {
    this.#open.delete(runId);
    this.#closed.set(runId, closeEvent);
    if (this.#closed.size > RECENT_MAX) drop(this.#closed.keys(), (oldest) => this.#closed.delete(oldest));
  }

  find(runId: RunId): CloseEvent | 'open' | undefined {
    return this.#closed.get(runId) ?? (this.#open.has(runId) ? 'open' : undefined);
  }

  forget(runId: RunId): void {
    this.#open.delete(runId);
    this.#closed.delete(runId);
  }
}

function drop(keys: Iterator<RunId>, remove: (runId: RunId) => void): void {
  const oldest = keys.next();
  if (oldest.done !== true) remove(oldest.value);
}
