// What a client needs of a connection: the port to an engine, under a key that is the same for every copy of the package.
import type { Gateway } from '../model/gateway';

export const gatewayKey: unique symbol = Symbol.for('troupe.gateway');

export interface ConnectionLike {
  readonly [gatewayKey]: Gateway;
  close?(): Promise<void>;
}

let makeDefault: (() => ConnectionLike) | undefined;

/** Called once, by whoever can make connections: a client without one uses what `make` returns. */
export function setDefaultConnection(make: () => ConnectionLike): void {
  makeDefault = make;
}

/** @throws {TypeError} nothing can make connections here */
export function defaultConnection(): ConnectionLike {
  if (makeDefault === undefined) throw new TypeError('Missing option: connection');
  return makeDefault();
}
