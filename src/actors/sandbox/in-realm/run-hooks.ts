// What the virtual globals ask the current execution for. Runs inside a realm, pure. One execution is current at a
// time, because a turn is one synchronous call that drains its microtasks: so `Date` and its kin exist once per realm
// and cost an execution nothing. Must never hold an execution beyond its turn.

export const CONSOLE_LEVELS = ['trace', 'debug', 'log', 'info', 'warn', 'error'] as const;
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number];

/** The execution's side of the virtual globals; the engine implements it. */
export interface RunHooks {
  /** Milliseconds since 1970 of the current turn: constant within a turn. */
  now(): number;
  /** The next draw of the run's seeded generator, in [0, 1). */
  random(): number;
  /** Starts a durable timer; the result is the handle that `clearTimeout` gets. `delayMs` is at least 1. */
  setTimeout(
    callback: (...args: readonly unknown[]) => void,
    delayMs: number,
    args: readonly unknown[],
  ): unknown;
  clearTimeout(handle: unknown): void;
  console(level: ConsoleLevel, args: readonly unknown[]): void;
}

/** Thrown for what no replay could repeat. Has Temporal's marker, so that `instanceof` holds across copies. */
export class DeterminismViolationError extends Error {
  constructor(message: string) {
    super(message);
    // Own, not inherited: the class field form would be enumerable.
    Object.defineProperty(this, 'name', {
      value: 'DeterminismViolationError',
      configurable: true,
      writable: true,
    });
  }
}
Object.defineProperty(
  DeterminismViolationError.prototype,
  Symbol.for('__temporal_isDeterminismViolationError'),
  {
    value: true,
  },
);

function unavailable(what: string): never {
  throw new DeterminismViolationError(
    `${what} is not available while modules are loaded: call it in a workflow function`,
  );
}

/** While the bundle is tried out, before any execution exists: time stands still and nothing can be asked for. */
const loadingHooks: RunHooks = {
  now: () => 0,
  random: () => 0.5,
  setTimeout: () => unavailable('setTimeout'),
  clearTimeout: () => undefined,
  console: () => undefined,
};

let current: RunHooks = loadingHooks;

export function currentRun(): RunHooks {
  return current;
}

export function setCurrentRun(hooks: RunHooks | undefined): void {
  current = hooks ?? loadingHooks;
}
