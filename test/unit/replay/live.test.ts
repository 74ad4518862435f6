// A live run and its replay take the same path: the same activations, the same commands.
import { expect, test } from 'vitest';
import { Execution } from '../../../src/actors/replay/execution';
import type { HistoryEvent } from '../../../src/model/event';
import {
  activityScheduled,
  complete,
  event,
  history,
  NAMESPACE,
  openTask,
  patch,
  patchMarker,
  replay,
  RUN,
  scheduleActivity,
  ScriptedEngine,
  signal,
  started,
  startTimer,
  task,
  timerFired,
  timerStarted,
  type Script,
} from './script';

const script: Script = [[patch('p'), startTimer(1), scheduleActivity(1)], [startTimer(2)], [complete]];

const whole = history(
  started,
  task(),
  patchMarker('p'),
  event('upsertWorkflowSearchAttributes', {
    searchAttributes: { TemporalChangeVersion: '["p"]' },
    workflowTaskCompletedEventId: 4,
  }),
  timerStarted('1'),
  activityScheduled('1'),
  signal('s'),
  timerFired('1', 7),
  task(),
  timerStarted('2', 13),
  timerFired('2', 14),
  task(),
  event('workflowExecutionCompleted', { workflowTaskCompletedEventId: 18 }),
);

/** Turn by turn: up to each WorkflowTaskStarted. */
function live(events: readonly HistoryEvent[]) {
  const engine = new ScriptedEngine(script);
  const execution = new Execution({ namespace: NAMESPACE, runId: RUN, engine, bundleHash: 'bundle' });
  const turns = events.flatMap((each, index) => (each.kind === 'workflowTaskStarted' ? [index] : []));
  const stamps = turns.map((end, index) => {
    const from = index === 0 ? 0 : turns[index - 1]! + 1;
    const turn = execution.runTurn(events.slice(from, end + 1));
    expect(turn.kind).toBe('completed');
    return turn.kind === 'completed' ? turn : undefined;
  });
  expect(execution.applied(events.slice(turns.at(-1)! + 1))).toBeUndefined();
  return { engine, turns: stamps };
}

test('the same activations, but for what tells workflow code that it is a replay', () => {
  const lived = live(whole).engine;
  const replayed = replay(whole, script).engine;
  const withoutPatchNews = (jobs: ScriptedEngine['jobs']) =>
    jobs.map((each) => each.filter((job) => job === 'initializeWorkflow' || job.kind !== 'notifyHasPatch'));
  expect(withoutPatchNews(replayed.jobs)).toEqual(lived.jobs);
  expect(lived.activations.map(({ isReplaying }) => isReplaying)).toEqual([false, false, false]);
  const heads = ({ activations }: ScriptedEngine) =>
    activations.map(({ timestamp, historyLength, historySizeBytes }) => [
      timestamp,
      historyLength,
      historySizeBytes,
    ]);
  expect(heads(replayed)).toEqual(heads(lived));
});

test('every stamp of the live run holds in the replay', () => {
  const { turns } = live(whole);
  let next = 0;
  const stamped = whole.map((each) => {
    if (each.kind !== 'workflowTaskCompleted') return each;
    const stamp = turns[next++]?.stamp;
    return stamp === undefined ? each : { ...each, stamp };
  });
  expect(replay(stamped, script).outcome).toEqual({ kind: 'ok' });
});

test('flags and SDK are recorded when they are new, and then no more', () => {
  const engine = new ScriptedEngine([[startTimer(1)], []]);
  const execution = new Execution({
    namespace: NAMESPACE,
    runId: RUN,
    engine,
    bundleHash: 'bundle',
    sdk: { name: 'troupe', version: '1' },
  });
  const first = execution.runTurn(history(started, openTask));
  expect(first).toMatchObject({
    sdkMetadata: { coreUsedFlags: [1, 2, 3], sdkName: 'troupe', sdkVersion: '1' },
  });
  const rest = history(
    started,
    task({ sdkMetadata: { coreUsedFlags: [1, 2, 3], sdkName: 'troupe', sdkVersion: '1' } }),
    timerStarted('1'),
    timerFired('1', 5),
    openTask,
  );
  const second = execution.runTurn(rest);
  expect(second).toMatchObject({ kind: 'completed' });
  expect(second).not.toHaveProperty('sdkMetadata');
});

test('the turns of a run that was put to sleep go on where it stood', () => {
  const until = whole.slice(0, 12);
  const engine = new ScriptedEngine(script);
  const execution = new Execution({ namespace: NAMESPACE, runId: RUN, engine, bundleHash: 'bundle' });
  expect(execution.catchUp(until.slice(0, 10))).toBeUndefined();
  const turn = execution.runTurn(whole.slice(10, 12));
  expect(turn).toMatchObject({
    kind: 'completed',
    commands: [{ kind: 'startTimer', timerId: '2' }],
  });
  expect(engine.activations.map(({ isReplaying }) => isReplaying)).toEqual([true, false]);
});
