// Interceptors of one execution, from the modules that a worker names. Runs in the realm.
import type { WorkflowInterceptors, WorkflowInterceptorsFactory } from '../interceptors';
import type { EngineHost } from './host';

const NONE: WorkflowInterceptors = { inbound: [], outbound: [], internals: [] };

/** @throws {TypeError} what a module exports as `interceptors` is no function */
export function loadInterceptors({ entryNames, requireEntry }: EngineHost): WorkflowInterceptors {
  const names = entryNames.filter((name) => name.startsWith('interceptor:'));
  if (names.length === 0) return NONE;
  const made = names.map((name) => make(requireEntry(name) as { readonly interceptors?: unknown }));
  return {
    inbound: made.flatMap(({ inbound }) => inbound ?? []),
    outbound: made.flatMap(({ outbound }) => outbound ?? []),
    internals: made.flatMap(({ internals }) => internals ?? []),
  };
}

function make({ interceptors }: { readonly interceptors?: unknown }): WorkflowInterceptors {
  if (interceptors === undefined) return NONE;
  if (typeof interceptors !== 'function') {
    throw new TypeError(`interceptors must be a function, got: ${typeof interceptors}`);
  }
  return (interceptors as WorkflowInterceptorsFactory)();
}
