// Whether a store is in use: open, failed for good, or closed. The same for every implementation. Host thread.
import { StoreClosedError, StorePoisonedError } from './errors';
import type { StoreError } from './errors';

/** Fails once, closes once, and tells who listens. */
export class StoreCondition {
  private readonly listeners = new Set<(failure: StoreError) => void>();
  private failed: StoreError | undefined;
  private closed = false;

  constructor(private readonly path: string) {}

  get failure(): StoreError | undefined {
    return this.failed;
  }

  /** @throws {StorePoisonedError | StoreClosedError} */
  assertUsable(): void {
    if (this.failed) throw new StorePoisonedError(this.path, this.failed);
    if (this.closed) throw new StoreClosedError(this.path);
  }

  /** The first failure counts. A closed store cannot fail any more. */
  fail(failure: StoreError): void {
    if (this.failed || this.closed) return;
    this.failed = failure;
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener(failure);
  }

  close(): void {
    this.closed = true;
    this.listeners.clear();
  }

  onFailure(listener: (failure: StoreError) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
