// Deletes closed runs when their time is over: a few at a time, each by a message to its own workflow, so that deciding stays
// in one place. Host thread. Which they are says the listing, in the order of their ends. A run that still owes something, or cannot
// be read, is left for the next day.
import type { RunId } from '../model/ids';
import type { Message } from '../model/message';
import type { Reply } from '../model/reply';
import { DAY_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../model/time';
import type { WriteOp } from '../storage/store';
import type { Clock } from './clock';
import { beginPortion } from './portion';
import type { ExpiredRow, StoreReader } from './stored-runs';

const PERIOD_MS: DurationMs = MINUTE_MS;
/** A sweep goes through what is due, so many at a time: so few that others hardly notice. */
const ROUND_MAX = 25;

export interface RetentionOptions {
  readonly clock: Clock;
  readonly reader: StoreReader;
  readonly ask: (make: (waiter: number) => Message) => Promise<Reply>;
  readonly submit: (ops: readonly WriteOp[]) => void;
  readonly onWarning: (message: string, error: unknown) => void;
}

export class Retention {
  readonly #options: RetentionOptions;
  /** The sweep that is on, where its last round has ended: what it has passed is not read again until the next. */
  #sweep: Iterator<ExpiredRow> | undefined;
  /** Runs that were not deleted, and when to try again. */
  readonly #postponed = new Map<RunId, EpochMs>();
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#arm(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #arm(delayMs: DurationMs): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.setTimer(delayMs, () => {
      void this.#round().then(
        () => this.#arm(this.#sweep === undefined ? PERIOD_MS : 0),
        (error: unknown) => {
          if (this.#stopped) return;
          this.#sweep = undefined;
          this.#options.onWarning('closed runs could not be deleted', error);
          this.#arm(PERIOD_MS);
        },
      );
    });
  }

  async #round(): Promise<void> {
    const { clock, reader } = this.#options;
    this.#sweep ??= reader.expired(clock.now())[Symbol.iterator]();
    const rows: ExpiredRow[] = [];
    while (!this.#stopped && this.#readSome(this.#sweep, rows)) {
      await new Promise<void>((resolve) => clock.soon(resolve));
    }
    if (this.#stopped) return;
    await Promise.all(rows.map((row) => this.#delete(row)));
  }

  /** True: there may be more. Runs that were postponed stand among those that are to be deleted, however many they are. */
  #readSome(expired: Iterator<ExpiredRow>, rows: ExpiredRow[]): boolean {
    const { clock } = this.#options;
    for (const hasTime = beginPortion(clock); hasTime();) {
      const next = expired.next();
      if (next.done === true) {
        this.#sweep = undefined;
        this.#forgetOld();
        return false;
      }
      const { runId } = next.value.execution;
      const notBefore = this.#postponed.get(runId);
      if (notBefore !== undefined && notBefore > clock.now()) continue;
      rows.push(next.value);
      if (rows.length >= ROUND_MAX) return false;
    }
    return true;
  }

  async #delete({ key, namespace, execution }: ExpiredRow): Promise<void> {
    const { ask, submit, clock } = this.#options;
    const { runId } = execution;
    const reply = await ask((waiter) => ({
      kind: 'delete',
      to: { namespace, ...execution },
      waiter,
      identity: 'retention',
    }));
    if (this.#stopped) return;
    if (reply.kind !== 'refused') return;
    // A line of the listing without a run.
    if (reply.refusal.kind === 'notFound') submit([{ table: 'V', key, value: null }]);
    else this.#postponed.set(runId, clock.now() + DAY_MS);
  }

  /** Those whose time has come were tried in this sweep, or are gone. */
  #forgetOld(): void {
    const now = this.#options.clock.now();
    for (const [runId, notBefore] of this.#postponed) if (notBefore <= now) this.#postponed.delete(runId);
  }
}
