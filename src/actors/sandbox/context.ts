// One V8 context with a bundle in it. Shard thread. Must never hand an object of the host to the code inside: what goes in are
// strings, and objects that came from there.
import { constants, createContext, Script } from 'node:vm';
import type { Context, CreateContextOptions } from 'node:vm';
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

/** A bundle that was made for it gets a context per execution, whatever is wished. */
export function openContext(script: Script, wished: 'shared' | 'context'): RealmContext {
  const contextObject = dontContextify ?? (Object.create(null) as object);
  const context: Context = createContext(contextObject, OPTIONS);
  const globalObject = GLOBAL_OBJECT.runInContext(context) as object;
  const bundle = script.runInContext(context) as OpenableBundle;
  const isolation = bundle.isolation === 'context' ? 'context' : wished;
  return {
    inRealm: bundle.open(globalObject, isolation),
    isolation,
    drain: () => void NOTHING.runInContext(context),
  };
}
