// How a workflow ends, and what an error that leaves its code means. Runs in the realm.
import { compact } from '../../common/compact';
import { ensureTemporalFailure, TemporalFailure } from '../../common/failure';
import { encodeMap, encodeValue, encodeValues, headersToModel } from '../../common/payload/model-payloads';
import { encodeSearchAttributes } from '../../common/payload/search-attribute-payloads';
import { msOptionalToNumber } from '../../common/time';
import { taskQueueName } from '../../model/ids';
import type { WorkflowCommand, WorkflowCommandByKind } from '../../model/turn';
import { ContinueAsNew, DeterminismViolationError, isCancellation } from '../errors';
import type { RunContext } from './run-context';

export function completeWorkflow(run: RunContext, result: unknown): void {
  if (run.completed) return;
  run.ask({ kind: 'completeWorkflow', result: encodeValue(run.payloadConverter, result, 'result') });
}

/**
 * A TemporalFailure is the workflow's own; anything else is a mistake in its code: the task fails, and mended code goes on.
 * Who has ended stays ended, but a mistake is one also then.
 */
export function handleFailure(run: RunContext, error: unknown): void {
  if (!endsWorkflow(run, error)) return run.failTask(error);
  if (run.completed) return;
  try {
    run.ask(endOf(run, error), error);
  } catch (problem) {
    // What it ends with has no payload form.
    run.failTask(problem);
  }
}

function endsWorkflow(run: RunContext, error: unknown): boolean {
  if (isAlwaysMistake(error)) return false;
  if (error instanceof ContinueAsNew || error instanceof TemporalFailure) return true;
  const { failureTypes = [] } = run;
  return failureTypes.some((type) => type === Error || error instanceof type);
}

function endOf(run: RunContext, error: unknown): WorkflowCommand {
  if (run.cancelled && isCancellation(error)) return { kind: 'cancelWorkflow' };
  if (error instanceof ContinueAsNew) return continueCommand(run, error);
  // It means to end: nobody is to be warned of handlers that it cuts off.
  if (run.handlersBegun > 0) run.runningHandlers.clear();
  return { kind: 'failWorkflow', failure: run.failureOf(ensureTemporalFailure(error)) };
}

/** Nothing that a history could repeat, whoever has wrapped it. */
function isAlwaysMistake(error: unknown): boolean {
  let innermost: unknown = error;
  for (let depth = 0; depth < CAUSES_MAX && innermost instanceof Error; depth += 1) {
    if (innermost instanceof DeterminismViolationError) return true;
    if (innermost instanceof RangeError && innermost.message === STACK_OVERFLOW) return true;
    innermost = innermost.cause;
  }
  return false;
}

/** A longer chain of causes may be a circle. */
const CAUSES_MAX = 50;
/** V8's words. */
const STACK_OVERFLOW = 'Maximum call stack size exceeded';

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
