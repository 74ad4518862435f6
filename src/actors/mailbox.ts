// What waits for one workflow in its lane, oldest first. Shard thread. A message leaves it when it is decided, in its order;
// what cannot be decided yet (rows of an older run, a worker) waits aside, and is named consumed only afterwards.
import { appended } from '../model/appended';
import type { QueryMessage, Message } from '../model/message';
import type { RunId } from '../model/ids';
import type { Query } from './history/query-target';

/** A message and its number: named in the batch that makes it durable. */
export interface Mail<M extends Message = Message> {
  readonly seq: number;
  readonly message: M;
}

export interface QueryMail extends Mail<QueryMessage>, Query {
  readonly message: QueryMessage;
}

/** Never written to. */
const NO_MAIL: Mail[] = [];
const NO_QUERIES: QueryMail[] = [];

export class Mailbox {
  #waiting = NO_MAIL;
  /** Read-only, so later messages may overtake them: they wait for turns, for history, for a worker. */
  #queries = NO_QUERIES;
  /** For runs that are not in memory; most workflows never have any. */
  #byRun: Map<RunId, Mail[]> | undefined;

  push(mail: Mail): void {
    this.#waiting = appended(this.#waiting, mail);
  }

  /** Everything that arrived since, in order. */
  take(): readonly Mail[] {
    const taken = this.#waiting;
    this.#waiting = NO_MAIL;
    return taken;
  }

  holdQuery(mail: QueryMail): void {
    this.#queries = appended(this.#queries, mail);
  }

  get hasQueries(): boolean {
    return this.#queries.length > 0;
  }

  takeQueries(): readonly QueryMail[] {
    const taken = this.#queries;
    this.#queries = NO_QUERIES;
    return taken;
  }

  /** True: the first for this run, whose rows are to be asked for. */
  holdForRun(runId: RunId, mail: Mail): boolean {
    this.#byRun ??= new Map();
    const held = this.#byRun.get(runId);
    if (held !== undefined) {
      held.push(mail);
      return false;
    }
    this.#byRun.set(runId, [mail]);
    return true;
  }

  /** Whether something waits for the rows of this run. */
  holdsForRun(runId: RunId): boolean {
    return this.#byRun?.has(runId) === true;
  }

  /** The rows are here: what waited for them comes before anything newer. */
  releaseRun(runId: RunId): void {
    const held = this.#byRun?.get(runId);
    if (held === undefined) return;
    this.#byRun?.delete(runId);
    this.#waiting = [...held, ...this.#waiting];
  }

  /** Whether a query to this run waits. */
  holdsQuery(runId: RunId): boolean {
    return this.#queries.some(({ message }) => message.to.runId === runId);
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#queries.length === 0 && (this.#byRun?.size ?? 0) === 0;
  }
}
