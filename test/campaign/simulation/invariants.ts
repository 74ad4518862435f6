// What must hold at the end of a simulation, whatever happened. Reads only what a user can read: the invariants' numbers are those of
// the test programme. Here: what clients were told against what is there; of one history and of families, see beside it.
import type { WorkflowBundle } from '../../../src/bundle/index.ts';
import type { HistoryEvent } from '../../../src/model/event.ts';
import type { RunSummary } from '../../../src/model/gateway.ts';
import type { Fault } from '../report.ts';
import type { ClientLedger } from './client-ledger.ts';
import { checkFamilies } from './family-invariants.ts';
import { checkRun, replayFaults } from './run-invariants.ts';
import { NAMESPACE, settled, type World } from './world.ts';

/** One run, as a user can read it. */
export interface Run {
  readonly summary: RunSummary;
  readonly workflowId: string;
  readonly runId: string;
  readonly events: readonly HistoryEvent[];
}

export type Say = (invariant: string, what: string) => void;

export async function checkInvariants(
  world: World,
  ledger: ClientLedger,
  bundle: WorkflowBundle,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const say: Say = (invariant, what) => void faults.push({ invariant, what });
  const runs = await allRuns(world);
  for (const run of runs) {
    ledger.read(run.summary.execution.runId, run.events, world.now);
    world.counts.events += run.events.length;
    world.counts.historiesReplayed += 1;
    checkRun(run, world.dispatches, say);
    faults.push(...replayFaults(run, bundle));
  }
  checkStarts(ledger, runs, say);
  checkRequests(ledger, runs, say);
  checkSignals(ledger, runs, say);
  checkSeen(world, ledger, runs, say);
  checkFamilies(runs, say);
  const { count } = await settled(world, () =>
    world.request({ kind: 'count', namespace: NAMESPACE, filter: {} }),
  );
  if (count !== runs.length) say('I23', `${runs.length} runs are listed, and ${count} counted`);
  const left = Object.entries(await world.rowsAtRest()).filter(([, rows]) => rows > 0);
  if (left.length > 0) say('I7', `rows of runs that have closed are left: ${JSON.stringify(left)}`);
  return faults;
}

async function allRuns(world: World): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let pageToken: string | undefined;
  do {
    const page = await settled(world, () =>
      world.request({
        kind: 'list',
        namespace: NAMESPACE,
        filter: {},
        pageSize: 100,
        ...(pageToken !== undefined && { pageToken }),
      }),
    );
    for (const summary of page.runs) {
      const to = { namespace: NAMESPACE, ...summary.execution };
      const { events } = await settled(world, () => world.request({ kind: 'fetchHistory', to }));
      runs.push({ summary, ...summary.execution, events });
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return runs;
}

/** I1, I4: every acknowledged start is there, and each workflow was started once, however often clients have asked. */
function checkStarts(ledger: ClientLedger, runs: readonly Run[], say: Say): void {
  for (const [workflowId, runId] of ledger.starts) {
    if (!runs.some((run) => run.runId === runId))
      say('I1', `the acknowledged run ${runId} of ${workflowId} is gone`);
    const chains = runs.filter(({ events: [first], ...run }) => {
      if (run.workflowId !== workflowId || first?.kind !== 'workflowExecutionStarted') return false;
      return first.firstExecutionRunId === run.runId;
    });
    if (chains.length !== 1) say('I4', `${workflowId} was started ${chains.length} times`);
  }
}

/** I1: what was acknowledged is there. I2: what was refused has left no trace. */
function checkRequests({ terminates, cancelled }: ClientLedger, runs: readonly Run[], say: Say): void {
  const has = (workflowId: string, matches: (event: HistoryEvent) => boolean): boolean =>
    runs.some((run) => run.workflowId === workflowId && run.events.some(matches));
  for (const { workflowId, reason, outcome } of terminates) {
    const isThere = has(
      workflowId,
      (event) => event.kind === 'workflowExecutionTerminated' && event.reason === reason,
    );
    if (outcome === 'acknowledged' && !isThere)
      say('I1', `the acknowledged ${reason} of ${workflowId} is gone`);
    if (outcome === 'refused' && isThere) say('I2', `${reason} of ${workflowId} was refused, and is there`);
  }
  for (const workflowId of cancelled) {
    if (!has(workflowId, ({ kind }) => kind === 'workflowExecutionCancelRequested'))
      say('I1', `the acknowledged cancel of ${workflowId} is gone`);
  }
}

/** I1, I2, I12: acknowledged exactly once, in the run that was named; never twice; refused never; in the order of the client. */
function checkSignals({ signals }: ClientLedger, runs: readonly Run[], say: Say): void {
  const received = new Map<string, string[]>();
  for (const { workflowId, runId, events } of runs) {
    let newest = -1;
    for (const event of events) {
      if (event.kind !== 'workflowExecutionSignaled' || event.identity !== 'client') continue;
      const value = JSON.parse(event.input[0] as string) as string;
      received.set(value, [...(received.get(value) ?? []), runId]);
      if (Number(value) < newest) say('I12', `the signal ${value} to ${workflowId} came after ${newest}`);
      newest = Number(value);
    }
  }
  for (const { workflowId, value, outcome, runId } of signals) {
    const by = received.get(value) ?? [];
    if (by.length > 1) say('I12', `the signal ${value} to ${workflowId} is there ${by.length} times`);
    if (outcome === 'acknowledged' && !by.includes(runId as string))
      say('I1', `the acknowledged signal ${value} to ${workflowId}, taken by ${runId}, is gone`);
    if (outcome === 'refused' && by.length > 0)
      say('I2', `the signal ${value} to ${workflowId} was refused, and is there`);
  }
}

/** I22: nothing that anybody has seen was undone. */
function checkSeen(
  { dispatches }: World,
  { shown, closes }: ClientLedger,
  runs: readonly Run[],
  say: Say,
): void {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  for (const [runId, values] of shown) {
    const events = byId.get(runId)?.events ?? [];
    const inputs = events.flatMap((event) =>
      event.kind === 'workflowExecutionSignaled' ? [JSON.parse(event.input[0] as string) as string] : [],
    );
    for (const value of values)
      if (!inputs.includes(value))
        say('I22', `a query of ${runId} has shown the signal ${value}, which is gone`);
  }
  for (const [runId, close] of closes) {
    if (JSON.stringify(byId.get(runId)?.events.at(-1)) !== JSON.stringify(close))
      say('I22', `the end of ${runId}, ${close.kind}, was reported, and is gone`);
  }
  for (const key of dispatches.keys()) {
    const [runId, scheduledEventId] = key.split('/') as [string, string];
    const run = byId.get(runId);
    if (run === undefined) say('I22', `${key} was dispatched, and its run is gone`);
    const scheduled = run?.events[Number(scheduledEventId) - 1];
    if (run !== undefined && scheduled?.kind !== 'activityTaskScheduled')
      say('I11', `${key} was dispatched, and was never scheduled`);
  }
}
