// Every limit of the engine: its name, its unit, its reason. Values are Temporal's where it has one.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time';

/** Ids, names, identities, request ids and task queues, in bytes of UTF-8. */
export const ID_BYTES_MAX = 1_000;
/** One payload list (arguments, a result, details), in bytes. */
export const PAYLOAD_BYTES_MAX = 2 * 1_024 * 1_024;
/** All memo fields of a run together, in bytes. */
export const MEMO_BYTES_MAX = 2 * 1_024 * 1_024;
/** Search attributes of one command: how many, one value, names and values together, in bytes. */
export const SEARCH_ATTRIBUTES_MAX = 100;
export const SEARCH_ATTRIBUTE_BYTES_MAX = 2 * 1_024;
export const SEARCH_ATTRIBUTES_BYTES_MAX = 40 * 1_024;
/** A run that outgrows this is terminated; continue-as-new long before. */
export const HISTORY_BYTES_MAX = 50 * 1_024 * 1_024;
export const HISTORY_EVENTS_MAX = 51_200;
/** From here on `continueAsNewSuggested` is true. */
export const HISTORY_BYTES_SUGGEST = 4 * 1_024 * 1_024;
export const HISTORY_EVENTS_SUGGEST = 4_096;
/** Pending activities, children, external signals and external cancels of one run, each. */
export const PENDING_MAX = 2_000;
/** Signals that one run may receive. */
export const SIGNALS_PER_RUN_MAX = 10_000;
/** Request ids that a run hands to its successor: repeats come within moments of a crash, not after thousands of messages. */
export const CARRIED_REQUEST_IDS_MAX = 1_000;
/** Events that may wait for an open workflow task; more fail the task. */
export const BUFFERED_EVENTS_MAX = 100;
/** A failure kept as an activity's last failure is cut to this many bytes. */
export const LAST_FAILURE_BYTES_MAX = 4 * 1_024;
/** Default time a workflow task may take. */
export const WORKFLOW_TASK_TIMEOUT_MS = 10 * SECOND_MS;
export const WORKFLOW_TASK_TIMEOUT_MAX_MS = 120 * SECOND_MS;
/** A failed workflow task is retried at once, then after 1 s, 2 s, … up to this. */
export const WORKFLOW_TASK_RETRY_INITIAL_MS = 1 * SECOND_MS;
export const WORKFLOW_TASK_RETRY_MAX_MS = 10 * MINUTE_MS;
/** A run younger than this that continues as new has its next run's first task delayed by the rest: stops hot loops. */
export const CONTINUE_AS_NEW_MIN_INTERVAL_MS = 1 * SECOND_MS;
/** How long a closed run is kept. Temporal's dev server keeps 1 day; ours 7. */
export const RETENTION_DEFAULT_MS = 7 * DAY_MS;
export const RETENTION_MIN_MS = 1 * HOUR_MS;
/** One drain of a lane stays under ~10 ms so that timers are not late. */
export const DRAIN_MESSAGES_MAX = 1_024;
/** Default limit of one turn of workflow code, after which its lane is replaced. */
export const TURN_LIMIT_MS = 2 * SECOND_MS;
/** After so many lanes lost to it a run is quarantined: its task fails with back-off and its code is not run. */
export const STRIKES_MAX = 3;
