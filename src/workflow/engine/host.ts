// What the realm gives an engine, and what it wants of one. The same shapes stand in the sandbox: layers keep the folders apart.
import type { CommandTrace } from '../../model/turn';
import type { Primitive } from '../tape';

export type ConsoleLevel = 'trace' | 'debug' | 'log' | 'info' | 'warn' | 'error';

/** The execution's side of the virtual globals. */
export interface RunHooks {
  now(): number;
  random(): number;
  setTimeout(
    callback: (...args: readonly unknown[]) => void,
    delayMs: number,
    args: readonly unknown[],
  ): unknown;
  clearTimeout(handle: unknown): void;
  console(level: ConsoleLevel, args: readonly unknown[]): void;
}

export interface EngineHost {
  /** An entry of the bundle, evaluated for this execution on first use. */
  readonly requireEntry: (name: string) => unknown;
  readonly entryNames: readonly string[];
  /** Follows `await` and `then`: for the current cancellation scope. */
  readonly scopeSlot: { readonly get: () => unknown; readonly set: (scope: unknown) => unknown };
  /** Present when the execution is looked into: each command is to say where it comes from. */
  readonly traceCommand?: ((thrown: unknown) => CommandTrace) | undefined;
  /** Of the realm: the activation is there when a turn begins, the result when it has ended. */
  readonly tape: Primitive[];
}

export interface Engine {
  readonly hooks: RunHooks;
  readonly tape: Primitive[];
  step(): boolean;
}
