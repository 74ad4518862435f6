// The application's listeners, as the engine calls them: an error in one ends neither the engine's work nor the process. Host thread.
import { guarded } from '../common/guarded';
import type { EngineLog } from '../scheduler/engine';
import type { RuntimeEvents } from '../scheduler/events';

type Listener = RuntimeEvents[keyof RuntimeEvents];

export class GuardedListeners {
  readonly #log: EngineLog;
  /** What `off` has to remove, by event and by what `on` was given. */
  readonly #guarded = new Map<string, WeakMap<Listener, Listener>>();

  constructor(log: EngineLog) {
    this.#log = log;
  }

  /** The same one for the same event and listener. */
  of<Name extends keyof RuntimeEvents>(event: Name, listener: RuntimeEvents[Name]): RuntimeEvents[Name] {
    let known = this.#guarded.get(event);
    if (known === undefined) this.#guarded.set(event, (known = new WeakMap()));
    let guard = known.get(listener);
    if (guard === undefined) {
      guard = guarded(listener as (...args: readonly unknown[]) => unknown, (error) =>
        this.#log.warn(`A listener of the event '${event}' failed`, { error }),
      );
      known.set(listener, guard);
    }
    return guard as RuntimeEvents[Name];
  }
}
