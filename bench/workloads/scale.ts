// One store of very many runs, most of which have ended, with random workflow ids: what it costs to fill, and what opening it, starting,
// signalling, describing, listing, recovering and deleting cost there. Where it tells something, beside a store of 1,000 runs.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FillJob, FillProgress, FillReport, RareRuns } from '../children/scale-fill.ts';
import type {
  ListReport,
  OpenReport,
  RecoverReport,
  RetentionReport,
  ScaleJob,
  ScaleTask,
  UseReport,
} from '../children/scale.ts';
import { startChild } from '../lib/child.ts';
import type { LoopResult } from '../lib/loop.ts';
import type { Row } from '../lib/measure.ts';
import { StallProbe } from '../lib/stalls.ts';
import type { Bench, Workload } from '../lib/workload.ts';

const FILL = new URL('../children/scale-fill.ts', import.meta.url);
const TASK = new URL('../children/scale.ts', import.meta.url);
const MB = 2 ** 20;
const SMALL = 1_000;
const RARE: RareRuns = { type: 'sequence', args: [0], runs: 20 };

export const scale: Workload = {
  id: 'scale',
  title: 'one store of very many runs',
  isLong: true,
  async run(bench) {
    const runs = bench.scale({ quick: 5_000, full: 100_000 });
    return bench.inKeptFolder(`scale-${runs}`, (folder) =>
      bench.inFreshFolder(async (small) => {
        const store: Filled = { bench, folder, runs };
        const rows = await fillRows(store);
        const smallStore: Filled = { bench, folder: small, runs: SMALL };
        await fillRows(smallStore);
        return [
          ...rows,
          ...(await openRows([smallStore, store])),
          ...(await listRows(store)),
          ...(await useRows([smallStore, store])),
          await recoverRow(store),
          ...(await retentionRows(store)),
        ];
      }),
    );
  },
};

interface Filled {
  readonly bench: Bench;
  readonly folder: string;
  /** That have ended. */
  readonly runs: number;
}

const inStore = ({ runs }: Filled): string => `in a store of ${figureOf(runs)}`;
const figureOf = (count: number): string => Math.round(count).toLocaleString('en-US');
const sleepingIn = ({ runs }: Filled): number => Math.min(5_000, Math.max(500, runs / 20));
const row = (what: string, unit: string, values: readonly number[], more: Partial<Row> = {}): Row => ({
  workload: 'scale',
  what,
  unit,
  better: unit.endsWith('/s') ? 'higher' : 'lower',
  values,
  ...more,
});

async function fillRows(store: Filled): Promise<Row[]> {
  const { bench, folder, runs } = store;
  const { threads } = bench.engine;
  bench.progress(`scale fill to ${figureOf(runs)} runs`);
  const before = sizeOf(folder);
  const sleeping = sleepingIn(store);
  const job: FillJob = {
    folder,
    closed: runs,
    sleeping,
    rare: RARE,
    ...(threads !== undefined && { threads }),
  };
  const child = startChild(FILL, job);
  child.each<FillProgress>('filling', ({ stored, perSecond }) =>
    bench.progress(`scale fill: ${figureOf(stored)} of ${figureOf(runs)}, ${figureOf(perSecond)}/s`),
  );
  const { made, seconds, writtenBytes } = await child.next<FillReport>('filled');
  await child.ended();
  const size = sizeOf(folder);
  const each = size / (runs + sleeping);
  const note = `${(size / MB).toFixed(0)} MB, ${figureOf(sleeping)} of the runs sleep`;
  const rows = [row(`file, each of ${figureOf(runs)} runs`, 'bytes', [each], { note })];
  if (made === 0) return rows;
  rows.unshift(row(`fill, ${inStore(store)}`, 'workflows/s', [made / seconds], { inFlight: 1_000 }));
  if (writtenBytes !== undefined) {
    const grown = `${(writtenBytes / Math.max(1, size - before)).toFixed(1)} times what the file grew`;
    rows.push(
      row(`written for each of ${figureOf(made)} runs`, 'bytes', [writtenBytes / made], { note: grown }),
    );
  }
  return rows;
}

async function openRows(stores: readonly Filled[]): Promise<Row[]> {
  const reports = await inTurns(stores, (store) =>
    runTask<OpenReport>(store, { kind: 'open', idleMs: store.bench.size({ quick: 200, full: 2_000 }) }),
  );
  return reports.map(({ store, all }) => {
    const [last] = all.slice(-1);
    const note = `first result ${last?.resultMs.toFixed(0)} ms later, ${last?.fromStartMs.toFixed(0)} ms from the start of the process; longest stall ${most(all.map(({ idle }) => idle.longestMs))} ms; ${((last?.residentBytes ?? 0) / MB).toFixed(0)} MB`;
    return row(
      `open, ${inStore(store)}`,
      'ms',
      all.map(({ openMs }) => openMs),
      { note },
    );
  });
}

