// An execution on one instance of a realm, which says when its code is about to run: the watchdog counts. Shard thread, or the host's.
import type { EnginePort } from './replay/engine-port';
import { Execution, type ExecutionOptions } from './replay/execution';

export type ExecutionInOptions = Omit<ExecutionOptions, 'engine'>;

export function executionIn(
  instance: EnginePort,
  { namespace, runId, bundleHash, sdk }: ExecutionInOptions,
  beforeActivation?: () => void,
): Execution {
  const engine: EnginePort = {
    activate(activation) {
      beforeActivation?.();
      return instance.activate(activation);
    },
  };
  return new Execution({ namespace, runId, bundleHash, sdk, engine });
}
