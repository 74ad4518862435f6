// The engine of one store in one process: mailboxes, lanes, commits, release, workers. Host thread. Holds no rules of workflows:
// those are decided in the lanes. Made and wired by the composition root, which chooses store, clock and lanes.
import {
  type AbortSignalLike,
  type Gateway,
  type GatewayReplies,
  type GatewayRequest,
  RequestRefused,
} from '../model/gateway';
import type { WorkflowId } from '../model/ids';
import type { Message } from '../model/message';
import { RETENTION_DEFAULT_MS, TURN_LIMIT_MS } from '../model/limits';
import { SECOND_MS, type DurationMs } from '../model/time';
import type { WorkerHandle, WorkerHost, WorkerSpec } from '../model/worker';
import { Committer } from '../storage/committer';
import type { StoreError } from '../storage/errors';
import type { Store } from '../storage/store';
import type { LaneStats } from '../wire/traffic';
import type { TurnReader } from '../wire/turn-monitor';
import { Attempts } from './attempts';
import type { Clock } from './clock';
import { CloseWaiters } from './close-waiters';
import type { Entropy } from './entropy';
import { RuntimeEventEmitter } from './events';
import type { LaneDeath, LaneFactory } from './lanes/lane';
import { Namespaces } from './namespaces';
import { RecentRuns } from './recent-runs';
import { release, type ReleaseOptions } from './release';
import { Requests } from './requests';
import { Retention } from './retention';
import { Router } from './router';
import { StoreReader } from './stored-runs';
import { TaskQueues } from './task-queues';
import { Timers } from './timers';
import { Waiters } from './waiters';
import { Watchdog } from './watchdog';
import { Workers } from './workers';

/** The engine's own log; levels are Temporal's. */
export interface EngineLog {
  warn(message: string, meta?: Record<string, unknown>): void;
  error(message: string, meta?: Record<string, unknown>): void;
}

export interface EngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly laneCount: number;
  /** Made with the watchdog's side of each new lane. */
  readonly lanes: (onTurnMemory: (lane: number, reader: TurnReader) => void) => LaneFactory;
  readonly identity: string;
  readonly log: EngineLog;
  /** Bytes of workflows kept in memory, over all lanes. Default: 512 MB. */
  readonly cacheBytes?: number;
  /** Default: 60 s. */
  readonly idleEvictMs?: DurationMs;
  /** Workflows whose work a lane hands over at once. Default: 32. */
  readonly batchWorkflows?: number;
  /** Default: 2 s. */
  readonly turnLimitMs?: DurationMs;
  /** Of namespaces made by this process. Default: 7 days. */
  readonly retentionMs?: DurationMs;
}

const CACHE_BYTES_DEFAULT = 512 * 1_024 * 1_024;
const IDLE_EVICT_MS_DEFAULT = 60 * SECOND_MS;
/**
 * The host commits and releases what a lane has done while it goes on with the next workflows: 1.3 times as many workflows with 100 in
 * flight (bench/LOG.md). Fewer at once cost more than they gain: a commit and a message between threads each.
 */
const BATCH_WORKFLOWS_DEFAULT = 32;
const TICK_MS = 1 * SECOND_MS;
/** A disk that was full is tried again after so long, if nobody says earlier that there is room. */
const FULL_RETRY_MS = 1 * SECOND_MS;
const CLOSED = 'The engine was closed before it could say whether the request took effect';
const IS_CLOSED = 'The engine is closed: nothing was done';

const isClosed = (): RequestRefused => new RequestRefused({ kind: 'failedPrecondition', message: IS_CLOSED });

export interface EngineStats {
  /** Workflows in memory. */
  readonly residentWorkflows: number;
  /** Messages that are not durable yet. */
  readonly backlog: number;
  readonly runningActivities: number;
  readonly waitingActivities: number;
  /** Callers who wait for an answer. */
  readonly waiters: number;
  /** Commits that are durable, and the newest one of which an answer was given: never greater. */
  readonly commits: { readonly durable: number; readonly answered: number; readonly operations: number };
  readonly lanes: readonly (LaneStats | undefined)[];
}

