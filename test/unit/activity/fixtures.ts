// Tasks, ports and surroundings for attempts without an engine.
import { activitiesOf } from '../../../src/activity/activities';
import { Attempt, type AttemptEnvironment } from '../../../src/activity/attempt';
import { defaultDataConverter } from '../../../src/common/converter/default-data-converter';
import type { LogLevel, Logger, LogMetadata } from '../../../src/common/logger';
import { noopMetricMeter } from '../../../src/common/metrics';
import type { ActivityTask } from '../../../src/model/effect';
import { namespace, runId, taskQueueName, workflowId } from '../../../src/model/ids';
import type { ActivityOutcome } from '../../../src/model/message';
import type { Payload } from '../../../src/model/payload';
import type { AttemptPort } from '../../../src/model/worker';

export function taskOf(
  activityType: string,
  args: readonly unknown[] = [],
  changes: Partial<ActivityTask> = {},
): ActivityTask {
  return {
    namespace: namespace('default'),
    execution: { workflowId: workflowId('order-1'), runId: runId('01a9e9f0-0000-7000-8000-000000000001') },
    workflowType: 'order',
    scheduledEventId: 5,
    activityId: '1',
    activityType,
    taskQueue: taskQueueName('default'),
    header: {},
    input: args.map((arg) => (arg === undefined ? null : JSON.stringify(arg))),
    attempt: 1,
    scheduledAt: 1_000,
    currentAttemptScheduledAt: 2_000,
    startedAt: 3_000,
    scheduleToCloseTimeoutMs: 0,
    startToCloseTimeoutMs: 60_000,
    heartbeatTimeoutMs: 0,
    retryPolicy: {
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maximumIntervalMs: 100_000,
      maximumAttempts: 0,
      nonRetryableErrorTypes: [],
    },
    ...changes,
  };
}

/** Records heartbeats; answers them when the test says so. */
export class FakePort implements AttemptPort {
  readonly details: (Payload | undefined)[] = [];
  #answers: { resolve: (answer: { cancelRequested: boolean }) => void; reject: (error: Error) => void }[] =
    [];

  heartbeat(details: Payload | undefined): Promise<{ readonly cancelRequested: boolean }> {
    this.details.push(details);
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  }

  answer(answer: { cancelRequested: boolean } | 'notFound'): void {
    for (const { resolve, reject } of this.#answers) {
      if (answer === 'notFound') reject(new Error('the attempt is over'));
      else resolve(answer);
    }
    this.#answers = [];
  }
}

export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly meta: LogMetadata;
}

export function recordingLogger(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void =>
    void lines.push({ level, message, meta });
  const at =
    (level: LogLevel) =>
    (message: string, meta?: LogMetadata): void =>
      log(level, message, meta);
  const logger: Logger = {
    log,
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
  };
  return { logger, lines };
}

export interface Running {
  readonly attempt: Attempt;
  readonly port: FakePort;
  readonly lines: readonly Line[];
  readonly outcome: Promise<ActivityOutcome>;
}

export function runAttempt(
  activities: object,
  task: ActivityTask,
  changes: Partial<AttemptEnvironment> = {},
): Running {
  const { logger, lines } = recordingLogger();
  const port = new FakePort();
  const attempt = new Attempt(task, port, {
    payloadConverter: defaultDataConverter.payloadConverter,
    failureConverter: defaultDataConverter.failureConverter,
    interceptors: [],
    logger,
    logsDebug: false,
    metricMeter: noopMetricMeter,
    client: () => 'the client',
    ...changes,
  });
  attempt.start(activitiesOf(activities));
  return { attempt, port, lines, outcome: attempt.outcome };
}
