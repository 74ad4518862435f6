// The functions that a worker registers, by the names that workflows call them by.
import { ApplicationFailure } from '../common/failure';
import type { Loose } from '../common/loose';

export type AnyActivity = (...args: Loose[]) => Loose;

/** Registered for every name that has no function of its own. */
const DEFAULT_NAME = 'default';

export interface Activities {
  /** Sorted. */
  readonly names: readonly string[];
  /** @throws {ApplicationFailure} nothing is registered under this name; retryable, since another worker may know it */
  find(activityType: string): AnyActivity;
}

/**
 * @param registered an object or a module; what is no function in it is left out
 * @param others registered elsewhere: only for the error
 */
export function activitiesOf(registered: object, others: readonly string[] = []): Activities {
  const functions = new Map<string, AnyActivity>();
  for (const [name, value] of Object.entries(registered)) {
    if (typeof value === 'function') functions.set(name, value as AnyActivity);
  }
  const names = [...functions.keys(), ...others].sort();
  const fallback = functions.get(DEFAULT_NAME);
  return {
    names,
    find(activityType) {
      const activity = functions.get(activityType) ?? fallback;
      if (activity === undefined) throw notRegistered(activityType, names);
      return activity;
    },
  };
}

function notRegistered(activityType: string, names: readonly string[]): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'NotFoundError',
    message: `Activity function ${activityType} is not registered on this Worker, available activities: ${JSON.stringify(names)}`,
    nonRetryable: false,
  });
}
