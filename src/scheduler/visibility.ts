// Lists and counts runs from their visibility rows. Host thread. Open runs first, newest start first, then closed ones, newest
// close first: Temporal's default order. A page is read from the store and filtered here; no page holds anything between calls.
import type { RunStatus } from '../model/event';
import type { RunSummary, VisibilityFilter } from '../model/gateway';
import { visibilityRange } from '../storage/format/keys';
import { decodeVisibility } from '../storage/format/values';
import type { KeyRange, Row, Store } from '../storage/store';

export interface Page {
  readonly runs: readonly RunSummary[];
  readonly nextPageToken?: string;
}

type Part = 'open' | 'closed';

/** Rows of one page, whatever is asked for. */
const PAGE_MAX = 1_000;
/** Rows looked at for one page, or between two pauses: a filter that few match must not stop the host. */
const LOOK_MAX = 2_000;

/** A page token that this store never gave. */
export class PageTokenError extends Error {
  override readonly name = 'PageTokenError';
}

export function listRuns(
  store: Store,
  namespaceNumber: number,
  filter: VisibilityFilter,
  pageSize: number,
  pageToken: string | undefined,
): Page {
  const from = pageToken === undefined ? undefined : parseToken(pageToken);
  const size = Math.min(Math.max(1, pageSize), PAGE_MAX);
  const runs: RunSummary[] = [];
  let looked = 0;
  for (const part of partsOf(filter)) {
    if (from?.part === 'closed' && part === 'open') continue;
    const after = from?.part === part ? from.after : undefined;
    for (const [key, value] of rowsAfter(store, rangeOf(namespaceNumber, part, filter), after)) {
      const run = decodeVisibility(value);
      if (matches(run, filter)) runs.push(run);
      looked += 1;
      if (runs.length >= size || looked >= LOOK_MAX) return { runs, nextPageToken: tokenOf(part, key) };
    }
  }
  return { runs };
}

/** @param pause lets others work: a count may look at every run there is. */
export async function countRuns(
  store: Store,
  namespaceNumber: number,
  filter: VisibilityFilter,
  pause: () => Promise<void>,
): Promise<number> {
  let count = 0;
  let looked = 0;
  for (const part of partsOf(filter)) {
    const range = rangeOf(namespaceNumber, part, filter);
    if (isCountable(filter, part)) {
      count += store.count('V', range);
      continue;
    }
    for (const [, value] of store.range('V', range)) {
      if (matches(decodeVisibility(value), filter)) count += 1;
      looked += 1;
      if (looked % LOOK_MAX === 0) await pause();
    }
  }
  return count;
}

/** @throws {PageTokenError} when the token is not of this listing. */
function* rowsAfter(store: Store, range: KeyRange, after: Uint8Array | undefined): Iterable<Row> {
  if (after === undefined) {
    yield* store.range('V', range);
    return;
  }
  const { start, end } = range;
  if ((start && Buffer.compare(after, start) < 0) || (end && Buffer.compare(after, end) >= 0)) {
    throw new PageTokenError('this page token belongs to another listing');
  }
  for (const row of store.range('V', { ...range, start: after })) if (!sameKey(row[0], after)) yield row;
}

/** Whether a row's key alone says that it matches. */
function isCountable({ statuses, ...rest }: VisibilityFilter, part: Part): boolean {
  if (Object.keys(rest).length > 0) return false;
  return statuses === undefined || (part === 'open' && statuses.includes('RUNNING'));
}

function partsOf({ statuses, closedAfter, closedBefore }: VisibilityFilter): readonly Part[] {
  const wantsClosed = statuses === undefined || statuses.some((status) => status !== 'RUNNING');
  const wantsOpen =
    (statuses === undefined || statuses.includes('RUNNING')) &&
    closedAfter === undefined &&
    closedBefore === undefined;
  return [...(wantsOpen ? (['open'] as const) : []), ...(wantsClosed ? (['closed'] as const) : [])];
}

function rangeOf(namespaceNumber: number, part: Part, filter: VisibilityFilter): KeyRange {
  const from = part === 'open' ? filter.startedAfter : filter.closedAfter;
  const to = part === 'open' ? filter.startedBefore : filter.closedBefore;
  return visibilityRange(namespaceNumber, part, {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
}

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

const sameKey = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
