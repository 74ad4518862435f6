// What the workload `scale` measures of a store that was filled before, each task in a process of its own that opens it cold.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Troupe } from 'troupe';
import type { WorkflowExecutionInfo } from 'troupe/client';
import * as activities from '../code/activities.ts';
import { WORKFLOWS } from '../lib/bench.ts';
import { readJob, tell } from '../lib/child.ts';
import { DurabilityGuard } from '../lib/durability.ts';
import { atOnce } from '../lib/in-batches.ts';
import { closedLoop } from '../lib/loop.ts';
import type { LoopResult } from '../lib/loop.ts';
import { CpuMeter, residentBytes } from '../lib/machine.ts';
import { untilResident } from '../lib/resident.ts';
import { StallProbe } from '../lib/stalls.ts';
import type { Stalls } from '../lib/stalls.ts';
import { Samples } from '../lib/statistics.ts';
import type { RareRuns } from './scale-fill.ts';

/** What is done, one for each process. */
export type ScaleTask =
  /** Is opened, and does nothing. */
  | { readonly kind: 'open'; readonly idleMs: number }
  /** Starts workflows, signals and describes some that are there. */
  | { readonly kind: 'use'; readonly workflows: number; readonly messages: number }
  | { readonly kind: 'list'; readonly rare: RareRuns }
  /** Starts workflows that stay in memory, and waits to be killed. */
  | { readonly kind: 'crash'; readonly workflows: number }
  /** The next opening after that. */
  | { readonly kind: 'recover'; readonly workflows: number }
  /** Is opened when the time of all that have ended is over. */
  | { readonly kind: 'retention'; readonly windowMs: number };
export interface ScaleJob {
  readonly folder: string;
  readonly threads?: number;
  readonly task: ScaleTask;
}

export interface OpenReport {
  readonly kind: 'open';
  /** From the call to the engine; from there to the first result of a workflow; and from the start of the process to that. */
  readonly openMs: number;
  readonly resultMs: number;
  readonly fromStartMs: number;
  readonly idle: Stalls;
  readonly residentBytes: number;
}
export interface UseReport {
  readonly kind: 'use';
  readonly alone: LoopResult;
  readonly many: LoopResult;
  readonly signal: LoopResult;
  readonly describe: LoopResult;
}
export interface Listed {
  readonly what: string;
  readonly ms: number;
  readonly count: number;
  /** Of a listing: when its first run came. */
  readonly firstMs?: number | undefined;
  readonly stallMs: number;
}
export interface ListReport {
  readonly kind: 'list';
  readonly listed: readonly Listed[];
}
export interface RecoverReport {
  readonly kind: 'recover';
  readonly openMs: number;
  readonly recoveredMs: number;
}
export interface RetentionReport extends Stalls {
  readonly kind: 'retention';
  readonly deleted: number;
  readonly seconds: number;
  /** Of workflows that run beside it, one after the other. */
  readonly beside: LoopResult;
}

const MANY = 100;
const MESSAGES_IN_FLIGHT = 16;
const DAY_MS = 86_400_000;
/** Longer than the engine keeps closed runs by default. */
const LATER_MS = 8 * DAY_MS;
const BESIDE_PAUSE_MS = 20;

const { folder, threads, task } = readJob<ScaleJob>();
if (task.kind === 'retention') {
  const now = Date.now.bind(Date);
  Date.now = () => now() + LATER_MS;
}
const openedAt = performance.now();
const troupe = await Troupe.open({
  path: folder,
  ...(threads !== undefined && { threads }),
  workflowsPath: WORKFLOWS,
  activities,
  idleEvict: task.kind === 'crash' || task.kind === 'recover' ? '1 day' : '500 ms',
});
const openMs = performance.now() - openedAt;
const guard = new DurabilityGuard(troupe);
const { workflow } = troupe.client;
await run();
await troupe.close();
process.disconnect();

async function run(): Promise<void> {
  switch (task.kind) {
    case 'open':
      return open(task.idleMs);
    case 'use':
      return use(task.workflows, task.messages);
    case 'list':
      return list(task.rare);
    case 'crash':
      return crash(task.workflows);
    case 'recover':
      return recover(task.workflows);
    case 'retention':
      return retention(task.windowMs);
  }
}

async function open(idleMs: number): Promise<void> {
  const idle = new StallProbe();
  const startedAt = performance.now();
  await execute();
  const resultMs = performance.now() - startedAt;
  const fromStartMs = performance.now();
  await sleep(idleMs);
  const report = { openMs, resultMs, fromStartMs, idle: idle.stop(), residentBytes: residentBytes() };
  tell({ kind: 'open', ...report });
}

/** So many workflows, not for so long: a small store must not become a large one. */
async function use(workflows: number, messages: number): Promise<void> {
  await timed(MANY, workflows / 5, execute);
  const alone = await timed(1, workflows / 10, execute);
  const many = await timed(MANY, workflows, execute);
  const sleeping = await some("ExecutionStatus = 'Running' AND WorkflowType = 'suspended'", messages);
  await untilResident(troupe, 0);
  const signal = await eachOnce(sleeping, (workflowId) => workflow.getHandle(workflowId).signal('ping'));
  const ended = await fromEverywhere(messages);
  const describe = await eachOnce(ended, (workflowId) => workflow.getHandle(workflowId).describe());
  await untilResident(troupe, 0);
  tell({ kind: 'use', alone, many, signal, describe } as UseReport);
}

async function execute(): Promise<void> {
  const text: unknown = await workflow.execute('echo', { workflowId: randomUUID(), args: ['text'] });
  guard.check();
  if (text !== 'text') throw new Error(`echo gave ${String(text)}`);
}

