// Listings and counts: filters, queries, pages.
import { describe, expect, test } from 'vitest';
import { Client } from '../../../src/client/client';
import { filterOf, parseQuery, UnsupportedQueryError } from '../../../src/client/visibility-query';
import { ValueError } from '../../../src/common/errors';
import type { RunSummary } from '../../../src/model/gateway';
import { runId, taskQueueName, workflowId } from '../../../src/model/ids';
import { FakeGateway } from './fake-gateway';

const NOON = '2026-01-02T12:00:00Z';
const AT = Date.parse(NOON);

describe('a query', () => {
  test.each<[string, object]>([
    ['', {}],
    ["WorkflowType = 'order'", { workflowType: 'order' }],
    ['WorkflowType="order" and WorkflowId = \'o-1\'', { workflowType: 'order', workflowId: 'o-1' }],
    ["`TaskQueue` = 'q' AND RunId='r'", { taskQueue: 'q', runId: 'r' }],
    ["WorkflowId = 'it''s'", { workflowId: "it's" }],
    ['WorkflowId = "say ""hi"""', { workflowId: 'say "hi"' }],
    ["WorkflowId = 'a AND b'", { workflowId: 'a AND b' }],
    ["ExecutionStatus = 'Running'", { statuses: ['RUNNING'] }],
    ["ExecutionStatus = 'ContinuedAsNew'", { statuses: ['CONTINUED_AS_NEW'] }],
    ['ExecutionStatus = 2', { statuses: ['COMPLETED'] }],
    ["ExecutionStatus IN ('Failed', 'TimedOut')", { statuses: ['FAILED', 'TIMED_OUT'] }],
    ["ExecutionStatus IN ('Failed','Canceled') AND ExecutionStatus != 'Failed'", { statuses: ['CANCELED'] }],
    [`StartTime > '${NOON}'`, { startedAfter: AT + 1 }],
    [`StartTime >= '${NOON}' AND StartTime < '${NOON}'`, { startedAfter: AT, startedBefore: AT - 1 }],
    [`CloseTime <= "${NOON}"`, { closedBefore: AT }],
    [`CloseTime = '${NOON}'`, { closedAfter: AT, closedBefore: AT }],
    [
      `StartTime BETWEEN '${NOON}' AND '2026-01-03T00:00:00+01:00' AND WorkflowType = 'x'`,
      { startedAfter: AT, startedBefore: Date.parse('2026-01-02T23:00:00Z'), workflowType: 'x' },
    ],
    [`StartTime > ${AT}000000`, { startedAfter: AT + 1 }],
  ])('%s is understood', (query, filter) => expect(parseQuery(query)).toEqual(filter));

  test.each([
    "WorkflowType = 'a' OR WorkflowType = 'b'",
    "WorkflowType = 'a' AND WorkflowType = 'b'",
    "NOT WorkflowType = 'a'",
    "(WorkflowType = 'a')",
    "WorkflowType STARTS_WITH 'a'",
    "WorkflowType != 'a'",
    'WorkflowType = order',
    "City = 'Bonn'",
    "WorkflowType = 'a' ORDER BY StartTime",
    "ExecutionStatus = 'Sleeping'",
    "ExecutionStatus > 'Running'",
    "StartTime > 'yesterday'",
    "StartTime LIKE 'x'",
    "WorkflowType = 'a' AND",
    "WorkflowType = 'unclosed",
    'WorkflowType',
    "ExecutionStatus IN ('Running'",
    '= = =',
  ])('%s is refused, with what would be understood', (query) => {
    expect(() => parseQuery(query)).toThrow(UnsupportedQueryError);
    expect(() => parseQuery(query)).toThrow(ValueError);
    expect(() => parseQuery(query)).toThrow(/Supported are conditions joined by AND/);
  });
});

