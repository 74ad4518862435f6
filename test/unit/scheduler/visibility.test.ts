import { beforeEach, expect, test } from 'vitest';
import type { RunSummary, VisibilityFilter } from '../../../src/model/gateway';
import { countRuns, listRuns, PageTokenError } from '../../../src/scheduler/visibility';
import { visibilityKey } from '../../../src/storage/format/keys';
import { encodeVisibility } from '../../../src/storage/format/values';
import { MemoryStore } from '../../../src/storage/memory/memory-store';
import { execution, QUEUE } from './fixtures';

const T0 = Date.UTC(2030, 0, 1);
let store: MemoryStore;
let pauses: number;

beforeEach(() => {
  store = new MemoryStore();
  pauses = 0;
});

/** The n-th run began n ms after T0; every third one is closed, and took a second. */
async function fill(count: number, namespaceNumber = 1): Promise<void> {
  const ops = Array.from({ length: count }, (_, n) => {
    const isClosed = n % 3 === 0;
    const startTime = T0 + n;
    const summary: RunSummary = {
      execution: execution(n),
      workflowType: n % 2 === 0 ? 'even' : 'odd',
      taskQueue: QUEUE,
      status: isClosed ? 'COMPLETED' : 'RUNNING',
      startTime,
      executionTime: startTime,
      ...(isClosed && { closeTime: startTime + 1_000 }),
      historyLength: 3,
      historySizeBytes: 100,
    };
    const at = isClosed ? startTime + 1_000 : startTime;
    return {
      table: 'V' as const,
      key: visibilityKey(namespaceNumber, isClosed ? 'closed' : 'open', at, summary.execution.runId),
      value: encodeVisibility(summary),
    };
  });
  await store.commit(ops);
}

/** Page by page, to the end. */
function listed(filter: VisibilityFilter = {}, pageSize = 10, namespaceNumber = 1): readonly string[] {
  const ids: string[] = [];
  let token: string | undefined;
  do {
    const page = listRuns(store, namespaceNumber, filter, pageSize, token);
    expect(page.runs.length).toBeLessThanOrEqual(pageSize);
    ids.push(...page.runs.map((run) => run.execution.workflowId));
    token = page.nextPageToken;
  } while (token !== undefined);
  return ids;
}

const counted = (filter: VisibilityFilter = {}, namespaceNumber = 1): Promise<number> =>
  countRuns(store, namespaceNumber, filter, () => {
    pauses += 1;
    return Promise.resolve();
  });

test('open runs come first, newest start first, then closed ones, newest end first', async () => {
  await fill(8);
  const expected = ['w7', 'w5', 'w4', 'w2', 'w1', 'w6', 'w3', 'w0'];
  for (const pageSize of [1, 2, 3, 5, 8, 100]) expect(listed({}, pageSize)).toEqual(expected);
});

test('what is asked for is what is listed, and counted', async () => {
  await fill(30);
  const filters: [VisibilityFilter, (n: number) => boolean][] = [
    [{ workflowType: 'odd' }, (n) => n % 2 === 1],
    [{ statuses: ['RUNNING'] }, (n) => n % 3 !== 0],
    [{ statuses: ['COMPLETED'] }, (n) => n % 3 === 0],
    [{ statuses: ['FAILED'] }, () => false],
    [{ workflowId: execution(6).workflowId }, (n) => n === 6],
    [{ runId: execution(7).runId }, (n) => n === 7],
    [{ startedAfter: T0 + 10, startedBefore: T0 + 20 }, (n) => n >= 10 && n <= 20],
    [{ closedAfter: T0 + 1_005 }, (n) => n % 3 === 0 && n >= 5],
    [{ closedBefore: T0 + 1_005, workflowType: 'even' }, (n) => n % 6 === 0 && n <= 5],
    [{ startedAfter: T0 + 3, closedBefore: T0 + 1_012 }, (n) => n % 3 === 0 && n >= 3 && n <= 12],
  ];
  for (const [filter, isWanted] of filters) {
    const wanted = Array.from({ length: 30 }, (_, n) => n).filter(isWanted);
    const names = wanted.map((n) => `w${n}`).sort();
    expect([...listed(filter, 4)].sort(), JSON.stringify(filter)).toEqual(names);
    expect(await counted(filter), JSON.stringify(filter)).toBe(names.length);
  }
});

test('a run that ends between two pages is not missed', async () => {
  await fill(8);
  const first = listRuns(store, 1, {}, 2, undefined);
  expect(first.runs.map((run) => run.execution.workflowId)).toEqual(['w7', 'w5']);
  await store.commit([
    { table: 'V', key: visibilityKey(1, 'open', T0 + 5, execution(5).runId), value: null },
  ]);
  const { runs } = listRuns(store, 1, {}, 10, first.nextPageToken);
  expect(runs.map((run) => run.execution.workflowId)).toEqual(['w4', 'w2', 'w1', 'w6', 'w3', 'w0']);
});

test('namespaces do not see each other, not even by a page token', async () => {
  await fill(6, 1);
  await fill(4, 2);
  expect(listed({}, 10, 2)).toHaveLength(4);
  expect(await counted({}, 2)).toBe(4);
  const { nextPageToken } = listRuns(store, 1, {}, 2, undefined);
  expect(() => listRuns(store, 2, {}, 2, nextPageToken)).toThrow(PageTokenError);
  expect(() => listRuns(store, 1, {}, 2, 'nonsense')).toThrow(PageTokenError);
});

test('a filter that few match does not look at everything at once', async () => {
  await fill(9_000);
  const rare = { workflowId: execution(2).workflowId };
  const page = listRuns(store, 1, rare, 10, undefined);
  expect(page.runs).toEqual([]);
  expect(page.nextPageToken).toBeDefined();
  expect(listed(rare)).toEqual(['w2']);
  expect(await counted(rare)).toBe(1);
  expect(pauses).toBeGreaterThan(3);
});
