// Assertions for our own bugs. A failed one is never swallowed: it stops what it may have spoiled.

/** Our own bug, as opposed to a caller's mistake or a failure of user code. */
export class TroupeAssertionError extends Error {
  override readonly name = 'TroupeAssertionError';
}

/** @throws {TroupeAssertionError} when `condition` is falsy. `message` says which invariant broke. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new TroupeAssertionError(message);
}

/** Makes a switch over a union exhaustive at compile time, and loud at run time. */
export function unreachable(value: never, what: string): never {
  throw new TroupeAssertionError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
