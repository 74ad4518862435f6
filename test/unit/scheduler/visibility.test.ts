import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ALL_STATUSES } from '../../../src/client/workflow-status';
import type { RunSummary, VisibilityFilter } from '../../../src/model/gateway';
import { inOneGo, inPortions, type Steps } from '../../../src/scheduler/portion';
import { countRuns, listRuns, PageTokenError } from '../../../src/scheduler/visibility';
import { visibilityKey } from '../../../src/storage/format/keys';
import { encodeVisibility } from '../../../src/storage/format/values';
import { MemoryStore } from '../../../src/storage/memory/memory-store';
import { execution, QUEUE, StallingClock } from './fixtures';

const T0 = Date.UTC(2030, 0, 1);
let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore();
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
      key: visibilityKey(
        namespaceNumber,
        isClosed ? 'closed' : n % 2 === 0 ? 'awake' : 'atRest',
        at,
        summary.execution.runId,
      ),
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
    const page = pageOf(filter, pageSize, token, namespaceNumber);
    expect(page.runs.length).toBeLessThanOrEqual(pageSize);
    ids.push(...page.runs.map((run) => run.execution.workflowId));
    token = page.nextPageToken;
  } while (token !== undefined);
  return ids;
}

const pageOf = (filter: VisibilityFilter, pageSize: number, token: string | undefined, namespaceNumber = 1) =>
  inOneGo(listRuns(store, namespaceNumber, filter, pageSize, token));
const counted = (filter: VisibilityFilter = {}, namespaceNumber = 1): number =>
  inOneGo(countRuns(store, namespaceNumber, filter));

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
    expect(counted(filter), JSON.stringify(filter)).toBe(names.length);
  }
});

test('a run that ends between two pages is not missed', async () => {
  await fill(8);
  const first = pageOf({}, 2, undefined);
  expect(first.runs.map((run) => run.execution.workflowId)).toEqual(['w7', 'w5']);
  await store.commit([
    { table: 'V', key: visibilityKey(1, 'atRest', T0 + 5, execution(5).runId), value: null },
  ]);
  const { runs } = pageOf({}, 10, first.nextPageToken);
  expect(runs.map((run) => run.execution.workflowId)).toEqual(['w4', 'w2', 'w1', 'w6', 'w3', 'w0']);
});

describe('runs that wake up and come to rest meanwhile', () => {
  const OPEN: VisibilityFilter = { statuses: ['RUNNING'] };
  const RUNS = 3_000;
  const open = Array.from({ length: RUNS }, (_, n) => n).filter((n) => n % 3 !== 0);

  beforeEach(() => fill(RUNS));

  /** All open runs change over: those at rest wake up, the others come to rest. */
  async function changeOver(round: number): Promise<void> {
    const ops = open.flatMap((n) => {
      const [from, to] =
        (n + round) % 2 === 0 ? (['awake', 'atRest'] as const) : (['atRest', 'awake'] as const);
      const key = visibilityKey(1, from, T0 + n, execution(n).runId);
      const value = store.get('V', key);
      if (value === undefined) throw new Error(`w${n} is not ${from}`);
      return [
        { table: 'V' as const, key: visibilityKey(1, to, T0 + n, execution(n).runId), value },
        { table: 'V' as const, key, value: null },
      ];
    });
    await store.commit(ops);
  }

  async function throughout<T>(steps: Steps<T>, round: { number: number }): Promise<T> {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      await changeOver(round.number++);
    }
  }

  test.each([10, 100, 1_000])('are each listed once, in pages of %i', async (pageSize) => {
    const ids: string[] = [];
    const round = { number: 0 };
    let token: string | undefined;
    do {
      const page = await throughout(listRuns(store, 1, OPEN, pageSize, token), round);
      for (const run of page.runs) ids.push(run.execution.workflowId);
      token = page.nextPageToken;
      await changeOver(round.number++);
    } while (token !== undefined);
    expect(round.number).toBeGreaterThan(RUNS / 100);
    expect(ids).toEqual(open.map((n) => `w${n}`).reverse());
  });

  test.each<[string, VisibilityFilter]>([
    ['by their keys', OPEN],
    ['by a look into them', { ...OPEN, taskQueue: QUEUE }],
  ])('are each counted once, %s', async (_, filter) => {
    const more = 9_000;
    await fill(more);
    const round = { number: 0 };
    expect(await throughout(countRuns(store, 1, filter), round)).toBe((more * 2) / 3);
    expect(round.number).toBeGreaterThan(0);
  });
});

