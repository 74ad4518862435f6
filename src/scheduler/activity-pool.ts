// Activities on threads of their own: a piscina pool, one attempt per task. Host thread. A thread that dies, or has to be ended,
// is a failed attempt, which the engine tries again; the pool starts another thread.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { ActivityPool, ActivityPoolOptions, AttemptCancelReason } from '../model/activity-pool';
import type { ActivityTask } from '../model/effect';
import type { ActivityOutcome } from '../model/message';
import { SECOND_MS } from '../model/time';
import type { AttemptPort, RunningAttempt } from '../model/worker';
import type {
  ActivityJob,
  ActivityThreadSetup,
  FromActivityThread,
  ToActivityThread,
} from './activity-thread';
import { systemClock, type Clock } from './clock';

/** Files that tests exchange. */
export interface ActivityPoolParts {
  readonly threadFile?: string;
  readonly loaderFile?: string;
  readonly clock?: Pick<Clock, 'setTimer'>;
  /** How long a function may run on when nobody waits for it any more. */
  readonly abandonedGraceMs?: number;
}

/** An abandoned function has this long to notice; then its thread is ended, because others wait for it. */
const ABANDONED_GRACE_MS = 5 * SECOND_MS;

/** @throws what the module of the activities threw while it was loaded */
export async function openActivityPool(
  { code, threads, log }: ActivityPoolOptions,
  parts: ActivityPoolParts = {},
): Promise<ActivityPool> {
  const setup: ActivityThreadSetup = { loader: parts.loaderFile ?? loaderFile(), code };
  const pool = new Piscina({
    filename: parts.threadFile ?? builtFile('scheduler', 'activity-thread.js'),
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    atomics: 'disabled',
    workerData: setup,
  });
  // A thread that died between two attempts: a rejection that nobody handled, most likely.
  pool.on('error', (error: Error) => {
    log('WARN', 'A thread of the activity pool died and was replaced', { error });
  });
  const queue = new ThreadQueue(threads);
  const start: Surroundings['start'] = (job, port, signal) => pool.run(job, { transferList: [port], signal });
  try {
    const names = (await pool.run({ kind: 'names' } satisfies ActivityJob)) as readonly string[];
    return {
      names,
      run: (task, port) => new PooledAttempt(task, port, { start, queue, log, ...parts }),
      async close() {
        queue.close();
        await pool.destroy();
      },
    };
  } catch (error) {
    await pool.destroy();
    throw error;
  }
}

interface Waiter {
  begin(): void;
  cancel(reason: AttemptCancelReason): void;
}

/** First come, first served. Ours, not piscina's: whether an attempt has begun decides what cancelling it means. */
class ThreadQueue {
  readonly #waiting = new Set<Waiter>();
  #free: number;

  constructor(threads: number) {
    this.#free = threads;
  }

  enter(waiter: Waiter): void {
    if (this.#free === 0) {
      this.#waiting.add(waiter);
      return;
    }
    this.#free -= 1;
    waiter.begin();
  }

  giveUp(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.begin();
  }

