// What must hold of every single history that has come to its end: I5–I8, I10, I11, I13, I16, I23.
import { createRealm } from '../../../src/actors/sandbox/index.ts';
import { replayHistory } from '../../../src/actors/replay/replay-history.ts';
import type { WorkflowBundle } from '../../../src/bundle/index.ts';
import type { EventKind, HistoryEvent, RunStatus } from '../../../src/model/event.ts';
import type { Fault } from '../report.ts';
import type { Run, Say } from './invariants.ts';
import { NAMESPACE } from './world.ts';

const STATUS_OF: { readonly [Kind in EventKind]?: RunStatus } = {
  workflowExecutionCompleted: 'COMPLETED',
  workflowExecutionFailed: 'FAILED',
  workflowExecutionTimedOut: 'TIMED_OUT',
  workflowExecutionCanceled: 'CANCELED',
  workflowExecutionTerminated: 'TERMINATED',
  workflowExecutionContinuedAsNew: 'CONTINUED_AS_NEW',
};
/** What user code asked for: it must have seen all that was there. */
const CLOSED_BY_COMMAND = new Set<string>([
  'workflowExecutionCompleted',
  'workflowExecutionFailed',
  'workflowExecutionCanceled',
  'workflowExecutionContinuedAsNew',
]);
/** What comes from outside: it wakes a run. */
const WAKES =
  /^(workflowExecution(Signaled|CancelRequested)|timerFired|activityTask(Completed|Failed|TimedOut|Canceled)|childWorkflowExecution\w+|startChildWorkflowExecutionFailed|\w*[eE]xternalWorkflowExecution(Signaled|CancelRequested|Failed))$/;

export function checkRun(run: Run, dispatches: ReadonlyMap<string, readonly number[]>, sayOf: Say): void {
  const { summary, runId, events } = run;
  const say: Say = (invariant, what) => sayOf(invariant, `${run.workflowId} ${runId}: ${what}`);
  events.forEach((event, index) => {
    if (event.eventId !== index + 1) say('I5', `event ${index + 1} has the id ${event.eventId}`);
    if (event.at < (events[index - 1]?.at ?? 0)) say('I5', 'time goes back');
    if (STATUS_OF[event.kind] !== undefined && index !== events.length - 1)
      say('I6', 'an event behind its end');
  });
  const close = events.at(-1);
  const status = STATUS_OF[close?.kind ?? 'workflowTaskStarted'] ?? 'RUNNING';
  if (status !== summary.status) say('I23', `it is listed as ${summary.status}, and is ${status}`);
  if (summary.historyLength !== events.length)
    say('I23', `it is listed with ${summary.historyLength} events, and has ${events.length}`);
  checkSeenByTask(events, say);
  checkActivities(run, dispatches, say);
  checkTimers(events, say);
}

/** I13: a task that closes its run began behind everything that had come in. */
function checkSeenByTask(events: readonly HistoryEvent[], say: Say): void {
  if (!CLOSED_BY_COMMAND.has(events.at(-1)?.kind ?? '')) return;
  const started = events.map(({ kind }) => kind).lastIndexOf('workflowTaskStarted');
  for (const { kind } of events.slice(started).filter(({ kind }) => WAKES.test(kind)))
    say('I13', `it closed without having seen ${kind}`);
}

/** I10: one result for each, of the attempt that reported it. I11: of an attempt that was dispatched. */
function checkActivities(
  { runId, events }: Run,
  dispatches: ReadonlyMap<string, readonly number[]>,
  say: Say,
): void {
  const ended = new Map<number, number>();
  for (const event of events) {
    if (!/^activityTask(Completed|Failed|TimedOut|Canceled)$/.test(event.kind)) continue;
    if (!('scheduledEventId' in event && 'startedEventId' in event)) continue;
    const { scheduledEventId, startedEventId } = event;
    ended.set(scheduledEventId, (ended.get(scheduledEventId) ?? 0) + 1);
    if (event.kind !== 'activityTaskCompleted') continue;
    const scheduled = events[scheduledEventId - 1];
    const started = events[startedEventId - 1];
    if (scheduled?.kind !== 'activityTaskScheduled' || started?.kind !== 'activityTaskStarted') {
      say('I10', `the activity ${scheduledEventId} has a result without a start`);
      continue;
    }
    const [value, failures] = scheduled.input.map((text) => JSON.parse(text as string) as number);
    if (event.result !== JSON.stringify(value) || started.attempt <= (failures ?? 0))
      say(
        'I10',
        `attempt ${started.attempt} of ${scheduledEventId} did not report ${JSON.stringify(event.result)}`,
      );
    if (dispatches.get(`${runId}/${scheduledEventId}`)?.includes(started.attempt) !== true)
      say('I11', `attempt ${started.attempt} of ${scheduledEventId} has a result and was never dispatched`);
  }
  for (const [id, times] of ended) if (times > 1) say('I10', `activity ${id} has ${times} results`);
}

/** I16: fired or cancelled once, and not too early. */
function checkTimers(events: readonly HistoryEvent[], say: Say): void {
  const over = new Set<number>();
  for (const event of events) {
    if (event.kind !== 'timerFired' && event.kind !== 'timerCanceled') continue;
    const { startedEventId } = event;
    if (over.has(startedEventId)) say('I16', `the timer of event ${startedEventId} ends twice`);
    over.add(startedEventId);
    const started = events[startedEventId - 1];
    if (started?.kind !== 'timerStarted') say('I16', `event ${startedEventId} starts no timer`);
    else if (event.kind === 'timerFired' && event.at < started.at + started.startToFireTimeoutMs)
      say('I16', `the timer of event ${startedEventId} fired too early`);
  }
}

/** I8, I9. Cold, in a fresh realm: the same commands, draws and counters, turn by turn, as the run that was live. */
export function replayFaults({ workflowId, runId, summary, events }: Run, bundle: WorkflowBundle): Fault[] {
  const realm = createRealm(bundle, {});
  try {
    const outcome = replayHistory(
      {
        namespace: NAMESPACE,
        runId: summary.execution.runId,
        engine: realm.instantiate(),
        bundleHash: bundle.hash,
      },
      events,
    );
    if (outcome.kind === 'ok') return [];
    const why = outcome.kind === 'nondeterminism' ? outcome.details : outcome.failure.message;
    return [{ invariant: 'I8', what: `${workflowId} ${runId}: ${why}` }];
  } finally {
    realm.dispose();
  }
}
