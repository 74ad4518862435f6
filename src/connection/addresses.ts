// Which engine an address means in this process. Host thread. No address, or loopback with Temporal's default port, is the engine of
// this process in its folder; an address that a test environment or an open Troupe handed out is that engine; any other one is
// refused: never silently local.
import { resolveSettings } from '../troupe/engine-options';
import { leaseEngine, type EngineLease } from '../troupe/shared-engines';

/** A server that this package cannot speak to. */
export class RemoteServerError extends Error {
  override readonly name = 'RemoteServerError';
  constructor(what: string) {
    super(
      `${what}: Troupe runs workflows in this process and does not connect to servers. ` +
        'Leave the address out to use the local engine, or use @temporalio/client for a Temporal server.',
    );
  }
}

const HANDED_OUT = Symbol.for('troupe.addresses');
type Lend = () => Promise<EngineLease>;

function handedOut(): Map<string, Lend> {
  const holder = process as { [HANDED_OUT]?: Map<string, Lend> };
  holder[HANDED_OUT] ??= new Map();
  return holder[HANDED_OUT];
}

/** Makes an address mean an engine, until the returned function is called. */
export function handOut(address: string, lend: Lend): () => void {
  handedOut().set(address, lend);
  return () => void handedOut().delete(address);
}

const DEFAULT_ADDRESS = /^(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)?(:7233)?$/;
let announced = false;

/** @throws {RemoteServerError} */
export function assertLocal(address: string | undefined): void {
  if (address === undefined || DEFAULT_ADDRESS.test(address) || handedOut().has(address)) return;
  throw new RemoteServerError(`address '${address}'`);
}

/** @throws {RemoteServerError | StoreError} */
export async function leaseOfAddress(address: string | undefined): Promise<EngineLease> {
  assertLocal(address);
  const lend = address === undefined ? undefined : handedOut().get(address);
  if (lend !== undefined) return lend();
  const lease = await leaseEngine(resolveSettings({}));
  if (!announced) {
    announced = true;
    process.stderr.write(
      `[troupe] INFO No server is needed: workflows run in this process, stored in ${lease.path ?? 'memory'}\n`,
    );
  }
  return lease;
}
