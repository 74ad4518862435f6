// Waits for a workflow's end: its value, or Temporal's error. Follows a chain of runs: continue-as-new, retries, cron.
import { CancelledFailure, TemporalFailure, TerminatedFailure, TimeoutFailure } from '../common/failure';
import { decodeValue, decodeValues } from '../common/payload/model-payloads';
import type { CloseEvent } from '../model/event';
import type { RunId } from '../model/ids';
import { callGateway } from './call-context';
import type { LoadedClientOptions } from './client-options';
import { WorkflowContinuedAsNewError, WorkflowFailedError } from './errors';
import type { TargetExecution } from './interceptors';
import { workflowRequestError } from './refusals';
import { addressOf } from './validation';

export interface WorkflowResultOptions {
  /** Go on with the next run after a continue-as-new, a retry, a cron tick. Default: true. */
  followRuns?: boolean;
}

/**
 * @throws {WorkflowFailedError} it failed, was cancelled, was terminated or timed out
 * @throws {WorkflowContinuedAsNewError} it continued as new, and runs are not followed
 * @throws {WorkflowNotFoundError}
 */
export async function awaitResult(
  execution: TargetExecution,
  { followRuns = true }: WorkflowResultOptions,
  options: LoadedClientOptions,
): Promise<unknown> {
  const { workflowId } = execution;
  const { gateway, namespace } = options;
  let { runId } = execution;
  for (;;) {
    const to = addressOf(namespace, workflowId, runId);
    let closeEvent: CloseEvent;
    try {
      ({ closeEvent } = await callGateway(gateway, { kind: 'awaitClose', to }));
    } catch (error) {
      throw workflowRequestError(error, { workflowId, runId, ...options });
    }
    const next = nextRunOf(closeEvent);
    if (next === undefined || !(followRuns || closeEvent.kind === 'workflowExecutionContinuedAsNew')) {
      return outcomeOf(closeEvent, options);
    }
    if (!followRuns) throw new WorkflowContinuedAsNewError('Workflow execution continued as new', next);
    runId = next;
  }
}

function nextRunOf(event: CloseEvent): RunId | undefined {
  return 'newExecutionRunId' in event ? event.newExecutionRunId : undefined;
}

function outcomeOf(event: CloseEvent, { payloadConverter, failureConverter }: LoadedClientOptions): unknown {
  switch (event.kind) {
    case 'workflowExecutionCompleted':
      return event.result === undefined ? undefined : decodeValue(payloadConverter, event.result);
    case 'workflowExecutionFailed':
      throw new WorkflowFailedError(
        'Workflow execution failed',
        asTemporalFailure(failureConverter.failureToError(event.failure, payloadConverter)),
        event.retryState,
      );
    case 'workflowExecutionCanceled':
      throw new WorkflowFailedError(
        'Workflow execution cancelled',
        withoutStack(
          new CancelledFailure('Workflow canceled', decodeValues(payloadConverter, event.details ?? [])),
        ),
        'NON_RETRYABLE_FAILURE',
      );
    case 'workflowExecutionTerminated':
      throw new WorkflowFailedError(
        event.reason || 'Workflow execution terminated',
        withoutStack(new TerminatedFailure(event.reason || 'Workflow execution terminated')),
        'NON_RETRYABLE_FAILURE',
      );
    case 'workflowExecutionTimedOut':
      throw new WorkflowFailedError(
        'Workflow execution timed out',
        withoutStack(new TimeoutFailure('Workflow execution timed out', undefined, 'START_TO_CLOSE')),
        event.retryState,
      );
    case 'workflowExecutionContinuedAsNew':
      throw new WorkflowContinuedAsNewError('Workflow execution continued as new', event.newExecutionRunId);
  }
}

/** These failures happened in the engine: the caller's own stack says nothing about them. */
function withoutStack<F extends TemporalFailure>(failure: F): F {
  failure.stack = `${failure.name}: ${failure.message}`;
  return failure;
}

/** A converter of the user's may make other errors. */
function asTemporalFailure(error: Error): TemporalFailure {
  return error instanceof TemporalFailure ? error : new TemporalFailure(error.message, error);
}
