// Options of starting a workflow that clients, children and schedules have in common. Pure.
import { makeEnum } from './enums';
import type { Workflow } from './interfaces';
import type { Loose } from './loose';
import type { Priority } from './priority';
import type { RetryPolicy } from './retry-policy';
import type { SearchAttributePair, SearchAttributes, TypedSearchAttributes } from './search-attributes';
import type { Duration } from './time';

/** Whether an id may be used again after its last run has closed. */
export const [WorkflowIdReusePolicy, encodeWorkflowIdReusePolicy, decodeWorkflowIdReusePolicy] = makeEnum(
  { ALLOW_DUPLICATE: 1, ALLOW_DUPLICATE_FAILED_ONLY: 2, REJECT_DUPLICATE: 3, TERMINATE_IF_RUNNING: 4 },
  'WORKFLOW_ID_REUSE_POLICY_',
);
export type WorkflowIdReusePolicy =
  | 'ALLOW_DUPLICATE'
  | 'ALLOW_DUPLICATE_FAILED_ONLY'
  | 'REJECT_DUPLICATE'
  /** @deprecated Use the conflict policy TERMINATE_EXISTING. */
  | 'TERMINATE_IF_RUNNING';

/** What happens when the id has an open run. */
export const [WorkflowIdConflictPolicy, encodeWorkflowIdConflictPolicy, decodeWorkflowIdConflictPolicy] =
  makeEnum({ FAIL: 1, USE_EXISTING: 2, TERMINATE_EXISTING: 3 }, 'WORKFLOW_ID_CONFLICT_POLICY_');
export type WorkflowIdConflictPolicy = 'FAIL' | 'USE_EXISTING' | 'TERMINATE_EXISTING';

export interface BaseWorkflowOptions {
  /** Default: `ALLOW_DUPLICATE`. */
  workflowIdReusePolicy?: WorkflowIdReusePolicy;
  /** Default: `FAIL`. */
  workflowIdConflictPolicy?: WorkflowIdConflictPolicy;
  /** Of the whole workflow. Default: none, it is not retried. */
  retry?: RetryPolicy;
  cronSchedule?: string;
  /** Values shown beside the workflow; never read by the engine. */
  memo?: Record<string, unknown>;
  /** @deprecated Use typedSearchAttributes. */
  searchAttributes?: SearchAttributes;
  typedSearchAttributes?: SearchAttributePair[] | TypedSearchAttributes;
  /** One line, shown to people. */
  staticSummary?: string;
  /** Several lines, shown to people. */
  staticDetails?: string;
  priority?: Priority;
}

export interface WorkflowDurationOptions {
  /** Of one run; default: unlimited. */
  workflowRunTimeout?: Duration;
  /** Of the whole chain of runs: continue-as-new, retries, cron. Default: unlimited. */
  workflowExecutionTimeout?: Duration;
  /** Of one workflow task. Default: 10 seconds. */
  workflowTaskTimeout?: Duration;
}

export type CommonWorkflowOptions = BaseWorkflowOptions & WorkflowDurationOptions;

/** `T`, and `args`, which is optional only for workflows that take none. */
export type WithWorkflowArgs<W extends Workflow, T> = T &
  (Parameters<W> extends [Loose, ...Loose[]]
    ? { args: Parameters<W> | Readonly<Parameters<W>> }
    : { args?: Parameters<W> | Readonly<Parameters<W>> });

/**
 * The name by which a workflow is registered.
 *
 * @throws {TypeError} neither a name nor a named function
 */
export function extractWorkflowType<T extends Workflow>(workflowTypeOrFunc: string | T): string {
  if (typeof workflowTypeOrFunc === 'string' && workflowTypeOrFunc !== '') return workflowTypeOrFunc;
  if (typeof workflowTypeOrFunc === 'function' && workflowTypeOrFunc.name !== '') {
    return workflowTypeOrFunc.name;
  }
  throw new TypeError(
    typeof workflowTypeOrFunc === 'function'
      ? 'Invalid workflow type: the workflow function is anonymous. Give its exported name as a string'
      : `Invalid workflow type: expected a name or a workflow function, got ${describe(workflowTypeOrFunc)}`,
  );
}

const describe = (value: unknown): string => (value === '' ? "''" : typeof value);
