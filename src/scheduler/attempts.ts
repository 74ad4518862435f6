// Running attempts of activities. Host thread. An attempt begins only after its start is durable, and its outcome is a message.
import type { ActivityTask } from '../model/effect';
import type { EventId, RunId } from '../model/ids';
import type { ActivityOutcome, Message } from '../model/message';
import type { Payload } from '../model/payload';
import type { Reply } from '../model/reply';
import { MINUTE_MS, SECOND_MS, type DurationMs } from '../model/time';
import type { AttemptPort, RunningAttempt, WorkerSpec } from '../model/worker';
import type { Clock } from './clock';
import type { TaskQueues } from './task-queues';

export interface AttemptsOptions {
  readonly clock: Clock;
  readonly queues: TaskQueues;
  /** Routes a message that nobody waits for. */
  readonly send: (message: Message) => void;
  /** Routes a message and resolves with its answer. */
  readonly ask: (make: (waiter: number) => Message) => Promise<Reply>;
}

type CancelReason = Parameters<RunningAttempt['cancel']>[0];

interface Attempt {
  /** In the map of those that run. */
  readonly key: string;
  readonly task: ActivityTask;
  readonly worker: WorkerSpec;
  running?: RunningAttempt;
  heartbeats?: Heartbeats;
  /** Told before the function began. */
  cancelledBy?: CancelReason;
}

/** Temporal's throttle: a heartbeat is sent at 0.8 of its timeout at the most, and never more rarely than this. */
const HEARTBEAT_THROTTLE_MAX_MS: DurationMs = MINUTE_MS;
const HEARTBEAT_THROTTLE_DEFAULT_MS: DurationMs = 30 * SECOND_MS;
const HEARTBEAT_THROTTLE_SHARE = 0.8;

const keyOf = (run: RunId, scheduledEventId: EventId): string => `${run}/${scheduledEventId}`;

