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
  /** Handed to lanes for activities that begin in the batch that schedules them, or to an activity that waited. */
  granted: number;
  draining: boolean;
  /** Told once nothing runs and nothing can begin any more. */
  onIdle: (() => void) | undefined;
}

/** What a worker may be needed for. */
type Work = 'workflows' | 'activities';

/** One task queue: who serves it, what waits in it. */
interface TaskQueue {
  readonly namespace: Namespace;
  readonly name: TaskQueueName;
  readonly workers: Serving[];
  readonly waiting: Map<string, QueuedActivity>;
  /** For what a worker is expected, or was: said once. */
  readonly expected: Set<Work>;
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
  /** The one that was looked for last: the next is nearly always the same. */
  #last: TaskQueue | undefined;
  /** Those of them that have a worker: queues come and go, and lanes ask for slots all the time. */
  readonly #served = new Set<TaskQueue>();
  /** Slots on their way to the activity that waited for one. */
  readonly #grantedFor = new Map<string, TaskQueue>();

  constructor(options: TaskQueuesOptions) {
    this.#options = options;
  }

  /** @throws {WorkerConflictError} when the queue is served with other registrations. */
  add(spec: WorkerSpec): void {
    const queue = this.#queue(spec.namespace, spec.taskQueue);
    for (const { spec: other, draining } of queue.workers) {
      if (draining) continue;
      if (spec.bundle && other.bundle && spec.bundle.hash !== other.bundle.hash)
        throw new WorkerConflictError(spec.taskQueue, 'workflows');
      if (spec.activities && other.activities && spec.activities.fingerprint !== other.activities.fingerprint)
        throw new WorkerConflictError(spec.taskQueue, 'activities');
    }
    queue.workers.push({ spec, running: 0, granted: 0, draining: false, onIdle: undefined });
    this.#served.add(queue);
    for (const work of ['workflows', 'activities'] as const)
      if (serves(queue, work)) queue.expected.delete(work);
    this.#fill(queue);
  }

  /**
   * No attempt of this worker begins any more, but for those whose start may be committed already. Resolves when the last one of
   * them has ended.
   */
  drain(spec: WorkerSpec): Promise<void> {
    const serving = this.#serving(spec);
    if (!serving) return Promise.resolve();
    serving.draining = true;
    return new Promise((resolve) => {
      serving.onIdle = resolve;
      noticeIdle(serving);
    });
  }

  remove(spec: WorkerSpec): void {
    const queue = this.#queue(spec.namespace, spec.taskQueue);
    const index = queue.workers.findIndex((serving) => serving.spec === spec);
    if (index >= 0) queue.workers.splice(index, 1);
    if (queue.workers.length === 0) this.#served.delete(queue);
  }

