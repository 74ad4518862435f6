// What tests of the scheduler share: names, workers that do nothing, a clock whose loop stands still when it is told to.
import { namespace, runId, taskQueueName, workflowId, type RunId } from '../../../src/model/ids';
import type { WorkerSpec } from '../../../src/model/worker';
import type { StallWatch } from '../../../src/scheduler/clock';
import { VirtualClock } from '../../../src/scheduler/virtual-clock';

export const NAMESPACE = namespace('default');
export const QUEUE = taskQueueName('queue');

/** The n-th run. */
export const run = (n: number): RunId => runId(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
export const execution = (n: number) => ({ workflowId: workflowId(`w${n}`), runId: run(n) });

export function workerOf(spec: Partial<WorkerSpec> & { readonly hash?: string } = {}): WorkerSpec {
  const { hash = 'bundle', ...rest } = spec;
  return {
    namespace: NAMESPACE,
    taskQueue: QUEUE,
    identity: 'worker',
    bundle: { hash, name: 'bundle', code: '' },
    activities: {
      fingerprint: 'activities',
      run: () => ({ outcome: new Promise(() => undefined), cancel: () => undefined }),
    },
    maxConcurrentActivities: 2,
    onSinkCalls: () => undefined,
    ...rest,
  };
}

export class StallingClock extends VirtualClock {
  readonly #soon: (() => void)[] = [];
  #stalledMs = 0;

  constructor() {
    super({ startsAt: 1_000_000, soon: (task) => void this.#soon.push(task) });
  }

  override watchStalls(): StallWatch {
    return {
      take: () => {
        const stalledMs = this.#stalledMs;
        this.#stalledMs = 0;
        return stalledMs;
      },
      stop: () => undefined,
    };
  }

  /** Time passes in which nothing of this process can run. */
  stall(ms: number): void {
    this.moveTo(this.now() + ms);
    this.#stalledMs += ms;
  }

  /** The macrotasks that are ready now, without those that they add. */
  turn(): void {
    for (const task of this.#soon.splice(0)) task();
  }

  get isReady(): boolean {
    return this.#soon.length > 0;
  }

  settle(): void {
    while (this.isReady) this.turn();
  }
}
