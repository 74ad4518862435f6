// Installs what workflow code finds in the global scope beyond ECMAScript, and takes away what no replay could repeat.
// Runs inside a realm, once, before any other module of the bundle. Everything here exists once per realm and holds no
// state: what differs between executions is asked of the current one. Must never let a host object in.
import { AsyncLocalStorage } from './async-context';
import { overrideOn } from './freeze';
import { CONSOLE_LEVELS, currentRun, DeterminismViolationError } from './run-hooks';
import { installVirtualDate } from './virtual-date';

/** Heard of by many libraries, absent here as in Temporal's sandbox: `typeof fetch` must say 'undefined'. */
const REMOVED = [
  ...['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'ShadowRealm', 'Temporal'],
  // Only there with V8 flags.
  ...['gc', 'd8'],
];

/** Global name → the bundle's entry that implements it, evaluated on first use. */
const LAZY_GLOBALS: Readonly<Record<string, readonly string[]>> = {
  '#url': ['URL', 'URLSearchParams'],
  '#text-encoding': ['TextEncoder', 'TextDecoder'],
  '#events': ['Event', 'EventTarget', 'AbortController', 'AbortSignal', 'DOMException'],
  '#structured-clone': ['structuredClone'],
};

/** `requireShared` loads an entry of the realm's own. */
export function installGlobals(globalObject: object, requireShared: (entry: string) => unknown): void {
  for (const name of REMOVED) Reflect.deleteProperty(globalObject, name);
  installVirtualDate(globalObject);
  define(Math, 'random', () => currentRun().random());
  for (const name of ['WeakRef', 'FinalizationRegistry'])
    define(globalObject, name, forbiddenConstructor(name));
  define(globalObject, 'setTimeout', startTimer);
  define(globalObject, 'clearTimeout', (handle: unknown) => currentRun().clearTimeout(handle));
  define(globalObject, 'queueMicrotask', enqueueMicrotask);
  define(globalObject, 'console', virtualConsole());
  define(globalObject, 'performance', {
    timeOrigin: 0,
    now: () => currentRun().now(),
  });
  define(globalObject, 'AsyncLocalStorage', AsyncLocalStorage);
  for (const [entry, names] of Object.entries(LAZY_GLOBALS)) {
    for (const name of names) defineLazily(globalObject, name, () => requireShared(entry));
  }
  defineDisposalSymbols();
}

/**
 * What an execution has as `globalThis`, `global` and `self`: reads see the realm, writes stay its own. One prototype
 * with accessors serves all: data properties of a frozen global could not be shadowed by assignment.
 */
export function createGlobalsPrototype(globalObject: object): object {
  const prototype = Object.create(Object.prototype) as object;
  for (const key of Reflect.ownKeys(globalObject)) {
    if (key === 'globalThis' || key === 'global' || key === 'self') continue;
    Object.defineProperty(prototype, key, {
      get: () => Reflect.get(globalObject, key) as unknown,
      set(this: unknown, value: unknown) {
        overrideOn(this, key, value);
      },
      enumerable: false,
      configurable: false,
    });
  }
  for (const key of ['globalThis', 'global', 'self']) {
    Object.defineProperty(prototype, key, {
      get(this: unknown) {
        return this;
      },
      set(this: unknown, value: unknown) {
        overrideOn(this, key, value);
      },
      enumerable: false,
      configurable: false,
    });
  }
  return Object.freeze(prototype);
}

function define(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: false, configurable: true });
}

function defineLazily(globalObject: object, name: string, load: () => unknown): void {
  Object.defineProperty(globalObject, name, {
    get: () => Reflect.get(load() as object, name) as unknown,
    set(this: unknown, value: unknown) {
      if (this !== globalObject) return overrideOn(this, name, value);
      // A polyfill, before the realm is frozen, or with a realm to itself.
      define(globalObject, name, value);
    },
    enumerable: false,
    configurable: true,
  });
}

function startTimer(callback: unknown, delayMs?: unknown, ...args: readonly unknown[]): unknown {
  if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
  const delay = Number(delayMs);
  const run = callback as (...args: readonly unknown[]) => void;
  return currentRun().setTimeout(run, delay > 1 ? delay : 1, args);
}

function enqueueMicrotask(callback: unknown): void {
  if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
  void Promise.resolve().then(() => {
    (callback as () => void)();
  });
}

function virtualConsole(): object {
  const methods: Record<string, unknown> = {};
  for (const level of CONSOLE_LEVELS) {
    methods[level] = (...args: readonly unknown[]) => currentRun().console(level, args);
  }
  return methods;
}

function forbiddenConstructor(name: string): unknown {
  const forbidden = class {
    constructor() {
      throw new DeterminismViolationError(
        `${name} cannot be used in Workflows because v8 GC is non-deterministic`,
      );
    }
  };
  Object.defineProperty(forbidden, 'name', { value: name, configurable: true });
  return forbidden;
}

/** `using` declarations are lowered to these; Node 20 has no such symbols of its own. */
function defineDisposalSymbols(): void {
  for (const name of ['dispose', 'asyncDispose']) {
    if (Object.hasOwn(Symbol, name)) continue;
    Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
  }
}
