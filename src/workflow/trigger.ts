// A promise that is settled from outside. Runs in the realm.
import { CancellationScope } from './cancellation-scope';

/** Awaitable; `resolve` and `reject` settle it. Rejects when the scope it was made in is cancelled. */
export class Trigger<T> implements PromiseLike<T> {
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason?: unknown) => void;
  protected readonly promise: Promise<T>;

  constructor() {
    let settle:
      { resolve: (value: T | PromiseLike<T>) => void; reject: (reason?: unknown) => void } | undefined;
    this.promise = new Promise<T>((resolve, reject) => {
      const scope = CancellationScope.current();
      if (scope.cancellable) void scope.cancelRequested.catch(reject);
      settle = { resolve, reject };
    });
    this.promise.catch(() => undefined);
    const { resolve, reject } = settle as NonNullable<typeof settle>;
    this.resolve = resolve;
    this.reject = reject;
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.promise.then(onFulfilled, onRejected);
  }
}
