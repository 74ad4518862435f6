// Starts workflows and finds them again. Runs anywhere: it knows only the port to an engine.
import { assertList } from '../common/assert-object';
import { isRecord } from '../common/error-inspection';
import type { Workflow, WorkflowResultType } from '../common/interfaces';
import type { Loose } from '../common/loose';
import { extractWorkflowType } from '../common/workflow-options';
import { callGateway } from './call-context';
import { loadClientOptions, type BaseClientOptions, type LoadedClientOptions } from './client-options';
import { intercept, type InterceptedCalls, type WorkflowClientInterceptor } from './interceptors';
import {
  decodeQueryRejectCondition,
  encodeQueryRejectCondition,
  type QueryRejectCondition,
} from './query-reject-condition';
import { requestError } from './refusals';
import { WorkflowCalls } from './workflow-calls';
import {
  Handle,
  nameOf,
  type HandleClient,
  type HandleTarget,
  type WorkflowHandleOf,
} from './workflow-handle';
import { combined, listWorkflows, type AsyncWorkflowListIterable, type ListOptions } from './workflow-list';
import {
  compileWorkflowOptions,
  type WorkflowSignalWithStartOptions,
  type WorkflowStartOptions,
} from './workflow-options';
import { awaitResult, type WorkflowResultOptions } from './workflow-result';
import type { WorkflowFilter } from './visibility-query';

/** One workflow, from outside. */
export interface WorkflowHandle<T extends Workflow = Workflow> extends WorkflowHandleOf<T, WorkflowClient> {}

export interface WorkflowHandleWithFirstExecutionRunId<
  T extends Workflow = Workflow,
> extends WorkflowHandle<T> {
  /** The first run of the workflow: `cancel` and `terminate` touch no later workflow of the same id. */
  readonly firstExecutionRunId: string;
}

export interface WorkflowHandleWithStartDetails<
  T extends Workflow = Workflow,
> extends WorkflowHandleWithFirstExecutionRunId<T> {
  /** Always false: there is nothing to hurry. */
  readonly eagerlyStarted: boolean;
}

export interface WorkflowHandleWithSignaledRunId<T extends Workflow = Workflow> extends WorkflowHandle<T> {
  readonly signaledRunId: string;
}

export interface WorkflowClientOptions extends BaseClientOptions {
  /** The first is the outermost. */
  interceptors?: WorkflowClientInterceptor[];
  /** In which states of a workflow queries are refused. Default: `NONE`. */
  queryRejectCondition?: QueryRejectCondition;
  /** Of workflows that are started without one. Default: none, each start must name its own. */
  defaultTaskQueue?: string;
}

export interface GetWorkflowHandleOptions extends WorkflowResultOptions {
  /** `cancel` and `terminate` touch only runs of the workflow that began with this run. */
  firstExecutionRunId?: string;
}

export interface CountWorkflowExecution {
  count: number;
  /** Of a query with GROUP BY, which is not supported yet. */
  groups: { count: number; groupValues: unknown[] }[];
}

export class WorkflowClient {
  readonly options: Readonly<WorkflowClientOptions>;
  readonly #loaded: LoadedClientOptions;
  readonly #calls: InterceptedCalls;
  readonly #handleParts: HandleClient;

