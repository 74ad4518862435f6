// The end of a run that its workflow outlives. Runs in the realm.
import { composeInterceptors } from '../common/interceptors';
import type { Workflow } from '../common/interfaces';
import { currentRun } from './engine/current';
import { ContinueAsNew } from './errors';
import type { ContinueAsNewInput } from './interceptors';
import type { ContinueAsNewOptions } from './options';

/** A function that ends this run and begins the next one, with these options. */
export function makeContinueAsNewFunc<F extends Workflow>(
  options?: ContinueAsNewOptions,
): (...args: Parameters<F>) => Promise<never> {
  const run = currentRun('continueAsNew()');
  const { workflowType, ...rest } = options ?? {};
  const given = { workflowType: workflowType ?? run.started.workflowType, ...rest };
  const { outbound = [] } = run.interceptors;
  const end = async (input: ContinueAsNewInput): Promise<never> => {
    throw new ContinueAsNew(input);
  };
  const execute = outbound.length === 0 ? end : composeInterceptors(outbound, 'continueAsNew', end);
  return (...args) => execute({ args, headers: {}, options: given });
}

/** Ends this run and begins the next one of the same type. Never resolves: let what it rejects with pass. */
export function continueAsNew<F extends Workflow>(...args: Parameters<F>): Promise<never> {
  return makeContinueAsNewFunc<F>()(...args);
}
