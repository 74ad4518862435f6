// The enums of failures, with Temporal's names and numbers. Pure.
import { makeEnum } from './enums';

export const [TimeoutType, encodeTimeoutType, decodeTimeoutType] = makeEnum(
  { START_TO_CLOSE: 1, SCHEDULE_TO_START: 2, SCHEDULE_TO_CLOSE: 3, HEARTBEAT: 4 },
  'TIMEOUT_TYPE_',
);
export type TimeoutType = 'START_TO_CLOSE' | 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT';

export const [RetryState, encodeRetryState, decodeRetryState] = makeEnum(
  {
    IN_PROGRESS: 1,
    NON_RETRYABLE_FAILURE: 2,
    TIMEOUT: 3,
    MAXIMUM_ATTEMPTS_REACHED: 4,
    RETRY_POLICY_NOT_SET: 5,
    INTERNAL_SERVER_ERROR: 6,
    CANCEL_REQUESTED: 7,
  },
  'RETRY_STATE_',
);
export type RetryState =
  | 'IN_PROGRESS'
  | 'NON_RETRYABLE_FAILURE'
  | 'TIMEOUT'
  | 'MAXIMUM_ATTEMPTS_REACHED'
  | 'RETRY_POLICY_NOT_SET'
  | 'INTERNAL_SERVER_ERROR'
  | 'CANCEL_REQUESTED';

export const [
  ApplicationFailureCategory,
  encodeApplicationFailureCategory,
  decodeApplicationFailureCategory,
] = makeEnum({ BENIGN: 1 }, 'APPLICATION_ERROR_CATEGORY_');
/** `BENIGN`: expected, logged quietly and not counted as an error. */
export type ApplicationFailureCategory = 'BENIGN';
