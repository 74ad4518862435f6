// Handlers of signals, queries and updates. Runs in the realm.
import type {
  HandlerUnfinishedPolicy,
  QueryDefinition,
  SignalDefinition,
  UpdateDefinition,
} from '../common/interfaces';
import type { Loose } from '../common/loose';
import { throwIfReservedName } from '../common/reserved';
import { currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import { dispatchBuffered } from './engine/signals';
import { writeFor } from './log';

export type Handler<
  Ret,
  Args extends Loose[],
  T extends UpdateDefinition<Ret, Args> | SignalDefinition<Args> | QueryDefinition<Ret, Args>,
> =
  T extends UpdateDefinition<infer R, infer A>
    ? (...args: A) => R | Promise<R>
    : T extends SignalDefinition<infer A>
      ? (...args: A) => void | Promise<void>
      : T extends QueryDefinition<infer R, infer A>
        ? (...args: A) => R
        : never;

export interface QueryHandlerOptions {
  description?: string;
}
export interface SignalHandlerOptions {
  description?: string;
  /** What is to happen when the workflow closes while it runs. */
  unfinishedPolicy?: HandlerUnfinishedPolicy;
}
export interface UpdateHandlerOptions<Args extends Loose[]> {
  validator?: (...args: Args) => void;
  description?: string;
  unfinishedPolicy?: HandlerUnfinishedPolicy;
}

const UNCALLED =
  'A handler of an update was registered, and nobody can call it: updates are not supported yet. Use a signal and a query.';

export type DefaultSignalHandler = (signalName: string, ...args: unknown[]) => void | Promise<void>;
export type DefaultQueryHandler = (queryName: string, ...args: unknown[]) => unknown;
export type DefaultUpdateHandler = (updateName: string, ...args: unknown[]) => unknown;

/**
 * Registers a handler, or removes it with `undefined`. Signals that came before are handled at once, in their order.
 *
 * @throws {TypeError} a reserved name, or no function
 */
export function setHandler<
  Ret,
  Args extends Loose[],
  T extends UpdateDefinition<Ret, Args> | SignalDefinition<Args> | QueryDefinition<Ret, Args>,
>(
  def: T,
  handler: Handler<Ret, Args, T> | undefined,
  options?: QueryHandlerOptions | SignalHandlerOptions | UpdateHandlerOptions<Args>,
): void {
  const run = writable('setHandler()');
  const { type, name } = def;
  throwIfReservedName(type, name);
  const given = (options ?? {}) as SignalHandlerOptions & UpdateHandlerOptions<Args>;
  const { description, unfinishedPolicy, validator } = given;
  const fn = functionOrNone(handler as ((...args: Loose[]) => Loose) | undefined);
  switch (type) {
    case 'signal':
      if (fn === undefined) run.signalHandlers.delete(name);
      else run.signalHandlers.set(name, { handler: fn, description, unfinishedPolicy });
      return dispatchBuffered(run);
    case 'query':
      if (fn === undefined) run.queryHandlers.delete(name);
      else run.queryHandlers.set(name, { handler: fn, description });
      return;
    case 'update':
      if (fn === undefined) run.updateHandlers.delete(name);
      else {
        writeFor(run, 'warn', `${UNCALLED} Update: '${name}'`, undefined);
        const checks = validator as ((...args: Loose[]) => void) | undefined;
        run.updateHandlers.set(name, { handler: fn, validator: checks, description, unfinishedPolicy });
      }
      return;
    default:
      throw new TypeError(`Invalid definition type: ${String(type)}`);
  }
}

/** Of signals that have no handler of their own; `undefined` removes it. */
export function setDefaultSignalHandler(handler: DefaultSignalHandler | undefined): void {
  const run = writable('setDefaultSignalHandler()');
  run.defaultSignalHandler = functionOrNone(handler);
  dispatchBuffered(run);
}

/** Of queries that have no handler of their own; `undefined` removes it. */
export function setDefaultQueryHandler(handler: DefaultQueryHandler | undefined): void {
  writable('setDefaultQueryHandler()').defaultQueryHandler = functionOrNone(handler);
}

/** Of updates that have no handler of their own; `undefined` removes it. */
export function setDefaultUpdateHandler(handler: DefaultUpdateHandler | undefined): void {
  writable('setDefaultUpdateHandler()').defaultUpdateHandler = functionOrNone(handler);
}

/** Whether no handler of a signal or update is half-way through: a good moment to end. */
export function allHandlersFinished(): boolean {
  return currentRun('allHandlersFinished()').runningHandlers.size === 0;
}

/** A query must not change who answers the next one. */
function writable(what: string): RunContext {
  const run = currentRun(what);
  run.assertWritable();
  return run;
}

/** JavaScript may give anything, and `null` for "none". @throws {TypeError} neither */
function functionOrNone<T extends (...args: Loose[]) => Loose>(handler: T | null | undefined): T | undefined {
  if (handler === undefined || handler === null) return undefined;
  if (typeof handler === 'function') return handler;
  throw new TypeError(`Expected handler to be either a function or 'undefined'. Got: '${typeof handler}'`);
}
