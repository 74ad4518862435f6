// The workers of this process: registered on their queues, announced to the lanes, shut down in order. Host thread.
import type { Namespace, TaskQueueName } from '../model/ids';
import type { DurationMs } from '../model/time';
import type { WorkerHandle, WorkerHost, WorkerSpec } from '../model/worker';
import type { Attempts } from './attempts';
import type { Clock } from './clock';
import type { Setting } from './router';
import type { TaskQueues } from './task-queues';

export interface WorkersOptions {
  readonly clock: Clock;
  readonly queues: TaskQueues;
  readonly attempts: Attempts;
  readonly announce: (entry: Setting) => void;
  /** Resolves when the lanes go by what was announced. */
  readonly whenHandled: () => Promise<void>;
  readonly ensureNamespace: (namespace: Namespace) => void;
}

export class Workers implements WorkerHost {
  readonly #options: WorkersOptions;
  readonly #specs = new Set<WorkerSpec>();

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  async registerWorker(spec: WorkerSpec): Promise<WorkerHandle> {
    const { queues, ensureNamespace } = this.#options;
    ensureNamespace(spec.namespace);
    queues.add(spec);
    this.#specs.add(spec);
    this.#announce(spec);
    let ending: Promise<void> | undefined;
    return {
      shutdown: ({ graceMs, forceMs }) => (ending ??= this.#shutdown(spec, graceMs, forceMs)),
      get runningActivities() {
        return queues.runningOf(spec);
      },
    };
  }

  /** Who takes the log lines and sink calls of this queue's workflows. */
  workflowWorker(namespace: Namespace, taskQueue: TaskQueueName): WorkerSpec | undefined {
    for (const spec of this.#specs) {
      if (spec.namespace === namespace && spec.taskQueue === taskQueue && spec.bundle) return spec;
    }
    return undefined;
  }

  #announce({ namespace, taskQueue, bundle, identity }: WorkerSpec): void {
    if (bundle === undefined) return;
    const { hash, name, code, sourceMap } = bundle;
    const source = sourceMap === undefined ? {} : { sourceMap };
    this.#options.announce({ kind: 'bundle', hash, name, code, ...source });
    this.#options.announce({ kind: 'worker', namespace, taskQueue, bundleHash: hash, identity });
  }

  /** No turn and no attempt begins any more; then running attempts end by themselves, are told to stop, are given up. */
  async #shutdown(spec: WorkerSpec, graceMs: DurationMs, forceMs: DurationMs | undefined): Promise<void> {
    const { queues, attempts, announce, whenHandled, clock } = this.#options;
    const ended: Promise<void>[] = [queues.drain(spec)];
    const { namespace, taskQueue, identity } = spec;
    if (spec.bundle !== undefined && !this.#isServedByOthers(spec)) {
      announce({ kind: 'worker', namespace, taskQueue, identity });
      ended.push(whenHandled());
    }
    const cancelGrace = clock.setTimer(graceMs, () => attempts.cancelAll(spec));
    let cancelForce = (): void => undefined;
    const forced = new Promise<void>((resolve) => {
      if (forceMs !== undefined) cancelForce = clock.setTimer(forceMs, resolve);
    });
    await Promise.race([Promise.all(ended), forced]);
    cancelGrace();
    cancelForce();
    queues.remove(spec);
    this.#specs.delete(spec);
  }

  #isServedByOthers({ namespace, taskQueue, bundle }: WorkerSpec): boolean {
    return this.#options.queues.hasBundle(namespace, taskQueue, bundle?.hash ?? '');
  }
}
