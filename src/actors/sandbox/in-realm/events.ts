// `EventTarget`, `AbortController` and what belongs to them, as in browsers and Node. Runs inside a realm, pure.
// Must never report a listener's error anywhere but as an unhandled rejection of the run: there is no other channel.
import { currentRun } from './run-hooks';

/** The legacy codes of the names that this realm itself throws. */
const EXCEPTION_CODES: Readonly<Record<string, number>> = {
  InvalidStateError: 11,
  SyntaxError: 12,
  AbortError: 20,
  TimeoutError: 23,
  DataCloneError: 25,
};

export class DOMException extends Error {
  readonly code: number;
  constructor(
    message = '',
    nameOrOptions: string | { readonly name?: string; readonly cause?: unknown } = 'Error',
  ) {
    const options = typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions;
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    const name = options.name ?? 'Error';
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true });
    this.code = Object.hasOwn(EXCEPTION_CODES, name) ? (EXCEPTION_CODES[name] ?? 0) : 0;
  }
}

export interface EventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  readonly composed?: boolean;
}

/** The dispatcher's access to what is private in `Event`. */
let beginDispatch: (event: Event, target: EventTarget) => void;
let endDispatch: (event: Event) => void;
let isStopped: (event: Event) => boolean;

export class Event {
  static readonly NONE = 0;
  static readonly CAPTURING_PHASE = 1;
  static readonly AT_TARGET = 2;
  static readonly BUBBLING_PHASE = 3;

  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly timeStamp = currentRun().now();
  readonly isTrusted = false;
  #target: EventTarget | null = null;
  #dispatching = false;
  #stopped = false;
  #prevented = false;

  constructor(type: string, init: EventInit = {}) {
    this.type = String(type);
    this.bubbles = Boolean(init.bubbles);
    this.cancelable = Boolean(init.cancelable);
    this.composed = Boolean(init.composed);
  }

  get target(): EventTarget | null {
    return this.#target;
  }
  get srcElement(): EventTarget | null {
    return this.#target;
  }
  get currentTarget(): EventTarget | null {
    return this.#dispatching ? this.#target : null;
  }
  get eventPhase(): number {
    return this.#dispatching ? Event.AT_TARGET : Event.NONE;
  }
  get defaultPrevented(): boolean {
    return this.#prevented;
  }
  get returnValue(): boolean {
    return !this.#prevented;
  }
  composedPath(): EventTarget[] {
    return this.#dispatching && this.#target !== null ? [this.#target] : [];
  }
  preventDefault(): void {
    if (this.cancelable) this.#prevented = true;
  }
  stopPropagation(): void {
    // There are no parents to propagate to.
  }
  stopImmediatePropagation(): void {
    this.#stopped = true;
  }

  static {
    beginDispatch = (event, target) => {
      if (event.#dispatching)
        throw new DOMException('The event is already being dispatched', 'InvalidStateError');
      event.#target = target;
      event.#dispatching = true;
      event.#stopped = false;
    };
    endDispatch = (event) => {
      event.#dispatching = false;
    };
    isStopped = (event) => event.#stopped;
  }
}
export type EventListener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

export interface AddListenerOptions {
  readonly capture?: boolean;
  readonly once?: boolean;
  readonly passive?: boolean;
  readonly signal?: AbortSignal;
}

interface Registration {
  readonly type: string;
  readonly listener: EventListener;
  readonly capture: boolean;
  readonly once: boolean;
  removed: boolean;
}

function captureOf(options: AddListenerOptions | boolean | undefined): boolean {
  return typeof options === 'boolean' ? options : Boolean(options?.capture);
}

export class EventTarget {
  #registrations: readonly Registration[] = [];

  addEventListener(
    type: string,
    listener: EventListener | null,
    options?: AddListenerOptions | boolean,
  ): void {
    const signal = typeof options === 'object' ? options.signal : undefined;
    if (listener === null || listener === undefined || signal?.aborted === true) return;
    const capture = captureOf(options);
    if (this.#find(type, listener, capture) !== undefined) return;
    const once = typeof options === 'object' && Boolean(options.once);
    this.#registrations = [...this.#registrations, { type, listener, capture, once, removed: false }];
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, capture), {
      once: true,
    });
  }

  removeEventListener(
    type: string,
    listener: EventListener | null,
    options?: AddListenerOptions | boolean,
  ): void {
    if (listener === null) return;
    const registration = this.#find(type, listener, captureOf(options));
    if (registration === undefined) return;
    registration.removed = true;
    this.#registrations = this.#registrations.filter((other) => other !== registration);
  }

  /** Answers false when a listener prevented the default. */
  dispatchEvent(event: Event): boolean {
    beginDispatch(event, this);
    try {
      for (const registration of this.#registrations) {
        if (registration.type !== event.type || registration.removed) continue;
        if (registration.once)
          this.removeEventListener(event.type, registration.listener, registration.capture);
        this.#call(registration.listener, event);
        if (isStopped(event)) break;
      }
    } finally {
      endDispatch(event);
    }
    return !event.defaultPrevented;
  }

  #call(listener: EventListener, event: Event): void {
    try {
      if (typeof listener === 'function') Reflect.apply(listener, this, [event]);
      else listener.handleEvent(event);
    } catch (error) {
      void Promise.resolve().then(() => {
        throw error;
      });
    }
  }

  #find(type: string, listener: EventListener, capture: boolean): Registration | undefined {
    return this.#registrations.find(
      (other) => other.type === type && other.listener === listener && other.capture === capture,
    );
  }
}

/** Keeps `new AbortSignal()` from being called by anyone else. */
const CONSTRUCTION = Symbol('construction');

/** The controller's access to what is private in `AbortSignal`. */
let abortSignal: (signal: AbortSignal, reason: unknown) => void;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown = undefined;
  #onabort: ((event: Event) => unknown) | null = null;
  #dependents: AbortSignal[] = [];

  constructor(permission?: symbol) {
    if (permission !== CONSTRUCTION) throw new TypeError('Illegal constructor');
    super();
  }

  static abort(reason: unknown = defaultReason()): AbortSignal {
    const signal = new AbortSignal(CONSTRUCTION);
    abortSignal(signal, reason);
    return signal;
  }

  /** A durable timer: it fires in the run's own time. */
  static timeout(delayMs: number): AbortSignal {
    const signal = new AbortSignal(CONSTRUCTION);
    const expire = (): void =>
      abortSignal(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    currentRun().setTimeout(expire, Math.max(1, delayMs), []);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const sources = [...signals];
    const combined = new AbortSignal(CONSTRUCTION);
    const aborted = sources.find((source) => source.#aborted);
    if (aborted !== undefined) abortSignal(combined, aborted.#reason);
    else for (const source of sources) source.#dependents.push(combined);
    return combined;
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  get onabort(): ((event: Event) => unknown) | null {
    return this.#onabort;
  }
  set onabort(listener: ((event: Event) => unknown) | null) {
    if (this.#onabort !== null) this.removeEventListener('abort', this.#onabort);
    this.#onabort = typeof listener === 'function' ? listener : null;
    this.addEventListener('abort', this.#onabort);
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  static {
    abortSignal = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason;
      signal.dispatchEvent(new Event('abort'));
      const dependents = signal.#dependents;
      signal.#dependents = [];
      for (const dependent of dependents) abortSignal(dependent, reason);
    };
  }
}
function defaultReason(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}

export class AbortController {
  readonly #signal = new AbortSignal(CONSTRUCTION);
  get signal(): AbortSignal {
    return this.#signal;
  }
  abort(reason: unknown = defaultReason()): void {
    abortSignal(this.#signal, reason);
  }
}
