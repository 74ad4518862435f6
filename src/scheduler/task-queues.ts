// Workers by task queue, and the slots of their activities. Host thread. First come, first served.
import type { Execution, Namespace, TaskQueueName } from '../model/ids';
import type { EventId } from '../model/ids';
import { SECOND_MS } from '../model/time';
import type { WorkerSpec } from '../model/worker';
import type { Clock } from './clock';

export interface QueuedActivity {
  readonly namespace: Namespace;
  readonly execution: Execution;
  readonly taskQueue: TaskQueueName;
  readonly scheduledEventId: EventId;
  readonly attempt: number;
}

/** Another worker of this process serves the queue with other code: which of the two should run is not for us to guess. */
export class WorkerConflictError extends Error {
  override readonly name = 'WorkerConflictError';
  constructor(taskQueue: TaskQueueName, what: string) {
    super(
      `A worker of this process already serves ${what} of task queue '${taskQueue}'. Shut it down first, use another task queue, or register the same code.`,
    );
  }
}

/** One worker: what it may run now. */
interface Serving {
  readonly spec: WorkerSpec;
  running: number;
  /** Handed to lanes for activities that begin in the batch that schedules them. */
  granted: number;
  draining: boolean;
}

/** One task queue: who serves it, what waits in it. */
interface TaskQueue {
  readonly namespace: Namespace;
  readonly name: TaskQueueName;
  readonly workers: Serving[];
  readonly waiting: Map<string, QueuedActivity>;
  warned: boolean;
}

/** So long may work wait for a worker before a log line says so. */
const UNSERVED_WARNING_MS = 5 * SECOND_MS;

export interface TaskQueuesOptions {
  readonly clock: Clock;
  /** A slot is free for this waiting activity, and taken. */
  readonly grant: (activity: QueuedActivity, identity: string) => void;
  readonly onUnserved: (
    namespace: Namespace,
    taskQueue: TaskQueueName,
    served: readonly TaskQueueName[],
  ) => void;
}

const keyOf = (namespace: Namespace, name: TaskQueueName): string => `${namespace}\u0000${name}`;
const activityKey = (activity: Pick<QueuedActivity, 'execution' | 'scheduledEventId' | 'attempt'>): string =>
  `${activity.execution.runId}/${activity.scheduledEventId}/${activity.attempt}`;

export class TaskQueues {
  readonly #options: TaskQueuesOptions;
  readonly #queues = new Map<string, TaskQueue>();
  /** Slots on their way to the activity that waited for one. */
  readonly #grantedFor = new Map<string, TaskQueue>();

  constructor(options: TaskQueuesOptions) {
    this.#options = options;
  }

  /** @throws {WorkerConflictError} when the queue is served with other registrations. */
  add(spec: WorkerSpec): void {
    const queue = this.#queue(spec.namespace, spec.taskQueue);
    for (const { spec: other } of queue.workers) {
      if (spec.bundle && other.bundle && spec.bundle.hash !== other.bundle.hash)
        throw new WorkerConflictError(spec.taskQueue, 'workflows');
      if (spec.activities && other.activities && spec.activities.fingerprint !== other.activities.fingerprint)
        throw new WorkerConflictError(spec.taskQueue, 'activities');
    }
    queue.workers.push({ spec, running: 0, granted: 0, draining: false });
    this.#fill(queue);
  }

  /** No attempt of this worker begins any more. */
  drain(spec: WorkerSpec): void {
    const serving = this.#serving(spec);
    if (serving) serving.draining = true;
  }

  remove(spec: WorkerSpec): void {
    const queue = this.#queue(spec.namespace, spec.taskQueue);
    const index = queue.workers.findIndex((serving) => serving.spec === spec);
    if (index >= 0) queue.workers.splice(index, 1);
  }

