// Whose code runs now. One execution is current at a time: a turn is one synchronous call. The only state that is not the run's own.
import { IllegalStateError } from '../../common/errors';
import type { RunContext } from './run-context';

let current: RunContext | undefined;

export function setCurrent(run: RunContext | undefined): void {
  current = run;
}

export const currentOrNone = (): RunContext | undefined => current;

/** @throws {IllegalStateError} outside of workflow code */
export function currentRun(what: string): RunContext {
  if (current === undefined) {
    throw new IllegalStateError(`${what} may only be used from workflow code`);
  }
  return current;
}
