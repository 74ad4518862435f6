// Names of signals, queries and updates, with their types: shared by workflow code and its callers. Pure.
import type { QueryDefinition, SignalDefinition, UpdateDefinition } from './interfaces';
import type { Loose } from './loose';

export function defineSignal<Args extends Loose[] = [], Name extends string = string>(
  name: Name,
): SignalDefinition<Args, Name> {
  return { type: 'signal', name };
}

export function defineQuery<Ret, Args extends Loose[] = [], Name extends string = string>(
  name: Name,
): QueryDefinition<Ret, Args, Name> {
  return { type: 'query', name };
}

export function defineUpdate<Ret, Args extends Loose[] = [], Name extends string = string>(
  name: Name,
): UpdateDefinition<Ret, Args, Name> {
  return { type: 'update', name };
}
