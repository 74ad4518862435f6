// History and workflow code disagree: what is found, and how it is told.
import { describe, expect, test } from 'vitest';
import { hashTurn } from '../../../src/actors/replay/hash';
import {
  activityScheduled,
  caughtUp,
  complete,
  event,
  history,
  patch,
  patchMarker,
  refusal,
  replay,
  scheduleActivity,
  started,
  startTimer,
  task,
  timerFired,
  timerStarted,
} from './script';

const versions = event('upsertWorkflowSearchAttributes', {
  searchAttributes: { TemporalChangeVersion: '["p"]' },
  workflowTaskCompletedEventId: 4,
});

describe('told with the event, what it says and what the code asks for', () => {
  test.each([
    [
      'another command',
      history(started, task(), activityScheduled('1')),
      [[startTimer(1)]],
      "Timer machine does not handle this event: HistoryEvent(id: 5, ActivityTaskScheduled). In history: ActivityTaskScheduled 'work' (id '1'); the workflow code asks for: StartTimer (id '1')",
    ],
    [
      'no command',
      history(started, task(), timerStarted('1')),
      [[]],
      "No command scheduled for event HistoryEvent(id: 5, TimerStarted). In history: TimerStarted (id '1'); the workflow code asks for nothing here",
    ],
    [
      'one command too many',
      history(started, task(), timerStarted('1'), timerFired('1', 5), task()),
      [[startTimer(1), startTimer(2)]],
      "No event recorded for a command. In history: nothing more of what HistoryEvent(id: 4, WorkflowTaskCompleted) asked for; the workflow code asks for: StartTimer (id '2')",
    ],
    [
      'another type of activity',
      history(started, task(), activityScheduled('1', 'other')),
      [[scheduleActivity(1)]],
      "Activity type of scheduled event 'other' does not match activity type of activity command 'work' (event 5, ActivityTaskScheduled). In history: ActivityTaskScheduled 'other' (id '1'); the workflow code asks for: ScheduleActivityTask 'work' (id '1')",
    ],
    [
      'another id of an activity',
      history(started, task(), activityScheduled('7')),
      [[scheduleActivity(1)]],
      "Activity id of scheduled event '7' does not match activity id of activity command '1'",
    ],
    [
      'the end where something was',
      history(started, task(), timerStarted('1')),
      [[complete]],
      'Complete workflow machine does not handle this event: HistoryEvent(id: 5, TimerStarted)',
    ],
    [
      'an answer to nothing',
      history(started, task(), timerStarted('1'), timerFired('1', 3)),
      [[startTimer(1)]],
      'HistoryEvent(id: 6, TimerFired)',
    ],
  ])('%s', (_what, events, script, message) => {
    const details = refusal(events, script);
    expect(details).toMatch(/^\[TMPRL1100\] Nondeterminism error: /);
    expect(details).toContain(message);
  });

  test('histories from before ids and types were compared are not compared', () => {
    const old = task({ sdkMetadata: {} });
    const events = history(started, old, activityScheduled('7', 'other'));
    expect(refusal(events, [[scheduleActivity(1)]])).toBe('ok');
  });
});

describe('a patch', () => {
  test.each([
    ['marker, patched', [patchMarker('p'), versions], [[patch('p')]], 'ok'],
    ['deprecated marker, patched', [patchMarker('p', true), versions], [[patch('p')]], 'ok'],
    ['no marker, patched', [timerStarted('1')], [[patch('p'), startTimer(1)]], 'ok'],
    [
      'marker, no call',
      [patchMarker('p'), versions, timerStarted('1')],
      [[startTimer(1)]],
      'Non-deprecated patch marker encountered for change p, but there is no corresponding change command!',
    ],
    [
      'deprecated marker, no call',
      [patchMarker('p', true), versions, timerStarted('1')],
      [[startTimer(1)]],
      'ok',
    ],
    ['marker, deprecatePatch', [patchMarker('p'), versions], [[patch('p', true)]], 'ok'],
    [
      'marker, another patch',
      [patchMarker('p'), versions],
      [[patch('q')]],
      'Change id p does not match expected id q',
    ],
  ])('%s', (_case, events, script, expected) => {
    expect(refusal(history(started, task(), events), script)).toContain(expected);
  });

  test('workflow code knows the patches of a task before it runs', () => {
    const events = history(started, task(), patchMarker('p'), versions);
    const [jobs] = replay(events, [[patch('p')]]).engine.jobs;
    expect(jobs).toEqual(['initializeWorkflow', { kind: 'notifyHasPatch', patchId: 'p' }]);
  });
});

describe('the stamp of a turn', () => {
  const timer = { kind: 'startTimer', timerId: '1', startToFireTimeoutMs: 1_000 } as const;
  // The scripted engine counts its activations.
  const stamp = { bundleHash: 'bundle', commandHash: hashTurn([timer], 0, 1) };
  const stamped = (commandHash: number, bundleHash = 'bundle') =>
    history(started, task({ stamp: { bundleHash, commandHash } }), timerStarted('1'));
  const script = [[startTimer(1)]];

  test('under the same bundle everything must be the same', () => {
    expect(refusal(stamped(stamp.commandHash), script)).toBe('ok');
    expect(refusal(stamped(stamp.commandHash + 1), script)).toContain(
      'the same workflow code did something else than when HistoryEvent(id: 4, WorkflowTaskCompleted) was written',
    );
  });

  test('under another bundle only what Temporal compares', () => {
    expect(refusal(stamped(stamp.commandHash + 1, 'before'), script)).toBe('ok');
  });

  test('a turn without a hash is compared with nothing', () => {
    expect(refusal(stamped(0), script)).toBe('ok');
  });

  test('tells a longer timer from a shorter one', () => {
    const longer = [[{ kind: 'startTimer', seq: 1, delayMs: 2_000 } as const]];
    expect(refusal(stamped(stamp.commandHash), longer)).toContain(
      'the same workflow code did something else',
    );
  });
});

test('an execution that failed is of no more use', () => {
  const { execution, failed } = caughtUp(history(started, task(), timerStarted('1')), [[]]);
  expect(failed).toMatchObject({ cause: 'NON_DETERMINISTIC_ERROR' });
  expect(() => execution.applied([])).toThrow('a failed execution is not used again');
});
