// Replays a history against a bundle, in a realm of its own on the calling thread. Host thread.
import { createRealm } from '../actors/sandbox';
import { explainFailure } from '../actors/explain';
import { replayHistory } from '../actors/replay/replay-history';
import type { Failure } from '../model/failure';
import { namespace, runId } from '../model/ids';
import type { ReplayInRealm } from '../worker/replay-port';

/** The run's id is in its history: the one that its random numbers were made from. */
export const replayInRealm: ReplayInRealm = (bundle, history) => {
  const first = history[0];
  const id = first?.kind === 'workflowExecutionStarted' ? first.originalExecutionRunId : runId('');
  const realm = createRealm(bundle);
  try {
    const options = { namespace: namespace('default'), runId: id, bundleHash: bundle.hash };
    const outcome = replayHistory({ ...options, engine: realm.instantiate() }, history, (failed) =>
      explainFailure(failed, { realm, options, history }),
    );
    if (outcome.kind !== 'taskFailure') return outcome;
    return {
      kind: 'taskFailure',
      failure: withMappedStacks(outcome.failure, (stack) => realm.mapStack(stack)),
    };
  } finally {
    realm.dispose();
  }
};

function withMappedStacks(failure: Failure, map: (stack: string) => string): Failure {
  const { stackTrace, cause } = failure;
  return {
    ...failure,
    ...(stackTrace !== undefined && { stackTrace: map(stackTrace) }),
    ...(cause !== undefined && { cause: withMappedStacks(cause, map) }),
  };
}
