// Limits of one run, and what passing one of them does.
import { describe, expect, test } from 'vitest';
import { setHistorySize } from '../../../src/actors/history/evolve';
import type { Command, ScheduleActivityTask } from '../../../src/model/command';
import { runId, taskQueueName, workflowId } from '../../../src/model/ids';
import {
  BUFFERED_EVENTS_MAX,
  HISTORY_BYTES_MAX,
  HISTORY_BYTES_SUGGEST,
  ID_BYTES_MAX,
  LAST_FAILURE_BYTES_MAX,
  PAYLOAD_BYTES_MAX,
  PENDING_MAX,
  SEARCH_ATTRIBUTE_BYTES_MAX,
  SEARCH_ATTRIBUTES_MAX,
} from '../../../src/model/limits';
import { startedIdOf } from '../../../src/actors/history/tasks';
import { runLine } from './script';
import { NAMESPACE, World } from './world';

const RUN = { namespace: NAMESPACE, workflowId: workflowId('order'), runId: runId('r1') };

function started(): World {
  const world = new World();
  runLine(world, 'start order');
  return world;
}

function turn(world: World, commands: readonly Command[]): string {
  world.step({ kind: 'turnStarted', to: RUN, identity: 'worker', requestId: 'turn' });
  const state = world.current('order');
  const task = state.workflowTask;
  if (task.kind !== 'started') throw new Error('no task is started');
  const startedEventId = startedIdOf(state, task);
  const stamp = { bundleHash: 'bundle', commandHash: 1 };
  world.step({ kind: 'turnCompleted', to: RUN, startedEventId, identity: 'worker', commands, stamp });
  for (const event of world.events(RUN.runId)) if (event.kind === 'workflowTaskFailed') return event.cause;
  return 'accepted';
}

const activity = (index: number, more: Partial<ScheduleActivityTask> = {}): Command => ({
  kind: 'scheduleActivityTask',
  activityId: `a${index}`,
  activityType: 'charge',
  taskQueue: taskQueueName(''),
  header: {},
  input: [],
  startToCloseTimeoutMs: 10_000,
  ...more,
});
const many = (count: number, make: (index: number) => Command): readonly Command[] =>
  Array.from({ length: count }, (_, index) => make(index));

const external = { namespace: NAMESPACE, workflowId: workflowId('other'), childWorkflowOnly: false };
const child = (index: number): Command => ({
  kind: 'startChildWorkflowExecution',
  namespace: NAMESPACE,
  workflowId: workflowId(`child${index}`),
  workflowType: 'child',
  taskQueue: taskQueueName(''),
  input: [],
  header: {},
});
const signal = (): Command => ({
  kind: 'signalExternalWorkflowExecution',
  ...external,
  signalName: 's',
  input: [],
  header: {},
});
const cancel = (): Command => ({ kind: 'requestCancelExternalWorkflowExecution', ...external });

describe('what waits at once', () => {
  test.each([
    ['activities', activity, 'PENDING_ACTIVITIES_LIMIT_EXCEEDED'],
    ['children', child, 'PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED'],
    ['signals to others', signal, 'PENDING_SIGNALS_LIMIT_EXCEEDED'],
    ['cancel requests to others', cancel, 'PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED'],
  ] as const)('%s: at most 2,000', (_name, make, cause) => {
    expect(turn(started(), many(PENDING_MAX, make))).toBe('accepted');
    expect(turn(started(), many(PENDING_MAX + 1, make))).toBe(cause);
  });
});

