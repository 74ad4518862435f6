// The gateway: one function for each kind of request. Host thread. What changes a run goes to its mailbox and is answered by a
// released effect; what only reads the store is answered from it: nothing that a crash can undo is ever shown.
import type { CloseEvent } from '../model/event';
import {
  RequestRefused,
  type AbortSignalLike,
  type Gateway,
  type GatewayReplies,
  type GatewayRequest,
  type GatewayRequestKind,
  type StartRequest,
} from '../model/gateway';
import type { Address, Namespace, RunId, TaskQueueName, WorkflowId } from '../model/ids';
import type { Message, StartMessage, WaiterId } from '../model/message';
import type { Refusal, Reply, ReplyKind } from '../model/reply';
import { SECOND_MS, type DurationMs } from '../model/time';
import type { Store } from '../storage/store';
import type { Clock } from './clock';
import type { CloseWaiters } from './close-waiters';
import type { Entropy } from './entropy';
import type { Namespaces } from './namespaces';
import { inPortions } from './portion';
import type { RecentRuns } from './recent-runs';
import { HistoryDamagedError, type StoreReader } from './stored-runs';
import { countRuns, listRuns, PageTokenError } from './visibility';
import type { Waiters } from './waiters';

export interface RequestsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly namespaces: Namespaces;
  readonly reader: StoreReader;
  readonly recent: RecentRuns;
  readonly waiters: Waiters;
  readonly closeWaiters: CloseWaiters;
  readonly route: (message: Message) => void;
  readonly isServed: (namespace: Namespace, taskQueue: TaskQueueName) => boolean;
}

/** A query waits so long: for a worker, or for a workflow task that fails to succeed. As long as Temporal's clients wait. */
const QUERY_TIMEOUT_MS: DurationMs = 10 * SECOND_MS;

const refused = (refusal: Refusal): RequestRefused => new RequestRefused(refusal);
const notFound = (message: string): RequestRefused => refused({ kind: 'notFound', message });
const NO_SUCH_RUN = 'workflow execution not found';

type Handler<K extends GatewayRequestKind> = (
  request: Extract<GatewayRequest, { readonly kind: K }>,
  signal: AbortSignalLike | undefined,
) => Promise<GatewayReplies[K]>;
type Handlers = { readonly [K in GatewayRequestKind]: Handler<K> };

