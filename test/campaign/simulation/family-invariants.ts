// What must hold between runs: one at a time of a workflow (I3), chains (I17), parents and children (I18), signals from run to run (I19).
import type { HistoryEvent, WorkflowExecutionStarted } from '../../../src/model/event.ts';
import type { Run, Say } from './invariants.ts';

export function checkFamilies(runs: readonly Run[], say: Say): void {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  if (byId.size !== runs.length) say('I3', 'a run id was used twice');
  checkOneAtATime(runs, say);
  for (const run of runs) {
    checkChain(run, byId, say);
    checkParent(run, byId, say);
    checkChildren(run, byId, say);
  }
  checkSends(runs, say);
}

/** The next run of a workflow begins when the one before it has ended. */
function checkOneAtATime(runs: readonly Run[], say: Say): void {
  for (const [workflowId, ofOne] of groupByWorkflow(runs)) {
    const lives = ofOne.map(({ events }) => ({ from: events[0]?.at ?? 0, to: events.at(-1)?.at ?? 0 }));
    lives.sort((a, b) => a.from - b.from || a.to - b.to);
    lives.forEach(({ from }, index) => {
      if (from < (lives[index - 1]?.to ?? 0)) say('I3', `two runs of ${workflowId} were open at once`);
    });
  }
}

/** Both ends of each link name each other, and nobody else. */
function checkChain({ workflowId, runId, events }: Run, byId: ReadonlyMap<string, Run>, say: Say): void {
  const close = events.at(-1);
  if (close?.kind === 'workflowExecutionContinuedAsNew') {
    const next = startOf(byId.get(close.newExecutionRunId));
    if (next?.continuedExecutionRunId !== runId)
      say('I17', `${workflowId}: the run after ${runId} is missing, or does not know of it`);
  }
  const previousId = startOf({ events })?.continuedExecutionRunId;
  if (previousId === undefined) return;
  const end = byId.get(previousId)?.events.at(-1);
  if (end?.kind !== 'workflowExecutionContinuedAsNew' || end.newExecutionRunId !== runId)
    say('I17', `${workflowId}: the run before ${runId} did not go on as it`);
}

function checkParent({ workflowId, runId, events }: Run, byId: ReadonlyMap<string, Run>, say: Say): void {
  const parent = startOf({ events })?.parent;
  if (parent === undefined) return;
  const initiated = byId.get(parent.execution.runId)?.events[parent.initiatedEventId - 1];
  if (initiated?.kind !== 'startChildWorkflowExecutionInitiated' || initiated.workflowId !== workflowId)
    say('I18', `${workflowId} ${runId} is a child that nobody has asked for`);
}

/** One start, or failure to start, and one end for each; and a child that is known to have started exists. */
function checkChildren({ workflowId, events }: Run, byId: ReadonlyMap<string, Run>, say: Say): void {
  const begun = new Map<number, number>();
  const ended = new Map<number, number>();
  const count = (times: Map<number, number>, id: number): void =>
    void times.set(id, (times.get(id) ?? 0) + 1);
  for (const event of events) {
    if (event.kind === 'startChildWorkflowExecutionFailed') count(begun, event.initiatedEventId);
    if (event.kind === 'childWorkflowExecutionStarted') {
      count(begun, event.initiatedEventId);
      if (!byId.has(event.workflowExecution.runId))
        say('I18', `${workflowId}: its child ${event.workflowExecution.runId} is gone`);
    }
    if (/^childWorkflowExecution(Completed|Failed|Canceled|TimedOut|Terminated)$/.test(event.kind))
      count(ended, (event as HistoryEvent & { readonly initiatedEventId: number }).initiatedEventId);
  }
  for (const times of [begun, ended])
    for (const [id, often] of times)
      if (often > 1) say('I18', `${workflowId}: the child of event ${id} began or ended ${often} times`);
}

/** Delivered at most once; and, when its sender was told so, exactly once. Each carries a value of its own. */
function checkSends(runs: readonly Run[], say: Say): void {
  const delivered = new Map<string, number>();
  for (const { events } of runs) {
    for (const event of events) {
      if (event.kind !== 'workflowExecutionSignaled' || event.externalWorkflowExecution === undefined)
        continue;
      const value = JSON.stringify(event.input);
      delivered.set(value, (delivered.get(value) ?? 0) + 1);
    }
  }
  for (const [value, times] of delivered)
    if (times > 1) say('I19', `the signal ${value} was delivered ${times} times`);
  for (const { workflowId, events } of runs) {
    for (const event of events) {
      const isTold = event.kind === 'externalWorkflowExecutionSignaled';
      if (!isTold && event.kind !== 'signalExternalWorkflowExecutionFailed') continue;
      const initiated = events[event.initiatedEventId - 1];
      if (initiated?.kind !== 'signalExternalWorkflowExecutionInitiated') continue;
      const times = delivered.get(JSON.stringify(initiated.input)) ?? 0;
      if (isTold && times === 0) say('I1', `${workflowId}: a signal that was delivered is gone`);
      if (!isTold && times > 0) say('I2', `${workflowId}: a signal that could not be delivered is there`);
    }
  }
}

function startOf(run: Pick<Run, 'events'> | undefined): WorkflowExecutionStarted | undefined {
  const first = run?.events[0];
  return first?.kind === 'workflowExecutionStarted' ? first : undefined;
}

function groupByWorkflow(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
  const groups = new Map<string, Run[]>();
  for (const run of runs) groups.set(run.workflowId, [...(groups.get(run.workflowId) ?? []), run]);
  return groups;
}
