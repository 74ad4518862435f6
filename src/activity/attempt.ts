// One attempt of an activity: decodes the arguments, runs the function in its context, and makes an outcome of whatever it does.
// Host thread, or a thread of the activity pool. Never rejects, never throws: what user code does is data.
// Only a rejection that nobody handles belongs to no attempt: on the host thread it is the process's, by Node's own rule (which ends
// it unless the application listens for it); on a thread of the pool it ends that thread, and its attempt fails.
//
// Fast: the info, the cancellation and the logger of an attempt exist only once its function asks for them.
import { ActivityCancellationDetails } from '../common/activity-cancellation-details';
import { describeThrown, errorMessage, isAbortError } from '../common/error-inspection';
import { CompleteAsyncError } from '../common/errors';
import type { FailureConverter } from '../common/converter/failure-converter';
import {
  ApplicationFailure,
  CancelledFailure,
  ensureApplicationFailure,
  FAILURE_SOURCE,
} from '../common/failure';
import type { Logger, LogMetadata } from '../common/logger';
import type { MetricMeter } from '../common/metrics';
import { decodeValue, encodeValue, encodeValues, headersFromModel } from '../common/payload/model-payloads';
import type { PayloadConverter } from '../common/payload/payload-converter';
import { assert } from '../model/assert';
import type { ActivityTask } from '../model/effect';
import type { Failure } from '../model/failure';
import type { ActivityOutcome } from '../model/message';
import type { Payload } from '../model/payload';
import type { AttemptPort, RunningAttempt } from '../model/worker';
import type { Activities, AnyActivity } from './activities';
import { Cancellation, type CancelReason } from './cancellation';
import { asyncLocalStorage, Context, type ContextOwner } from './context';
import { infoOf, type Info } from './info';
import { withInterceptors, type Interception } from './interception';
import type { ActivityInterceptorsFactory } from './interceptors';
import { activityLogAttributes, attemptLogger } from './log';

/** What all attempts of a worker share. */
export interface AttemptEnvironment {
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
  readonly interceptors: readonly ActivityInterceptorsFactory[];
  readonly logger: Logger;
  /** Whether lines of the level DEBUG go anywhere: one is written at each attempt's beginning and end. */
  readonly logsDebug: boolean;
  readonly metricMeter: MetricMeter;
  /** @throws {IllegalStateError} there is none here */
  readonly client: () => unknown;
}

const WILL_COMPLETE_ASYNC: ActivityOutcome = { kind: 'willCompleteAsync' };

const REASONS: { readonly [R in Parameters<RunningAttempt['cancel']>[0]]: CancelReason } = {
  requested: 'CANCELLED',
  timedOut: 'TIMED_OUT',
  notFound: 'NOT_FOUND',
  workerShutdown: 'WORKER_SHUTDOWN',
};

/** A function that stopped because it was told to, but not because its workflow asked for it: the attempt is repeated. */
const STOPPED_FAILURES: {
  readonly [R in CancelReason]?: { readonly type: string; readonly message: string };
} = {
  WORKER_SHUTDOWN: { type: 'WorkerShutdown', message: 'The worker of this activity was shut down' },
  PAUSED: { type: 'ActivityPause', message: 'Activity paused' },
  RESET: { type: 'ActivityReset', message: 'Activity reset' },
};

export class Attempt implements RunningAttempt, ContextOwner {
  readonly #task: ActivityTask;
  readonly #port: AttemptPort;
  readonly #environment: AttemptEnvironment;
  readonly #startedAt = performance.now();
  #interception: Interception | undefined;
  #cancellation: Cancellation | undefined;
  #info: Info | undefined;
  #log: Logger | undefined;
  #metricMeter: MetricMeter | undefined;
  #lastBeat: Promise<unknown> | undefined;
  #detailsError: unknown;
  #isOver = false;
  #outcome: Promise<ActivityOutcome> | undefined;

  constructor(task: ActivityTask, port: AttemptPort, environment: AttemptEnvironment) {
    this.#task = task;
    this.#port = port;
    this.#environment = environment;
  }

  /** Runs the function up to its first await. It may be cancelled even before that returns, from within a heartbeat. */
  start(activities: Activities): void {
    this.#outcome = this.#run(activities);
  }

