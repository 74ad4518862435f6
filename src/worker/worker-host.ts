// What a worker needs of a connection: the port to an engine, under a key that is the same for every copy of the package.
import type { gatewayKey } from '../client/connection-like';
import type { Gateway } from '../model/gateway';
import type { WorkerHost } from '../model/worker';

export const workerHostKey: unique symbol = Symbol.for('troupe.workerHost');

/** A `NativeConnection`, or what `Troupe` hands to its own worker. */
export interface WorkerConnection {
  readonly [workerHostKey]: WorkerHost;
  /** For the `client` of activities. */
  readonly [gatewayKey]?: Gateway;
  close?(): Promise<void>;
}
