// What deciding and folding cost: a workflow with one activity (start, two turns, one result: six decisions, eleven events), a fan-out,
// and a load. `node scripts/run.mjs bench/micro/history.ts`. Budget (two cores, 20,000 workflows a second): 3 µs for the first;
// measured 4 µs, of which making the messages is a tenth.
import { decide, type DecidedMessage } from '../../src/actors/history/decide';
import type { DecideContext, Decision, WorkflowRuns } from '../../src/actors/history/decision';
import { load, type LoadedFrame } from '../../src/actors/history/load';
import { NO_FACTS } from '../../src/actors/history/run-state';
import { startedIdOf } from '../../src/actors/history/tasks';
import type { Command } from '../../src/model/command';
import type { HistoryEvent } from '../../src/model/event';
import { namespace, runId, taskQueueName, workflowId } from '../../src/model/ids';

const ROUNDS = 5;
const WORKFLOWS = 100_000;
const WIDTHS = [500, 2_000];

const NAMESPACE = namespace('default');
const ID = workflowId('order');
const RUN = runId('00000000-0000-7000-8000-000000000000');
const TO = { namespace: NAMESPACE, workflowId: ID, runId: RUN };
const CONTEXT: DecideContext = {
  now: 1_900_000_000_000,
  epoch: 1,
  identity: 'worker',
  bundleHash: undefined,
  newRunId: () => RUN,
  newRequestId: () => 'request',
  takeActivitySlot: () => true,
};

type Seen = (decision: Decision) => void;

function oneWorkflow(width: number, seen: Seen): void {
  const runs: WorkflowRuns = { namespace: NAMESPACE, workflowId: ID, current: undefined, older: new Map() };
  const step = (message: DecidedMessage): void => seen(decide(runs, message, CONTEXT));
  step({
    kind: 'start',
    to: { namespace: NAMESPACE, workflowId: ID },
    waiter: 1,
    newRunId: RUN,
    requestId: 'start',
    identity: 'client',
    options: {
      workflowType: 'order',
      taskQueue: taskQueueName('queue'),
      input: ['1'],
      header: {},
      taskTimeoutMs: 10_000,
    },
    reusePolicy: 'ALLOW_DUPLICATE',
    conflictPolicy: 'FAIL',
  });
  turn(
    runs,
    step,
    Array.from({ length: width }, (_, index) => activity(index + 1)),
  );
  // Scheduled right behind the first turn's Completed event.
  for (let scheduledEventId = 5; scheduledEventId < 5 + width; scheduledEventId += 1) {
    step({
      kind: 'activityResolved',
      to: TO,
      waiter: 0,
      activity: { kind: 'attempt', scheduledEventId, attempt: 1 },
      identity: 'worker',
      outcome: { kind: 'completed', result: '1' },
    });
  }
  turn(runs, step, [{ kind: 'completeWorkflowExecution', result: '1' }]);
}

function turn(
  runs: WorkflowRuns,
  step: (message: DecidedMessage) => void,
  commands: readonly Command[],
): void {
  step({ kind: 'turnStarted', to: TO, identity: 'worker', requestId: 'turn' });
  const { current } = runs;
  if (current?.workflowTask.kind !== 'started') throw new Error('no task is started');
  const startedEventId = startedIdOf(current, current.workflowTask);
  const stamp = { bundleHash: 'bundle', commandHash: 1 };
  step({ kind: 'turnCompleted', to: TO, startedEventId, identity: 'worker', commands, stamp });
}

const activity = (number: number): Command => ({
  kind: 'scheduleActivityTask',
  activityId: String(number),
  activityType: 'charge',
  taskQueue: taskQueueName('queue'),
  header: {},
  input: ['1'],
  startToCloseTimeoutMs: 60_000,
});

function best(times: number, work: () => void): number {
  let bestUs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.hrtime.bigint();
    for (let time = 0; time < times; time += 1) work();
    bestUs = Math.min(bestUs, Number(process.hrtime.bigint() - start) / 1_000 / times);
  }
  return bestUs;
}

const ignore: Seen = () => undefined;
const tell = (what: string, us: number): void =>
  console.log(`${what.padEnd(44)}${us.toFixed(2).padStart(8)} µs`);

tell(
  'a workflow with one activity',
  best(WORKFLOWS, () => oneWorkflow(1, ignore)),
);
for (const width of WIDTHS) {
  tell(`each of ${width} activities at once`, best(20, () => oneWorkflow(width, ignore)) / width);
}

const events: HistoryEvent[] = [];
oneWorkflow(2_000, ({ runs }) => {
  for (const { changes } of runs)
    for (const change of changes) if (change.kind === 'event') events.push(change.event);
});
const frames: readonly LoadedFrame[] = [{ epoch: 1, events }];
const head = { namespace: NAMESPACE, runId: RUN, createRequestId: 'start', historySizeBytes: 0 };
tell('an event folded on load', best(20, () => load(frames, NO_FACTS, head)) / events.length);
