// How a workflow ends, and what an error that leaves its code means. Runs in the realm.
import { compact } from '../../common/compact';
import { ensureTemporalFailure, TemporalFailure } from '../../common/failure';
import { encodeMap, encodeValue, encodeValues, headersToModel } from '../../common/payload/model-payloads';
import { encodeSearchAttributes } from '../../common/payload/search-attribute-payloads';
import { msOptionalToNumber } from '../../common/time';
import { taskQueueName } from '../../model/ids';
import type { WorkflowCommandByKind } from '../../model/turn';
import { ContinueAsNew, isCancellation } from '../errors';
import type { RunContext } from './run-context';

export function completeWorkflow(run: RunContext, result: unknown): void {
  if (run.completed) return;
  run.ask({ kind: 'completeWorkflow', result: encodeValue(run.payloadConverter, result, 'result') });
}

/** A TemporalFailure is the workflow's own; anything else is a mistake in its code: the task fails, and mended code goes on. */
export function handleFailure(run: RunContext, error: unknown): void {
  if (run.completed) return;
  try {
    if (run.cancelled && isCancellation(error)) run.ask({ kind: 'cancelWorkflow' });
    else if (error instanceof ContinueAsNew) run.ask(continueCommand(run, error));
    else if (error instanceof TemporalFailure) {
      run.ask({ kind: 'failWorkflow', failure: run.failureOf(ensureTemporalFailure(error)) });
    } else run.failTask(error);
  } catch (problem) {
    // What it ends with has no payload form.
    run.failTask(problem);
  }
}

function continueCommand(
  run: RunContext,
  { command }: ContinueAsNew,
): WorkflowCommandByKind<'continueAsNew'> {
  const { args, headers, options } = command;
  const { payloadConverter, started } = run;
  const { taskQueue, memo } = options;
  return compact<WorkflowCommandByKind<'continueAsNew'>>({
    kind: 'continueAsNew',
    workflowType: options.workflowType,
    taskQueue: taskQueue === undefined ? started.taskQueue : taskQueueName(taskQueue),
    input: encodeValues(payloadConverter, args, 'args'),
    header: headersToModel(headers),
    memo: memo === undefined ? undefined : encodeMap(payloadConverter, memo, 'memo'),
    searchAttributes: encodeSearchAttributes(options.searchAttributes, options.typedSearchAttributes),
    runTimeoutMs: msOptionalToNumber(options.workflowRunTimeout),
    taskTimeoutMs: msOptionalToNumber(options.workflowTaskTimeout),
    backoffStartIntervalMs: msOptionalToNumber(options.backoffStartInterval),
  });
}
