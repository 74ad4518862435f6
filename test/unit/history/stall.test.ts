// Deadlines of attempts after the host stood still.
import { expect, test } from 'vitest';
import { decide, type DecidedMessage } from '../../../src/actors/history/decide';
import type { DecideContext, WorkflowRuns } from '../../../src/actors/history/decision';
import { dueAt } from '../../../src/actors/history/due';
import { allowForStall } from '../../../src/actors/history/stall';
import { startedIdOf } from '../../../src/actors/history/tasks';
import type { Effect } from '../../../src/model/effect';
import { namespace, runId, taskQueueName, workflowId } from '../../../src/model/ids';
import type { DurationMs, EpochMs } from '../../../src/model/time';

const T0 = Date.UTC(2030, 0, 1);
const to = { namespace: namespace('default'), workflowId: workflowId('w') };
const QUEUE = taskQueueName('queue');

/** A run with one activity, begun at T0. */
class World {
  readonly runs: WorkflowRuns = { ...to, current: undefined, older: new Map() };
  now: EpochMs = T0;
  effects: readonly Effect[] = [];

  constructor(timeouts: {
    readonly heartbeatTimeoutMs?: DurationMs;
    readonly scheduleToCloseTimeoutMs?: DurationMs;
  }) {
    this.step({
      kind: 'start',
      to,
      waiter: 0,
      newRunId: runId('00000000-0000-7000-8000-000000000001'),
      requestId: 'start',
      identity: 'test',
      reusePolicy: 'ALLOW_DUPLICATE',
      conflictPolicy: 'FAIL',
      options: { workflowType: 'w', taskQueue: QUEUE, input: [], header: {}, taskTimeoutMs: 10_000 },
    });
    this.step({ kind: 'turnStarted', to, identity: 'worker', requestId: 'turn' });
    const { current } = this.runs;
    if (current?.workflowTask.kind !== 'started') throw new Error('no task is started');
    this.step({
      kind: 'turnCompleted',
      to,
      identity: 'worker',
      startedEventId: startedIdOf(current, current.workflowTask),
      stamp: { bundleHash: '', commandHash: 0 },
      commands: [
        {
          kind: 'scheduleActivityTask',
          activityId: '1',
          activityType: 'charge',
          taskQueue: QUEUE,
          header: {},
          input: [],
          startToCloseTimeoutMs: 10_000,
          ...timeouts,
        },
      ],
    });
  }

  step(message: DecidedMessage): void {
    this.effects = decide(this.runs, message, this.#context()).effects;
  }

  stall(stalledMs: DurationMs): void {
    this.now += stalledMs;
    this.effects = allowForStall(this.runs, stalledMs, this.#context()).effects;
  }

  get due(): DurationMs | undefined {
    const { current } = this.runs;
    const at = current && dueAt(current);
    return at === undefined ? undefined : at - T0;
  }

  get activity() {
    return [...(this.runs.current?.activities.values() ?? [])][0];
  }

  #context(): DecideContext {
    return {
      now: this.now,
      epoch: 1,
      identity: 'worker',
      bundleHash: 'bundle',
      newRunId: () => runId('00000000-0000-7000-8000-000000000002'),
      newRequestId: () => 'request',
      takeActivitySlot: () => true,
    };
  }
}

test('an attempt that ran has the time of the stall on top of its own, and the host is told', () => {
  const world = new World({});
  expect(world.due).toBe(10_000);
  world.now += 2_000;
  world.stall(30_000);
  expect(world.due).toBe(40_000);
  expect(world.effects).toMatchObject([{ kind: 'wakeAt', at: T0 + 40_000 }]);
  world.step({ kind: 'wake', to });
  expect(world.activity?.state.kind).toBe('started');
});

test('its heartbeat timeout, too, counts from later on', () => {
  const world = new World({ heartbeatTimeoutMs: 3_000 });
  world.now += 1_000;
  world.step({
    kind: 'activityHeartbeat',
    to,
    waiter: 0,
    activity: { kind: 'id', activityId: '1' },
    identity: 'worker',
  });
  expect(world.due).toBe(4_000);
  world.stall(30_000);
  expect(world.due).toBe(34_000);
});

test('the time over all attempts is not moved: it is the caller’s bound', () => {
  const world = new World({ scheduleToCloseTimeoutMs: 20_000 });
  world.stall(60_000);
  expect(world.due).toBe(20_000);
});

test('an attempt that began just before the end of the stall is not moved beyond now', () => {
  const world = new World({});
  world.stall(1_000);
  const { state } = world.activity ?? {};
  expect(state?.kind === 'started' && state.at).toBe(T0 + 1_000);
});

test('an attempt that goes on elsewhere is left alone', () => {
  const world = new World({});
  world.step({
    kind: 'activityResolved',
    to,
    waiter: 0,
    activity: { kind: 'attempt', scheduledEventId: 5, attempt: 1 },
    identity: 'worker',
    outcome: { kind: 'willCompleteAsync' },
  });
  world.stall(30_000);
  expect(world.due).toBe(10_000);
  expect(world.effects).toEqual([]);
});
