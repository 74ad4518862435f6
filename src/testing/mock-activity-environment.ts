// Runs an activity's function in a context of its own, without an engine: for tests of activities.
import { EventEmitter } from 'node:events';
import { Cancellation, type CancelReason } from '../activity/cancellation';
import { asyncLocalStorage, Context, type ContextOwner } from '../activity/context';
import type { Info } from '../activity/info';
import type { ActivityInterceptorsFactory } from '../activity/interceptors';
import { withInterceptors } from '../activity/interception';
import { activityLogAttributes, attemptLogger } from '../activity/log';
import type { ActivityCancellationDetails } from '../common/activity-cancellation-details';
import { IllegalStateError } from '../common/errors';
import type { Logger } from '../common/logger';
import type { Loose } from '../common/loose';
import { noopMetricMeter, type MetricMeter } from '../common/metrics';
import { DefaultLogger } from '../worker/logger';

export interface MockActivityEnvironmentOptions {
  interceptors?: ActivityInterceptorsFactory[];
  /** Default: INFO and above on standard error. */
  logger?: Logger;
  /** Default: counts nothing. */
  metricMeter?: MetricMeter;
  /** What `getClient()` gives. */
  client?: unknown;
}

/** What an activity sees where the test says nothing else. */
export const defaultActivityInfo: Info = {
  taskToken: new TextEncoder().encode('test'),
  base64TaskToken: 'dGVzdA==',
  activityId: 'test',
  activityType: 'unknown',
  activityNamespace: 'default',
  namespace: 'default',
  taskQueue: 'test',
  attempt: 1,
  isLocal: false,
  inWorkflow: true,
  workflowExecution: { workflowId: 'test', runId: 'dead-beef' },
  workflowType: 'test',
  workflowNamespace: 'default',
  heartbeatDetails: undefined,
  scheduleToCloseTimeoutMs: 0,
  startToCloseTimeoutMs: 0,
  scheduledTimestampMs: 1,
  currentAttemptScheduledTimestampMs: 1,
};

/** Emits `heartbeat` with the details of each heartbeat. */
export class MockActivityEnvironment extends EventEmitter {
  readonly context: Context;
  readonly #cancellation = new Cancellation();
  readonly #intercept: ReturnType<typeof withInterceptors>;

  constructor(info: Partial<Info> = {}, options: MockActivityEnvironmentOptions = {}) {
    super();
    const { interceptors = [], logger = new DefaultLogger(), metricMeter = noopMetricMeter } = options;
    const known: Info = { ...defaultActivityInfo, ...info };
    const owner: ContextOwner = {
      info: known,
      cancellation: this.#cancellation,
      get log() {
        return log;
      },
      get metricMeter() {
        return metricMeter.withTags(intercept.metricTags({}));
      },
      get client(): unknown {
        if (options.client === undefined) throw new IllegalStateError('This environment was given no client');
        return options.client;
      },
      heartbeat: (details) => void this.emit('heartbeat', details),
    };
    this.context = new Context(owner);
    const intercept = (this.#intercept = withInterceptors(interceptors, this.context));
    const log = attemptLogger(logger, () => intercept.logAttributes(activityLogAttributes(known)));
  }

  /** Calls `fn` in this environment's context, through its interceptors. */
  async run<P extends Loose[], R, F extends (...args: P) => Promise<R>>(fn: F, ...args: P): Promise<R> {
    return asyncLocalStorage.run(this.context, () => this.#intercept.execute(fn, args, {}) as Promise<R>);
  }

  /** Asks the function to stop. */
  cancel(reason: CancelReason = 'CANCELLED', details?: ActivityCancellationDetails): void {
    this.#cancellation.request(reason, details);
  }
}
