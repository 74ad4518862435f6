// Reads a range page by page, so that nothing of the engine (a snapshot, a cursor) is held while the caller consumes rows.
// Host thread. Used by every implementation, so that all of them behave the same under writes between two pages.
import type { RangeOptions, Row } from './store';

/** Rows of one page: few enough that a page is read in well under a millisecond. */
const PAGE_ROWS_MAX = 256;
/** Bytes of keys and values after which a page ends, so that a page of large values does not fill the memory. */
const PAGE_BYTES_MAX = 1_024 * 1_024;

/** The part of a range that is still to be read. */
export interface PageRequest {
  readonly start: Uint8Array | undefined;
  /** Whether `start` itself was read before. */
  readonly startExclusive: boolean;
  /** Exclusive. */
  readonly end: Uint8Array | undefined;
  readonly reverse: boolean;
}

/** Rows from the beginning of the request, in its direction. The reader stops when the consumer does. */
export type PageReader = (request: PageRequest) => Iterable<Row>;

export function* pagedRange(read: PageReader, options: RangeOptions): Generator<Row, void, undefined> {
  let rest: PageRequest | undefined = {
    start: options.start,
    startExclusive: false,
    end: options.end,
    reverse: options.reverse ?? false,
  };
  let rowsLeft = options.limit ?? Number.POSITIVE_INFINITY;
  while (rest !== undefined && rowsLeft > 0) {
    const page = readPage(read, rest, Math.min(PAGE_ROWS_MAX, rowsLeft));
    rowsLeft -= page.rows.length;
    rest = remainder(rest, page);
    yield* page.rows;
  }
}

interface Page {
  readonly rows: readonly Row[];
  /** Whether nothing of the request is left. */
  readonly complete: boolean;
}

function readPage(read: PageReader, request: PageRequest, rowsMax: number): Page {
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of read(request)) {
    rows.push(row);
    bytes += row[0].length + row[1].length;
    if (rows.length >= rowsMax || bytes >= PAGE_BYTES_MAX) return { rows, complete: false };
  }
  return { rows, complete: true };
}

function remainder(request: PageRequest, page: Page): PageRequest | undefined {
  const last = page.rows.at(-1);
  if (page.complete || last === undefined) return undefined;
  // A copy: the rows belong to the consumer, who may change them.
  const lastKey = last[0].slice();
  return request.reverse
    ? { ...request, end: lastKey }
    : { ...request, start: lastKey, startExclusive: true };
}
