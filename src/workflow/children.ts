// Child workflows. Runs in the realm.
import { composeInterceptors } from '../common/interceptors';
import type { Workflow, WorkflowResultType } from '../common/interfaces';
import { encodeMap, encodeValue, encodeValues, headersToModel } from '../common/payload/model-payloads';
import { encodeSearchAttributes } from '../common/payload/search-attribute-payloads';
import { compileRetryPolicy } from '../common/retry-policy';
import { msOptionalToNumber } from '../common/time';
import type { BaseWorkflowHandle } from '../common/workflow-handle';
import {
  decodeWorkflowIdReusePolicy,
  encodeWorkflowIdReusePolicy,
  extractWorkflowType,
  type WithWorkflowArgs,
} from '../common/workflow-options';
import { taskQueueName, workflowId } from '../model/ids';
import type { WorkflowCommandByKind } from '../model/turn';
import { heedCancellation, untrack } from './cancellation-scope';
import { currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import type { StartChildWorkflowExecutionInput } from './interceptors';
import {
  childCancellationTypeOf,
  enumReader,
  parentClosePolicyOf,
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
  const { run, given, begun } = begin(workflowTypeOrFunc, options);
  const [started, completed] = await begun;
  const firstExecutionRunId = await started;
  return {
    workflowId: given.workflowId,
    firstExecutionRunId,
    // Both as many promises deep as with the official SDK: the order of commands depends on it.
    result: async () => (await completed) as WorkflowResultType<T>,
    signal: async (def, ...args) =>
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
  const { begun } = begin(workflowTypeOrFunc, options);
  // A promise within a promise, as with the official SDK: see above.
  return begun.then(([, completed]) => completed as Promise<WorkflowResultType<T>>);
}

type Begun = Promise<[started: Promise<string>, completed: Promise<unknown>]>;

function begin<T extends Workflow>(
  workflowTypeOrFunc: string | T,
  options: ChildWorkflowOptions | undefined,
): { readonly run: RunContext; readonly given: ChildWorkflowOptionsWithDefaults; readonly begun: Begun } {
  const run = currentRun('Child workflows');
  run.assertWritable();
  const given = addDefaultWorkflowOptions(options);
  const workflowType = extractWorkflowType(workflowTypeOrFunc as string | Workflow);
  const { outbound = [] } = run.interceptors;
  const start = (input: StartChildWorkflowExecutionInput): Begun => startPlain(run, input);
  const execute =
    outbound.length === 0 ? start : composeInterceptors(outbound, 'startChildWorkflowExecution', start);
  const seq = run.nextSeq('child');
  return { run, given, begun: execute({ seq, workflowType, options: given, headers: {} }) };
}

/** Options of a child with what is always there: an id, which is drawn if none is given, and the rest of the defaults. */
export function addDefaultWorkflowOptions(
  options: ChildWorkflowOptions = {},
): ChildWorkflowOptionsWithDefaults {
  const run = currentRun('Child workflows');
  const { workflowId: id, taskQueue, args, cancellationType, ...rest } = options;
  return {
    ...rest,
    workflowId: id ?? run.random.uuid4(),
    taskQueue: taskQueue ?? run.started.taskQueue,
    args: args ?? [],
    cancellationType: cancellationType ?? 'WAIT_CANCELLATION_COMPLETED',
  };
}

function startPlain(run: RunContext, input: StartChildWorkflowExecutionInput): Begun {
  const { seq, workflowType, options } = input;
  const started = new Promise<string>((resolve, reject) => {
    if (heedCancellation(run, seq, reject, requestCancel)) return;
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
    void started.catch(reject);
    if (run.childStarts.has(seq)) run.children.set(seq, { resolve, reject });
  });
  untrack(completed);
  return Promise.resolve([started, completed]);
}

function requestCancel(run: RunContext, seq: number): void {
  if (run.children.has(seq)) run.ask({ kind: 'cancelChild', seq });
}

const reusePolicyOf = enumReader(encodeWorkflowIdReusePolicy, decodeWorkflowIdReusePolicy);

function commandOf(
  run: RunContext,
  { seq, workflowType, options, headers }: StartChildWorkflowExecutionInput,
): WorkflowCommandByKind<'startChild'> {
  const { payloadConverter } = run;
  const { staticSummary, staticDetails, parentClosePolicy, workflowIdReusePolicy, memo } = options;
  const reusePolicy = reusePolicyOf(workflowIdReusePolicy);
  // What is undefined does not leave the realm: see the tape.
  return {
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
    parentClosePolicy: parentClosePolicyOf(parentClosePolicy),
    workflowIdReusePolicy: reusePolicy === 'TERMINATE_IF_RUNNING' ? undefined : reusePolicy,
    retryPolicy: options.retry === undefined ? undefined : compileRetryPolicy(options.retry),
    cronSchedule: options.cronSchedule,
    cancellationType: childCancellationTypeOf(options.cancellationType) ?? 'WAIT_CANCELLATION_COMPLETED',
    summary:
      staticSummary === undefined ? undefined : encodeValue(payloadConverter, staticSummary, 'staticSummary'),
    details:
      staticDetails === undefined ? undefined : encodeValue(payloadConverter, staticDetails, 'staticDetails'),
  } as WorkflowCommandByKind<'startChild'>;
}
