// Lists and counts runs from their visibility rows. Host thread. Open runs first, newest start first, then closed ones, newest
// close first: Temporal's default order. There may be ten million rows, and a filter that none of them matches: so everything goes in
// steps, and no page holds anything between calls.
import type { RunStatus } from '../model/event';
import type { RunSummary, VisibilityFilter } from '../model/gateway';
import type { EpochMs } from '../model/time';
import {
  behind,
  placedLike,
  placeOf,
  visibilityRange,
  type KeyBounds,
  type Listing,
} from '../storage/format/keys';
import { decodeVisibility } from '../storage/format/values';
import type { Row, Store } from '../storage/store';
import type { Steps } from './portion';

export interface Page {
  readonly runs: readonly RunSummary[];
  readonly nextPageToken?: string;
}

type Part = 'open' | 'closed';
/** Open runs are in one of two: see keys.ts. */
const LISTINGS: Readonly<Record<Part, readonly Listing[]>> = {
  open: ['awake', 'atRest'],
  closed: ['closed'],
};

/** Rows of one page, whatever is asked for. */
const PAGE_MAX = 1_000;
/** Rows looked at for one page: whoever lists by a filter that few match is told now and then that there is nothing yet. */
const LOOK_MAX = 100_000;
/** Rows looked at in one step: a quarter of a millisecond. */
const STEP_ROWS = 64;
/** Rows of one part that are read at once. */
const READ_ROWS = 2 * STEP_ROWS;
/** Rows counted in one step by their keys alone: a quarter of a millisecond, of which half is to begin. */
const STEP_KEYS = 2_000;

/** A page token that this store never gave. */
export class PageTokenError extends Error {
  override readonly name = 'PageTokenError';
}

/** Fewer runs than asked for, or none, do not mean that it is the last page: that has no token. */
export function* listRuns(
  store: Store,
  namespaceNumber: number,
  filter: VisibilityFilter,
  pageSize: number,
  pageToken: string | undefined,
): Steps<Page> {
  const from = pageToken === undefined ? undefined : parseToken(pageToken);
  const size = Math.min(Math.max(1, pageSize), PAGE_MAX);
  const runs: RunSummary[] = [];
  let looked = 0;
  for (const part of partsOf(filter)) {
    if (from?.part === 'closed' && part === 'open') continue;
    const after = from?.part === part ? from.after : undefined;
    for (const [key, value] of rowsAfter(store, rangesOf(namespaceNumber, part, filter), after)) {
      const run = decodeVisibility(value);
      if (matches(run, filter)) runs.push(run);
      looked += 1;
      if (runs.length >= size || looked >= LOOK_MAX) return { runs, nextPageToken: tokenOf(part, key) };
      if (looked % STEP_ROWS === 0) yield;
    }
  }
  return { runs };
}

/** A run that begins or ends meanwhile is counted or not, or twice. */
export function* countRuns(store: Store, namespaceNumber: number, filter: VisibilityFilter): Steps<number> {
  let count = 0;
  let looked = 0;
  for (const part of partsOf(filter)) {
    const ranges = rangesOf(namespaceNumber, part, filter);
    if (isCountable(filter, part)) {
      count += yield* countKeys(store, ranges);
      continue;
    }
    for (const [, value] of rowsAfter(store, ranges, undefined)) {
      if (matches(decodeVisibility(value), filter)) count += 1;
      looked += 1;
      if (looked % STEP_ROWS === 0) yield;
    }
  }
  return count;
}

/** What a step counts in several listings is of one moment: a run that passes from one to the other is counted once. */
function* countKeys(store: Store, ranges: readonly KeyBounds[]): Steps<number> {
  let count = 0;
  for (let rest = ranges; ;) {
    const step = nextStep(store, rest);
    if (step === undefined) {
      for (const range of rest) count += store.count('V', range);
      return count;
    }
    const { fullest, end } = step;
    count += STEP_KEYS;
    for (const range of rest) {
      if (range !== fullest) count += store.count('V', { ...range, end: placedLike(end, range.start) });
    }
    rest = rest.map((range) => ({ ...range, start: placedLike(end, range.start) }));
    yield;
  }
}

/** The farthest place up to which no listing has more rows than a step may count; `fullest` has just so many. Absent: none has more. */
function nextStep(
  store: Store,
  ranges: readonly KeyBounds[],
): { readonly fullest: KeyBounds; readonly end: Uint8Array } | undefined {
  let step: ReturnType<typeof nextStep>;
  for (const fullest of ranges) {
    const end = store.keyBehind('V', STEP_KEYS, fullest);
    if (end !== undefined && (step === undefined || comparePlaces(end, step.end) < 0))
      step = { fullest, end };
  }
  return step;
}

