// An engine that only registers workers: the test decides how they end.
import type { WorkerHandle, WorkerHost, WorkerSpec } from '../../../src/model/worker';
import { workerHostKey, type WorkerConnection } from '../../../src/worker/worker-host';

export interface Registered {
  readonly spec: WorkerSpec;
  /** What the worker asked for when it shut down. */
  shutdown?: Parameters<WorkerHandle['shutdown']>[0];
}

export class FakeHost implements WorkerHost {
  readonly registered: Registered[] = [];
  runningActivities = 0;
  refusal: Error | undefined;
  #ended: (() => void)[] = [];
  /** Shutdowns wait for `end`. */
  holds = false;

  get connection(): WorkerConnection {
    return { [workerHostKey]: this };
  }

  async registerWorker(spec: WorkerSpec): Promise<WorkerHandle> {
    if (this.refusal !== undefined) throw this.refusal;
    const registered: Registered = { spec };
    this.registered.push(registered);
    const running = (): number => this.runningActivities;
    return {
      shutdown: async (options) => {
        registered.shutdown = options;
        if (this.holds) await new Promise<void>((resolve) => this.#ended.push(resolve));
        if (options.forceMs !== undefined && this.runningActivities > 0) {
          await new Promise((resolve) => setTimeout(resolve, options.forceMs));
        }
      },
      get runningActivities() {
        return running();
      },
    };
  }

  end(): void {
    for (const resolve of this.#ended) resolve();
    this.#ended = [];
  }
}