function eachOnce(
  ids: readonly string[],
  call: (workflowId: string) => Promise<unknown>,
): Promise<LoopResult> {
  return timed(MESSAGES_IN_FLIGHT, ids.length, async (index) => {
    await call(ids[index] as string);
    guard.check();
  });
}

async function timed(
  inFlight: number,
  count: number,
  call: (index: number) => Promise<unknown>,
): Promise<LoopResult> {
  const samples = new Samples();
  const cpu = new CpuMeter();
  const startedAt = performance.now();
  await atOnce(inFlight, count, async (index) => {
    const calledAt = performance.now();
    await call(index);
    samples.add(performance.now() - calledAt);
  });
  const perSecond = (count * 1_000) / (performance.now() - startedAt);
  return { completed: count, perSecond, latency: samples.latency(), ...cpu.read() };
}

/** Ids of workflows that ended in the newest and oldest tenth of the store, and in all between. */
async function fromEverywhere(count: number): Promise<string[]> {
  const spans = Math.min(50, count);
  const [newest] = await firstRuns("ExecutionStatus = 'Completed'", 1);
  const end = newest?.closeTime?.getTime() ?? Date.now();
  const start = await oldest(end);
  const ids: string[] = [];
  for (let span = 1; span <= spans; span += 1) {
    const until = new Date(start + ((end - start) * span) / spans).toISOString();
    const query = `ExecutionStatus = 'Completed' AND CloseTime <= '${until}'`;
    ids.push(...(await some(query, Math.ceil(count / spans))));
  }
  return ids.slice(0, count);
}

/** When the store began: found by halving, because a listing begins with the newest. */
async function oldest(end: number): Promise<number> {
  let [low, high] = [end - 30 * DAY_MS, end];
  while (high - low > 1_000) {
    const middle = (low + high) / 2;
    const { length } = await firstRuns(`CloseTime <= '${new Date(middle).toISOString()}'`, 1);
    if (length > 0) high = middle;
    else low = middle;
  }
  return high;
}

async function some(query: string, count: number): Promise<string[]> {
  return (await firstRuns(query, count)).map(({ workflowId }) => workflowId);
}

async function firstRuns(query: string, count: number): Promise<WorkflowExecutionInfo[]> {
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of workflow.list({ query, pageSize: Math.min(count, 1_000) })) {
    if (runs.push(run) >= count) break;
  }
  return runs;
}

async function list({ type, runs }: RareRuns): Promise<void> {
  const firstPage = async (what: string, query: string): Promise<Listed> =>
    watched(`first 100 ${what}`, async () => (await firstRuns(query, 100)).length);
  const recently = new Date(Date.now() - 3_600_000).toISOString();
  const listed = [
    await firstPage('of all', ''),
    await firstPage('by type', "WorkflowType = 'nothing'"),
    await firstPage('by status', "ExecutionStatus = 'Running'"),
    await firstPage('by start', `StartTime >= '${recently}'`),
    await wholeList(`by a type that ${runs} have`, `WorkflowType = '${type}'`),
    await counted('all', ''),
    await counted('by status', "ExecutionStatus = 'Running'"),
    await counted(`by a type that ${runs} have`, `WorkflowType = '${type}'`),
  ];
  tell({ kind: 'list', listed } as ListReport);
}

async function wholeList(what: string, query: string): Promise<Listed> {
  let firstMs: number | undefined;
  const startedAt = performance.now();
  const listed = await watched(`list ${what}`, async () => {
    let count = 0;
    for await (const _ of workflow.list({ query })) {
      firstMs ??= performance.now() - startedAt;
      count += 1;
    }
    return count;
  });
  return { ...listed, firstMs };
}

function counted(what: string, query: string): Promise<Listed> {
  return watched(`count ${what}`, async () => (await workflow.count(query)).count);
}

async function watched(what: string, read: () => Promise<number>): Promise<Listed> {
  const stalls = new StallProbe();
  const startedAt = performance.now();
  const count = await read();
  const ms = performance.now() - startedAt;
  // The probe sees a stall when it is over.
  await sleep(20);
  return { what, ms, count, stallMs: stalls.stop().longestMs };
}

async function crash(workflows: number): Promise<void> {
  await atOnce(MANY, workflows, async () => {
    await workflow.start('hold', { workflowId: `held-${randomUUID()}`, args: ['text'] });
    guard.check();
  });
  tell({ kind: 'held' });
  await new Promise(() => undefined);
}

async function recover(workflows: number): Promise<void> {
  while (troupe.stats().residentWorkflows < workflows) await sleep(1);
  const recoveredMs = performance.now() - openedAt;
  const held = await some("ExecutionStatus = 'Running' AND WorkflowType = 'hold'", workflows);
  await atOnce(MANY, held.length, (index) => workflow.getHandle(held[index] as string).terminate());
  tell({ kind: 'recover', openMs, recoveredMs } as RecoverReport);
}

async function retention(windowMs: number): Promise<void> {
  const before = (await workflow.count("ExecutionStatus != 'Running'")).count;
  const startedAt = performance.now();
  const stalls = new StallProbe();
  let ran = 0;
  const beside = await closedLoop(1, { warmUpMs: 0, windowMs }, async () => {
    await execute();
    ran += 1;
    await sleep(BESIDE_PAUSE_MS);
  });
  const stalled = stalls.stop();
  const after = (await workflow.count("ExecutionStatus != 'Running'")).count;
  const seconds = (performance.now() - startedAt) / 1_000;
  tell({ kind: 'retention', deleted: before + ran - after, seconds, beside, ...stalled } as RetentionReport);
}
