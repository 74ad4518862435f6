// Failures that the engine itself reports, and how large ones are cut. Pure computation. Texts are Temporal's: people search for them.
import { failureSize } from '../../model/failure';
import type { Failure, FailureInfo, TimeoutType } from '../../model/failure';
import type { Payload } from '../../model/payload';

const SERVER = 'Server';

const TIMEOUT_NAMES: Readonly<Record<TimeoutType, string>> = {
  START_TO_CLOSE: 'StartToClose',
  SCHEDULE_TO_START: 'ScheduleToStart',
  SCHEDULE_TO_CLOSE: 'ScheduleToClose',
  HEARTBEAT: 'Heartbeat',
};

export const activityTimeout = (timeoutType: TimeoutType): Failure =>
  timeoutFailure(`activity ${TIMEOUT_NAMES[timeoutType]} timeout`, timeoutType);

/** In the place of a retryable timeout after which no attempt can begin in time. */
export const noTimeForRetry = (): Failure =>
  timeoutFailure(
    'Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying',
    'SCHEDULE_TO_CLOSE',
  );

export const workflowTimeout = (): Failure => timeoutFailure('workflow timeout', 'START_TO_CLOSE');

/** Of a workflow task that the engine refuses: the cause and what is wrong, as text. */
export const taskFailure = (message: string): Failure => ({
  message,
  info: { kind: 'server', nonRetryable: false },
});

/** Of an activity whose answer is too big to be kept. */
export const tooBig = (message: string): Failure => ({
  message,
  source: SERVER,
  info: { kind: 'server', nonRetryable: true },
});

/** A timeout's failure with what is known beside it. */
export function withTimeoutContext(
  failure: Failure,
  lastFailure: Failure | undefined,
  heartbeatDetails: Payload | undefined,
): Failure {
  const { info } = failure;
  if (info?.kind !== 'timeout') return failure;
  return {
    ...failure,
    ...(lastFailure !== undefined && { cause: lastFailure }),
    info: heartbeatDetails === undefined ? info : { ...info, lastHeartbeatDetails: [heartbeatDetails] },
  };
}

/** Cuts a failure that is only kept for people to look at: without details and causes, texts as far as they fit. */
export function cutFailure(failure: Failure, bytesMax: number): Failure {
  if (failureSize(failure) <= bytesMax) return failure;
  const { message, source, stackTrace, info } = failure;
  const shortMessage = message.slice(0, bytesMax / 2);
  const left = Math.max(0, bytesMax / 2 - (source?.length ?? 0));
  return {
    message: shortMessage,
    ...(source !== undefined && { source }),
    ...(stackTrace !== undefined && { stackTrace: stackTrace.slice(0, left) }),
    ...(info !== undefined && { info: withoutPayloads(info) }),
  };
}

const timeoutFailure = (message: string, timeoutType: TimeoutType): Failure => ({
  message,
  source: SERVER,
  info: { kind: 'timeout', timeoutType },
});

function withoutPayloads(info: FailureInfo): FailureInfo {
  switch (info.kind) {
    case 'application': {
      const { details: _details, ...rest } = info;
      return rest;
    }
    case 'timeout':
      return { kind: info.kind, timeoutType: info.timeoutType };
    case 'canceled':
    case 'resetWorkflow':
      return { kind: info.kind };
    case 'activity':
    case 'childWorkflow':
    case 'server':
    case 'terminated':
      return info;
  }
}
