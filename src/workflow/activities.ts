// Activities as functions: `proxyActivities`. Runs in the realm.
import {
  decodeActivityCancellationType,
  encodeActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '../common/activity-options';
import { IllegalStateError } from '../common/errors';
import { composeInterceptors } from '../common/interceptors';
import type { ActivityFunction, UntypedActivities } from '../common/interfaces';
import { encodeValue, encodeValues, headersToModel } from '../common/payload/model-payloads';
import { compileRetryPolicy } from '../common/retry-policy';
import { msOptionalToNumber } from '../common/time';
import { compact } from '../common/compact';
import { taskQueueName } from '../model/ids';
import type { WorkflowCommandByKind } from '../model/turn';
import { heedCancellation } from './cancellation-scope';
import { currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import type { ActivityInput } from './interceptors';
import { enumReader } from './options';

/** What a member that is no activity is turned into: calling it does not compile. */
export declare const NotAnActivityMethod: unique symbol;

export interface ActivityFunctionWithOptions<T extends ActivityFunction> {
  (...args: Parameters<T>): ReturnType<T>;
  /** Calls the activity with some of the proxy's options changed. */
  executeWithOptions(options: ActivityOptions, args: Parameters<T>): ReturnType<T>;
}
export type ActivityInterfaceFor<T> = {
  [K in keyof T]: T[K] extends ActivityFunction
    ? ActivityFunctionWithOptions<T[K]>
    : typeof NotAnActivityMethod;
};
export interface LocalActivityFunctionWithOptions<T extends ActivityFunction> {
  (...args: Parameters<T>): ReturnType<T>;
  executeWithOptions(options: LocalActivityOptions, args: Parameters<T>): ReturnType<T>;
}
export type LocalActivityInterfaceFor<T> = {
  [K in keyof T]: T[K] extends ActivityFunction
    ? LocalActivityFunctionWithOptions<T[K]>
    : typeof NotAnActivityMethod;
};

/**
 * Functions that run as activities: outside of the workflow, at least once, each result recorded.
 *
 * @throws {TypeError} neither `startToCloseTimeout` nor `scheduleToCloseTimeout` is given
 */
export function proxyActivities<A = UntypedActivities>(options: ActivityOptions): ActivityInterfaceFor<A> {
  if (options === undefined) throw new TypeError('options must be defined');
  assertTimeouts(options);
  return new Proxy({} as ActivityInterfaceFor<A>, {
    get(_target, activityType) {
      if (typeof activityType !== 'string') {
        throw new TypeError(`Only strings are supported for Activity types, got: ${String(activityType)}`);
      }
      const call = (...args: unknown[]): Promise<unknown> => scheduleActivity(activityType, args, options);
      return Object.assign(call, {
        executeWithOptions: (overrides: ActivityOptions, args: unknown[]) =>
          scheduleActivity(activityType, args, merged(options, overrides)),
      });
    },
  });
}

/** Not supported yet: calling one of its functions throws an IllegalStateError. */
export function proxyLocalActivities<A = UntypedActivities>(
  _options: LocalActivityOptions,
): LocalActivityInterfaceFor<A> {
  return new Proxy({} as LocalActivityInterfaceFor<A>, {
    get: () => () => {
      throw new IllegalStateError('Local activities are not supported yet: use proxyActivities');
    },
  });
}

export function scheduleActivity<R = unknown>(
  activityType: string,
  args: unknown[],
  options: ActivityOptions,
): Promise<R> {
  const run = currentRun('Activities');
  assertTimeouts(options);
  const seq = run.nextSeq('activity');
  const { outbound = [] } = run.interceptors;
  const schedule = (input: ActivityInput): Promise<unknown> => schedulePlain(run, input);
  const execute =
    outbound.length === 0 ? schedule : composeInterceptors(outbound, 'scheduleActivity', schedule);
  // The proxy's own are those of every execution: an interceptor may change what it is handed.
  const own = outbound.length === 0 ? options : merged(options, ownParts(options));
  return execute({ activityType, args, options: own, headers: {}, seq }) as Promise<R>;
}

function schedulePlain(run: RunContext, input: ActivityInput): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { seq } = input;
    if (heedCancellation(run, seq, reject, requestCancel)) return;
    run.ask(commandOf(run, input));
    run.activities.set(seq, { resolve, reject });
  });
}

/** Who cancels hears of it from the engine, by the cancellation type. */
function requestCancel(run: RunContext, seq: number): void {
  if (run.activities.has(seq)) run.ask({ kind: 'requestCancelActivity', seq });
}

function commandOf(
  run: RunContext,
  { seq, activityType, args, options, headers }: ActivityInput,
): WorkflowCommandByKind<'scheduleActivity'> {
  const { payloadConverter } = run;
  // What is undefined does not leave the realm: see the tape.
  return {
    kind: 'scheduleActivity',
    seq,
    activityId: options.activityId ?? `${seq}`,
    activityType,
    taskQueue: options.taskQueue === undefined ? run.started.taskQueue : taskQueueName(options.taskQueue),
    header: headersToModel(headers),
    input: encodeValues(payloadConverter, args, 'args'),
    scheduleToCloseTimeoutMs: msOptionalToNumber(options.scheduleToCloseTimeout),
    scheduleToStartTimeoutMs: msOptionalToNumber(options.scheduleToStartTimeout),
    startToCloseTimeoutMs: msOptionalToNumber(options.startToCloseTimeout),
    heartbeatTimeoutMs: msOptionalToNumber(options.heartbeatTimeout),
    retryPolicy: options.retry === undefined ? undefined : compileRetryPolicy(options.retry),
    cancellationType: cancellationTypeOf(options.cancellationType) ?? 'TRY_CANCEL',
    summary:
      options.summary === undefined ? undefined : encodeValue(payloadConverter, options.summary, 'summary'),
  } as WorkflowCommandByKind<'scheduleActivity'>;
}

const cancellationTypeOf = enumReader(encodeActivityCancellationType, decodeActivityCancellationType);

/** Option by option; of those that are objects, field by field. */
function merged(options: ActivityOptions, overrides: ActivityOptions): ActivityOptions {
  const { retry, priority } = overrides;
  return {
    ...options,
    ...compact<ActivityOptions>(overrides),
    ...(retry !== undefined && { retry: { ...options.retry, ...retry } }),
    ...(priority !== undefined && { priority: { ...options.priority, ...priority } }),
  };
}

const ownParts = ({ retry, priority }: ActivityOptions): ActivityOptions => ({
  ...(retry !== undefined && {
    retry: {
      ...retry,
      ...(retry.nonRetryableErrorTypes && { nonRetryableErrorTypes: [...retry.nonRetryableErrorTypes] }),
    },
  }),
  ...(priority !== undefined && { priority }),
});

function assertTimeouts({ scheduleToCloseTimeout, startToCloseTimeout }: ActivityOptions): void {
  if (scheduleToCloseTimeout === undefined && startToCloseTimeout === undefined) {
    throw new TypeError('Required either scheduleToCloseTimeout or startToCloseTimeout');
  }
}
