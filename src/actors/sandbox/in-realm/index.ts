// A realm from the inside: what the host drives. Runs inside the vm context. The host passes primitives in, and reads
// primitives, or hands back objects that came from here; it never passes an object of its own.
import { clearAsyncContext, promiseHooks, scopeSlot } from './async-context';
import { freezeIntrinsics, freezeSegmentsLater, harden, resetStackTraceLimit } from './freeze';
import { createGlobalsPrototype, installGlobals } from './globals';
import type { ModuleSystem } from './loader';
import { setCurrentRun } from './run-hooks';
import type { RunHooks } from './run-hooks';
import { Tracer, type CommandTrace } from './tracer';

/** What the engine of an execution is given. */
export interface EngineHost {
  /** An entry of the bundle, evaluated for this execution on first use. */
  readonly requireEntry: (name: string) => unknown;
  readonly entryNames: readonly string[];
  /** Follows `await` and `then`: for the current cancellation scope. */
  readonly scopeSlot: { readonly get: () => unknown; readonly set: (scope: unknown) => unknown };
  /** Present in an execution that is looked into: commands are to say where they come from. */
  readonly traceCommand: ((thrown: unknown) => CommandTrace) | undefined;
  /** One for all executions of the realm: none is in a turn while another is. */
  readonly tape: Primitive[];
}

/** What the module behind the entry 'engine' exports. */
export interface EngineModule {
  /** Called once per execution. `hooks` answer the virtual globals; the rest of the engine is the caller's business. */
  readonly createEngine: (host: EngineHost) => Engine;
}

/** A cell of the tape between the host and an engine: nothing else crosses the border in a turn. */
type Primitive = string | number | boolean | null | undefined;

export interface Engine {
  readonly hooks: RunHooks;
  /** The host writes the activation here, and reads the result. */
  readonly tape: Primitive[];
  /**
   * True: the realm's microtasks have to drain before it can go on. False: the result is on the tape, and no code of the user has run
   * since the last drain.
   */
  step(): boolean;
}

/** An execution inside its realm. */
export interface Execution {
  readonly engine: Engine;
  readonly requireEntry: (name: string) => unknown;
  /** Present: it is looked into. Its turns use these hooks instead of the realm's. */
  readonly tracer: Tracer | undefined;
}

export interface InRealm {
  readonly promiseHooks: typeof promiseHooks;
  /** Modules are evaluated as they are required; the engine's at once. */
  instantiate(): Execution;
  /** The same, to be looked into: slow. */
  instantiateTraced(): Execution;
  /** Makes an execution current: its clock, its random numbers, its timers. */
  enter(execution: Execution): void;
  leave(): void;
  /** Evaluates each entry for a throw-away execution. Throws what a module throws. */
  readonly tryOut: () => void;
  /** Names in the real global scope that were not there when the realm was made. */
  addedGlobals(): string;
  /** After this, nothing that executions share can change. */
  freeze(): void;
  /** Whether an object, such as a rejected promise, belongs to this realm. */
  owns(object: object): boolean;
}

const ENGINE_ENTRY = 'engine';

/** `isolation: 'context'`: the execution has the real global scope, because the realm is its own. */
export function createInRealm(
  modules: ModuleSystem,
  globalObject: object,
  isolation: 'shared' | 'context',
): InRealm {
  installGlobals(globalObject, modules.requireShared);
  if (isolation === 'context') {
    for (const name of ['global', 'self']) {
      Object.defineProperty(globalObject, name, { value: globalObject, writable: true, configurable: true });
    }
  }
  if (isolation === 'shared') freezeSegmentsLater(globalObject);
  const initialGlobals = new Set(Reflect.ownKeys(globalObject));
  const globalsPrototype = isolation === 'shared' ? createGlobalsPrototype(globalObject) : undefined;
  const tape: Primitive[] = [];
  const userEntries = modules.entryNames.filter((name) => !name.startsWith('#') && name !== ENGINE_ENTRY);

  function instantiate(tracer?: Tracer): Execution {
    const globals =
      globalsPrototype === undefined ? globalObject : (Object.create(globalsPrototype) as object);
    const { requireEntry } = modules.instantiate(globals);
    const { createEngine } = requireEntry(ENGINE_ENTRY) as EngineModule;
    const host = {
      requireEntry,
      entryNames: userEntries,
      scopeSlot,
      traceCommand: tracer?.traceCommand,
      tape,
    };
    return { engine: createEngine(host), requireEntry, tracer };
  }

  return {
    promiseHooks,
    instantiate: () => instantiate(),
    instantiateTraced: () => instantiate(new Tracer()),
    enter(execution) {
      resetStackTraceLimit();
      setCurrentRun(execution.engine.hooks);
    },
    leave() {
      setCurrentRun(undefined);
      clearAsyncContext();
    },
    tryOut() {
      const { requireEntry } = instantiate();
      for (const name of userEntries) requireEntry(name);
    },
    addedGlobals() {
      const added = Reflect.ownKeys(globalObject).filter((key) => !initialGlobals.has(key));
      return added.map(String).join(', ');
    },
    freeze() {
      freezeIntrinsics(globalObject);
      modules.hardenShared(harden);
      refuseStrayGlobals(globalObject);
      Object.freeze(globalObject);
    },
    // The second is a trick of the code in here: nothing outside makes promises without a prototype.
    owns: (object) =>
      Object.prototype.isPrototypeOf.call(Object.prototype, object) ||
      Reflect.getPrototypeOf(object) === null,
  };
}

/**
 * Sloppy code assigns to undeclared names, or to `this` in a plain call: a frozen global would ignore that silently.
 * Its prototype is asked before a new property is made, and says what to do instead.
 */
function refuseStrayGlobals(globalObject: object): void {
  const guard = new Proxy(Object.prototype, {
    set(_target, name) {
      throw new TypeError(
        `Cannot create the global '${String(name)}' by an undeclared assignment or a plain function's 'this': ` +
          `assign to globalThis, or bundle with isolation 'context'`,
      );
    },
  });
  Object.setPrototypeOf(globalObject, guard);
}
