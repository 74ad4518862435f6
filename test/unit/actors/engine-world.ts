// A whole engine in one thread, on a clock and a disk of the test's own: everything happens when the test lets it.
import { fileURLToPath } from 'node:url';
import { bundleWorkflows, type WorkflowBundle } from '../../../src/bundle/index';
import type { GatewayReplies, GatewayRequest, StartRequest } from '../../../src/model/gateway';
import { namespace, taskQueueName, workflowId, type RunId } from '../../../src/model/ids';
import type { ActivityTask } from '../../../src/model/effect';
import type { ActivityOutcome } from '../../../src/model/message';
import type { WorkerHandle, WorkerSpec } from '../../../src/model/worker';
import type { Engine } from '../../../src/scheduler/engine';
import type { LaneFactory } from '../../../src/scheduler/lanes/lane';
import { VirtualClock } from '../../../src/scheduler/virtual-clock';
import { parseDueKey, visibilityRange } from '../../../src/storage/format/keys';
import { MemoryStore, type CommitFault, type MemoryDisk } from '../../../src/storage/memory/memory-store';
import { resolveSettings } from '../../../src/troupe/engine-options';
import { openEngine } from '../../../src/troupe/open-engine';

export const NAMESPACE = namespace('default');
export const QUEUE = taskQueueName('queue');

const bundles = new Map<string, Promise<WorkflowBundle>>();
/** Bundled once per process. */
export function testBundle(file: 'workflows' | 'workflows-2' = 'workflows'): Promise<WorkflowBundle> {
  const path = fileURLToPath(new URL(`./fixtures/${file}.ts`, import.meta.url));
  const bundling = bundles.get(file) ?? bundleWorkflows({ workflowsPath: path });
  bundles.set(file, bundling);
  return bundling;
}

export interface EngineWorldOptions {
  readonly disk?: MemoryDisk;
  /** Default: 2030. */
  readonly startsAt?: number;
  readonly idleEvictMs?: number;
  readonly batchWorkflows?: number;
  readonly cacheBytes?: number;
  readonly retentionMs?: number;
  readonly fault?: (commit: number) => CommitFault | undefined;
  readonly wrapLanes?: (lanes: LaneFactory) => LaneFactory;
}

/** What an activity does: answers by itself, or waits for the test. */
export type Perform = (task: ActivityTask) => ActivityOutcome | Promise<ActivityOutcome>;

export class EngineWorld {
  readonly engine: Engine;
  readonly store: MemoryStore;
  readonly clock: VirtualClock;
  readonly attempts: ActivityTask[] = [];
  readonly cancelled: string[] = [];
  readonly #queue: (() => void)[];
  #requests = 0;

  private constructor(engine: Engine, store: MemoryStore, clock: VirtualClock, queue: (() => void)[]) {
    this.engine = engine;
    this.store = store;
    this.clock = clock;
    this.#queue = queue;
  }

  static async open(options: EngineWorldOptions = {}): Promise<EngineWorld> {
    const {
      disk,
      fault,
      wrapLanes,
      batchWorkflows,
      idleEvictMs = 3_600_000,
      cacheBytes = 1e9,
      retentionMs,
      startsAt = Date.UTC(2030, 0, 1),
    } = options;
    const queue: (() => void)[] = [];
    const clock = new VirtualClock({
      startsAt,
      soon: (task) => void queue.push(task),
    });
    const store = new MemoryStore({ flush: 'manual', ...(disk && { disk }), ...(fault && { fault }) });
    const settings = resolveSettings({
      store: 'memory',
      threads: 0,
      identity: 'test',
      logger: { warn: () => undefined, error: () => undefined },
    });
    const { engine } = await openEngine(
      { ...settings, idleEvictMs, cacheBytes, ...(retentionMs !== undefined && { retentionMs }) },
      { clock, store, ...(wrapLanes && { wrapLanes }), ...(batchWorkflows && { batchWorkflows }) },
    );
    return new EngineWorld(engine, store, clock, queue);
  }

