// Node's `AsyncLocalStorage`, as the realm provides it. In Node itself, where workflow files are only imported for their types,
// there is nothing that it could follow.

export interface AsyncLocalStorage<T> {
  getStore(): T | undefined;
  run<A extends unknown[], R>(store: T, fn: (...args: A) => R, ...args: A): R;
  exit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R;
  enterWith(store: T): void;
  disable(): void;
}
export type AsyncLocalStorageClass = new <T>() => AsyncLocalStorage<T>;

class Unavailable {
  constructor() {
    throw new Error('AsyncLocalStorage of troupe/workflow is there in workflow code only');
  }
}

const provided = (globalThis as { AsyncLocalStorage?: AsyncLocalStorageClass }).AsyncLocalStorage;
export const AsyncLocalStorage: AsyncLocalStorageClass =
  provided ?? (Unavailable as unknown as AsyncLocalStorageClass);
