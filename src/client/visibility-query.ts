// Which workflows to list or count: an object, or a text in the simple part of Temporal's query language.
import { compact } from '../common/compact';
import { markError } from '../common/error-marker';
import { ValueError } from '../common/errors';
import type { RunStatus } from '../model/event';
import type { VisibilityFilter } from '../model/gateway';
import { runId, taskQueueName, workflowId } from '../model/ids';
import type { EpochMs } from '../model/time';
import type { Mutable } from '../model/mutable';
import { ALL_STATUSES, parseStatus, type WorkflowExecutionStatusName } from './workflow-status';

/** All given conditions must hold. Moments are inclusive. */
export interface WorkflowFilter {
  workflowType?: string;
  workflowId?: string;
  runId?: string;
  taskQueue?: string;
  status?: WorkflowExecutionStatusName | readonly WorkflowExecutionStatusName[];
  startedAfter?: Date | number;
  startedBefore?: Date | number;
  closedAfter?: Date | number;
  closedBefore?: Date | number;
}

/** A query that is not understood: wrong, or more than what is supported yet. */
export class UnsupportedQueryError extends ValueError {
  static {
    markError(this, 'UnsupportedQueryError');
  }
  constructor(
    problem: string,
    readonly query: string,
  ) {
    super(
      `Invalid or unsupported query: ${problem}. Supported are conditions joined by AND: ` +
        "WorkflowType, WorkflowId, RunId, TaskQueue = '…'; ExecutionStatus = '…', != '…' or IN ('…', '…'); " +
        `StartTime and CloseTime with =, <, <=, >, >= or BETWEEN. The query was: ${query}`,
    );
  }
}

/** @throws {ValueError} */
export function filterOf(filter: WorkflowFilter): VisibilityFilter {
  const { status } = filter;
  const names: readonly string[] | undefined =
    status === undefined ? undefined : typeof status === 'string' ? [status] : status;
  return compact<VisibilityFilter>({
    workflowType: filter.workflowType,
    workflowId: filter.workflowId === undefined ? undefined : workflowId(filter.workflowId),
    runId: filter.runId === undefined ? undefined : runId(filter.runId),
    taskQueue: filter.taskQueue === undefined ? undefined : taskQueueName(filter.taskQueue),
    statuses: names?.map(statusOf),
    startedAfter: momentOf(filter.startedAfter, 'startedAfter'),
    startedBefore: momentOf(filter.startedBefore, 'startedBefore'),
    closedAfter: momentOf(filter.closedAfter, 'closedAfter'),
    closedBefore: momentOf(filter.closedBefore, 'closedBefore'),
  });
}

function statusOf(name: string): RunStatus {
  const status = parseStatus(name);
  if (status === undefined) throw new ValueError(`Unknown status: '${name}'`);
  return status;
}

function momentOf(moment: Date | number | undefined, name: string): EpochMs | undefined {
  if (moment === undefined) return undefined;
  const at = Number(moment);
  if (!Number.isFinite(at)) throw new ValueError(`${name} must be a Date or a number of milliseconds`);
  return at;
}

type Filter = Mutable<VisibilityFilter>;

/** @throws {UnsupportedQueryError} */
export function parseQuery(query: string): VisibilityFilter {
  const tokens = new Tokens(query);
  const filter: Filter = {};
  if (tokens.isAtEnd) return filter;
  do readCondition(tokens, filter);
  while (tokens.takeKeyword('AND'));
  if (!tokens.isAtEnd) throw tokens.unsupported(`'${tokens.next()}' is not understood here`);
  return filter;
}

const TEXT_FIELDS = {
  WORKFLOWTYPE: 'workflowType',
  WORKFLOWID: 'workflowId',
  RUNID: 'runId',
  TASKQUEUE: 'taskQueue',
} as const;
const TIME_FIELDS = {
  STARTTIME: { after: 'startedAfter', before: 'startedBefore' },
  CLOSETIME: { after: 'closedAfter', before: 'closedBefore' },
} as const;

function readCondition(tokens: Tokens, filter: Filter): void {
  const name = tokens.next();
  const field = name.replace(/^`(.*)`$/, '$1').toUpperCase();
  if (field in TEXT_FIELDS) readText(tokens, filter, TEXT_FIELDS[field as keyof typeof TEXT_FIELDS]);
  else if (field in TIME_FIELDS) readTime(tokens, filter, TIME_FIELDS[field as keyof typeof TIME_FIELDS]);
  else if (field === 'EXECUTIONSTATUS') readStatus(tokens, filter);
  else if (name === '(' || field === 'NOT') throw tokens.unsupported(`'${name}' is not supported yet`);
  else throw tokens.unsupported(`'${name}' is no attribute that can be asked for`);
}