  async worker(
    perform: Perform = () => ({ kind: 'completed', result: '1' }),
    more: Partial<WorkerSpec> = {},
  ): Promise<WorkerHandle> {
    return this.engine.registerWorker({
      namespace: NAMESPACE,
      taskQueue: QUEUE,
      identity: 'worker',
      bundle: await testBundle(),
      activities: {
        fingerprint: 'test',
        run: (task) => {
          this.attempts.push(task);
          return {
            outcome: Promise.resolve(perform(task)),
            cancel: (reason) => void this.cancelled.push(`${task.activityId} ${reason}`),
          };
        },
      },
      maxConcurrentActivities: 10,
      onSinkCalls: () => undefined,
      ...more,
    });
  }

  /** One thing happens that is ready now. */
  async step(): Promise<boolean> {
    const task = this.#queue.shift();
    if (task !== undefined) task();
    else if (!this.store.hasPending) return false;
    // A commit that hangs is none that is ready.
    else if (!this.store.flushNext() && this.store.hasPending) return false;
    await macrotask();
    return true;
  }

  /** Everything happens that is ready now, but no commit ends. */
  async decide(): Promise<void> {
    do await macrotask();
    while (this.#queue.length > 0 && (await this.step()));
  }

  /** Everything happens that is ready now. */
  async settle(): Promise<void> {
    do await macrotask();
    while (await this.step());
  }

  /** Time passes, and with it everything that becomes due. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    await this.settle();
    while (this.clock.fireNext(until)) await this.settle();
    this.clock.moveTo(Math.max(until, this.clock.now()));
  }

  request<R extends GatewayRequest>(request: R): Promise<GatewayReplies[R['kind']]> {
    return this.engine.request(request);
  }

  /** The answer, once everything that is ready has happened. */
  async ask<R extends GatewayRequest>(request: R): Promise<GatewayReplies[R['kind']]> {
    const answer = this.request(request);
    answer.catch(() => undefined);
    await this.settle();
    return answer;
  }

  startRequest(id: string, workflowType: string, more: Partial<StartRequest> = {}): StartRequest {
    this.#requests += 1;
    return {
      kind: 'start',
      namespace: NAMESPACE,
      workflowId: workflowId(id),
      requestId: `request ${this.#requests}`,
      identity: 'client',
      reusePolicy: 'ALLOW_DUPLICATE',
      conflictPolicy: 'FAIL',
      options: { workflowType, taskQueue: QUEUE, input: [], header: {}, taskTimeoutMs: 10_000 },
      ...more,
    };
  }

  start(...request: Parameters<EngineWorld['startRequest']>): Promise<GatewayReplies['start']> {
    return this.ask(this.startRequest(...request));
  }

  signal(id: string, signalName: string, runId?: RunId): Promise<GatewayReplies['signal']> {
    this.#requests += 1;
    return this.ask({
      kind: 'signal',
      to: address(id, runId),
      signalName,
      input: [],
      header: {},
      requestId: `request ${this.#requests}`,
      identity: 'client',
    });
  }

  query(id: string, queryType: string, runId?: RunId): Promise<GatewayReplies['query']> {
    return this.ask({
      kind: 'query',
      to: address(id, runId),
      queryType,
      input: [],
      header: {},
      rejectCondition: 'NONE',
    });
  }

  /** The rows that say what is awake, what is due, and what is over. */
  rows(): { readonly awake: number; readonly wake: readonly number[]; readonly closed: number } {
    return {
      awake: this.store.count('V', visibilityRange(1, 'awake')) + this.store.count('W'),
      wake: [...this.store.range('T')].map(([key]) => parseDueKey(key).at),
      closed: this.store.count('V', visibilityRange(1, 'closed')),
    };
  }
}

export const address = (id: string, runId?: RunId) => ({
  namespace: NAMESPACE,
  workflowId: workflowId(id),
  ...(runId !== undefined && { runId }),
});

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
