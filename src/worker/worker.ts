// A worker: code for one task queue, from its registration with an engine to its end.
import { Client } from '../client/client';
import { defaultConnection, gatewayKey, type ConnectionLike } from '../client/connection-like';
import { IllegalStateError } from '../common/errors';
import type { Logger } from '../common/logger';
import type { DurationMs } from '../model/time';
import type { WorkerHandle } from '../model/worker';
import { GracefulShutdownPeriodExpiredError } from './errors';
import {
  replayHistories,
  type ReplayHistoriesIterable,
  type ReplayResult,
  type ReplayWorkerOptions,
} from './replay';
import { runUntil, type RunUntilOptions } from './run-until';
import { Runtime } from './runtime';
import { workerHostKey, type WorkerConnection } from './worker-host';
import { compileWorkerOptions, type CompiledWorkerOptions, type WorkerOptions } from './worker-options';
import { loadWorkerSpec, type LoadedWorkerSpec } from './worker-spec';

export type State = 'INITIALIZED' | 'RUNNING' | 'STOPPING' | 'DRAINING' | 'DRAINED' | 'STOPPED' | 'FAILED';
type PollerState = 'POLLING' | 'SHUTDOWN' | 'FAILED';

export interface WorkerStatus {
  runState: State;
  workflowPollerState: PollerState;
  activityPollerState: PollerState;
  numInFlightActivities: number;
  numInFlightNonLocalActivities: number;
  numInFlightLocalActivities: number;
}

/** What a worker holds, and gives back at its end. */
interface Holdings {
  readonly spec: LoadedWorkerSpec;
  readonly connection: WorkerConnection;
  /** The worker made the connection itself. */
  readonly ownsConnection: boolean;
  readonly client: () => Client;
}

interface Shutdown {
  readonly graceMs: DurationMs;
  readonly forceMs?: DurationMs;
}

export class Worker {
  readonly options: CompiledWorkerOptions;
  readonly #holdings: Holdings;
  readonly #told: Promise<Shutdown>;
  #tell!: (shutdown: Shutdown) => void;
  #state: State = 'INITIALIZED';
  #registering: Promise<WorkerHandle> | undefined;
  #handle: WorkerHandle | undefined;
  #givenBack: Promise<void> | undefined;

  private constructor(options: CompiledWorkerOptions, holdings: Holdings) {
    this.options = options;
    this.#holdings = holdings;
    this.#told = new Promise((resolve) => (this.#tell = resolve));
  }

  /**
   * Loads the code; nothing runs before `run`.
   *
   * @throws {ValueError | TypeError} an option is wrong
   * @throws {BundleError} the workflow code cannot be bundled
   */
  static async create(options: WorkerOptions): Promise<Worker> {
    const compiled = compileWorkerOptions(options);
    const ownsConnection = options.connection === undefined;
    const connection = options.connection ?? (defaultConnection() as ConnectionLike & WorkerConnection);
    if (connection[workerHostKey] === undefined) {
      throw new TypeError('connection must be a NativeConnection of this package');
    }
    try {
      const client = clientOf(connection, compiled);
      const spec = await loadWorkerSpec(compiled, { client });
      return new Worker(compiled, { spec, connection, ownsConnection, client });
    } catch (error) {
      if (ownsConnection) await connection.close?.();
      throw error;
    }
  }

  /**
   * Whether the code still fits a history that it has written: resolves if it does.
   *
   * @param history in official protobuf JSON
   * @throws {DeterminismViolationError} it does not: the message names the event
   * @throws {ReplayError} the history cannot be replayed for another reason
   */
  static async runReplayHistory(
    options: ReplayWorkerOptions,
    history: unknown,
    workflowId = 'fake',
  ): Promise<void> {
    for await (const { error } of replayHistories(options, [{ workflowId, history }])) {
      if (error !== undefined) throw error;
    }
  }

  /** The same for many histories: one result for each, in their order. */
  static runReplayHistories(
    options: ReplayWorkerOptions,
    histories: ReplayHistoriesIterable,
  ): AsyncIterableIterator<ReplayResult> {
    return replayHistories(options, histories);
  }

  get connection(): WorkerConnection {
    return this.#holdings.connection;
  }

  get client(): Client {
    return this.#holdings.client();
  }

  get logger(): Logger {
    return Runtime.instance().logger;
  }

  getState(): State {
    return this.#state;
  }

  getStatus(): WorkerStatus {
    const poller: PollerState =
      this.#state === 'RUNNING' ? 'POLLING' : this.#state === 'FAILED' ? 'FAILED' : 'SHUTDOWN';
    const activities = this.#handle?.runningActivities ?? 0;
    return {
      runState: this.#state,
      workflowPollerState: poller,
      activityPollerState: poller,
      numInFlightActivities: activities,
      numInFlightNonLocalActivities: activities,
      numInFlightLocalActivities: 0,
    };
  }

