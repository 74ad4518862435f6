// COMMIT: what is queued becomes one commit, as soon as the last one has ended; no timer. Host thread.
import type { DurationMs } from '../model/time';
import { CommitAbsentError, CommitUnknownError, StoreError } from './errors';
import type { Store, WriteOp } from './store';

interface Queued {
  readonly ops: readonly WriteOp[];
  readonly onDurable: () => void;
  readonly onLost: ((error: StoreError) => void) | undefined;
}
export interface CommitterOptions {
  readonly clock: { setTimer(delayMs: DurationMs, fire: () => void): () => void };
  readonly onAbsent: (error: CommitAbsentError) => void;
  readonly onFatal: (error: StoreError) => void;
}
const UNKNOWN_AFTER_MS = 10_000;

export class Committer {
  durable = 0;
  operations = 0;
  #queue: Queued[] = [];
  #inFlight: Queued[] | undefined;
  #stopped = false;
  #idle: (() => void)[] = [];
  constructor(readonly store: Store, readonly options: CommitterOptions) {}

  submit({ ops }: { readonly lane: number; readonly ops: readonly { table: string; key: Uint8Array; value: Uint8Array | null }[] }, onDurable: () => void): void {
    this.#push({ ops: ops as readonly WriteOp[], onDurable, onLost: undefined });
  }
  submitOwn(ops: readonly WriteOp[]): Promise<void> {
    return new Promise((resolve, reject) => this.#push({ ops, onDurable: resolve, onLost: reject }));
  }
  whenIdle(): Promise<void> {
    if (this.#stopped || (this.#inFlight === undefined && this.#queue.length === 0)) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    for (const resolve of this.#idle.splice(0)) resolve();
  }
  #push(queued: Queued): void {
    if (this.#stopped) return;
    if (queued.ops.length === 0 && this.#inFlight === undefined && this.#queue.length === 0) return queued.onDurable();
    this.#queue.push(queued);
    if (this.#inFlight === undefined) this.#next();
  }
  #next(): void {
    const group = this.#queue;
    if (group.length === 0 || this.#stopped) {
      for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    this.#queue = [];
    this.#inFlight = group;
    const ops = group.length === 1 ? (group[0] as Queued).ops : group.flatMap((queued) => queued.ops);
    if (ops.length === 0) return this.#done(group);
    const cancel = this.options.clock.setTimer(UNKNOWN_AFTER_MS, () => this.#fatal(new CommitUnknownError('the store', 'no answer within 10 s')));
    this.store.commit(ops).then(
      () => { cancel(); this.operations += ops.length; this.durable += 1; this.#done(group); },
      (error: unknown) => {
        cancel();
        if (error instanceof CommitAbsentError) this.#absent(group, error);
        else this.#fatal(error instanceof StoreError ? error : new CommitUnknownError('the store', String(error)));
      },
    );
  }
  #done(group: Queued[]): void {
    this.#inFlight = undefined;
    if (this.#stopped) return;
    for (const { onDurable } of group) onDurable();
    if (this.#inFlight === undefined) this.#next();
  }
  #absent(group: Queued[], error: CommitAbsentError): void {
    const lost = [...group, ...this.#queue];
    this.#queue = [];
    this.#inFlight = undefined;
    for (const { onLost } of lost) onLost?.(error);
    this.options.onAbsent(error);
    this.#next();
  }
  #fatal(error: StoreError): void {
    if (this.#stopped) return;
    this.stop();
    this.options.onFatal(error);
  }
}
