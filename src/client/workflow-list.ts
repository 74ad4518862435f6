// Listings of workflows, page by page as they are read.
import type { VisibilityFilter } from '../model/gateway';
import { callGateway } from './call-context';
import type { LoadedClientOptions } from './client-options';
import { fetchHistory, type HistoryJson } from './fetch-history';
import { requestError } from './refusals';
import { filterOf, parseQuery, type WorkflowFilter } from './visibility-query';
import { executionInfo, type WorkflowExecutionInfo } from './workflow-info';

export interface ListOptions {
  /** In the simple part of Temporal's query language; see `UnsupportedQueryError`. Default: all. */
  query?: string;
  /** The same as an object. With both, both must hold. */
  filter?: WorkflowFilter;
  /** At most 1,000, which is the default. */
  pageSize?: number;
}

export interface IntoHistoriesOptions {
  /** Histories fetched at once. Default: 5. */
  concurrency?: number;
  /** Accepted; never more than `concurrency` histories are held. */
  bufferLimit?: number;
}

export interface AsyncWorkflowListIterable extends AsyncIterable<WorkflowExecutionInfo> {
  /** The histories of the listed runs, in the listing's order. */
  intoHistories(
    options?: IntoHistoriesOptions,
  ): AsyncIterable<{ readonly workflowId: string; readonly history: HistoryJson }>;
}

const PAGE_SIZE_MAX = 1_000;
const CONCURRENCY = 5;

/** @throws {ValueError} the query or filter is wrong; nothing was asked */
export function listWorkflows(options: ListOptions, client: LoadedClientOptions): AsyncWorkflowListIterable {
  const filter = combined(options.query, options.filter);
  const { pageSize = PAGE_SIZE_MAX } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > PAGE_SIZE_MAX) {
    throw new TypeError(`pageSize is ${pageSize}: it must be a whole number from 1 to ${PAGE_SIZE_MAX}`);
  }
  const list = () => pages(filter, pageSize, client);
  return {
    [Symbol.asyncIterator]: list,
    intoHistories: ({ concurrency = CONCURRENCY } = {}) => histories(list(), concurrency, client),
  };
}

export function combined(query: string | undefined, filter: WorkflowFilter | undefined): VisibilityFilter {
  return {
    ...(query !== undefined && parseQuery(query)),
    ...(filter !== undefined && filterOf(filter)),
  };
}

async function* pages(
  filter: VisibilityFilter,
  pageSize: number,
  { gateway, namespace, payloadConverter }: LoadedClientOptions,
): AsyncGenerator<WorkflowExecutionInfo, void, undefined> {
  let pageToken: string | undefined;
  do {
    const page = await callGateway(gateway, {
      kind: 'list',
      namespace,
      filter,
      pageSize,
      ...(pageToken !== undefined && { pageToken }),
    }).catch((error: unknown) => {
      throw requestError(error);
    });
    for (const run of page.runs) yield executionInfo(run, payloadConverter);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

async function* histories(
  infos: AsyncGenerator<WorkflowExecutionInfo, void, undefined>,
  concurrency: number,
  client: LoadedClientOptions,
): AsyncGenerator<{ readonly workflowId: string; readonly history: HistoryJson }, void, undefined> {
  type Fetched = Promise<{ readonly workflowId: string; readonly history: HistoryJson }>;
  const underway: Fetched[] = [];
  for await (const { workflowId, runId } of infos) {
    const fetched = fetchHistory({ workflowId, runId }, client).then((history) => ({ workflowId, history }));
    // It is awaited below; a failure before that is not left unhandled.
    fetched.catch(() => undefined);
    underway.push(fetched);
    if (underway.length >= concurrency) yield await (underway.shift() as Fetched);
  }
  for (const fetched of underway) yield await fetched;
}
