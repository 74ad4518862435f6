// The composition root: one store, its engine, a client and, when it is given code, a worker. Host thread. Holds no logic.
import './connection/wire-client';
import './troupe/wire-worker';
import { Client } from './client/client';
import { assertKnownOptions } from './common/known-options';
import { msToNumber, type Duration } from './common/time';
import { gatewayKey } from './client/connection-like';
import { workerHostKey } from './worker/worker-host';
import { resolveSettings } from './troupe/engine-options';
import { GuardedListeners } from './troupe/guarded-listeners';
import { leaseEngine, type EngineLease } from './troupe/shared-engines';
import type { EngineParts } from './troupe/open-engine';
import { TROUPE_OPTIONS, type TroupeOptions } from './troupe/troupe-options';
import type { EngineLog, EngineStats } from './scheduler/engine';
import type { RuntimeEvents } from './scheduler/events';
import { Worker } from './worker/worker';
import { compileWorkerOptions, refuseWrongOptions } from './worker/worker-options';

export type { TroupeOptions } from './troupe/troupe-options';

export interface TroupeStats extends EngineStats {
  /** `memory`, or the folder. */
  readonly store: string;
}

const DRAIN_MS_DEFAULT = 10_000;

export class Troupe {
  readonly client: Client;
  readonly #lease: EngineLease;
  readonly #listeners: GuardedListeners;
  readonly #worker: Worker | undefined;
  readonly #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(lease: EngineLease, client: Client, worker: Worker | undefined, log: EngineLog) {
    this.client = client;
    this.#listeners = new GuardedListeners(log);
    this.#lease = lease;
    this.#worker = worker;
    this.#running = worker?.runWithoutSignals();
    this.#running?.catch(() => undefined);
  }

  /**
   * Opens a store and begins to work: what an earlier process left undone goes on.
   *
   * With `workflowsPath`, `workflowBundle` or `activities` it runs one built-in worker; without them, none.
   * A folder that this process has open already is shared: the same engine, closed by its last user.
   *
   * @throws {ValueError} an option is wrong; nothing was touched
   * @throws {BundleError} the workflow code cannot be bundled
   * @throws {StoreError} the folder cannot be used: it says why and what to do
   */
  static async open(options: TroupeOptions = {}): Promise<Troupe> {
    return Troupe.openWith(options, undefined);
  }

  /** @internal With a clock or a store of the caller's: tests and simulation. */
  static async openWith(options: TroupeOptions, parts: EngineParts | undefined): Promise<Troupe> {
    assertKnownOptions('Troupe.open', options, TROUPE_OPTIONS);
    const { namespace = 'default', taskQueue = 'default', dataConverter } = options;
    const settings = resolveSettings(options);
    // Before the folder is made or opened.
    if (hasCode(options)) compileWorkerOptions({ ...options, namespace, taskQueue });
    else refuseWrongOptions(options);
    const lease = await leaseEngine(settings, parts);
    try {
      const connection = { [gatewayKey]: lease.engine, [workerHostKey]: lease.engine };
      const client = new Client({
        connection,
        namespace,
        defaultTaskQueue: taskQueue,
        identity: settings.identity,
        ...(dataConverter !== undefined && { dataConverter }),
      });
      const worker = hasCode(options)
        ? await Worker.create({ ...options, connection, namespace, taskQueue, identity: settings.identity })
        : undefined;
      // Code that this engine already serves otherwise is the caller's mistake: said here, not in the background.
      await worker?.register();
      return new Troupe(lease, client, worker, settings.log);
    } catch (error) {
      await lease.release(0);
      throw error;
    }
  }

  /** Calls `listener` whenever something of this sort happens. Costs nothing without a listener. What it throws is logged. */
  on<Name extends keyof RuntimeEvents>(event: Name, listener: RuntimeEvents[Name]): this {
    const { events } = this.#lease.engine;
    const guarded = this.#listeners.of(event, listener);
    (events.on as (event: Name, listener: RuntimeEvents[Name]) => unknown).call(events, event, guarded);
    return this;
  }

  off<Name extends keyof RuntimeEvents>(event: Name, listener: RuntimeEvents[Name]): this {
    const { events } = this.#lease.engine;
    const guarded = this.#listeners.of(event, listener);
    (events.off as (event: Name, listener: RuntimeEvents[Name]) => unknown).call(events, event, guarded);
    return this;
  }

  stats(): TroupeStats {
    return { store: this.#lease.path ?? 'memory', ...this.#lease.engine.stats() };
  }

  /** Why the store is out of use for good; only a new process can recover. */
  get failure(): Error | undefined {
    return this.#lease.engine.failure;
  }

  /**
   * Begins nothing new, gives running activities and messages on their way at most `within` to end, and closes the store.
   * What did not end goes on at the next open. Calls that are still waiting reject: their outcome is unknown.
   */
  close(options: { within?: Duration } = {}): Promise<void> {
    this.#closing ??= this.#close(
      options.within === undefined ? DRAIN_MS_DEFAULT : msToNumber(options.within),
    );
    return this.#closing;
  }

  async #close(drainMs: number): Promise<void> {
    this.#worker?.shutdownWithin(drainMs);
    await this.#running?.catch(() => undefined);
    await this.#lease.release(drainMs);
  }
}

const hasCode = ({ workflowsPath, workflowBundle, activities, activitiesPath }: TroupeOptions): boolean =>
  [workflowsPath, workflowBundle, activities, activitiesPath].some((code) => code !== undefined);