test('a filter is an object with the same conditions', () => {
  expect(
    filterOf({
      workflowType: 't',
      status: ['RUNNING', 'CANCELLED'],
      startedAfter: new Date(5),
      closedBefore: 7,
    }),
  ).toEqual({ workflowType: 't', statuses: ['RUNNING', 'CANCELED'], startedAfter: 5, closedBefore: 7 });
  expect(filterOf({ status: 'FAILED' })).toEqual({ statuses: ['FAILED'] });
  expect(() => filterOf({ status: 'SLEEPING' as never })).toThrow(/Unknown status: 'SLEEPING'/);
  expect(() => filterOf({ startedAfter: new Date(Number.NaN) })).toThrow(ValueError);
});

const summary = (id: number): RunSummary => ({
  execution: { workflowId: workflowId(`w-${id}`), runId: runId(`r-${id}`) },
  workflowType: 'order',
  taskQueue: taskQueueName('q'),
  status: 'RUNNING',
  startTime: id,
  executionTime: id,
  historyLength: 3,
  historySizeBytes: 300,
});

function setUp(pages: readonly (readonly number[])[]) {
  const gateway = new FakeGateway({
    list: ({ pageToken }) => {
      const page = Number(pageToken ?? 0);
      const isLast = page >= pages.length - 1;
      return { runs: (pages[page] ?? []).map(summary), ...(!isLast && { nextPageToken: String(page + 1) }) };
    },
    count: () => ({ count: 42 }),
    fetchHistory: ({ to }) => ({
      execution: { workflowId: to.workflowId, runId: to.runId ?? runId('') },
      events: [],
    }),
  });
  return { gateway, workflow: new Client({ connection: gateway.connection, namespace: 'ns' }).workflow };
}

test('a listing asks for a page when it gets there', async () => {
  const { gateway, workflow } = setUp([[1, 2], [], [3], [4]]);
  const seen: string[] = [];
  for await (const { workflowId: id, status } of workflow.list({
    query: "WorkflowType = 'order'",
    pageSize: 2,
  })) {
    expect(status.name).toBe('RUNNING');
    seen.push(id);
    if (id === 'w-3') break;
  }
  expect(seen).toEqual(['w-1', 'w-2', 'w-3']);
  expect(gateway.asked).toHaveLength(3);
  expect(gateway.asked[0]).toEqual({
    kind: 'list',
    namespace: 'ns',
    filter: { workflowType: 'order' },
    pageSize: 2,
  });
  expect(gateway.asked[2]).toMatchObject({ pageToken: '2' });
});

test('a listing gives histories in its order', async () => {
  const { workflow } = setUp([
    [1, 2, 3],
    [4, 5],
  ]);
  const seen: string[] = [];
  for await (const { workflowId: id, history } of workflow.list().intoHistories({ concurrency: 2 })) {
    expect(history.events).toEqual([]);
    seen.push(id);
  }
  expect(seen).toEqual(['w-1', 'w-2', 'w-3', 'w-4', 'w-5']);
});

test('a count takes a query, a filter or nothing', async () => {
  const { gateway, workflow } = setUp([]);
  expect(await workflow.count("ExecutionStatus = 'Running'")).toEqual({ count: 42, groups: [] });
  await workflow.count({ workflowType: 'order' });
  await workflow.count();
  expect(gateway.asked.map((request) => request.kind === 'count' && request.filter)).toEqual([
    { statuses: ['RUNNING'] },
    { workflowType: 'order' },
    {},
  ]);
});

test('a wrong query or page size is said at once', async () => {
  const { gateway, workflow } = setUp([]);
  expect(() => workflow.list({ query: 'nonsense' })).toThrow(UnsupportedQueryError);
  for (const pageSize of [0, 1.5, 1_001]) expect(() => workflow.list({ pageSize })).toThrow(/pageSize/);
  await expect(workflow.count('nonsense')).rejects.toThrow(UnsupportedQueryError);
  expect(gateway.asked).toEqual([]);
});
