// A run's code in memory, between its turns: a sandbox instance and how far it has read history. Shard thread.
// It lives only as long as what it did is what was decided: after a failed or refused turn it is thrown away and replayed.
import type { Failure } from '../model/failure';
import type { HistoryEvent } from '../model/event';
import type { QueryMessage } from '../model/message';
import type { QueryAnswer } from '../model/turn';
import { startedIdOf, turnEvents } from './history/tasks';
import { isOpen, type RunState, type StartedWorkflowTask } from './history/run-state';
import type { LoadedCode } from './code';
import { executionIn, type ActivationWatch, type ExecutionInOptions } from './execution-in';
import type { Execution, FailedTurn, TurnOutcome } from './replay/execution';
import type { Instance } from './sandbox';
import { SDK_IDENTITY } from './sdk-identity';

/** What an instance weighs beside what it was told, as measured (bench/micro/sandbox.ts). */
export const INSTANCE_BYTES = 9 * 1_024;

export type ReadyCode = Extract<LoadedCode, { kind: 'ready' }>;

export class LiveRun {
  readonly #execution: Execution;
  readonly #code: ReadyCode;
  readonly #instance: Instance;

  constructor(run: RunState, code: ReadyCode, watch: ActivationWatch) {
    this.#code = code;
    this.#instance = code.realm.instantiate();
    this.#execution = executionIn(this.#instance, optionsOf(run, code), watch);
  }

  get bundleHash(): string {
    return this.#code.hash;
  }

  /** Reads history from the first event on. Undefined: done. */
  catchUp(history: readonly HistoryEvent[]): FailedTurn | undefined {
    const failed = this.#execution.catchUp(history);
    return failed && this.#mapped(failed);
  }

  runTurn(run: RunState): TurnOutcome {
    const outcome = this.#execution.runTurn(turnEvents(run));
    return outcome.kind === 'failed' ? this.#mapped(outcome) : this.#withMappedFailure(outcome);
  }

  /** The events of the last turn, its completion first. */
  applied(events: readonly HistoryEvent[]): FailedTurn | undefined {
    return this.#execution.applied(events);
  }

  query(message: QueryMessage): QueryAnswer {
    const { queryType, input, header } = message;
    return this.#execution.query({ kind: 'queryWorkflow', queryId: queryType, queryType, input, header });
  }

  dispose(): void {
    this.#instance.dispose();
  }

  #mapped(failed: FailedTurn): FailedTurn {
    return { ...failed, failure: mapStacks(failed.failure, this.#code) };
  }

  #withMappedFailure(outcome: Extract<TurnOutcome, { kind: 'completed' }>): TurnOutcome {
    const last = outcome.commands.at(-1);
    if (last?.kind !== 'failWorkflowExecution') return outcome;
    const mapped = { ...last, failure: mapStacks(last.failure, this.#code) };
    return { ...outcome, commands: [...outcome.commands.slice(0, -1), mapped] };
  }
}

export const optionsOf = (
  { namespace, runId }: RunState,
  { hash: bundleHash }: ReadyCode,
): ExecutionInOptions => ({ namespace, runId, bundleHash, sdk: SDK_IDENTITY });

/** Whether a turn that was told to be complete is part of the history now. */
export function isAccepted(run: RunState, startedEventId: number): boolean {
  return !isOpen(run) || run.lastCompletedTaskStartedEventId === startedEventId;
}

export const startedIdOfTask = (run: RunState): number =>
  startedIdOf(run, run.workflowTask as StartedWorkflowTask);

/** Lines of the user's own files instead of the bundle's. Only when a failure is recorded. */
function mapStacks(failure: Failure, code: ReadyCode): Failure {
  const { stackTrace, cause } = failure;
  return {
    ...failure,
    ...(stackTrace !== undefined && { stackTrace: code.realm.mapStack(stackTrace) }),
    ...(cause !== undefined && { cause: mapStacks(cause, code) }),
  };
}
