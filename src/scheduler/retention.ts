// Deletes closed runs when their time is over: a few at a time, each by a message to its own workflow, so that deciding stays
// in one place. Host thread. A run that still owes something is left for the next day.
import type { Message } from '../model/message';
import type { Reply } from '../model/reply';
import { DAY_MS, MINUTE_MS, type DurationMs } from '../model/time';
import { dueKey } from '../storage/format/keys';
import { encodeOwner } from '../storage/format/values';
import type { WriteOp } from '../storage/store';
import type { Clock } from './clock';
import { beginPortion } from './portion';
import type { DueRow, StoreReader } from './stored-runs';

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
  #sweep: Iterator<DueRow | undefined> | undefined;
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
    this.#sweep ??= reader.due('retention', clock.now())[Symbol.iterator]();
    const rows: DueRow[] = [];
    while (!this.#stopped && this.#readSome(this.#sweep, rows)) {
      await new Promise<void>((resolve) => clock.soon(resolve));
    }
    if (this.#stopped) return;
    await Promise.all(rows.map((row) => this.#delete(row)));
  }

  /** True: there may be more. Runs that are late to wake up stand among those that are to be deleted, however many they are. */
  #readSome(due: Iterator<DueRow | undefined>, rows: DueRow[]): boolean {
    for (const hasTime = beginPortion(this.#options.clock); hasTime();) {
      const next = due.next();
      if (next.done === true) {
        this.#sweep = undefined;
        return false;
      }
      if (next.value !== undefined) rows.push(next.value);
      if (rows.length >= ROUND_MAX) return false;
    }
    return true;
  }

  async #delete({ key, namespace, execution }: DueRow): Promise<void> {
    const { ask, submit, clock } = this.#options;
    const reply = await ask((waiter) => ({
      kind: 'delete',
      to: { namespace, ...execution },
      waiter,
      identity: 'retention',
    }));
    if (this.#stopped) return;
    if (reply.kind === 'refused' && reply.refusal.kind === 'failedPrecondition') {
      submit(this.#postponed(key, namespace, execution, clock.now() + DAY_MS));
      return;
    }
    submit([{ table: 'T', key, value: null }]);
  }

  #postponed(
    key: Uint8Array,
    namespace: DueRow['namespace'],
    { workflowId, runId }: DueRow['execution'],
    at: number,
  ): readonly WriteOp[] {
    return [
      { table: 'T', key, value: null },
      {
        table: 'T',
        key: dueKey(at, runId, 'retention'),
        value: encodeOwner({ namespace, workflowId }),
      },
    ];
  }
}