  get outcome(): Promise<ActivityOutcome> {
    assert(this.#outcome !== undefined, 'an attempt has an outcome once it was started');
    return this.#outcome;
  }

  cancel(reason: Parameters<RunningAttempt['cancel']>[0]): void {
    if (!this.#isOver) this.cancellation.request(REASONS[reason]);
  }

  // The context's owner: what the function asks for.

  get info(): Info {
    return (this.#info ??= infoOf(this.#task, this.#environment.payloadConverter));
  }

  get cancellation(): Cancellation {
    return (this.#cancellation ??= new Cancellation());
  }

  get log(): Logger {
    return (this.#log ??= attemptLogger(this.#environment.logger, () => {
      const attributes = activityLogAttributes(this.info);
      return this.#interception?.logAttributes(attributes) ?? attributes;
    }));
  }

  get metricMeter(): MetricMeter {
    return (this.#metricMeter ??= this.#taggedMeter());
  }

  get client(): unknown {
    return this.#environment.client();
  }

  heartbeat(details: unknown): void {
    if (this.#isOver) return;
    let payload: Payload | undefined;
    try {
      if (details !== undefined) {
        payload = encodeValue(this.#environment.payloadConverter, details, 'heartbeat details');
      }
    } catch (error) {
      this.#detailsError = error;
      this.cancellation.request('HEARTBEAT_DETAILS_CONVERSION_FAILED', new ActivityCancellationDetails());
      return;
    }
    const beat = this.#port.heartbeat(payload);
    // The port may answer many beats with one promise.
    if (beat === this.#lastBeat) return;
    this.#lastBeat = beat;
    beat.then(
      ({ cancelRequested }) => {
        if (cancelRequested) this.cancel('requested');
      },
      () => this.cancel('notFound'),
    );
  }

  #run(activities: Activities): Promise<ActivityOutcome> {
    const context = new Context(this);
    try {
      const { activityType, input } = this.#task;
      const activity = activities.find(activityType);
      const args = this.#decode(input);
      const { interceptors, logsDebug } = this.#environment;
      if (logsDebug) this.#write('debug', 'Activity started');
      const result: unknown =
        interceptors.length === 0
          ? asyncLocalStorage.run(context, activity, ...args)
          : asyncLocalStorage.run(context, () => this.#intercepted(context, activity, args));
      if (!isThenable(result)) return Promise.resolve(this.#completed(result));
      const settled = result instanceof Promise ? result : Promise.resolve(result);
      return settled.then(
        (value: unknown) => this.#completed(value),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      return Promise.resolve(this.#failed(error));
    }
  }

  #decode(input: ActivityTask['input']): unknown[] {
    const args = new Array<unknown>(input.length);
    try {
      for (let index = 0; index < input.length; index++) {
        args[index] = decodeValue(this.#environment.payloadConverter, input[index] ?? null);
      }
    } catch (error) {
      throw ApplicationFailure.fromError(error, {
        message: `Failed to parse activity args for activity ${this.#task.activityType}: ${errorMessage(error) ?? ''}`,
        nonRetryable: false,
      });
    }
    return args;
  }

  #intercepted(context: Context, activity: AnyActivity, args: unknown[]): unknown {
    this.#interception = withInterceptors(this.#environment.interceptors, context);
    return this.#interception.execute(activity, args, headersFromModel(this.#task.header));
  }

  #taggedMeter(): MetricMeter {
    const { namespace, taskQueue, activityType } = this.#task;
    const tags = { namespace, taskQueue, activityType };
    return this.#environment.metricMeter.withTags(this.#interception?.metricTags(tags) ?? tags);
  }

  #completed(result: unknown): ActivityOutcome {
    let payload: Payload;
    try {
      payload = encodeValue(this.#environment.payloadConverter, result, 'result');
    } catch (error) {
      return this.#failed(error);
    }
    this.#end('Activity completed');
    return { kind: 'completed', result: payload };
  }

  /** What was thrown may be anything, also an object whose properties throw when they are read. */
  #failed(thrown: unknown): ActivityOutcome {
    try {
      return this.#outcomeOf(thrown);
    } catch {
      return this.#failure(new Error(`What the activity threw cannot be read: ${describeThrown(thrown)}`));
    }
  }

  #outcomeOf(error: unknown): ActivityOutcome {
    if (error instanceof CompleteAsyncError) {
      this.#end('Activity will complete asynchronously');
      return WILL_COMPLETE_ASYNC;
    }
    const reason = this.#cancellation?.reason;
    if (reason !== undefined && (error instanceof CancelledFailure || isAbortError(error))) {
      return this.#stopped(reason, error);
    }
    return this.#failure(error);
  }

  /** The function ended because it was told to. */
  #stopped(reason: CancelReason, error: unknown): ActivityOutcome {
    if (reason === 'HEARTBEAT_DETAILS_CONVERSION_FAILED') return this.#failure(this.#detailsError);
    const failure = STOPPED_FAILURES[reason];
    if (failure !== undefined) return this.#failure(ApplicationFailure.create({ ...failure }));
    this.#end('Activity completed as cancelled');
    const details: unknown[] = error instanceof CancelledFailure ? error.details : [];
    if (details.length === 0) return { kind: 'canceled' };
    try {
      return {
        kind: 'canceled',
        details: encodeValues(this.#environment.payloadConverter, details, 'details'),
      };
    } catch (conversionError) {
      return this.#failure(conversionError);
    }
  }

  #failure(error: unknown): ActivityOutcome {
    this.#isOver = true;
    const failure = ensureApplicationFailure(error);
    const level = failure.category === 'BENIGN' ? 'debug' : 'warn';
    this.#write(level, 'Activity failed', { error, durationMs: this.#durationMs() });
    return { kind: 'failed', failure: this.#convert(failure) };
  }

  /** The failure's own details may have no payload form, and a converter is user code. */
  #convert(error: ApplicationFailure): Failure {
    const { failureConverter, payloadConverter } = this.#environment;
    try {
      return failureConverter.errorToFailure(error, payloadConverter);
    } catch (conversionError) {
      const message = `${errorMessage(conversionError) ?? describeThrown(conversionError)} (while converting: ${error.message})`;
      return {
        message,
        source: FAILURE_SOURCE,
        info: { kind: 'application', type: 'ValueError', nonRetryable: error.nonRetryable ?? false },
      };
    }
  }

  #end(line: string): void {
    this.#isOver = true;
    if (this.#environment.logsDebug) this.#write('debug', line, { durationMs: this.#durationMs() });
  }

  /** A logger that throws is no reason for an attempt to fail. */
  #write(level: 'debug' | 'warn', line: string, meta?: LogMetadata): void {
    try {
      this.log[level](line, meta);
    } catch {
      // Nowhere to say so.
    }
  }

  #durationMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