test('namespaces do not see each other, not even by a page token', async () => {
  await fill(6, 1);
  await fill(4, 2);
  expect(listed({}, 10, 2)).toHaveLength(4);
  expect(counted({}, 2)).toBe(4);
  const { nextPageToken } = pageOf({}, 2, undefined);
  expect(() => pageOf({}, 2, nextPageToken, 2)).toThrow(PageTokenError);
  expect(() => pageOf({}, 2, 'nonsense')).toThrow(PageTokenError);
});

describe('in a store of very many runs', () => {
  const RUNS = 9_000;
  const rare = { workflowId: execution(2).workflowId };
  const ended = { statuses: ALL_STATUSES.filter((status) => status !== 'RUNNING') };

  beforeEach(() => fill(RUNS));

  test.each<[string, () => Steps<unknown>]>([
    ['listed by a filter that few match', () => listRuns(store, 1, rare, 10, undefined)],
    ['counted by a filter that few match', () => countRuns(store, 1, rare)],
    ['counted', () => countRuns(store, 1, {})],
  ])('few rows are looked at in one turn of the loop when they are %s', async (_, begin) => {
    const clock = new StallingClock();
    const looked = lookedAt(clock);
    let isDone = false;
    const done = inPortions(clock, begin()).then(() => (isDone = true));
    expect(looked.rows).toBe(0);
    let most = 0;
    for (let before = 0; !isDone; before = looked.rows) {
      clock.turn();
      for (let tick = 0; tick < 5; tick += 1) await Promise.resolve();
      most = Math.max(most, looked.rows - before);
    }
    await done;
    expect(looked.rows).toBeGreaterThanOrEqual(RUNS);
    expect(most).toBeLessThan(RUNS / 2);
  });

  test.each<[string, VisibilityFilter, number]>([
    ['all', {}, RUNS],
    ['the open ones', { statuses: ['RUNNING'] }, 6_000],
    ['the closed ones', ended, 3_000],
    ['those that ended until then', { closedBefore: T0 + 1_000 + 3_000 }, 1_001],
  ])('%s are counted without a look into them', (_, filter, expected) => {
    vi.spyOn(store, 'range').mockImplementation(() => expect.unreachable('rows are read'));
    expect(counted(filter)).toBe(expected);
  });

  test('runs that ended before a moment did not begin after it: they are not looked at', () => {
    const looked = lookedAt(new StallingClock());
    expect(listed({ startedAfter: T0 + RUNS - 30 })).toHaveLength(30);
    expect(looked.rows).toBeLessThan(600);
  });

  /** Every page of rows and every step of a count takes a millisecond. */
  function lookedAt(clock: StallingClock): { rows: number } {
    const looked = { rows: 0 };
    const range = store.range.bind(store);
    const keyBehind = store.keyBehind.bind(store);
    const count = store.count.bind(store);
    vi.spyOn(store, 'range').mockImplementation(function* (...args) {
      for (const row of range(...args)) {
        looked.rows += 1;
        if (looked.rows % 100 === 0) clock.moveTo(clock.now() + 1);
        yield row;
      }
    });
    vi.spyOn(store, 'keyBehind').mockImplementation((table, rows, bounds) => {
      const key = keyBehind(table, rows, bounds);
      looked.rows += key === undefined ? count(table, bounds) : rows;
      clock.moveTo(clock.now() + 5);
      return key;
    });
    return looked;
  }
});

test('whoever lists by a filter that few match is told now and then that there is nothing yet', async () => {
  await fill(101_000);
  const rare = { workflowId: execution(0).workflowId };
  const page = pageOf(rare, 10, undefined);
  expect(page.runs).toEqual([]);
  expect(page.nextPageToken).toBeDefined();
  expect(listed(rare)).toEqual(['w0']);
  expect(counted(rare)).toBe(1);
});