export class Attempts {
  readonly #options: AttemptsOptions;
  /** By run and scheduled event: one attempt of an activity runs at a time; an abandoned one is replaced. */
  readonly #running = new Map<string, Attempt>();
  /** Whose attempts were told to stop: so is one that only begins. */
  readonly #ending = new WeakSet<WorkerSpec>();
  /** Their functions begin in the next microtask. */
  #beginning: Attempt[] = [];
  #stopped = false;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Runs the function in a microtask, with all others of this release: never inside of it. */
  begin(task: ActivityTask): void {
    const key = keyOf(task.execution.runId, task.scheduledEventId);
    const known = this.#running.get(key);
    if (this.#stopped || known?.task.attempt === task.attempt) return this.#options.queues.settleGrant(task);
    const worker = this.#options.queues.begin(task);
    if (!worker?.activities) {
      this.#resolve(task, 'none', {
        kind: 'failed',
        failure: { message: `the worker of task queue '${task.taskQueue}' is gone`, source: 'Server' },
      });
      return;
    }
    if (known !== undefined) cancelAttempt(known, 'notFound');
    const attempt: Attempt = { key, task, worker };
    if (this.#ending.has(worker)) attempt.cancelledBy = 'workerShutdown';
    this.#running.set(key, attempt);
    if (this.#beginning.push(attempt) === 1) queueMicrotask(() => this.#runAll());
  }

  cancel(run: RunId, scheduledEventId: EventId, attempt: number, reason: CancelReason): void {
    const running = this.#running.get(keyOf(run, scheduledEventId));
    if (running?.task.attempt === attempt) cancelAttempt(running, reason);
  }

  /** Tells the attempts of one worker to stop, and each that may still begin. */
  cancelAll(worker: WorkerSpec): void {
    this.#ending.add(worker);
    for (const attempt of this.#running.values()) {
      if (attempt.worker === worker) cancelAttempt(attempt, 'workerShutdown');
    }
  }

  /** The engine stopped: whatever attempts still do is of no consequence. */
  stop(): void {
    this.#stopped = true;
    for (const attempt of this.#running.values()) {
      attempt.heartbeats?.stop();
      attempt.running?.cancel('workerShutdown');
    }
    this.#running.clear();
  }

  #runAll(): void {
    const beginning = this.#beginning;
    this.#beginning = [];
    for (const attempt of beginning) {
      try {
        this.#run(attempt);
      } catch (error) {
        // Not the others' business.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  #run(attempt: Attempt): void {
    const { activities } = attempt.worker;
    if (this.#stopped || !activities) return;
    const heartbeats = new Heartbeats(attempt.task, this.#options);
    attempt.heartbeats = heartbeats;
    attempt.running = activities.run(attempt.task, heartbeats);
    if (attempt.cancelledBy !== undefined) attempt.running.cancel(attempt.cancelledBy);
    void attempt.running.outcome.then((outcome) => this.#ended(attempt, outcome));
  }

  #ended(attempt: Attempt, outcome: ActivityOutcome): void {
    if (this.#running.get(attempt.key) === attempt) this.#running.delete(attempt.key);
    const last = attempt.heartbeats?.stop();
    this.#options.queues.end(attempt.worker);
    if (this.#stopped) return;
    this.#resolve(
      attempt.task,
      attempt.worker.identity,
      outcome.kind === 'failed' && last !== undefined ? { ...outcome, lastHeartbeatDetails: last } : outcome,
    );
  }

  #resolve(task: ActivityTask, identity: string, outcome: ActivityOutcome): void {
    this.#options.send({
      kind: 'activityResolved',
      to: { namespace: task.namespace, ...task.execution },
      waiter: 0,
      activity: { kind: 'attempt', scheduledEventId: task.scheduledEventId, attempt: task.attempt },
      identity,
      outcome,
    });
  }
}

function cancelAttempt(attempt: Attempt, reason: CancelReason): void {
  if (attempt.running === undefined) attempt.cancelledBy ??= reason;
  else attempt.running.cancel(reason);
}

/** Sends the first heartbeat at once, then the latest one in each interval. */
class Heartbeats implements AttemptPort {
  readonly #task: ActivityTask;
  readonly #options: AttemptsOptions;
  readonly #intervalMs: DurationMs;
  #waiting: { details: Payload | undefined; settle: Settle[]; answer: Promise<HeartbeatAnswer> } | undefined;
  #open = true;
  #quiet: (() => void) | undefined;

  constructor(task: ActivityTask, options: AttemptsOptions) {
    this.#task = task;
    this.#options = options;
    const wanted =
      task.heartbeatTimeoutMs > 0
        ? task.heartbeatTimeoutMs * HEARTBEAT_THROTTLE_SHARE
        : HEARTBEAT_THROTTLE_DEFAULT_MS;
    this.#intervalMs = Math.min(wanted, HEARTBEAT_THROTTLE_MAX_MS);
  }

  heartbeat(details: Payload | undefined): Promise<HeartbeatAnswer> {
    if (!this.#open) return Promise.reject(new Error('the attempt is over'));
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      // Functions beat in tight loops: what is overtaken costs no promise of its own.
      waiting.details = details;
      return waiting.answer;
    }
    const settle: Settle[] = [];
    const answer = new Promise<HeartbeatAnswer>((resolve, reject) => settle.push({ resolve, reject }));
    if (this.#quiet === undefined) this.#send(details, settle);
    else this.#waiting = { details, settle, answer };
    return answer;
  }

  /** Returns the details of a heartbeat that was not sent any more. */
  stop(): Payload | undefined {
    this.#open = false;
    this.#quiet?.();
    this.#quiet = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const { resolve } of waiting?.settle ?? []) resolve({ cancelRequested: false });
    return waiting?.details;
  }

  #send(details: Payload | undefined, settle: readonly Settle[]): void {
    this.#quiet = this.#options.clock.setTimer(this.#intervalMs, () => this.#flush());
    const { execution, namespace, scheduledEventId, attempt } = this.#task;
    void this.#options
      .ask((waiter) => ({
        kind: 'activityHeartbeat',
        to: { namespace, ...execution },
        waiter,
        activity: { kind: 'attempt', scheduledEventId, attempt },
        identity: '',
        ...(details === undefined ? {} : { details }),
      }))
      .then(
        (reply) => {
          if (reply.kind === 'heartbeatRecorded') {
            for (const { resolve } of settle) resolve({ cancelRequested: reply.cancelRequested });
          } else {
            for (const { reject } of settle) reject(new Error('the attempt is over'));
          }
        },
        (error: Error) => {
          for (const { reject } of settle) reject(error);
        },
      );
  }

  #flush(): void {
    this.#quiet = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting && this.#open) this.#send(waiting.details, waiting.settle);
  }
}

interface HeartbeatAnswer {
  readonly cancelRequested: boolean;
}
interface Settle {
  readonly resolve: (answer: HeartbeatAnswer) => void;
  readonly reject: (error: Error) => void;
}