export class Requests implements Gateway {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  request<R extends GatewayRequest>(
    request: R,
    signal?: AbortSignalLike,
  ): Promise<GatewayReplies[R['kind']]> {
    const handler = this.#handlers[request.kind] as (
      request: GatewayRequest,
      signal: AbortSignalLike | undefined,
    ) => Promise<GatewayReplies[R['kind']]>;
    try {
      return handler(request, signal);
    } catch (error) {
      // Of handlers that are no async functions: there is no such run, or the store is out of use.
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  readonly #handlers: Handlers = {
    // The busiest one: fields by name cost a tenth of copying what is left of an object.
    start: (request, signal) => {
      const { store, clock, entropy, namespaces } = this.#options;
      if (store.space.state === 'low') return Promise.reject(refused(STORE_IS_FULL));
      const { kind, namespace, workflowId, requestId, identity, options, reusePolicy, conflictPolicy } =
        request;
      namespaces.ensure(namespace);
      const newRunId = entropy.runId(clock.now());
      const to = { namespace, workflowId };
      const start = (waiter: WaiterId): StartMessage => ({
        kind,
        to,
        waiter,
        newRunId,
        requestId,
        identity,
        options,
        reusePolicy,
        conflictPolicy,
      });
      const extras = extrasOf(request);
      const make = extras === undefined ? start : (waiter: WaiterId) => ({ ...start(waiter), ...extras });
      return this.#ask('started', make, signal);
    },
    signal: async ({ to, signalName, input, header, requestId, identity }, abort) => {
      const signal = { signalName, input, header, requestId };
      const { runId } = await this.#askRun(
        'signaled',
        to,
        (waiter) => ({ kind: 'signal', to, waiter, signal, identity }),
        abort,
      );
      return { runId };
    },
    cancel: (request, signal) => this.#done(request.to, (waiter) => ({ ...request, waiter }), signal),
    terminate: (request, signal) => this.#done(request.to, (waiter) => ({ ...request, waiter }), signal),
    query: async (request, signal) => {
      let asked = 0;
      const expiresAt = this.#options.clock.now() + QUERY_TIMEOUT_MS;
      const giveUp = async (): Promise<void> => {
        const refusal = (await this.#hasNoWorker(request.to)) ? NO_WORKER_FOR_QUERY : QUERY_TIMED_OUT;
        this.#options.waiters.reject(asked, refused(refusal));
      };
      const cancelTimer = this.#options.clock.setTimer(QUERY_TIMEOUT_MS, () => void giveUp());
      try {
        const { result } = await this.#askRun(
          'queryAnswered',
          request.to,
          (waiter) => {
            asked = waiter;
            return { ...request, waiter, expiresAt };
          },
          signal,
        );
        return { result };
      } finally {
        cancelTimer();
      }
    },
    describe: async ({ kind, to }, signal) => {
      const { description } = await this.#askRun('described', to, (waiter) => ({ kind, to, waiter }), signal);
      return description;
    },
    delete: async (request, signal) => {
      const runId = this.#resolve(request.to);
      const to = { ...request.to, runId };
      const reply = await this.#done(to, (waiter) => ({ ...request, to, waiter }), signal);
      this.#options.recent.forget(runId);
      this.#options.closeWaiters.gone(runId, notFound(NO_SUCH_RUN));
      return reply;
    },
    fetchHistory: async ({ to }) => {
      const runId = this.#resolve(to);
      const { reader, clock } = this.#options;
      const history = await readable(inPortions(clock, reader.readHistory(runId)));
      if (history === undefined || !isOf(history, to)) throw notFound(NO_SUCH_RUN);
      return { execution: { workflowId: to.workflowId, runId }, events: history.events };
    },
    awaitClose: ({ to }, signal) => this.#awaitClose(to, signal),
    list: async ({ namespace, filter, pageSize, pageToken }) => {
      const { store, namespaces, clock } = this.#options;
      const entry = namespaces.find(namespace);
      if (entry === undefined) return { runs: [] };
      return readable(inPortions(clock, listRuns(store, entry.number, filter, pageSize, pageToken)));
    },
    count: async ({ namespace, filter }) => {
      const { store, namespaces, clock } = this.#options;
      const entry = namespaces.find(namespace);
      if (entry === undefined) return { count: 0 };
      return { count: await inPortions(clock, countRuns(store, entry.number, filter)) };
    },
    resolveActivity: (request, signal) =>
      this.#done(request.to, (waiter) => ({ ...request, kind: 'activityResolved', waiter }), signal),
    heartbeatActivity: async (request, signal) => {
      const { cancelRequested } = await this.#askRun(
        'heartbeatRecorded',
        request.to,
        (waiter) => ({ ...request, kind: 'activityHeartbeat', waiter }),
        signal,
      );
      return { cancelRequested };
    },
  };

  #awaitClose(to: Address, signal: AbortSignalLike | undefined): Promise<GatewayReplies['awaitClose']> {
    const { recent, closeWaiters, reader } = this.#options;
    const runId = this.#resolve(to);
    const execution = { workflowId: to.workflowId, runId };
    const known = recent.find(runId);
    if (known !== undefined && known !== 'open') {
      recent.forget(runId);
      return Promise.resolve({ execution, closeEvent: known });
    }
    const closed = closeWaiters.wait(runId, signal);
    if (known === undefined) {
      let end: CloseEvent | 'open' | undefined;
      try {
        end = reader.end(to, runId);
      } catch (error) {
        closeWaiters.gone(runId, refusalOf(error));
      }
      if (end === undefined) closeWaiters.gone(runId, notFound(NO_SUCH_RUN));
      else if (end !== 'open') closeWaiters.closed(execution, end);
    }
    return closed;
  }

  /** @throws {RequestRefused} when the workflow id has no run. */
  #resolve({ namespace, workflowId, runId }: Address): RunId {
    const resolved = runId ?? this.#options.reader.current(namespace, workflowId);
    if (resolved === undefined) throw notFound(NO_SUCH_RUN);
    return resolved;
  }

  async #done(
    to: Address,
    make: (waiter: number) => Message,
    signal: AbortSignalLike | undefined,
  ): Promise<Record<string, never>> {
    await this.#askRun('done', to, make, signal);
    return {};
  }

  /** Whether nobody serves the task queue of this run. */
  async #hasNoWorker(to: Address): Promise<boolean> {
    try {
      const { description } = await this.#askRun(
        'described',
        to,
        (waiter) => ({ kind: 'describe', to, waiter }),
        undefined,
      );
      return !this.#options.isServed(to.namespace, description.taskQueue);
    } catch {
      return false;
    }
  }

  /** About a run that exists already: in a namespace that was never used there is none. */
  #askRun<K extends ReplyKind>(
    expected: K,
    to: Address,
    make: (waiter: number) => Message,
    signal: AbortSignalLike | undefined,
  ): Promise<Extract<Reply, { readonly kind: K }>> {
    if (this.#options.namespaces.find(to.namespace) === undefined) {
      return Promise.reject(notFound(NO_SUCH_RUN));
    }
    return this.#ask(expected, make, signal);
  }

  #ask<K extends ReplyKind>(
    expected: K,
    make: (waiter: number) => Message,
    signal: AbortSignalLike | undefined,
  ): Promise<Extract<Reply, { readonly kind: K }>> {
    const { waiters, route } = this.#options;
    const take = (reply: Reply): Extract<Reply, { readonly kind: K }> => {
      if (reply.kind === expected) return reply as Extract<Reply, { readonly kind: K }>;
      throw reply.kind === 'refused'
        ? refused(reply.refusal)
        : new Error(`a request was answered with '${reply.kind}' instead of '${expected}'`);
    };
    return waiters.ask((waiter) => route(make(waiter)), take, signal);
  }
}

