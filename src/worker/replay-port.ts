// How this folder reaches the sandbox when histories are replayed: through a function that the composition root provides.
import { IllegalStateError } from '../common/errors';
import type { HistoryEvent } from '../model/event';
import type { Failure } from '../model/failure';
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

/** A bundle's code, ready to replay. One realm serves all histories: each runs in an instance of its own, as in a worker. */
export interface Replayer {
  /** From the first event on. */
  replay(history: readonly HistoryEvent[]): ReplayVerdict;
  close(): void;
}
export type OpenReplayer = (bundle: WorkflowBundleCode) => Promise<Replayer>;

let provided: OpenReplayer | undefined;

export function provideReplay(open: OpenReplayer): void {
  provided = open;
}

export async function openReplayer(bundle: WorkflowBundleCode): Promise<Replayer> {
  if (provided === undefined) throw new IllegalStateError('Histories cannot be replayed here');
  return provided(bundle);
}
