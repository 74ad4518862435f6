// Which runs began or ended a moment ago in this process, so that waiting for a result does not read the store. Host thread.
// Bounded, and only a hint: whoever finds nothing here asks the store.
import type { CloseEvent } from '../model/event';
import type { RunId } from '../model/ids';

/** Some seconds of a busy process. */
const RECENT_MAX = 40_000;

/** Two halves, of which the older one goes as a whole: taking the oldest out of a map one by one gets slower with each. */
export class RecentRuns {
  #young = new Map<RunId, CloseEvent | 'open'>();
  #old = new Map<RunId, CloseEvent | 'open'>();

  started(runId: RunId): void {
    this.#set(runId, 'open');
  }

  closed(runId: RunId, closeEvent: CloseEvent): void {
    this.#set(runId, closeEvent);
  }

  find(runId: RunId): CloseEvent | 'open' | undefined {
    return this.#young.get(runId) ?? this.#old.get(runId);
  }

  forget(runId: RunId): void {
    this.#young.delete(runId);
    this.#old.delete(runId);
  }

  #set(runId: RunId, state: CloseEvent | 'open'): void {
    this.#young.set(runId, state);
    if (this.#young.size < RECENT_MAX / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