  /** @throws {TypeError | ValueError} an option is wrong */
  constructor(options: WorkflowClientOptions = {}) {
    this.options = options;
    this.#loaded = loadClientOptions(options);
    const { interceptors = [] } = options;
    assertList(interceptors, 'interceptors', 'a list of workflow interceptors, each an object', isRecord);
    this.#calls = intercept(new WorkflowCalls(this.#loaded), interceptors);
    const condition = encodeQueryRejectCondition(options.queryRejectCondition);
    this.#handleParts = {
      calls: this.#calls,
      loaded: this.#loaded,
      queryRejectCondition: decodeQueryRejectCondition(condition) ?? 'NONE',
    };
  }

  get connection(): WorkflowClientOptions['connection'] {
    return this.options.connection;
  }

  /**
   * Resolves when the workflow's start is on disk.
   *
   * @throws {WorkflowExecutionAlreadyStartedError} the id policies forbid a new run
   * @throws {TypeError | ValueError} an option or argument is wrong; nothing was sent
   */
  async start<T extends Workflow>(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T>,
  ): Promise<WorkflowHandleWithStartDetails<T>> {
    const workflowType = extractWorkflowType(workflowTypeOrFunc);
    const compiled = compileWorkflowOptions(options, this.options.defaultTaskQueue);
    const started = await this.#calls.startWithDetails({ workflowType, headers: {}, options: compiled });
    const { runId, firstExecutionRunId = runId, eagerlyStarted } = started;
    const handle = this.#handle<T>({
      workflowId: compiled.workflowId,
      firstExecutionRunId,
      runIdForResult: runId,
      followRuns: compiled.followRuns ?? true,
    });
    return Object.assign(handle, { firstExecutionRunId, eagerlyStarted });
  }

  /** Starts a workflow and waits for its result. */
  async execute<T extends Workflow>(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T>,
  ): Promise<WorkflowResultType<T>> {
    return (await this.start(workflowTypeOrFunc, options)).result();
  }

  /** Signals the workflow of this id; starts it first when it does not run. */
  async signalWithStart<T extends Workflow, SignalArgs extends Loose[] = []>(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T> & WorkflowSignalWithStartOptions<SignalArgs>,
  ): Promise<WorkflowHandleWithSignaledRunId<T>> {
    const workflowType = extractWorkflowType(workflowTypeOrFunc);
    const {
      signal,
      signalArgs = [],
      ...rest
    } = options as WorkflowStartOptions & {
      readonly signal: { readonly name: string } | string;
      readonly signalArgs?: unknown[];
    };
    const compiled = compileWorkflowOptions(rest, this.options.defaultTaskQueue);
    const signalName = nameOf(signal);
    const input = { workflowType, headers: {}, options: compiled, signalName, signalArgs };
    const runId = await this.#calls.signalWithStart(input);
    const handle = this.#handle<T>({
      workflowId: compiled.workflowId,
      runIdForResult: runId,
      followRuns: compiled.followRuns ?? true,
    });
    return Object.assign(handle, { signaledRunId: runId });
  }

  /** Asks nothing: whether there is such a workflow is found out by the handle's methods. */
  getHandle<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options: GetWorkflowHandleOptions = {},
  ): WorkflowHandle<T> {
    const { firstExecutionRunId, followRuns = true } = options;
    const runIdForResult = runId ?? firstExecutionRunId;
    return this.#handle<T>({
      workflowId,
      followRuns,
      ...(runId !== undefined && { runId }),
      ...(firstExecutionRunId !== undefined && { firstExecutionRunId }),
      ...(runIdForResult !== undefined && { runIdForResult }),
    });
  }

  /** Waits for the end of a workflow: without a run id, of its current run. */
  async result<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options: WorkflowResultOptions = {},
  ): Promise<WorkflowResultType<T>> {
    const execution = runId === undefined ? { workflowId } : { workflowId, runId };
    return (await awaitResult(execution, options, this.#loaded)) as WorkflowResultType<T>;
  }

  /**
   * Newest first.
   *
   * @throws {UnsupportedQueryError}
   */
  list(options: ListOptions = {}): AsyncWorkflowListIterable {
    return listWorkflows(options, this.#loaded);
  }

  /** @throws {UnsupportedQueryError} */
  async count(query?: string | WorkflowFilter): Promise<CountWorkflowExecution> {
    const filter = typeof query === 'string' ? combined(query, undefined) : combined(undefined, query);
    const { gateway, namespace } = this.#loaded;
    try {
      const { count } = await callGateway(gateway, { kind: 'count', namespace, filter });
      return { count, groups: [] };
    } catch (error) {
      throw requestError(error);
    }
  }

  #handle<T extends Workflow>(target: HandleTarget): Handle<T, WorkflowClient> {
    return new Handle<T, WorkflowClient>(this, this.#handleParts, target);
  }
}
