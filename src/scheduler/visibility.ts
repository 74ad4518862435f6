// Lists and counts runs from their visibility rows. Host thread. Open runs first, newest start first, then closed ones, newest
// close first: Temporal's default order. A page is read from the store and filtered here; no page holds anything between calls.
import type { RunStatus } from '../model/event';
import type { RunSummary, VisibilityFilter } from '../model/gateway';
import { visibilityRange } from '../storage/format/keys';
import { decodeVisibility } from '../storage/format/values';
import type { KeyRange, Store } from '../storage/store';

export interface Page {
  readonly runs: readonly RunSummary[];
  readonly nextPageToken?: string;
}

type Part = 'open' | 'closed';

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
  const runs: RunSummary[] = [];
  for (const part of partsOf(filter)) {
    if (from?.part === 'closed' && part === 'open') continue;
    const range = rangeOf(namespaceNumber, part, filter);
    const start = from?.part === part ? from.after : range.start;
    for (const [key, value] of store.range('V', { ...range, ...(start !== undefined && { start }) })) {
      if (from?.part === part && sameKey(key, from.after)) continue;
      const run = decodeVisibility(value);
      if (!matches(run, filter)) continue;
      runs.push(run);
      if (runs.length >= pageSize) return { runs, nextPageToken: tokenOf(part, key) };
    }
  }
  return { runs };
}

export function countRuns(store: Store, namespaceNumber: number, filter: VisibilityFilter): number {
  let count = 0;
  for (const part of partsOf(filter)) {
    const range = rangeOf(namespaceNumber, part, filter);
    if (isCountable(filter, part)) {
      count += store.count('V', range);
      continue;
    }
    for (const [, value] of store.range('V', range)) if (matches(decodeVisibility(value), filter)) count += 1;
  }
  return count;
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
