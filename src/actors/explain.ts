// Looks into a replay: once more over the same history, with code that remembers where it comes from. Shard thread, or the host's
// when a history is checked. Slow, so only for a failure that is recorded anyway, or when somebody asks where a workflow waits.
import type { HistoryEvent } from '../model/event';
import type { Found } from './replay/determinism';
import { executionIn, type ActivationWatch, type ExecutionInOptions } from './execution-in';
import type { Execution, FailedTurn } from './replay/execution';
import type { Realm } from './sandbox';

export interface ReplayOfCode {
  readonly realm: Realm;
  readonly options: ExecutionInOptions;
  /** From the first event on. */
  readonly history: readonly HistoryEvent[];
  readonly watch?: ActivationWatch;
}

interface Insight {
  readonly failed: FailedTurn | undefined;
  /** Stacks of what code waits for at the end, or where it failed; in the user's lines. */
  readonly waiting: readonly string[];
}

/** `see` gets what is to be seen at the end of history; the execution is usable if it has not failed, and gone afterwards. */
export function lookInto<R>(
  { realm, options, history, watch }: ReplayOfCode,
  see: (insight: Insight, execution: Execution) => R,
): R {
  const instance = realm.instantiateTraced();
  try {
    const execution = executionIn(instance, options, watch);
    const failed = execution.catchUp(history);
    return see({ failed, waiting: realm.userStacks(instance.waiting()) }, execution);
  } finally {
    instance.dispose();
  }
}

/** Adds the line of the user's file to a failed replay, where there is one to be named. */
export function explainFailure(failed: FailedTurn, replay: ReplayOfCode): FailedTurn {
  if (failed.found === undefined) return failed;
  const insight = lookInto(replay, (seen) => seen);
  const { found } = insight.failed ?? {};
  // It did something else this time: code that does not agree with itself is not to be explained by a line of it.
  if (found === undefined || insight.failed?.failure.message !== failed.failure.message) return failed;
  const { place, stack } = placeOf(found, insight, replay.realm);
  const { failure } = failed;
  return {
    ...failed,
    failure: {
      ...failure,
      message: failure.message + place,
      ...(stack !== '' && { stackTrace: stack }),
    },
  };
}

/** More than a few would hide the rest of the message; the stack has them all. */
const PLACES_MAX = 3;

function placeOf(
  found: Found,
  { waiting }: Insight,
  realm: Realm,
): { readonly place: string; readonly stack: string } {
  if (found.kind === 'nothing') {
    const places = waiting.slice(0, PLACES_MAX).map(topFrame);
    const place = places.length === 0 ? '; it waits for nothing' : `; it waits at ${places.join(' and at ')}`;
    return { place, stack: waiting.join('\n\n') };
  }
  const { stack = '', resumed = '' } = found.trace ?? {};
  const asksAt = realm.userFrame(stack);
  if (asksAt !== undefined) return { place: ` at ${asksAt}`, stack: framesOf(realm.mapStack(stack)) };
  const wentOnFrom = realm.userFrame(resumed);
  if (wentOnFrom === undefined) return { place: ', without having waited for anything', stack: '' };
  return { place: `, after it went on from ${wentOnFrom}`, stack: `    at ${wentOnFrom}` };
}

/** As in `at order (src/workflows.ts:12:9)`. */
const topFrame = (stack: string): string =>
  stack
    .split('\n', 1)
    .join()
    .replace(/^\s*at (async )?/, '');

const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