  close(): void {
    for (const waiter of [...this.#waiting]) waiter.cancel('workerShutdown');
  }
}

interface Surroundings extends ActivityPoolParts {
  readonly start: (job: ActivityJob, port: MessagePort, signal: AbortSignal) => Promise<unknown>;
  readonly queue: ThreadQueue;
  readonly log: ActivityPoolOptions['log'];
}

class PooledAttempt implements RunningAttempt, Waiter {
  readonly outcome: Promise<ActivityOutcome>;
  readonly #task: ActivityTask;
  readonly #attemptPort: AttemptPort;
  readonly #surroundings: Surroundings;
  readonly #clock: Pick<Clock, 'setTimer'>;
  readonly #ending = new AbortController();
  #port: MessagePort | undefined;
  #settle!: (outcome: ActivityOutcome) => void;
  #state: 'queued' | 'running' | 'ended' = 'queued';
  #cancelled: AttemptCancelReason | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(task: ActivityTask, attemptPort: AttemptPort, surroundings: Surroundings) {
    this.#task = task;
    this.#attemptPort = attemptPort;
    this.#surroundings = surroundings;
    this.#clock = surroundings.clock ?? systemClock;
    this.outcome = new Promise((resolve) => (this.#settle = resolve));
    this.#keepAlive();
    surroundings.queue.enter(this);
  }

  begin(): void {
    this.#stopTimer?.();
    this.#state = 'running';
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (message: FromActivityThread) => this.#receive(message));
    this.#surroundings
      .start({ kind: 'attempt', task: this.#task, port: port2 }, port2, this.#ending.signal)
      .then(
        // Its outcome came through the port, or is about to.
        () => this.#surroundings.queue.leave(),
        (error: unknown) => {
          this.#surroundings.queue.leave();
          // What the thread posted before it died comes first.
          setImmediate(() => this.#end(this.#brokenOff(error)));
        },
      );
  }

  cancel(reason: AttemptCancelReason): void {
    if (this.#cancelled !== undefined || this.#state === 'ended') return;
    this.#cancelled = reason;
    if (this.#state === 'queued') {
      this.#surroundings.queue.giveUp(this);
      this.#end(reason === 'requested' ? { kind: 'canceled' } : NEVER_BEGAN);
      return;
    }
    this.#port?.postMessage({ cancel: reason } satisfies ToActivityThread);
    if (reason === 'timedOut' || reason === 'notFound') {
      const { abandonedGraceMs = ABANDONED_GRACE_MS } = this.#surroundings;
      this.#stopTimer = this.#clock.setTimer(abandonedGraceMs, () => this.#ending.abort());
    }
  }

  #receive(message: FromActivityThread): void {
    switch (message.kind) {
      case 'heartbeat':
        this.#beat(message.details);
        break;
      case 'log':
        this.#surroundings.log(...message.line);
        break;
      case 'ended':
        this.#end(message.outcome);
        break;
    }
  }

  /** An attempt that waits for a thread is alive: it says so itself, with what it was given. */
  #keepAlive(): void {
    const { heartbeatTimeoutMs, heartbeatDetails } = this.#task;
    if (heartbeatTimeoutMs <= 0) return;
    this.#stopTimer = this.#clock.setTimer(heartbeatTimeoutMs / 2, () => {
      this.#beat(heartbeatDetails);
      this.#keepAlive();
    });
  }

  #beat(details: ActivityTask['heartbeatDetails']): void {
    this.#attemptPort.heartbeat(details).then(
      ({ cancelRequested }) => {
        if (cancelRequested) this.cancel('requested');
      },
      () => this.cancel('notFound'),
    );
  }

  #end(outcome: ActivityOutcome): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#stopTimer?.();
    this.#port?.close();
    this.#settle(outcome);
  }

  /** Its thread is gone. */
  #brokenOff(error: unknown): ActivityOutcome {
    const why = error instanceof Error ? error.message : String(error);
    return failed(
      'ActivityThreadDied',
      this.#ending.signal.aborted
        ? 'The activity did not stop when it was told to: its thread was ended'
        : `The thread of this activity died: ${why}`,
    );
  }
}

const failed = (type: string, message: string): ActivityOutcome => ({
  kind: 'failed',
  failure: {
    message,
    source: 'TypeScriptSDK',
    info: { kind: 'application', type, nonRetryable: false },
  },
});

const NEVER_BEGAN = failed('WorkerShutdown', 'The activity was given up before it began');

const loaderFile = (): string => builtFile('activity', 'thread-activities.js');

/** The compiled file; when this one itself runs from source, the built one beside the sources. */
function builtFile(folder: string, name: string): string {
  const beside = join(dirname(__dirname), folder, name);
  return existsSync(beside) ? beside : join(dirname(__dirname), '..', 'dist', folder, name);
}
