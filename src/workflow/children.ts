// Child workflows. Runs in the realm.
import { compact } from '../common/compact';
import { composeInterceptors } from '../common/interceptors';
import type { Workflow, WorkflowResultType } from '../common/interfaces';
import { encodeMap, encodeValue, encodeValues, headersToModel } from '../common/payload/model-payloads';
import { encodeSearchAttributes } from '../common/payload/search-attribute-payloads';
import { compileRetryPolicy } from '../common/retry-policy';
import { msOptionalToNumber } from '../common/time';
import type { BaseWorkflowHandle } from '../common/workflow-handle';
import { extractWorkflowType, type WithWorkflowArgs } from '../common/workflow-options';
import { taskQueueName, workflowId } from '../model/ids';
import type { WorkflowCommandByKind } from '../model/turn';
import { heedCancellation, untrack } from './cancellation-scope';
import { currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import type { StartChildWorkflowExecutionInput } from './interceptors';
import {
  decodeParentClosePolicy,
  encodeParentClosePolicy,
  type ChildWorkflowOptions,
  type ChildWorkflowOptionsWithDefaults,
} from './options';
import { sendSignal, signalNameOf } from './signal-external';

/** A child that has started. */
export interface ChildWorkflowHandle<T extends Workflow> extends BaseWorkflowHandle<T> {
  readonly workflowId: string;
  /** Of the first run of its chain. */
  readonly firstExecutionRunId: string;
}

/** Resolves when the child has started; cancelled with the current scope. */
export async function startChild<T extends Workflow>(
  workflowTypeOrFunc: string | T,
  options?: WithWorkflowArgs<T, ChildWorkflowOptions>,
): Promise<ChildWorkflowHandle<T>> {
  const { run, given, started, completed } = await begin(workflowTypeOrFunc, options);
  const firstExecutionRunId = await started;
  return {
    workflowId: given.workflowId,
    firstExecutionRunId,
    result: () => completed as Promise<WorkflowResultType<T>>,
    signal: (def, ...args) =>
      sendSignal(run, {
        seq: run.nextSeq('signal'),
        signalName: signalNameOf(def),
        args,
        headers: {},
        target: { type: 'child', childWorkflowId: given.workflowId },
      }),
  };
}

/** Starts a child and waits for its result. */
export async function executeChild<T extends Workflow>(
  workflowTypeOrFunc: string | T,
  options?: WithWorkflowArgs<T, ChildWorkflowOptions>,
): Promise<WorkflowResultType<T>> {
  const { started, completed } = await begin(workflowTypeOrFunc, options);
  untrack(started);
  return completed as Promise<WorkflowResultType<T>>;
}

async function begin<T extends Workflow>(
  workflowTypeOrFunc: string | T,
  options: ChildWorkflowOptions | undefined,
): Promise<{
  readonly run: RunContext;
  readonly given: ChildWorkflowOptionsWithDefaults;
  readonly started: Promise<string>;
  readonly completed: Promise<unknown>;
}> {
  const run = currentRun('Child workflows');
  run.assertWritable();
  const workflowType = extractWorkflowType(workflowTypeOrFunc as string | Workflow);
  const given = withDefaults(run, options);
  const { outbound = [] } = run.interceptors;
  const start = (input: StartChildWorkflowExecutionInput): Promise<[Promise<string>, Promise<unknown>]> =>
    startPlain(run, input);
  const execute =
    outbound.length === 0 ? start : composeInterceptors(outbound, 'startChildWorkflowExecution', start);
  const seq = run.nextSeq('child');
  const [started, completed] = await execute({ seq, workflowType, options: given, headers: {} });
  return { run, given, started, completed };
}

function withDefaults(run: RunContext, options: ChildWorkflowOptions = {}): ChildWorkflowOptionsWithDefaults {
  const { workflowId: id, taskQueue, args, cancellationType, ...rest } = options;
  return {
    ...rest,
    workflowId: id ?? run.random.uuid4(),
    taskQueue: taskQueue ?? run.started.taskQueue,
    args: args ?? [],
    cancellationType: cancellationType ?? 'WAIT_CANCELLATION_COMPLETED',
  };
}

async function startPlain(
  run: RunContext,
  input: StartChildWorkflowExecutionInput,
): Promise<[Promise<string>, Promise<unknown>]> {
  const { seq, workflowType, options } = input;
  const started = new Promise<string>((resolve, reject) => {
    const isCancelled = heedCancellation(reject, () => {
      if (run.childStarts.has(seq) || run.children.has(seq)) run.ask({ kind: 'cancelChild', seq });
    });
    if (isCancelled) return;
    run.ask(commandOf(run, input));
    run.childStarts.set(seq, {
      resolve: resolve as (value: unknown) => void,
      reject,
      workflowId: options.workflowId,
      workflowType,
    });
  });
  // Its end may come without anybody having waited for its start, and a failed start is an end too.
  const completed = new Promise<unknown>((resolve, reject) => {
    untrack(started.catch(reject));
    run.children.set(seq, { resolve, reject });
  });
  untrack(started);
  untrack(completed);
  return [started, completed];
}

function commandOf(
  run: RunContext,
  { seq, workflowType, options, headers }: StartChildWorkflowExecutionInput,
): WorkflowCommandByKind<'startChild'> {
  const { payloadConverter } = run;
  const { staticSummary, staticDetails, parentClosePolicy, workflowIdReusePolicy, memo } = options;
  return compact<WorkflowCommandByKind<'startChild'>>({
    kind: 'startChild',
    seq,
    workflowId: workflowId(options.workflowId),
    workflowType,
    taskQueue: taskQueueName(options.taskQueue),
    header: headersToModel(headers),
    input: encodeValues(payloadConverter, options.args, 'args'),
    memo: memo === undefined ? undefined : encodeMap(payloadConverter, memo, 'memo'),
    searchAttributes: encodeSearchAttributes(options.searchAttributes, options.typedSearchAttributes),
    executionTimeoutMs: msOptionalToNumber(options.workflowExecutionTimeout),
    runTimeoutMs: msOptionalToNumber(options.workflowRunTimeout),
    taskTimeoutMs: msOptionalToNumber(options.workflowTaskTimeout),
    parentClosePolicy:
      parentClosePolicy === undefined
        ? undefined
        : decodeParentClosePolicy(encodeParentClosePolicy(parentClosePolicy)),
    workflowIdReusePolicy:
      workflowIdReusePolicy === 'TERMINATE_IF_RUNNING' ? undefined : workflowIdReusePolicy,
    retryPolicy: options.retry === undefined ? undefined : compileRetryPolicy(options.retry),
    cronSchedule: options.cronSchedule,
    cancellationType: options.cancellationType,
    summary:
      staticSummary === undefined ? undefined : encodeValue(payloadConverter, staticSummary, 'staticSummary'),
    details:
      staticDetails === undefined ? undefined : encodeValue(payloadConverter, staticDetails, 'staticDetails'),
  });
}
