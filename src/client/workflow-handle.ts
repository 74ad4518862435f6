// One workflow, from outside. Made by a client; asks nothing until a method is called.
import type { SignalDefinition, QueryDefinition, Workflow, WorkflowResultType } from '../common/interfaces';
import type { Loose } from '../common/loose';
import type { BaseWorkflowHandle } from '../common/workflow-handle';
import type { LoadedClientOptions } from './client-options';
import { deleteRun } from './delete-run';
import { fetchHistory, type HistoryJson } from './fetch-history';
import type { EmptyResponse, InterceptedCalls, TargetExecution } from './interceptors';
import type { QueryRejectCondition } from './query-reject-condition';
import type { WorkflowExecutionDescription } from './workflow-info';
import { awaitResult } from './workflow-result';

/** What a signal is sent with, besides its arguments. */
export interface WorkflowSignalOptions<Args extends Loose[] = Loose[]> {
  args?: Args;
  /** Repeats with the same id are one signal. Default: a new id, so that nothing is a repeat. */
  requestId?: string;
}

export interface WorkflowHandleOf<T extends Workflow, Client> extends BaseWorkflowHandle<T> {
  readonly client: Client;
  query<Ret, Args extends Loose[] = []>(
    def: QueryDefinition<Ret, Args> | string,
    ...args: Args
  ): Promise<Ret>;
  /** `signal`, with options. */
  signalWithOptions<Args extends Loose[] = []>(
    def: SignalDefinition<Args> | string,
    options: WorkflowSignalOptions<Args>,
  ): Promise<void>;
  /** Ends it at once: its code is not told. */
  terminate(reason?: string): Promise<EmptyResponse>;
  /** Asks it to end: its code may clean up, or refuse. */
  cancel(): Promise<EmptyResponse>;
  describe(): Promise<WorkflowExecutionDescription>;
  /** In official protobuf JSON. */
  fetchHistory(): Promise<HistoryJson>;
  /** Removes the run and everything of it, without waiting for its retention. An open one is terminated first. */
  delete(): Promise<void>;
}

/** Which run each method of a handle means. */
export interface HandleTarget {
  readonly workflowId: string;
  /** Absent: the current run at the time of the call. */
  readonly runId?: string;
  /** Cancel and terminate only a run of the chain that began with this one. */
  readonly firstExecutionRunId?: string;
  readonly runIdForResult?: string;
  readonly followRuns: boolean;
}

/** What a handle needs of its client. */
export interface HandleClient {
  readonly calls: InterceptedCalls;
  readonly loaded: LoadedClientOptions;
  readonly queryRejectCondition: QueryRejectCondition;
}

export class Handle<T extends Workflow, Client> implements WorkflowHandleOf<T, Client> {
  readonly client: Client;
  readonly workflowId: string;
  readonly #target: HandleTarget;
  readonly #parts: HandleClient;

  constructor(client: Client, parts: HandleClient, target: HandleTarget) {
    this.client = client;
    this.workflowId = target.workflowId;
    this.#parts = parts;
    this.#target = target;
  }

  result(): Promise<WorkflowResultType<T>> {
    const { workflowId, runIdForResult, followRuns } = this.#target;
    const execution = runIdForResult === undefined ? { workflowId } : { workflowId, runId: runIdForResult };
    return awaitResult(execution, { followRuns }, this.#parts.loaded) as Promise<WorkflowResultType<T>>;
  }

  signal<Args extends Loose[] = [], Name extends string = string>(
    def: SignalDefinition<Args, Name> | string,
    ...args: Args
  ): Promise<void> {
    return this.signalWithOptions<Args>(def, { args });
  }

  async signalWithOptions<Args extends Loose[] = []>(
    def: SignalDefinition<Args> | string,
    { args, requestId }: WorkflowSignalOptions<Args>,
  ): Promise<void> {
    await this.#parts.calls.signal({
      signalName: nameOf(def),
      args: args ?? [],
      headers: {},
      workflowExecution: this.#execution,
      ...(requestId !== undefined && { requestId }),
    });
  }

  async query<Ret, Args extends Loose[] = []>(
    def: QueryDefinition<Ret, Args> | string,
    ...args: Args
  ): Promise<Ret> {
    const { queryRejectCondition } = this.#parts;
    return (await this.#parts.calls.query({
      queryType: nameOf(def),
      args,
      headers: {},
      workflowExecution: this.#execution,
      queryRejectCondition,
    })) as Ret;
  }

  async terminate(reason?: string): Promise<EmptyResponse> {
    return this.#parts.calls.terminate({
      workflowExecution: this.#execution,
      ...(reason !== undefined && { reason }),
      ...this.#interlock,
    });
  }

  async cancel(): Promise<EmptyResponse> {
    return this.#parts.calls.cancel({ workflowExecution: this.#execution, ...this.#interlock });
  }

  async describe(): Promise<WorkflowExecutionDescription> {
    return this.#parts.calls.describe({ workflowExecution: this.#execution });
  }

  async fetchHistory(): Promise<HistoryJson> {
    const { workflowId, runId, runIdForResult } = this.#target;
    const run = runId ?? runIdForResult;
    return fetchHistory(run === undefined ? { workflowId } : { workflowId, runId: run }, this.#parts.loaded);
  }

  async delete(): Promise<void> {
    return deleteRun(this.#execution, this.#parts.loaded);
  }

  get #execution(): TargetExecution {
    const { workflowId, runId } = this.#target;
    return runId === undefined ? { workflowId } : { workflowId, runId };
  }

  get #interlock(): { readonly firstExecutionRunId?: string } {
    const { firstExecutionRunId } = this.#target;
    return firstExecutionRunId === undefined ? {} : { firstExecutionRunId };
  }
}

/** @throws {TypeError} neither a name nor a definition */
export function nameOf(def: { readonly name: string } | string): string {
  const name = typeof def === 'string' ? def : (def as { readonly name?: unknown } | undefined)?.name;
  if (typeof name !== 'string')
    throw new TypeError('Expected the name or the definition of a signal or query');
  return name;
}