  /**
   * Serves the task queue until `shutdown`, or until one of the runtime's shutdown signals arrives. Resolves when all activities
   * have ended.
   *
   * @throws {WorkerConflictError} another worker of this process serves the task queue with other code
   * @throws {GracefulShutdownPeriodExpiredError} activities went on after `shutdownForceTime`
   */
  async run(): Promise<void> {
    this.#begin();
    const ignoreSignals = Runtime.instance().onShutdownSignal(() => this.#shutdownOnce());
    try {
      await this.#serve();
    } finally {
      ignoreSignals();
    }
  }

  /**
   * As `run`, for a worker whose owner decides when it ends.
   *
   * @internal
   */
  async runWithoutSignals(): Promise<void> {
    this.#begin();
    await this.#serve();
  }

  /**
   * Registers with the engine, ahead of `run`: resolves when work may come.
   *
   * @internal
   */
  async register(): Promise<void> {
    this.#registering ??= this.#holdings.connection[workerHostKey].registerWorker(this.#holdings.spec);
    try {
      this.#handle = await this.#registering;
    } catch (error) {
      this.#state = 'FAILED';
      await this.#giveBack();
      throw error;
    }
  }

  /** Runs until the promise, or that of the function, is settled; then shuts down and gives its value. */
  async runUntil<R>(fnOrPromise: Promise<R> | (() => Promise<R>), options: RunUntilOptions = {}): Promise<R> {
    return runUntil(this.run(), () => this.#shutdownOnce(), fnOrPromise, options);
  }

  /**
   * Begins nothing new, and lets `run` resolve when what runs has ended.
   *
   * @throws {IllegalStateError} it does not run
   */
  shutdown(): void {
    if (this.#state !== 'RUNNING') throw new IllegalStateError(`Not running. Current state: ${this.#state}`);
    this.#shutdownOnce();
  }

  /**
   * As `shutdown`, but over in `withinMs`: half of it for activities to end by themselves, half for those that had to be told.
   *
   * @internal
   */
  shutdownWithin(withinMs: DurationMs): void {
    if (this.#state !== 'RUNNING') return;
    const { shutdownGraceTimeMs = withinMs / 2, shutdownForceTimeMs = withinMs } = this.options;
    this.#state = 'STOPPING';
    this.#tell({
      graceMs: Math.min(shutdownGraceTimeMs, withinMs),
      forceMs: Math.min(shutdownForceTimeMs, withinMs),
    });
  }

  #shutdownOnce(): void {
    if (this.#state !== 'RUNNING') return;
    const { shutdownGraceTimeMs: graceMs = 0, shutdownForceTimeMs } = this.options;
    this.#state = 'STOPPING';
    this.#tell({ graceMs, ...(shutdownForceTimeMs !== undefined && { forceMs: shutdownForceTimeMs }) });
  }

  #begin(): void {
    if (this.#state !== 'INITIALIZED') {
      throw new IllegalStateError(`A worker runs once. Current state: ${this.#state}`);
    }
    this.#state = 'RUNNING';
  }

  async #serve(): Promise<void> {
    try {
      await this.register();
      await this.#drain(await this.#told);
      this.#state = 'STOPPED';
    } catch (error) {
      this.#state = 'FAILED';
      throw error;
    } finally {
      await this.#giveBack();
    }
  }

  async #drain(shutdown: Shutdown): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return;
    this.#state = 'DRAINING';
    let isExpired = false;
    const { forceMs } = shutdown;
    // Asked for a moment before the engine gives up: afterwards nothing is left to count.
    const timer =
      forceMs === undefined
        ? undefined
        : setTimeout(() => (isExpired = handle.runningActivities > 0), Math.max(0, forceMs - 1));
    await handle.shutdown(shutdown);
    clearTimeout(timer);
    this.#state = 'DRAINED';
    if (isExpired) {
      throw new GracefulShutdownPeriodExpiredError(
        'Activities of the worker did not end in shutdownForceTime',
      );
    }
  }

  #giveBack(): Promise<void> {
    return (this.#givenBack ??= this.#close());
  }

  async #close(): Promise<void> {
    const { spec, connection, ownsConnection } = this.#holdings;
    await spec.close();
    if (ownsConnection) await connection.close?.();
  }
}

/** Made when it is first wanted. */
function clientOf(connection: WorkerConnection, options: CompiledWorkerOptions): () => Client {
  const { namespace, identity, dataConverter } = options;
  let client: Client | undefined;
  return () => {
    const gateway = connection[gatewayKey];
    if (gateway === undefined) throw new IllegalStateError('This worker has no client');
    return (client ??= new Client({
      connection: { [gatewayKey]: gateway },
      namespace,
      identity,
      ...(dataConverter !== undefined && { dataConverter }),
    }));
  };
}