/** @throws {PageTokenError} when the token is not of this listing. */
function* rowsAfter(
  store: Store,
  ranges: readonly KeyBounds[],
  after: Uint8Array | undefined,
): Iterable<Row> {
  if (after !== undefined && !ranges.some((range) => isWithinBounds(placedLike(after, range.start), range))) {
    throw new PageTokenError('this page token belongs to another listing');
  }
  for (let from = after; ;) {
    const rows = rowsOfMoment(store, ranges, from);
    yield* rows;
    if (rows.length < READ_ROWS) return;
    from = rows.at(-1)?.[0];
  }
}

/** Read at once: a run that passes from one listing to another keeps its place, and is met there once. */
function rowsOfMoment(store: Store, ranges: readonly KeyBounds[], after: Uint8Array | undefined): Row[] {
  const rows: Row[] = [];
  for (const range of ranges) {
    const start = after === undefined ? range.start : behind(placedLike(after, range.start));
    for (const row of store.range('V', { ...range, start, limit: READ_ROWS })) rows.push(row);
  }
  if (ranges.length > 1) rows.sort(([a], [b]) => comparePlaces(a, b));
  return rows.slice(0, READ_ROWS);
}

const comparePlaces = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(placeOf(a), placeOf(b));

const isWithinBounds = (key: Uint8Array, { start, end }: KeyBounds): boolean =>
  Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0;

/** Whether a row's key alone says that it matches. */
function isCountable({ statuses, ...rest }: VisibilityFilter, part: Part): boolean {
  const isOpen = part === 'open';
  const { startedAfter, startedBefore, closedAfter, closedBefore, ...others } = rest;
  const inKey = isOpen ? [startedAfter, startedBefore] : [closedAfter, closedBefore];
  const beside = isOpen ? [closedAfter, closedBefore] : [startedAfter, startedBefore];
  return (
    Object.values(others).every((wanted) => wanted === undefined) &&
    beside.every((moment) => moment === undefined) &&
    inKey.every((moment) => moment === undefined || Number.isInteger(moment)) &&
    (statuses === undefined || ALL.every((status) => PART[status] !== part || statuses.includes(status)))
  );
}

const PART: Readonly<Record<RunStatus, Part>> = {
  RUNNING: 'open',
  COMPLETED: 'closed',
  FAILED: 'closed',
  CANCELED: 'closed',
  TERMINATED: 'closed',
  CONTINUED_AS_NEW: 'closed',
  TIMED_OUT: 'closed',
};
const ALL = Object.keys(PART) as readonly RunStatus[];

function partsOf({ statuses, closedAfter, closedBefore }: VisibilityFilter): readonly Part[] {
  const wantsClosed = statuses === undefined || statuses.some((status) => status !== 'RUNNING');
  const wantsOpen =
    (statuses === undefined || statuses.includes('RUNNING')) &&
    closedAfter === undefined &&
    closedBefore === undefined;
  return [...(wantsOpen ? (['open'] as const) : []), ...(wantsClosed ? (['closed'] as const) : [])];
}

function rangesOf(namespaceNumber: number, part: Part, filter: VisibilityFilter): readonly KeyBounds[] {
  const { startedAfter, startedBefore, closedAfter, closedBefore } = filter;
  // No run ends before it has begun.
  const from = part === 'open' ? startedAfter : later(closedAfter, startedAfter);
  const to = part === 'open' ? startedBefore : closedBefore;
  const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return LISTINGS[part].map((listing) => visibilityRange(namespaceNumber, listing, bounds));
}

const later = (a: EpochMs | undefined, b: EpochMs | undefined): EpochMs | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);

function matches(run: RunSummary, filter: VisibilityFilter): boolean {
  const { workflowType, workflowId, runId, taskQueue, statuses } = filter;
  const { startedAfter, startedBefore, closedAfter, closedBefore } = filter;
  return (
    is(workflowType, run.workflowType) &&
    is(workflowId, run.execution.workflowId) &&
    is(runId, run.execution.runId) &&
    is(taskQueue, run.taskQueue) &&
    isOneOf(statuses, run.status) &&
    isWithin(run.startTime, startedAfter, startedBefore) &&
    ((closedAfter === undefined && closedBefore === undefined) ||
      (run.closeTime !== undefined && isWithin(run.closeTime, closedAfter, closedBefore)))
  );
}

const is = (wanted: string | undefined, value: string): boolean => wanted === undefined || wanted === value;
const isOneOf = (wanted: readonly RunStatus[] | undefined, status: RunStatus): boolean =>
  wanted === undefined || wanted.includes(status);
const isWithin = (at: number, after: number | undefined, before: number | undefined): boolean =>
  (after === undefined || at >= after) && (before === undefined || at <= before);

const tokenOf = (part: Part, key: Uint8Array): string =>
  Buffer.from([part === 'open' ? 0 : 1, ...key]).toString('base64url');

function parseToken(token: string): { readonly part: Part; readonly after: Uint8Array } {
  const bytes = Buffer.from(token, 'base64url');
  const part = bytes[0] === 0 ? 'open' : bytes[0] === 1 ? 'closed' : undefined;
  if (part === undefined || bytes.length < 2) throw new PageTokenError('unknown page token');
  return { part, after: new Uint8Array(bytes.subarray(1)) };
}