async function useRows(stores: readonly Filled[]): Promise<Row[]> {
  const reports = await inTurns(stores, (store) => {
    const workflows = store.bench.size({ quick: 500, full: 5_000 });
    return runTask<UseReport>(store, { kind: 'use', workflows, messages: 500 });
  });
  const loops: [keyof Omit<UseReport, 'kind'>, string, string, number][] = [
    ['alone', 'start → result', 'workflows/s', 1],
    ['many', 'start → result', 'workflows/s', 100],
    ['signal', 'signal to a suspended run', 'signals/s', 16],
    ['describe', 'describe, by id', 'calls/s', 16],
  ];
  return loops.flatMap(([name, what, unit, inFlight]) =>
    reports.map(({ store, all }) => {
      const results = all.map((report) => report[name]);
      const values = results.map(({ perSecond }) => perSecond);
      return row(`${what}, ${inStore(store)}`, unit, values, { inFlight, ...typical(results) });
    }),
  );
}

function typical(results: readonly LoopResult[]): Partial<Row> {
  const sorted = [...results].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) return {};
  const foreign = Math.max(...results.map((result) => result.foreign));
  return { latencyMs: middle.latency, cores: middle.cores, foreign };
}

async function listRows(store: Filled): Promise<Row[]> {
  const { result, idleStallMs } = await beside(() =>
    runTask<ListReport>(store, { kind: 'list', rare: RARE }),
  );
  return result.listed.map(({ what, ms, count, firstMs, stallMs }) => {
    const first = firstMs === undefined ? '' : `first after ${firstMs.toFixed(1)} ms, `;
    const note = `${figureOf(count)} found, ${first}longest stall ${stallMs.toFixed(0)} ms (an idle process, of all lists ${idleStallMs.toFixed(0)} ms)`;
    return row(`${what}, ${inStore(store)}`, 'ms', [ms], { note });
  });
}

async function recoverRow(store: Filled): Promise<Row> {
  const workflows = store.bench.size({ quick: 200, full: 1_000 });
  const killed = taskChild(store, { kind: 'crash', workflows });
  await killed.next('held');
  await killed.kill();
  const { openMs, recoveredMs } = await runTask<RecoverReport>(store, { kind: 'recover', workflows });
  const note = `after kill -9, open ${openMs.toFixed(0)} ms of it`;
  return row(`recovery of ${figureOf(workflows)} runs, ${inStore(store)}`, 'ms', [recoveredMs], { note });
}

async function retentionRows(store: Filled): Promise<Row[]> {
  const windowMs = store.bench.size({ quick: 1_000, full: 20_000 });
  const { result, idleStallMs } = await beside(() =>
    runTask<RetentionReport>(store, { kind: 'retention', windowMs }),
  );
  const { deleted, seconds, longestMs, p99Ms, longestCollectionMs, beside: others } = result;
  const what = `retention, all of ${figureOf(store.runs)} due`;
  const note = `99 % under ${p99Ms.toFixed(0)} ms, collections ${longestCollectionMs.toFixed(0)} ms at most; an idle process ${idleStallMs.toFixed(0)} ms`;
  const { latency, cores, foreign } = others;
  return [
    row(`${what}: deleted`, 'runs/s', [deleted / seconds], { cores, foreign }),
    row(`${what}: longest stall of the host`, 'ms', [longestMs], { note }),
    row(`${what}: start → result beside it`, 'ms', [latency.p50], { latencyMs: latency, inFlight: 1 }),
  ];
}

/** Every store, and then every store again: what disturbs one disturbs all. */
async function inTurns<Report>(
  stores: readonly Filled[],
  run: (store: Filled) => Promise<Report>,
): Promise<{ readonly store: Filled; readonly all: Report[] }[]> {
  const reports = stores.map((store) => ({ store, all: [] as Report[] }));
  const repetitions = stores[0]?.bench.longRepeats.repetitions ?? 1;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const { store, all } of reports) all.push(await run(store));
  }
  return reports;
}

/** And what this process, which does nothing meanwhile, sees of stalls: those are the machine's. */
async function beside<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly idleStallMs: number }> {
  const idle = new StallProbe();
  const result = await run();
  return { result, idleStallMs: idle.stop().longestMs };
}

async function runTask<Report extends { readonly kind: ScaleTask['kind'] }>(
  store: Filled,
  task: Extract<ScaleTask, { readonly kind: Report['kind'] }>,
): Promise<Report> {
  const child = taskChild(store, task);
  const report = await child.next<Report>(task.kind);
  await child.ended();
  return report;
}

function taskChild({ bench, folder, runs }: Filled, task: ScaleTask): ReturnType<typeof startChild> {
  bench.progress(`scale ${task.kind}, ${figureOf(runs)} runs`);
  const { threads } = bench.engine;
  return startChild(TASK, { folder, task, ...(threads !== undefined && { threads }) } satisfies ScaleJob);
}

const most = (values: readonly number[]): string => Math.max(...values).toFixed(0);
const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