  /** Whether any worker of the queue that goes on runs this bundle. */
  hasBundle(namespace: Namespace, taskQueue: TaskQueueName, hash: string): boolean {
    return this.#queue(namespace, taskQueue).workers.some(
      ({ spec, draining }) => !draining && spec.bundle?.hash === hash,
    );
  }

  /** An activity that waits for a slot. Repeats are dropped. */
  enqueue(activity: QueuedActivity): void {
    const queue = this.#queue(activity.namespace, activity.taskQueue);
    queue.waiting.set(activityKey(activity), activity);
    this.#fill(queue);
    if (!this.#canRunActivities(queue)) this.expectWorker(activity.namespace, activity.taskQueue);
  }

  /** Something waits for a worker of this queue: if none comes, say so, once. */
  expectWorker(namespace: Namespace, taskQueue: TaskQueueName): void {
    const queue = this.#queue(namespace, taskQueue);
    if (queue.warned) return;
    queue.warned = true;
    this.#options.clock.setTimer(UNSERVED_WARNING_MS, () => {
      queue.warned = queue.workers.length === 0;
      if (queue.warned) this.#options.onUnserved(namespace, taskQueue, this.#served(namespace));
    });
  }

  /** Takes a slot for an attempt whose start is already committed. It may exceed the limit for a moment (a lost lane's grants). */
  begin(activity: QueuedActivity): WorkerSpec | undefined {
    const queue = this.#queue(activity.namespace, activity.taskQueue);
    this.#grantedFor.delete(activityKey(activity));
    const able = queue.workers.filter(({ spec, draining }) => spec.activities !== undefined && !draining);
    const serving =
      able.find(({ granted }) => granted > 0) ?? able.find((one) => freeSlots(one) > 0) ?? able[0];
    if (!serving) return undefined;
    if (serving.granted > 0) serving.granted -= 1;
    serving.running += 1;
    return serving.spec;
  }

  /** The grant was looked at. If its activity did not want the slot any more, it is free again. */
  settleGrant(activity: Omit<QueuedActivity, 'namespace' | 'taskQueue'>): void {
    const key = activityKey(activity);
    const queue = this.#grantedFor.get(key);
    if (queue === undefined) return;
    this.#grantedFor.delete(key);
    this.giveBack(queue.namespace, queue.name, 1);
  }

  /** The attempt is over (or goes on without a slot). */
  end(spec: WorkerSpec): void {
    const serving = this.#serving(spec);
    if (!serving) return;
    serving.running -= 1;
    this.#fill(this.#queue(spec.namespace, spec.taskQueue));
  }

  /** Sets slots aside for a lane's drain: at most `most` per queue. Nothing when activities already wait there. */
  grants(
    most: number,
  ): { readonly namespace: Namespace; readonly taskQueue: TaskQueueName; readonly count: number }[] {
    const grants = [];
    for (const queue of this.#queues.values()) {
      if (queue.waiting.size > 0) continue;
      let count = 0;
      for (const serving of queue.workers) {
        if (!serving.spec.activities || serving.draining) continue;
        const take = Math.min(most - count, freeSlots(serving));
        if (take <= 0) continue;
        serving.granted += take;
        count += take;
      }
      if (count > 0) grants.push({ namespace: queue.namespace, taskQueue: queue.name, count });
    }
    return grants;
  }

  /** Slots that a drain did not use, or that died with its lane. */
  giveBack(namespace: Namespace, taskQueue: TaskQueueName, count: number): void {
    const queue = this.#queue(namespace, taskQueue);
    let left = count;
    for (const serving of queue.workers) {
      const back = Math.min(left, serving.granted);
      serving.granted -= back;
      left -= back;
    }
    this.#fill(queue);
  }

  runningOf(spec: WorkerSpec): number {
    return this.#serving(spec)?.running ?? 0;
  }

  get waitingActivities(): number {
    let waiting = 0;
    for (const queue of this.#queues.values()) waiting += queue.waiting.size;
    return waiting;
  }

  #fill(queue: TaskQueue): void {
    if (queue.waiting.size === 0) return;
    for (const serving of queue.workers) {
      if (!serving.spec.activities || serving.draining) continue;
      for (const [key, activity] of queue.waiting) {
        if (freeSlots(serving) <= 0) break;
        queue.waiting.delete(key);
        serving.granted += 1;
        this.#grantedFor.set(key, queue);
        this.#options.grant(activity, serving.spec.identity);
      }
    }
  }

  #canRunActivities(queue: TaskQueue): boolean {
    return queue.workers.some((serving) => serving.spec.activities !== undefined);
  }

  #served(namespace: Namespace): readonly TaskQueueName[] {
    return [...this.#queues.values()]
      .filter((queue) => queue.namespace === namespace && queue.workers.length > 0)
      .map((queue) => queue.name);
  }

  #serving(spec: WorkerSpec): Serving | undefined {
    return this.#queue(spec.namespace, spec.taskQueue).workers.find((serving) => serving.spec === spec);
  }

  #queue(namespace: Namespace, name: TaskQueueName): TaskQueue {
    const key = keyOf(namespace, name);
    let queue = this.#queues.get(key);
    if (!queue) {
      queue = { namespace, name, workers: [], waiting: new Map(), warned: false };
      this.#queues.set(key, queue);
    }
    return queue;
  }
}

const freeSlots = (serving: Serving): number =>
  serving.spec.maxConcurrentActivities - serving.running - serving.granted;
