// Replays histories against a bundle, in a realm on the calling thread. Host thread.
import { createRealm, type Realm } from '../actors/sandbox';
import { explainFailure } from '../actors/explain';
import { replayHistory } from '../actors/replay/replay-history';
import type { HistoryEvent } from '../model/event';
import type { Failure } from '../model/failure';
import { namespace, runId } from '../model/ids';
import type { WorkflowBundleCode } from '../model/worker';
import type { Replayer, ReplayVerdict } from '../worker/replay-port';

export function openReplayer(bundle: WorkflowBundleCode): Replayer {
  const realm = createRealm(bundle);
  return {
    replay: (history) => replayIn(realm, bundle.hash, history),
    close: () => realm.dispose(),
  };
}

/** The run's id is in its history: the one that its random numbers were made from. */
function replayIn(realm: Realm, bundleHash: string, history: readonly HistoryEvent[]): ReplayVerdict {
  const first = history[0];
  const id = first?.kind === 'workflowExecutionStarted' ? first.originalExecutionRunId : runId('');
  const options = { namespace: namespace('default'), runId: id, bundleHash };
  const engine = realm.instantiate();
  try {
    const outcome = replayHistory({ ...options, engine }, history, (failed) =>
      explainFailure(failed, { realm, options, history }),
    );
    if (outcome.kind !== 'taskFailure') return outcome;
    return {
      kind: 'taskFailure',
      failure: withMappedStacks(outcome.failure, (stack) => realm.mapStack(stack)),
    };
  } finally {
    engine.dispose();
  }
}

function withMappedStacks(failure: Failure, map: (stack: string) => string): Failure {
  const { stackTrace, cause } = failure;
  return {
    ...failure,
    ...(stackTrace !== undefined && { stackTrace: map(stackTrace) }),
    ...(cause !== undefined && { cause: withMappedStacks(cause, map) }),
  };
}
