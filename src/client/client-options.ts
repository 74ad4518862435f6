// Options that every kind of client has, and what they come to.
import { hostname } from 'node:os';
import { assertObject } from '../common/assert-object';
import type { FailureConverter } from '../common/converter/failure-converter';
import type { DataConverter } from '../common/data-converter';
import type { PayloadConverter } from '../common/payload/payload-converter';
import type { Gateway } from '../model/gateway';
import { namespace, type Namespace } from '../model/ids';
import { defaultConnection, gatewayKey, type ConnectionLike } from './connection-like';
import { loadDataConverter } from './load-data-converter';
import { assertId } from './validation';

export interface BaseClientOptions {
  /** Default: the engine of this process. */
  connection?: ConnectionLike;
  /** Default: `default`. */
  namespace?: string;
  /** Recorded with what this client does. Default: process id and host name. */
  identity?: string;
  dataConverter?: DataConverter;
}

export interface LoadedClientOptions {
  readonly gateway: Gateway;
  readonly namespace: Namespace;
  readonly identity: string;
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
}

/** @throws {TypeError | ValueError} */
export function loadClientOptions(options: BaseClientOptions): LoadedClientOptions {
  assertObject(options, 'options', 'an object of names and values');
  const { connection = defaultConnection(), namespace: name = 'default' } = options;
  const gateway = connection[gatewayKey] as Gateway | undefined;
  if (gateway === undefined) {
    throw new TypeError('connection must be a Connection of this package, or the `connection` of its Client');
  }
  assertId(name, 'namespace');
  const identity = options.identity ?? `${process.pid}@${hostname()}`;
  assertId(identity, 'identity');
  return { gateway, namespace: namespace(name), identity, ...loadDataConverter(options.dataConverter) };
}
