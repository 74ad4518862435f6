// How a history is cut into tasks, and what workflow code hears in each.
import { describe, expect, test } from 'vitest';
import { seedOf } from '../../../src/actors/replay/seed';
import { runId } from '../../../src/model/ids';
import {
  caughtUp,
  complete,
  event,
  failedTask,
  history,
  openTask,
  replay,
  signal,
  started,
  startTimer,
  task,
  timerFired,
  timerStarted,
} from './script';

const closed = event('workflowExecutionCompleted', { workflowTaskCompletedEventId: 9 });

test('each completed task is one activation, with the events that came before it', () => {
  const events = history(started, task(), timerStarted('1'), timerFired('1', 5), task(), closed);
  const { outcome, engine } = replay(events, [[startTimer(1)], [complete]]);
  expect(outcome).toEqual({ kind: 'ok' });
  expect(engine.jobs).toEqual([['initializeWorkflow'], [{ kind: 'fireTimer', seq: 1 }]]);
  expect(engine.activations.map(({ historyLength, isReplaying }) => [historyLength, isReplaying])).toEqual([
    [3, true],
    [8, true],
  ]);
});

test('time is that of the start of the task, and never goes back', () => {
  const events = history(started, task(), timerStarted('1'), timerFired('1', 5), task(), closed);
  const jumped = events.map((each) => (each.eventId === 8 ? { ...each, at: 0 } : each));
  const { engine } = replay(jumped, [[startTimer(1)], [complete]]);
  const [first, second] = engine.activations.map(({ timestamp }) => timestamp);
  expect(first).toBe(events[2]!.at);
  expect(second).toBe(first);
});

test('a task that failed leaves its events to the next one', () => {
  const events = history(started, failedTask(), signal('a'), failedTask(), signal('b'), task());
  const { engine, failed } = caughtUp(events, [[]]);
  expect(failed).toBeUndefined();
  expect(engine.jobs).toEqual([
    [
      'initializeWorkflow',
      expect.objectContaining({ signalName: 'a' }),
      expect.objectContaining({ signalName: 'b' }),
    ],
  ]);
});

test('a task that a worker only renewed is part of the next one', () => {
  const events = history(started, task(), task(), timerStarted('1', 7));
  const { outcome, engine } = replay(events, [[startTimer(1)]]);
  expect(outcome).toEqual({ kind: 'ok' });
  expect(engine.activations.map(({ historyLength }) => historyLength)).toEqual([6]);
});

test('a task of ours that asked for nothing is a task: its stamp says so', () => {
  const stamp = { bundleHash: 'another', commandHash: 1 };
  const events = history(started, task({ stamp }), signal('a'), task({ stamp }));
  expect(replay(events, [[], []]).engine.activations).toHaveLength(2);
});

test('a task without news leaves workflow code alone', () => {
  const stamp = { bundleHash: 'another', commandHash: 1 };
  const events = history(started, task({ stamp }), task({ stamp }), openTask);
  expect(replay(events, [[]]).engine.activations).toHaveLength(1);
});

test('patches come first, then the new seed, then signals, then the rest in the order of events', () => {
  const newRunId = runId('248fbeda-b1fd-4901-9dbc-7c9c34273875');
  const events = history(
    started,
    task(),
    timerStarted('1'),
    timerStarted('2'),
    timerFired('2', 6),
    event('workflowExecutionCancelRequested', { identity: 'client' }),
    signal('first'),
    timerFired('1', 5),
    failedTask({ cause: 'RESET_WORKFLOW', newRunId }),
    signal('second'),
    openTask,
  );
  const { engine } = replay(events, [[startTimer(1), startTimer(2)], []]);
  expect(engine.activations[1]!.jobs.map((job) => ('signalName' in job ? job.signalName : job.kind))).toEqual(
    ['updateRandomSeed', 'first', 'second', 'fireTimer', 'cancelWorkflow', 'fireTimer'],
  );
});

describe('the seed of random numbers', () => {
  // Checked against a run of the official SDK.
  test('is that of the official SDK', () => {
    const { high, low } = seedOf('019e93d9-da0e-70d6-9f43-888c2c8d3988');
    expect((BigInt(high) << 32n) | BigInt(low)).toBe(2190767061165566105n);
  });

  test('comes from the first run of a chain of resets', () => {
    const { engine } = replay(history(started, openTask), [[]]);
    const [job] = engine.activations[0]!.jobs;
    const { high, low } = seedOf('019e93d9-da0e-70d6-9f43-888c2c8d3988');
    expect(job).toMatchObject({ randomSeedHigh: high, randomSeedLow: low });
  });
});

test('a query reaches workflow code alone, and leaves no trace', () => {
  const { execution, engine } = caughtUp(history(started, task(), timerStarted('1')), [[startTimer(1)]]);
  const job = { kind: 'queryWorkflow', queryId: 'q', queryType: 'state', input: [], header: {} } as const;
  // The scripted engine answers nothing, which is a bug in an engine.
  expect(() => execution.query(job)).toThrow('a query is answered');
  expect(engine.jobs.at(-1)).toEqual([job]);
  expect(execution.applied([])).toBeUndefined();
});
