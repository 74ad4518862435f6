// Entry of a thread of the activity pool: runs one attempt per piscina task. Heartbeats, log lines and the outcome leave through
// the attempt's own port, in their order; cancellations come in through it. May be killed at any instant: that is a failed attempt.
import { pathToFileURL } from 'node:url';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type {
  ActivityCode,
  AttemptCancelReason,
  LoadThreadActivities,
  LogActivityLine,
  ThreadActivities,
} from '../model/activity-pool';
import type { ActivityTask } from '../model/effect';
import type { ActivityOutcome } from '../model/message';
import type { Payload } from '../model/payload';
import type { AttemptPort } from '../model/worker';

/** What a thread is started with. */
export interface ActivityThreadSetup {
  /** Absolute path of the module with `loadThreadActivities`. */
  readonly loader: string;
  readonly code: ActivityCode;
}

export type ActivityJob =
  | { readonly kind: 'names' }
  | { readonly kind: 'attempt'; readonly task: ActivityTask; readonly port: MessagePort };

export type FromActivityThread =
  | { readonly kind: 'heartbeat'; readonly details: Payload | undefined }
  | { readonly kind: 'log'; readonly line: Parameters<LogActivityLine> }
  | { readonly kind: 'ended'; readonly outcome: ActivityOutcome };

export interface ToActivityThread {
  readonly cancel: AttemptCancelReason;
}

/** A function may beat in a tight loop: a port takes one beat in this time. */
const BEAT_INTERVAL_MS = 100;

const activities = load(workerData as ActivityThreadSetup);
// Reported by the job that waits for it.
activities.catch(() => undefined);

async function load({ loader, code }: ActivityThreadSetup): Promise<ThreadActivities> {
  process.setSourceMapsEnabled(true);
  const module = (await import(pathToFileURL(loader).href)) as { loadThreadActivities: LoadThreadActivities };
  return module.loadThreadActivities(code);
}

export default async function runJob(job: ActivityJob): Promise<readonly string[] | undefined> {
  const loaded = await activities;
  if (job.kind === 'names') return loaded.names;
  const port = new ThreadPort(job.port);
  const attempt = loaded.prepare(job.task, port, (...line) => port.post({ kind: 'log', line }));
  port.onCancel = (reason) => attempt.cancel(reason);
  port.end(await attempt.run());
  return undefined;
}

class ThreadPort implements AttemptPort {
  readonly #port: MessagePort;
  readonly #answer = Promise.resolve({ cancelRequested: false });
  onCancel: (reason: AttemptCancelReason) => void = () => undefined;
  #lastBeatAt = -Infinity;
  #waiting: { details: Payload | undefined } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', ({ cancel }: ToActivityThread) => this.onCancel(cancel));
  }

  post(message: FromActivityThread): void {
    this.#port.postMessage(message);
  }

  /** Cancellations do not come as its answer but as messages, which are looked for here: the function may never await. */
  heartbeat(details: Payload | undefined): Promise<{ readonly cancelRequested: boolean }> {
    const wait = this.#lastBeatAt + BEAT_INTERVAL_MS - performance.now();
    this.#waiting = { details };
    if (wait <= 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), wait);
    const received = receiveMessageOnPort(this.#port) as { readonly message: ToActivityThread } | undefined;
    if (received !== undefined) this.onCancel(received.message.cancel);
    return this.#answer;
  }

  end(outcome: ActivityOutcome): void {
    this.#flush();
    this.post({ kind: 'ended', outcome });
    this.#port.close();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#lastBeatAt = performance.now();
    this.post({ kind: 'heartbeat', details: waiting.details });
  }
}