export class Engine implements Gateway, WorkerHost {
  readonly events = new RuntimeEventEmitter();
  readonly #options: EngineOptions;
  readonly #waiters = new Waiters();
  readonly #closeWaiters = new CloseWaiters();
  readonly #recent = new RecentRuns();
  readonly #committer: Committer;
  readonly #router: Router;
  readonly #queues: TaskQueues;
  readonly #attempts: Attempts;
  readonly #timers: Timers;
  readonly #watchdog: Watchdog;
  readonly #namespaces: Namespaces;
  readonly #reader: StoreReader;
  readonly #requests: Requests;
  readonly #workers: Workers;
  readonly #retention: Retention;
  #answered = 0;
  #stopTicking: () => void = () => undefined;
  #stopWatchingSpace: () => void = () => undefined;
  #closing: Promise<void> | undefined;
  #failure: Error | undefined;
  #onFailure: (failure: Error, told: { readonly isHeard: boolean }) => void = () => undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { store, clock, entropy, log } = options;
    const route = (message: Message): void => this.#router.route(message);
    const ask: ConstructorParameters<typeof Attempts>[0]['ask'] = (make) =>
      this.#waiters.ask(
        (waiter) => route(make(waiter)),
        (reply) => reply,
      );
    const onWarning = (message: string, error?: unknown): void => this.#warn(message, error);

    this.#committer = new Committer(store, {
      clock,
      onAbsent: () => this.#onAbsent(),
      onFatal: (failure) => this.#fail(failure),
    });
    this.#namespaces = new Namespaces({
      store,
      retentionMs: options.retentionMs ?? RETENTION_DEFAULT_MS,
      submit: (ops) => void this.#committer.submitOwn(ops).catch(() => undefined),
      announce: (entry) => this.#router.announce(entry),
    });
    this.#reader = new StoreReader(store, this.#namespaces);
    this.#queues = new TaskQueues({
      clock,
      grant: ({ namespace, execution, scheduledEventId, attempt }, identity) =>
        route({
          kind: 'activityGranted',
          to: { namespace, ...execution },
          scheduledEventId,
          attempt,
          identity,
        }),
      onUnserved: (namespace, taskQueue, served) => {
        this.events.emit('queueUnserved', { namespace, taskQueue, served });
        const others = served.length === 0 ? 'no queue is served' : `served: ${served.join(', ')}`;
        log.warn(
          `Work waits in task queue '${taskQueue}', which no worker of this process serves (${others})`,
          {
            namespace,
            taskQueue,
          },
        );
      },
    });
    this.#attempts = new Attempts({ clock, queues: this.#queues, send: route, ask });
    this.#timers = new Timers({
      clock,
      wake: ({ namespace, execution }) => route({ kind: 'wake', to: { namespace, ...execution } }),
      isBusy: () => this.#router.isBusy,
      due: (until, after) => this.#reader.due(until, after),
      onStall: (stalledMs) => {
        this.events.emit('hostStalled', { stalledMs });
        log.warn(
          `The event loop was blocked for ${Math.round(stalledMs)} ms: move long computations to activitiesPath`,
        );
        this.#router.stalled(stalledMs);
      },
    });
    this.#watchdog = new Watchdog({
      clock,
      turnLimitMs: options.turnLimitMs ?? TURN_LIMIT_MS,
      onSlowTurn: (lane, culprit, elapsedMs) => {
        const workflowId = this.#router.workflowOf(culprit);
        this.events.emit('slowTurn', { lane, elapsedMs, ...(workflowId !== undefined && { workflowId }) });
        log.warn(`A workflow has been running for ${Math.round(elapsedMs)} ms without an await`, {
          lane,
          workflowId,
        });
      },
      onStuckTurn: (lane, _culprit, elapsedMs) =>
        this.#router.kill(lane, `a workflow ran for over ${elapsedMs} ms without an await`),
    });
    const releaseOptions: ReleaseOptions = {
      waiters: this.#waiters,
      closeWaiters: this.#closeWaiters,
      recent: this.#recent,
      attempts: this.#attempts,
      queues: this.#queues,
      timers: this.#timers,
      events: this.events,
      send: (message) => this.#router.send(message),
      workflowWorker: (namespace, taskQueue) => this.#workers.workflowWorker(namespace, taskQueue),
      onTurnFailed: ({ namespace, execution, workflowType, taskQueue, attempt, message }) =>
        log.warn(`A workflow task of '${execution.workflowId}' failed and is tried again: ${message}`, {
          namespace,
          runId: execution.runId,
          workflowType,
          taskQueue,
          attempt,
        }),
      onWarning,
    };
    this.#router = new Router({
      clock,
      entropy,
      lanes: options.lanes((lane, reader) => this.#watchdog.watch(lane, reader)),
      laneCount: options.laneCount,
      shardCount: store.meta.shardCount,
      laneSetup: {
        epoch: store.meta.epoch,
        identity: options.identity,
        cacheBytes: (options.cacheBytes ?? CACHE_BYTES_DEFAULT) / options.laneCount,
        idleEvictMs: options.idleEvictMs ?? IDLE_EVICT_MS_DEFAULT,
        batchWorkflows: options.batchWorkflows ?? BATCH_WORKFLOWS_DEFAULT,
      },
      stored: this.#reader,
      commit: this.#committer,
      queues: this.#queues,
      timers: () => this.#timers,
      release: (effects) => {
        if (effects.length > 0) this.#answered = this.#committer.durable;
        release(effects, releaseOptions);
      },
      awake: () => this.#reader.awake(),
      onReplaced: (lane, death, culprit) => this.#onReplaced(lane, death, culprit),
      onWarning,
    });
    this.#workers = new Workers({
      clock,
      queues: this.#queues,
      attempts: this.#attempts,
      announce: (entry) => this.#router.announce(entry),
      whenHandled: () => this.#router.whenHandled(),
      ensureNamespace: (namespace) => void this.#namespaces.ensure(namespace),
    });
    this.#requests = new Requests({
      store,
      clock,
      entropy,
      namespaces: this.#namespaces,
      reader: this.#reader,
      recent: this.#recent,
      waiters: this.#waiters,
      closeWaiters: this.#closeWaiters,
      route,
      isServed: (namespace, taskQueue) => this.#workers.workflowWorker(namespace, taskQueue) !== undefined,
    });
    this.#retention = new Retention({
      clock,
      reader: this.#reader,
      ask,
      submit: (ops) => void this.#committer.submitOwn(ops).catch(() => undefined),
      onWarning,
    });
  }

  /** Loads what was awake; from here on due things happen. */
  start(): void {
    const { store, clock } = this.#options;
    store.onFailure((failure) => this.#fail(failure));
    this.#stopWatchingSpace = store.space.onChange((state) => this.#onSpace(state));
    this.#namespaces.start();
    this.#router.start();
    this.#timers.start();
    this.#retention.start();
    const tick = (): void => {
      this.#timers.noticeStall();
      this.#router.tick();
      this.#stopTicking = clock.setTimer(TICK_MS, tick);
    };
    this.#stopTicking = clock.setTimer(TICK_MS, tick);
  }

  request<R extends GatewayRequest>(
    request: R,
    signal?: AbortSignalLike,
  ): Promise<GatewayReplies[R['kind']]> {
    if (this.#closing !== undefined) return Promise.reject(isClosed());
    return this.#requests.request(request, signal);
  }

  registerWorker(spec: WorkerSpec): Promise<WorkerHandle> {
    if (this.#closing !== undefined) return Promise.reject(isClosed());
    return this.#workers.registerWorker(spec);
  }

  /** Why it is out of use for good. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Told once, when the store has failed; `isHeard`: somebody listens to the event `fatal`. */
  onFailure(handler: (failure: Error, told: { readonly isHeard: boolean }) => void): void {
    this.#onFailure = handler;
  }

  /** Resolves when no message is on its way (activities may be running). */
  whenIdle(): Promise<void> {
    return this.#router.whenIdle();
  }

  /** Attempts of activities running now. */
  get runningActivities(): number {
    return this.#attempts.size;
  }

  stats(): EngineStats {
    return {
      residentWorkflows: this.#router.residentWorkflows,
      backlog: this.#router.backlog,
      runningActivities: this.#attempts.size,
      waitingActivities: this.#queues.waitingActivities,
      waiters: this.#waiters.size,
      commits: {
        durable: this.#committer.durable,
        answered: this.#answered,
        operations: this.#committer.operations,
      },
      lanes: this.#router.stats,
    };
  }

  /** What is on its way is committed and answered, for at most `drainMs`; then everything stops. The store stays open. */
  close(drainMs: DurationMs): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  async #close(drainMs: DurationMs): Promise<void> {
    const { clock } = this.#options;
    this.#retention.stop();
    this.#timers.stop();
    this.#stopTicking();
    this.#stopWatchingSpace();
    if (this.#failure === undefined) {
      let cancelBound = (): void => undefined;
      const bound = new Promise<void>((resolve) => {
        cancelBound = clock.setTimer(drainMs, resolve);
      });
      await Promise.race([this.#router.whenIdle(), bound]);
      cancelBound();
    }
    this.#attempts.stop();
    this.#watchdog.stop();
    await this.#router.stop();
    if (this.#failure === undefined) await this.#committer.whenIdle();
    this.#committer.stop();
    this.#waiters.stop(CLOSED);
    this.#closeWaiters.stop(CLOSED);
  }

  /** Goes on when the store says that there is room; or has it said so already? */
  #onAbsent(): void {
    this.#router.void();
    const { clock, store } = this.#options;
    const retry = (): void => {
      if (store.space.state === 'ok') this.#router.resume();
    };
    clock.setTimer(FULL_RETRY_MS, retry);
  }

  #onSpace(state: 'ok' | 'low'): void {
    const { freeBytes } = this.#options.store.space;
    if (state === 'low') {
      this.events.emit('storeFull', { freeBytes });
      this.#options.log.warn('The disk of the store is nearly full: new workflows are refused', {
        freeBytes,
      });
      return;
    }
    this.events.emit('storeOk', { freeBytes });
    this.#options.log.warn('There is room on the disk again', { freeBytes });
    this.#router.resume();
  }

  #onReplaced(lane: number, { reason }: LaneDeath, culprit: WorkflowId | undefined): void {
    this.events.emit('laneReplaced', { lane, reason, ...(culprit !== undefined && { workflowId: culprit }) });
    this.#options.log.error(`Thread ${lane} was lost and is replaced: ${reason}`, {
      lane,
      workflowId: culprit,
    });
  }

  #warn(message: string, error?: unknown): void {
    this.events.emit('warning', { message, ...(error !== undefined && { error }) });
    this.#options.log.warn(message, { error });
  }

  /** Nothing is acknowledged and nothing begins from here on; only a new process can recover. */
  #fail(failure: StoreError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#timers.stop();
    this.#retention.stop();
    this.#stopTicking();
    this.#stopWatchingSpace();
    this.#watchdog.stop();
    this.#attempts.stop();
    this.#committer.stop();
    void this.#router.stop();
    const why = `The store failed, the outcome is unknown: ${failure.message}`;
    this.#waiters.stop(why);
    this.#closeWaiters.stop(why);
    const isHeard = this.events.listenerCount('fatal') > 0;
    this.events.emit('fatal', failure);
    this.#onFailure(failure, { isHeard });
  }
}