  /** Whether any worker of the queue that goes on runs this bundle. */
  hasBundle(namespace: Namespace, taskQueue: TaskQueueName, hash: string): boolean {
    return this.#queue(namespace, taskQueue).workers.some(
      ({ spec, draining }) => !draining && spec.bundle?.hash === hash,
    );
  }

  /** An activity that waits for a slot. Repeats are dropped: also of one whose slot is on its way. */
  enqueue(activity: QueuedActivity): void {
    const key = activityKey(activity);
    if (this.#grantedFor.has(key)) return;
    const queue = this.#queue(activity.namespace, activity.taskQueue);
    queue.waiting.set(key, activity);
    this.#fill(queue);
    if (!serves(queue, 'activities')) {
      this.expectWorker(activity.namespace, activity.taskQueue, 'activities');
    }
  }

  /** It waits no longer: it was cancelled, has timed out, or its run has closed. */
  dequeue(activity: Omit<QueuedActivity, 'namespace' | 'taskQueue'>): void {
    let key: string | undefined;
    for (const { waiting } of this.#queues.values()) {
      if (waiting.size > 0) waiting.delete((key ??= activityKey(activity)));
    }
  }

  /** Something waits for a worker of this queue: if none comes, say so, once. */
  expectWorker(namespace: Namespace, taskQueue: TaskQueueName, work: Work): void {
    const queue = this.#queue(namespace, taskQueue);
    if (serves(queue, work) || queue.expected.has(work)) return;
    queue.expected.add(work);
    this.#options.clock.setTimer(UNSERVED_WARNING_MS, () => {
      // One that came meanwhile has taken it back.
      if (queue.expected.has(work))
        this.#options.onUnserved(namespace, taskQueue, this.#namesServed(namespace));
    });
  }

  /** Takes a slot for an attempt whose start is already committed. It may exceed the limit for a moment (a lost lane's grants). */
  begin(activity: QueuedActivity): WorkerSpec | undefined {
    const queue = this.#queue(activity.namespace, activity.taskQueue);
    if (this.#grantedFor.size > 0) this.#grantedFor.delete(activityKey(activity));
    let serving: Serving | undefined;
    for (const one of queue.workers) {
      if (one.spec.activities === undefined) continue;
      if (serving === undefined || fitness(one) > fitness(serving)) serving = one;
    }
    if (serving === undefined) return undefined;
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
    noticeIdle(serving);
    this.#fill(this.#queue(spec.namespace, spec.taskQueue));
  }

  /**
   * Sets slots aside for the drain of one of `lanes` lanes: at most `most` per queue, and never all while others may want some.
   * Nothing when activities already wait there.
   */
  grants(
    most: number,
    lanes: number,
  ): { readonly namespace: Namespace; readonly taskQueue: TaskQueueName; readonly count: number }[] {
    const grants = [];
    for (const queue of this.#served) {
      if (queue.waiting.size > 0) continue;
      let count = 0;
      for (const serving of queue.workers) {
        if (!serving.spec.activities || serving.draining) continue;
        const take = Math.min(most - count, Math.ceil(freeSlots(serving) / lanes));
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
      if (back > 0) noticeIdle(serving);
    }
    this.#fill(queue);
  }

  /** What lanes were granted is void, with all that they decided. A slot for an activity that waited stays: its message is kept. */
  voidGrants(): void {
    for (const queue of this.#served) {
      for (const serving of queue.workers) serving.granted = 0;
    }
    for (const queue of this.#grantedFor.values()) {
      const serving = queue.workers.find(({ spec }) => spec.activities !== undefined);
      if (serving !== undefined) serving.granted += 1;
    }
    for (const queue of this.#served) {
      for (const serving of queue.workers) noticeIdle(serving);
      this.#fill(queue);
    }
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

  #namesServed(namespace: Namespace): readonly TaskQueueName[] {
    return [...this.#served].filter((queue) => queue.namespace === namespace).map((queue) => queue.name);
  }

  #serving(spec: WorkerSpec): Serving | undefined {
    return this.#queue(spec.namespace, spec.taskQueue).workers.find((serving) => serving.spec === spec);
  }

  #queue(namespace: Namespace, name: TaskQueueName): TaskQueue {
    const last = this.#last;
    if (last?.name === name && last.namespace === namespace) return last;
    const key = keyOf(namespace, name);
    let queue = this.#queues.get(key);
    if (!queue) {
      queue = { namespace, name, workers: [], waiting: new Map(), expected: new Set() };
      this.#queues.set(key, queue);
    }
    this.#last = queue;
    return queue;
  }
}

const freeSlots = (serving: Serving): number =>
  serving.spec.maxConcurrentActivities - serving.running - serving.granted;

/** Who takes an attempt whose start is committed: whoever's slot it may be, who has one to spare, who goes on, whoever is there. */
function fitness(serving: Serving): number {
  if (serving.granted > 0) return 3;
  if (serving.draining) return 0;
  return freeSlots(serving) > 0 ? 2 : 1;
}

const serves = ({ workers }: TaskQueue, work: Work): boolean =>
  workers.some(({ spec }) => (work === 'workflows' ? spec.bundle : spec.activities) !== undefined);

function noticeIdle(serving: Serving): void {
  if (!serving.draining || serving.running > 0 || serving.granted > 0) return;
  serving.onIdle?.();
  serving.onIdle = undefined;
}