function readText(
  tokens: Tokens,
  filter: Filter,
  field: (typeof TEXT_FIELDS)[keyof typeof TEXT_FIELDS],
): void {
  tokens.expect('=');
  const value = tokens.value();
  if (filter[field] !== undefined && filter[field] !== value) {
    throw tokens.unsupported('two conditions on the same attribute');
  }
  Object.assign(filter, { [field]: value });
}

function readStatus(tokens: Tokens, filter: Filter): void {
  const operator = tokens.next().toUpperCase();
  const wanted = operator === 'IN' ? tokens.list() : [tokens.value()];
  const named = wanted.map((text) => {
    const status = parseStatus(text);
    if (status === undefined) throw tokens.unsupported(`'${text}' is no execution status`);
    return status;
  });
  if (operator !== '=' && operator !== '!=' && operator !== 'IN') {
    throw tokens.unsupported(`ExecutionStatus with '${operator}'`);
  }
  const statuses = operator === '!=' ? ALL_STATUSES.filter((status) => !named.includes(status)) : named;
  filter.statuses =
    filter.statuses === undefined ? statuses : filter.statuses.filter((status) => statuses.includes(status));
}

function readTime(
  tokens: Tokens,
  filter: Filter,
  { after, before }: (typeof TIME_FIELDS)[keyof typeof TIME_FIELDS],
): void {
  const raise = (at: EpochMs): void => void (filter[after] = Math.max(filter[after] ?? at, at));
  const lower = (at: EpochMs): void => void (filter[before] = Math.min(filter[before] ?? at, at));
  const operator = tokens.next().toUpperCase();
  const at = tokens.moment();
  if (operator === 'BETWEEN') {
    tokens.expect('AND');
    raise(at);
    lower(tokens.moment());
  } else if (operator === '=') {
    raise(at);
    lower(at);
  } else if (operator === '>') raise(at + 1);
  else if (operator === '>=') raise(at);
  else if (operator === '<') lower(at - 1);
  else if (operator === '<=') lower(at);
  else throw tokens.unsupported(`a time with '${operator}'`);
}

/** Quoted texts (a doubled quote is one quote), names, numbers, operators. */
const TOKEN = /\s*('(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|[\w.:+-]+|<=|>=|!=|<>|[=<>(),]|\S)/y;
const NANOS_PER_MS = 1_000_000n;

/** A query, taken apart from left to right. */
class Tokens {
  readonly #texts: string[] = [];
  #at = 0;

  constructor(readonly query: string) {
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(query); match !== null; match = TOKEN.exec(query)) {
      this.#texts.push(match[1] ?? '');
    }
  }

  get isAtEnd(): boolean {
    return this.#at === this.#texts.length;
  }

  unsupported(problem: string): UnsupportedQueryError {
    return new UnsupportedQueryError(problem, this.query);
  }

  next(): string {
    const text = this.#texts[this.#at++];
    if (text === undefined) throw this.unsupported('it ends too early');
    return text;
  }

  takeKeyword(keyword: string): boolean {
    const isNext = this.#texts[this.#at]?.toUpperCase() === keyword;
    if (isNext) this.#at += 1;
    return isNext;
  }

  expect(text: string): void {
    const found = this.next();
    if (found.toUpperCase() !== text) throw this.unsupported(`expected '${text}', found '${found}'`);
  }

  value(): string {
    const text = this.next();
    const quote = text.charAt(0);
    if (quote === "'" || quote === '"') return text.slice(1, -1).replaceAll(quote + quote, quote);
    if (/^[\d.]+$/.test(text)) return text;
    throw this.unsupported(`${text} is no value: write it in quotes`);
  }

  list(): string[] {
    this.expect('(');
    const values = [this.value()];
    while (this.takeKeyword(',')) values.push(this.value());
    this.expect(')');
    return values;
  }

  /** An RFC 3339 time, or nanoseconds since 1970. */
  moment(): EpochMs {
    const text = this.value();
    const at = /^\d+$/.test(text) ? Number(BigInt(text) / NANOS_PER_MS) : Date.parse(text);
    if (!Number.isFinite(at)) throw this.unsupported(`'${text}' is no time`);
    return at;
  }
}
