// The ports around activities that run on threads of their own: the pool, as a worker sees it, and the code that runs inside a
// thread, as the thread's entry sees it. Everything that crosses is plain data: payloads stay serialised.
import type { ActivityTask } from './effect';
import type { ActivityOutcome } from './message';
import type { AttemptPort, RunningAttempt } from './worker';

export type AttemptCancelReason = Parameters<RunningAttempt['cancel']>[0];

export type ActivityLogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
/** A log line of an activity: `meta` has been made fit for the trip over the thread border. */
export type LogActivityLine = (
  level: ActivityLogLevel,
  message: string,
  meta: Record<string, unknown>,
) => void;

/** What a thread loads. */
export interface ActivityCode {
  /** Absolute path or `file:` URL of the module that holds the activities. */
  readonly activitiesFile: string;
  readonly payloadConverterPath?: string;
  readonly failureConverterPath?: string;
  readonly logsDebug: boolean;
}

export interface ActivityPoolOptions {
  readonly code: ActivityCode;
  readonly threads: number;
  readonly log: LogActivityLine;
}

export interface ActivityPool {
  /** Of the module's functions, sorted. */
  readonly names: readonly string[];
  run(task: ActivityTask, port: AttemptPort): RunningAttempt;
  /** Ends all threads, in the middle of whatever they do. */
  close(): Promise<void>;
}

/** @throws when the module cannot be loaded: the error of the thread that tried. */
export type OpenActivityPool = (options: ActivityPoolOptions) => Promise<ActivityPool>;

/** Inside a thread: the activities of one module. */
export interface ThreadActivities {
  readonly names: readonly string[];
  prepare(task: ActivityTask, port: AttemptPort, log: LogActivityLine): ThreadAttempt;
}

/** Cancelling works from within `run`, too: a function that never awaits may look for it in each heartbeat. */
export interface ThreadAttempt {
  cancel(reason: AttemptCancelReason): void;
  /** Never rejects. */
  run(): Promise<ActivityOutcome>;
}

/** The named export `loadThreadActivities` of the module that a thread is started with. */
export type LoadThreadActivities = (code: ActivityCode) => Promise<ThreadActivities>;
