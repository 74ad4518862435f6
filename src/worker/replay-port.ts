// How this folder reaches the sandbox when histories are replayed: through a function that the composition root provides.
import { IllegalStateError } from '../common/errors';
import type { HistoryEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { WorkflowId } from '../model/ids';
import type { WorkflowBundleCode } from '../model/worker';

export type ReplayVerdict =
  | { readonly kind: 'ok' }
  /** The code does not fit the history: `details` says where. */
  | {
      readonly kind: 'nondeterminism';
      readonly details: string;
      /** Of the workflow code, in the user's lines. */
      readonly stackTrace?: string;
    }
  /** Workflow code threw what fails a workflow task. */
  | { readonly kind: 'taskFailure'; readonly failure: Failure };

/** Replays a history, from its first event on, in a realm of its own. */
export type ReplayInRealm = (
  bundle: WorkflowBundleCode,
  history: readonly HistoryEvent[],
  workflowId: WorkflowId,
) => ReplayVerdict | Promise<ReplayVerdict>;

let provided: ReplayInRealm | undefined;

export function provideReplay(replay: ReplayInRealm): void {
  provided = replay;
}

export function replayPort(): ReplayInRealm {
  if (provided === undefined) throw new IllegalStateError('Histories cannot be replayed here');
  return provided;
}
