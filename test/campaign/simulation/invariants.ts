// What must hold at the end of a simulation, whatever happened (I1–I8, I10, I12, I23). Reads only what a user can read.
import type { Fault } from '../report.ts';
import { NAMESPACE, settled, type World } from './world.ts';
import { createRealm } from '../../../src/actors/sandbox/index.ts';
import { replayHistory } from '../../../src/actors/replay/replay-history.ts';
import type { WorkflowBundle } from '../../../src/bundle/index.ts';
import type { HistoryEvent } from '../../../src/model/event.ts';
import type { RunSummary } from '../../../src/model/gateway.ts';
import type { RunId } from '../../../src/model/ids.ts';

export interface ClientLedger {
  /** Acknowledged run ids by workflow id. */
  readonly starts: Map<string, RunId>;
  readonly signals: { readonly workflowId: string; readonly value: number; acked: boolean }[];
  readonly terminated: Set<string>;
  readonly results: Map<string, string>;
}

export const fault = (invariant: string, what: string): Fault => ({ invariant, what });

const CLOSE_KINDS = new Set([
  'workflowExecutionCompleted',
  'workflowExecutionFailed',
  'workflowExecutionTimedOut',
  'workflowExecutionCanceled',
  'workflowExecutionTerminated',
  'workflowExecutionContinuedAsNew',
]);

export async function checkInvariants(
  world: World,
  ledger: ClientLedger,
  bundle: WorkflowBundle,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const runs = await allRuns(world);
  const byWorkflow = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const { workflowId } = run.execution;
    byWorkflow.set(workflowId, [...(byWorkflow.get(workflowId) ?? []), run]);
  }
  const histories = new Map<RunId, readonly HistoryEvent[]>();
  for (const run of runs) {
    const { events } = await settled(
      world,
      world.request({ kind: 'fetchHistory', to: { namespace: NAMESPACE, ...run.execution } }),
    );
    histories.set(run.execution.runId, events);
    world.counts.events += events.length;
    world.counts.historiesReplayed += 1;
    faults.push(...historyFaults(run, events), ...replayFaults(run, events, bundle));
  }
  for (const [workflowId, runId] of ledger.starts) {
    if (!histories.has(runId))
      faults.push(fault('I1', `the acknowledged run ${runId} of ${workflowId} is gone`));
    const first = (byWorkflow.get(workflowId) ?? []).filter(
      (run) => firstOf(histories, run) === run.execution.runId,
    );
    if (first.length !== 1) faults.push(fault('I4', `${workflowId} was started ${first.length} times`));
  }
  const received = new Map<string, number>();
  for (const events of histories.values()) {
    for (const event of events) {
      if (event.kind !== 'workflowExecutionSignaled' || event.identity !== 'client') continue;
      const key = event.requestId ?? '';
      received.set(key, (received.get(key) ?? 0) + 1);
    }
  }
  for (const { workflowId, value, acked } of ledger.signals) {
    const times = received.get(`signal-${value}`) ?? 0;
    if (acked && times === 0)
      faults.push(fault('I1', `the acknowledged signal ${value} to ${workflowId} is gone`));
    if (times > 1) faults.push(fault('I12', `the signal ${value} to ${workflowId} is there ${times} times`));
  }
  for (const workflowId of ledger.terminated) {
    const isTerminated = (byWorkflow.get(workflowId) ?? []).some(({ status }) => status === 'TERMINATED');
    if (!isTerminated) faults.push(fault('I1', `the acknowledged terminate of ${workflowId} is gone`));
  }
  const left = Object.entries(await world.rowsAtRest()).filter(([, count]) => count > 0);
  if (left.length > 0)
    faults.push(fault('I7', `rows of runs that have closed are left: ${JSON.stringify(left)}`));
  return faults;
}

const firstOf = (
  histories: ReadonlyMap<RunId, readonly HistoryEvent[]>,
  run: RunSummary,
): RunId | undefined => {
  const first = histories.get(run.execution.runId)?.[0];
  return first?.kind === 'workflowExecutionStarted' ? first.firstExecutionRunId : undefined;
};

async function allRuns(world: World): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  let pageToken: string | undefined;
  do {
    const page = await settled(
      world,
      world.request({
        kind: 'list',
        namespace: NAMESPACE,
        filter: {},
        pageSize: 100,
        ...(pageToken !== undefined && { pageToken }),
      }),
    );
    runs.push(...page.runs);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return runs;
}

function historyFaults(run: RunSummary, events: readonly HistoryEvent[]): Fault[] {
  const faults: Fault[] = [];
  const name = `${run.execution.workflowId} ${run.execution.runId}`;
  const ended = new Map<number, number>();
  events.forEach((event, index) => {
    if (event.eventId !== index + 1)
      faults.push(fault('I5', `${name}: event ${index + 1} has the id ${event.eventId}`));
    if (index > 0 && event.at < (events[index - 1] as HistoryEvent).at)
      faults.push(fault('I5', `${name}: time goes back`));
    if (CLOSE_KINDS.has(event.kind) && index !== events.length - 1)
      faults.push(fault('I6', `${name}: an event behind its end`));
    if (
      /^activityTask(Completed|Failed|TimedOut|Canceled)$/.test(event.kind) &&
      'scheduledEventId' in event
    ) {
      ended.set(event.scheduledEventId, (ended.get(event.scheduledEventId) ?? 0) + 1);
    }
  });
  for (const [id, times] of ended)
    if (times > 1) faults.push(fault('I10', `${name}: activity ${id} has ${times} results`));
  const isClosed = CLOSE_KINDS.has(events.at(-1)?.kind ?? '');
  if (isClosed !== (run.status !== 'RUNNING'))
    faults.push(fault('I23', `${name}: it is listed as ${run.status}`));
  if (run.historyLength > events.length)
    faults.push(fault('I7', `${name}: listed with ${run.historyLength} events, it has ${events.length}`));
  return faults;
}

/** Cold, in a fresh realm: the same commands, draws and counters, turn by turn. */
function replayFaults(run: RunSummary, events: readonly HistoryEvent[], bundle: WorkflowBundle): Fault[] {
  const realm = createRealm(bundle, {});
  try {
    const outcome = replayHistory(
      {
        namespace: NAMESPACE,
        runId: run.execution.runId,
        engine: realm.instantiate(),
        bundleHash: bundle.hash,
      },
      events,
    );
    if (outcome.kind === 'ok') return [];
    const why = outcome.kind === 'nondeterminism' ? outcome.details : outcome.failure.message;
    return [fault('I8', `${run.execution.workflowId} ${run.execution.runId}: ${why}`)];
  } finally {
    realm.dispose();
  }
}
