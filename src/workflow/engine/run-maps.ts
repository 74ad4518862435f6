// What an execution waits for, and what it has registered, each by its number or name. Runs in the realm. A map is made when it is first
// asked for: most runs have two or three of them.
import { FewMap } from '../../model/few-map';
import type { QueryHandler, SignalHandler, UpdateHandler } from './handlers';

/** A promise that somebody waits for. */
export interface Completion {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}
export interface ChildStart extends Completion {
  readonly workflowId: string;
  readonly workflowType: string;
}
export interface Condition {
  readonly holds: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** What the engine knows of a cancellation scope. */
export interface Scope {
  cancel(): void;
}

/** A handler that has begun and not ended. */
export interface RunningHandler {
  readonly name: string;
  /** Whether the end of the workflow may not pass over it in silence. */
  readonly isWarned: boolean;
}

/** What history, and this code, have said about a patch. */
export type PatchState = 'in history' | 'sent';

export class RunMaps {
  #signalHandlers: FewMap<string, SignalHandler> | undefined;
  #queryHandlers: FewMap<string, QueryHandler> | undefined;
  #updateHandlers: FewMap<string, UpdateHandler> | undefined;
  #runningHandlers: FewMap<number, RunningHandler> | undefined;
  #timers: FewMap<number, Completion> | undefined;
  #activities: FewMap<number, Completion> | undefined;
  #childStarts: FewMap<number, ChildStart> | undefined;
  #children: FewMap<number, Completion> | undefined;
  #externalSignals: FewMap<number, Completion> | undefined;
  #externalCancels: FewMap<number, Completion> | undefined;
  #conditions: FewMap<number, Condition> | undefined;
  #timeouts: FewMap<number, Scope> | undefined;
  #patches: FewMap<string, PatchState> | undefined;

  get signalHandlers(): FewMap<string, SignalHandler> {
    return (this.#signalHandlers ??= new FewMap());
  }
  get queryHandlers(): FewMap<string, QueryHandler> {
    return (this.#queryHandlers ??= new FewMap());
  }
  get updateHandlers(): FewMap<string, UpdateHandler> {
    return (this.#updateHandlers ??= new FewMap());
  }
  /** By number. */
  get runningHandlers(): FewMap<number, RunningHandler> {
    return (this.#runningHandlers ??= new FewMap());
  }
  get timers(): FewMap<number, Completion> {
    return (this.#timers ??= new FewMap());
  }
  get activities(): FewMap<number, Completion> {
    return (this.#activities ??= new FewMap());
  }
  get childStarts(): FewMap<number, ChildStart> {
    return (this.#childStarts ??= new FewMap());
  }
  get children(): FewMap<number, Completion> {
    return (this.#children ??= new FewMap());
  }
  get externalSignals(): FewMap<number, Completion> {
    return (this.#externalSignals ??= new FewMap());
  }
  get externalCancels(): FewMap<number, Completion> {
    return (this.#externalCancels ??= new FewMap());
  }
  get conditions(): FewMap<number, Condition> {
    return (this.#conditions ??= new FewMap());
  }
  /** Scopes of `setTimeout`s that have not fired, by what it returned. */
  get timeouts(): FewMap<number, Scope> {
    return (this.#timeouts ??= new FewMap());
  }
  get patches(): FewMap<string, PatchState> {
    return (this.#patches ??= new FewMap());
  }

  /** Whether anything waits for a condition: asked after every step, also in runs that have none. */
  get hasConditions(): boolean {
    return this.#conditions !== undefined && this.#conditions.size > 0;
  }
}
