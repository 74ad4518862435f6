// Replays recorded histories against workflow code: the check that a change of the code is safe. Nothing is written anywhere.
import { defaultDataConverter } from '../common/converter/default-data-converter';
import { errorMessage } from '../common/error-inspection';
import { ValueError } from '../common/errors';
import { historyFromProtoJson, UnsupportedHistoryError } from '../common/proto-json';
import type { HistoryEvent } from '../model/event';
import { DeterminismViolationError } from '../workflow/errors';
import { ReplayError } from './errors';
import { openReplayer, type Replayer, type ReplayVerdict } from './replay-port';
import type { WorkerOptions, WorkflowCodeOptions } from './worker-options';
import { loadWorkflowBundle } from './workflow-bundle';

/** Those of `Worker.create` that are about workflow code. The others of Temporal's are accepted and mean nothing. */
export interface ReplayWorkerOptions
  extends WorkflowCodeOptions, Omit<WorkerOptions, keyof WorkflowCodeOptions | 'connection' | 'activities'> {
  /** Accepted. */
  replayName?: string;
}

/** A history in official protobuf JSON: `{ events: […] }`. */
export type History = object;

export interface HistoryAndWorkflowId {
  workflowId: string;
  history: unknown;
}
export type ReplayHistoriesIterable = AsyncIterable<HistoryAndWorkflowId> | Iterable<HistoryAndWorkflowId>;

export interface ReplayResult {
  readonly workflowId: string;
  readonly runId: string;
  /** Absent: the code fits. */
  readonly error?: DeterminismViolationError | ReplayError;
}

/** One at a time, in the order in which they come. @throws {BundleError | ValueError} there is no code to replay with */
export async function* replayHistories(
  options: ReplayWorkerOptions,
  histories: ReplayHistoriesIterable,
): AsyncGenerator<ReplayResult> {
  const bundle = await loadWorkflowBundle(options);
  if (bundle === undefined)
    throw new ValueError('Replaying needs workflow code: workflowsPath or workflowBundle');
  const replayer = await openReplayer(bundle);
  try {
    for await (const { workflowId, history } of histories) yield replayOne(replayer, history, workflowId);
  } finally {
    replayer.close();
  }
}

function replayOne(replayer: Replayer, history: unknown, workflowId: string): ReplayResult {
  let events: readonly HistoryEvent[];
  try {
    events = historyFromProtoJson(history);
  } catch (error) {
    return { workflowId, runId: '', error: unreadable(error) };
  }
  const [first] = events;
  if (first?.kind !== 'workflowExecutionStarted') {
    const error = new ReplayError('Not a history: it does not begin with WorkflowExecutionStarted');
    return { workflowId, runId: '', error };
  }
  const runId = first.originalExecutionRunId;
  const error = failureOf(replayer.replay(events));
  return { workflowId, runId, ...(error && { error }) };
}

/** Its cause says whether the history is wrong, or has what Troupe does not know. */
function unreadable(cause: unknown): ReplayError {
  const message = errorMessage(cause) ?? '';
  const isUnsupported = cause instanceof UnsupportedHistoryError;
  const error = new ReplayError(isUnsupported ? message : `Not a history: ${message}`);
  error.cause = cause;
  return error;
}

function failureOf(verdict: ReplayVerdict): DeterminismViolationError | ReplayError | undefined {
  switch (verdict.kind) {
    case 'ok':
      return undefined;
    case 'nondeterminism': {
      const error = new DeterminismViolationError(
        'Replay failed with a nondeterminism error: the workflow code does not fit the history. ' +
          `Details: ${verdict.details}`,
      );
      // Where the replay was called does not matter.
      if (verdict.stackTrace !== undefined) error.stack = `${String(error)}\n${verdict.stackTrace}`;
      return error;
    }
    case 'taskFailure': {
      const { payloadConverter, failureConverter } = defaultDataConverter;
      const error = new ReplayError(
        `Replay failed: workflow code threw. Details: ${verdict.failure.message}`,
      );
      error.cause = failureConverter.failureToError(verdict.failure, payloadConverter);
      return error;
    }
  }
}