describe('what is too large fails the task, and changes nothing else', () => {
  const large = JSON.stringify('x'.repeat(PAYLOAD_BYTES_MAX));
  const longId = 'ü'.repeat(ID_BYTES_MAX / 2 + 1);
  test.each<[string, Command, string]>([
    ['an input', activity(1, { input: [large] }), 'PAYLOADS_TOO_LARGE'],
    ['a result', { kind: 'completeWorkflowExecution', result: large }, 'PAYLOADS_TOO_LARGE'],
    ['a failure', { kind: 'failWorkflowExecution', failure: { message: large } }, 'PAYLOADS_TOO_LARGE'],
    ['a marker', { kind: 'recordMarker', markerName: 'm', details: { d: [large] } }, 'PAYLOADS_TOO_LARGE'],
    ['a memo', { kind: 'modifyWorkflowProperties', upsertedMemo: { m: large } }, 'PAYLOADS_TOO_LARGE'],
    ['an id', activity(1, { activityId: longId }), 'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES'],
    [
      'a search attribute',
      {
        kind: 'upsertWorkflowSearchAttributes',
        searchAttributes: { a: JSON.stringify('x'.repeat(SEARCH_ATTRIBUTE_BYTES_MAX)) },
      },
      'BAD_SEARCH_ATTRIBUTES',
    ],
    [
      'a set of search attributes',
      {
        kind: 'upsertWorkflowSearchAttributes',
        searchAttributes: Object.fromEntries(
          many(SEARCH_ATTRIBUTES_MAX + 1, activity).map((_, i) => [i, '1']),
        ),
      },
      'BAD_SEARCH_ATTRIBUTES',
    ],
  ])('%s', (_name, command, cause) => {
    const world = started();
    expect(turn(world, [command])).toBe(cause);
    expect(world.events(RUN.runId).map(({ kind }) => kind)).toEqual([
      'workflowExecutionStarted',
      'workflowTaskScheduled',
      'workflowTaskStarted',
      'workflowTaskFailed',
    ]);
  });

  test('an activity that answers with too much has failed, for good', () => {
    const world = started();
    turn(world, [activity(1)]);
    runLine(world, `result order 5 ${large}`);
    expect(world.events(RUN.runId).at(-2)).toMatchObject({
      kind: 'activityTaskFailed',
      failure: { message: 'Complete result exceeds size limit.', source: 'Server' },
      retryState: 'NON_RETRYABLE_FAILURE',
    });
  });
});

test('a failure that is only kept to be looked at is cut', () => {
  const world = started();
  turn(world, [activity(1)]);
  runLine(world, `failed order 5 ${'x'.repeat(100_000)}`);
  const kept = world.current('order').activities.get(5)?.lastFailure;
  expect(kept?.message.length).toBeLessThanOrEqual(LAST_FAILURE_BYTES_MAX);
  runLine(world, 'signal order go');
  runLine(world, `fail-turn order ${'x'.repeat(100_000)}`);
  expect(world.current('order').lastTaskFailure?.message.length).toBeLessThanOrEqual(LAST_FAILURE_BYTES_MAX);
});

test('more than 100 events that wait for a turn end it', () => {
  const world = started();
  runLine(world, 'begin order');
  for (let index = 0; index < BUFFERED_EVENTS_MAX; index += 1) runLine(world, `signal order s${index}`);
  expect(world.current('order').buffered).toHaveLength(BUFFERED_EVENTS_MAX);
  runLine(world, 'signal order last');
  const kinds = world.events(RUN.runId).map(({ kind }) => kind);
  expect(kinds[3]).toBe('workflowTaskFailed');
  expect(kinds.filter((kind) => kind === 'workflowExecutionSignaled')).toHaveLength(BUFFERED_EVENTS_MAX + 1);
  expect(kinds.at(-1)).toBe('workflowTaskScheduled');
  expect(world.current('order').buffered).toEqual([]);
});

test('so do timers that fire together while a turn runs', () => {
  const world = started();
  turn(
    world,
    many(300, (index) => ({ kind: 'startTimer', timerId: `t${index}`, startToFireTimeoutMs: 1_000 })),
  );
  runLine(world, 'signal order go');
  runLine(world, 'begin order');
  runLine(world, 'advance 2s');
  const kinds = world.events(RUN.runId).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'timerFired')).toHaveLength(300);
  expect(kinds.filter((kind) => kind === 'workflowTaskFailed')).toHaveLength(1);
});

test('a history that grows too big suggests to continue as new, and is terminated in the end', () => {
  const world = started();
  setHistorySize(world.current('order'), HISTORY_BYTES_SUGGEST);
  runLine(world, 'begin order');
  expect(world.events(RUN.runId).at(-1)).toMatchObject({ suggestContinueAsNew: true });
  setHistorySize(world.current('order'), HISTORY_BYTES_MAX + 1);
  runLine(world, 'signal order go');
  expect(world.events(RUN.runId).at(-1)).toMatchObject({
    kind: 'workflowExecutionTerminated',
    reason: 'Workflow history size exceeds limit.',
  });
});
