// `Connection` and `NativeConnection`, as code written for Temporal uses them: here each is a counted handle on the engine of this
// process. Host thread. Closing the last handle closes the engine.
import { gatewayKey } from '../client/connection-like';
import { msToNumber, type Duration } from '../common/time';
import { IllegalStateError } from '../common/errors';
import { OutcomeUnknown, type Gateway } from '../model/gateway';
import type { WorkerHost } from '../model/worker';
import type { EngineLease } from '../troupe/shared-engines';
import { workerHostKey } from '../worker/worker-host';
import { assertLocal, leaseOfAddress, RemoteServerError } from './addresses';

export interface ConnectionOptions {
  /** Left out, or loopback with Temporal's default port: the engine of this process. */
  address?: string;
  /** There is nothing to encrypt within a process. */
  tls?: boolean | object | null;
  apiKey?: string | (() => string);
  /** Accepted and checked; there is nothing to wait for. */
  connectTimeout?: Duration;
  /** Accepted and ignored. */
  metadata?: Record<string, string>;
  /** Accepted and ignored. */
  channelArgs?: Record<string, unknown>;
  /** Accepted and ignored. */
  interceptors?: readonly unknown[];
}
export type NativeConnectionOptions = ConnectionOptions;

const DRAIN_MS = 10_000;

class LocalConnection {
  readonly options: ConnectionOptions;
  readonly [gatewayKey]: Gateway;
  readonly [workerHostKey]: WorkerHost;
  #lease: Promise<EngineLease> | undefined;
  #closed = false;

  protected constructor(options: ConnectionOptions) {
    refuseRemote(options);
    this.options = options;
    this[gatewayKey] = {
      request: async (request, signal) => {
        if (this.#closed) throw new OutcomeUnknown('the connection is closed');
        return (await this.#connected()).gateway.request(request, signal);
      },
    };
    this[workerHostKey] = {
      registerWorker: async (spec) => (await this.#connected()).engine.registerWorker(spec),
    };
  }

  async ensureConnected(): Promise<void> {
    await this.#connected();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await (await this.#lease)?.release(DRAIN_MS);
  }

  /** A deadline does not cross into the engine: calls are answered when they are durable. */
  async withDeadline<R>(_deadline: number | Date, fn: () => Promise<R>): Promise<R> {
    return fn();
  }
  async withMetadata<R>(_metadata: Record<string, string>, fn: () => Promise<R>): Promise<R> {
    return fn();
  }
  async withAbortSignal<R>(_signal: AbortSignal, fn: () => Promise<R>): Promise<R> {
    return fn();
  }

  async #connected(): Promise<EngineLease> {
    if (this.#closed) throw new IllegalStateError('the connection is closed');
    this.#lease ??= leaseOfAddress(this.options.address);
    try {
      return await this.#lease;
    } catch (error) {
      this.#lease = undefined;
      throw error;
    }
  }
}

/** What clients take. */
export class Connection extends LocalConnection {
  /** @throws {RemoteServerError | StoreError} */
  static async connect(options: ConnectionOptions = {}): Promise<Connection> {
    const connection = new Connection(options);
    await connection.ensureConnected();
    return connection;
  }

  /** Connects on first use. */
  static lazy(options: ConnectionOptions = {}): Connection {
    return new Connection(options);
  }
}

/** What workers take. */
export class NativeConnection extends LocalConnection {
  /** @throws {RemoteServerError | StoreError} */
  static async connect(options: NativeConnectionOptions = {}): Promise<NativeConnection> {
    const connection = new NativeConnection(options);
    await connection.ensureConnected();
    return connection;
  }
}

function refuseRemote({ address, tls, apiKey, connectTimeout }: ConnectionOptions): void {
  if (tls !== undefined && tls !== null && tls !== false) throw new RemoteServerError('tls');
  if (apiKey !== undefined) throw new RemoteServerError('apiKey');
  if (connectTimeout !== undefined) msToNumber(connectTimeout);
  assertLocal(address);
}
