// Cancellation scopes: what is cancelled together. A scope follows its code through every `await`. Runs in the realm.
// Cancellation travels from parent to child by promise reactions, hop by hop, as in official SDKs: the order is observable.
import { CancelledFailure } from '../common/failure';
import { msToNumber, type Duration } from '../common/time';
import { currentRun } from './engine/current';
import { FLAG_SHIELDED_SCOPES } from './engine/flags';
import type { RunContext } from './engine/run-context';

/** The scope that a workflow begins in has none above it. */
const NO_PARENT = Symbol('no parent');

export interface CancellationScopeOptions {
  /** Cancel the scope after this. */
  timeout?: Duration;
  /** False: it and all within is shielded from its parent's cancellation. Default: true. */
  cancellable: boolean;
  /** Default: the current scope. */
  parent?: CancellationScope | typeof NO_PARENT;
}

export class CancellationScope {
  protected readonly timeout?: number;
  /** Whether a cancellation of the parent reaches what runs in here. */
  readonly cancellable: boolean;
  readonly parent?: CancellationScope;
  /** Rejects when the scope is cancelled. */
  readonly cancelRequested: Promise<never>;
  #isCancelRequested = false;
  readonly #rejectPromise: (reason: Error) => void;

  constructor(options?: CancellationScopeOptions) {
    const { timeout, cancellable = true, parent } = options ?? {};
    if (timeout !== undefined) this.timeout = msToNumber(timeout);
    this.cancellable = cancellable;
    let reject: (reason: Error) => void = () => undefined;
    this.cancelRequested = new Promise<never>((_, rejectPromise) => {
      reject = rejectPromise;
    });
    this.#rejectPromise = reject;
    untrack(this.cancelRequested);
    if (parent === NO_PARENT) return;
    this.parent = parent ?? CancellationScope.current();
    this.#follow(this.parent);
  }

  /** Whether what begins in this scope is cancelled at once. */
  get consideredCancelled(): boolean {
    return this.#isCancelRequested && this.cancellable;
  }

  /** Runs `fn` in this scope. */
  run<T>(fn: () => Promise<T>): Promise<T> {
    return within(this, () => this.#run(fn));
  }

  /** Asks all that runs in this scope to end. */
  cancel(): void {
    currentRun('CancellationScope.cancel()').assertWritable();
    this.#reject(
      new CancelledFailure(this.parent === undefined ? 'Workflow cancelled' : 'Cancellation scope cancelled'),
    );
  }

  static current(): CancellationScope {
    const run = currentRun('CancellationScope.current()');
    return (run.host.scopeSlot.get() ?? run.rootScope) as CancellationScope;
  }

  /** Runs `fn` in a scope that can be cancelled by itself, and is with its parent. */
  static cancellable<T>(fn: () => Promise<T>): Promise<T> {
    return new this({ cancellable: true }).run(fn);
  }

  /** Runs `fn` whatever happens to its parent. */
  static nonCancellable<T>(fn: () => Promise<T>): Promise<T> {
    return new this({ cancellable: false }).run(fn);
  }

  /** Cancels what is left of `fn` after `timeout`. */
  static withTimeout<T>(timeout: Duration, fn: () => Promise<T>): Promise<T> {
    return new this({ cancellable: true, timeout }).run(fn);
  }

  /** @internal The scope that a workflow begins in. */
  static root(): CancellationScope {
    return new this({ cancellable: true, parent: NO_PARENT });
  }

  #reject(reason: Error): void {
    this.#isCancelRequested = true;
    this.#rejectPromise(reason);
  }

  async #run<T>(fn: () => Promise<T>): Promise<T> {
    // A timeout of 0 is none.
    const timer =
      this.timeout === undefined || this.timeout === 0 ? undefined : this.#startTimeout(this.timeout);
    try {
      return await fn();
    } finally {
      if (
        timer !== undefined &&
        !timer.consideredCancelled &&
        currentRun('A scope').hasFlag(FLAG_SHIELDED_SCOPES)
      ) {
        timer.cancel();
      }
    }
  }

  #startTimeout(timeout: number): CancellationScope {
    const timer = new CancellationScope();
    untrack(
      timer
        .run(() => currentRun('A scope').sleep(timeout))
        .then(
          () => this.cancel(),
          () => undefined,
        ),
    );
    return timer;
  }

  /** A scope that begins within a cancelled one is cancelled from its beginning, not a microtask later. */
  #follow(parent: CancellationScope): void {
    const isShielded = (): boolean =>
      !parent.cancellable && currentRun('A scope').hasFlag(FLAG_SHIELDED_SCOPES);
    if (parent.#isCancelRequested && !isShielded()) this.#isCancelRequested = true;
    void parent.cancelRequested.catch((reason: Error) => {
      if (!isShielded()) this.#reject(reason);
    });
  }
}

/** Makes `scope` current for what `fn` begins. */
function within<T>(scope: CancellationScope, fn: () => T): T {
  const { scopeSlot } = currentRun('A scope').host;
  const previous = scopeSlot.set(scope);
  try {
    return fn();
  } finally {
    scopeSlot.set(previous);
  }
}

/** A promise whose rejection is nobody's fault. */
export function untrack(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

/** What becomes of something that was asked for when its scope is cancelled. Must do nothing when that is over. */
type OnCancel = (run: RunContext, seq: number, reason: Error) => void;

/**
 * Of what is asked for in the current scope, by its number: when that is cancelled, `onCancel` is called. True: it was cancelled
 * before, nothing is to be asked for, and `reject` gets the reason.
 *
 * A scope may live for years and remembers each of these, so what it remembers is a number, never a promise or a value.
 */
export function heedCancellation(
  run: RunContext,
  seq: number,
  reject: (reason: Error) => void,
  onCancel: OnCancel,
): boolean {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) {
    void scope.cancelRequested.catch(reject);
    return true;
  }
  if (scope.cancellable) remember(scope, run, seq, onCancel);
  return false;
}

/** Apart, so that its closure holds nothing else. */
function remember(scope: CancellationScope, run: RunContext, seq: number, onCancel: OnCancel): void {
  void scope.cancelRequested.catch((reason: Error) => onCancel(run, seq, reason));
}
