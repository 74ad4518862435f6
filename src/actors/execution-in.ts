// An execution on one instance of a realm, which says when its code is about to run: the watchdog counts. Shard thread, or the host's.
import type { Activation, ActivationResult } from '../model/turn';
import type { EnginePort } from './replay/engine-port';
import { Execution, type ExecutionOptions } from './replay/execution';

export type ExecutionInOptions = Omit<ExecutionOptions, 'engine'>;

/** Who is told that code begins to run. */
export interface ActivationWatch {
  beforeActivation(): void;
}

class WatchedEngine implements EnginePort {
  readonly #instance: EnginePort;
  readonly #watch: ActivationWatch;

  constructor(instance: EnginePort, watch: ActivationWatch) {
    this.#instance = instance;
    this.#watch = watch;
  }

  activate(activation: Activation): ActivationResult {
    this.#watch.beforeActivation();
    return this.#instance.activate(activation);
  }
}

export function executionIn(
  instance: EnginePort,
  { namespace, runId, bundleHash, sdk }: ExecutionInOptions,
  watch?: ActivationWatch,
): Execution {
  const engine = watch === undefined ? instance : new WatchedEngine(instance, watch);
  return new Execution({ namespace, runId, bundleHash, sdk, engine });
}
