// One V8 context with a bundle in it. Shard thread. Must never hand an object of the host to the code inside: what goes in are
// strings, and objects that came from there.
import { constants, createContext, Script } from 'node:vm';
import type { Context, CreateContextOptions } from 'node:vm';
import type { DurationMs } from '../../model/time';
import type { InRealm } from './in-realm';

/** What the bundle's script evaluates to. */
interface OpenableBundle {
  readonly isolation: 'auto' | 'context';
  open(globalObject: object, isolation: 'shared' | 'context'): InRealm;
}

export interface RealmContext {
  readonly inRealm: InRealm;
  readonly isolation: 'shared' | 'context';
  /** Runs the microtasks that wait in this context. */
  drain(): void;
  /**
   * Evaluates every module of the user for the first time. Not in a frozen realm.
   * @throws {LoadingTakesTooLong} user code, when it is loaded, does not end: no turn has begun that the watchdog could end
   */
  tryOutWithin(limitMs: DurationMs): void;
}

/** Code at the top level of a module runs for longer than allowed. */
export class LoadingTakesTooLong extends Error {
  override readonly name = 'LoadingTakesTooLong';
  constructor(limitMs: DurationMs) {
    super(`loading it takes longer than ${limitMs} ms: a loop outside of its functions does not end`);
  }
}

const OPTIONS: CreateContextOptions = {
  name: 'workflows',
  codeGeneration: { strings: false, wasm: false },
  microtaskMode: 'afterEvaluate',
};

/** Without it (before Node 20.18) each access to a global goes through an interceptor: 108 ns instead of 0.7. */
const dontContextify = (constants as { readonly DONT_CONTEXTIFY?: unknown }).DONT_CONTEXTIFY;

/** Evaluating anything drains the microtasks; this is the least to evaluate. */
const NOTHING = new Script('0');
const GLOBAL_OBJECT = new Script('globalThis');
const TRY_OUT_NAME = '__troupeTryOut';
const TRY_OUT = new Script(`${TRY_OUT_NAME}()`);

/** A bundle that was made for it gets a context per execution, whatever is wished. */
export function openContext(script: Script, wished: 'shared' | 'context'): RealmContext {
  const contextObject = dontContextify ?? (Object.create(null) as object);
  const context: Context = createContext(contextObject, OPTIONS);
  const globalObject = GLOBAL_OBJECT.runInContext(context) as object;
  const bundle = script.runInContext(context) as OpenableBundle;
  const isolation = bundle.isolation === 'context' ? 'context' : wished;
  const inRealm = bundle.open(globalObject, isolation);
  return {
    inRealm,
    isolation,
    drain: () => void NOTHING.runInContext(context),
    tryOutWithin(limitMs) {
      // Only what a script evaluates can be given a limit.
      Object.defineProperty(globalObject, TRY_OUT_NAME, { value: inRealm.tryOut, configurable: true });
      try {
        TRY_OUT.runInContext(context, { timeout: limitMs });
      } catch (error) {
        throw isTimeout(error) ? new LoadingTakesTooLong(limitMs) : error;
      } finally {
        Reflect.deleteProperty(globalObject, TRY_OUT_NAME);
      }
    },
  };
}

/** An error of the context, or anything that user code threw. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