/** What few starts have. */
function extrasOf({
  startDelayMs,
  userMetadata,
  signal,
}: StartRequest): Pick<StartMessage, 'startDelayMs' | 'userMetadata' | 'signal'> | undefined {
  if (startDelayMs === undefined && userMetadata === undefined && signal === undefined) return undefined;
  return {
    ...(startDelayMs !== undefined && { startDelayMs }),
    ...(userMetadata !== undefined && { userMetadata }),
    ...(signal !== undefined && { signal }),
  };
}

const STORE_IS_FULL: Refusal = {
  kind: 'resourceExhausted',
  message:
    'The disk of the store is nearly full: new workflows are refused until there is room, running ones go on.',
};
const NO_WORKER_FOR_QUERY: Refusal = {
  kind: 'failedPrecondition',
  message: 'No worker answered the query: none serves the task queue of the workflow.',
};
const QUERY_TIMED_OUT: Refusal = {
  kind: 'deadlineExceeded',
  message: 'query timed out before a worker could process it: the workflow task of its workflow fails',
};

const isOf = (
  run: { readonly namespace: Namespace; readonly workflowId: WorkflowId },
  { namespace, workflowId }: Address,
): boolean => run.namespace === namespace && run.workflowId === workflowId;

/** What cannot be read is refused with the reason. */
const readable = <T>(read: Promise<T>): Promise<T> =>
  read.catch((error: unknown) => {
    throw refusalOf(error);
  });

function refusalOf(error: unknown): Error {
  if (error instanceof HistoryDamagedError) {
    return refused({ kind: 'failedPrecondition', message: error.message });
  }
  if (error instanceof PageTokenError) return refused({ kind: 'invalidArgument', message: error.message });
  return error as Error;
}
