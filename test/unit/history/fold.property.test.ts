// Random lives of a few workflows: whatever happens, what is stored folds to the state in memory, and the reloaded copy decides the
// same (both are checked by the world at every step); and the histories keep their invariants.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DecidedMessage } from '../../../src/actors/history/decide';
import { isOpen, type RunState } from '../../../src/actors/history/run-state';
import { startedIdOf } from '../../../src/actors/history/tasks';
import type { EventKind } from '../../../src/model/event';
import type { Command } from '../../../src/model/command';
import { runId, taskQueueName, workflowId } from '../../../src/model/ids';
import type { ActivityOutcome, ActivityRef } from '../../../src/model/message';
import { NAMESPACE, QUEUE, World } from './world';

const RUNS = Number(process.env['HISTORY_RUNS'] ?? 300);
/** Clients start the first two; the others are children's. */
const IDS = ['a', 'b', 'k', 'l', 'm'];

/** Numbers that an action turns into what it needs: so that a failing life shrinks. */
type Dice = readonly [number, number, number, number];
interface Move {
  readonly action: keyof typeof actions;
  readonly dice: Dice;
}

const pick = <T>(from: readonly T[], number: number): T => from[number % from.length] as T;
const to = (id: string, run?: string) => ({
  namespace: NAMESPACE,
  workflowId: workflowId(id),
  ...(run !== undefined && { runId: runId(run) }),
});
const exactly = (state: RunState) => to(state.workflowId, state.runId);
const current = (world: World, number: number): RunState | undefined =>
  world.runsOf(pick(IDS, number)).current;

/** Mostly one of the runs for which `fits` holds, if there are any. */
function likely(world: World, number: number, fits: (run: RunState) => boolean): RunState | undefined {
  const fitting = world.workflows.flatMap(({ current: run }) =>
    run !== undefined && fits(run) ? [run] : [],
  );
  return number % 8 === 0 ? current(world, number) : pick(fitting, number >> 3);
}
const hasTask = (run: RunState): boolean => run.workflowTask.kind !== 'none';
const hasActivities = (run: RunState): boolean => run.activities.size > 0;

const actions = {
  start(world: World, [a, b, c, d]: Dice) {
    const hasSignal = d % 4 === 0;
    world.step({
      kind: 'start',
      to: to(pick(a % 20 === 0 ? IDS : IDS.slice(0, 2), a)),
      waiter: 1,
      newRunId: world.newRunId(),
      requestId: `start${b % 5}`,
      identity: 'client',
      options: {
        workflowType: 'life',
        taskQueue: taskQueueName(QUEUE),
        input: [],
        header: {},
        taskTimeoutMs: 10_000,
        ...(c % 3 === 0 && { runTimeoutMs: 30_000 }),
        ...(c % 5 === 0 && { executionTimeoutMs: 50_000 }),
        ...(b % 3 === 0 && {
          retryPolicy: {
            initialIntervalMs: 2_000,
            backoffCoefficient: 2,
            maximumIntervalMs: 10_000,
            maximumAttempts: 3,
            nonRetryableErrorTypes: [],
          },
        }),
      },
      reusePolicy: pick(['ALLOW_DUPLICATE', 'ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY'], b),
      conflictPolicy: hasSignal
        ? 'USE_EXISTING'
        : pick(['FAIL', 'USE_EXISTING', 'FAIL', 'TERMINATE_EXISTING'], c),
      ...(d % 5 === 1 && { startDelayMs: 3_000 }),
      ...(hasSignal && { signal: { signalName: 's', input: [], header: {}, requestId: `signal${d % 7}` } }),
    });
  },
  signal(world: World, [a, b]: Dice) {
    world.step({
      kind: 'signal',
      to: to(pick(IDS, a)),
      waiter: 1,
      identity: 'client',
      signal: { signalName: 's', input: [], header: {}, requestId: `signal${b % 20}` },
    });
  },
  cancel(world: World, [a, b]: Dice) {
    const address = to(pick(IDS, a));
    world.step({ kind: 'cancel', to: address, waiter: 1, identity: 'client', requestId: `cancel${b % 5}` });
  },
  terminate(world: World, [a]: Dice) {
    world.step({ kind: 'terminate', to: to(pick(IDS, a)), waiter: 1, identity: 'client' });
  },
  remove(world: World, [a]: Dice) {
    world.step({ kind: 'delete', to: to(pick(IDS, a)), waiter: 1, identity: 'client' });
  },
  describe(world: World, [a]: Dice) {
    world.step({ kind: 'describe', to: to(pick(IDS, a)), waiter: 1 });
  },
  begin(world: World, [a]: Dice) {
    const run = likely(world, a, hasTask);
    if (run === undefined) return;
    world.step({ kind: 'turnStarted', to: exactly(run), identity: 'worker', requestId: 'turn' });
  },
  complete(world: World, [a, b, c, d]: Dice) {
    const run = likely(world, a, hasTask);
    if (run?.workflowTask.kind !== 'started') return;
    const commands = commandsFor(run, [b, c, d, a]);
    world.step({
      kind: 'turnCompleted',
      to: exactly(run),
      startedEventId: startedIdOf(run, run.workflowTask) - (d % 17 === 0 ? 1 : 0),
      identity: 'worker',
      commands,
      stamp: { bundleHash: 'bundle', commandHash: 1 },
    });
  },
  turn(world: World, dice: Dice) {
    actions.begin(world, dice);
    actions.complete(world, dice);
  },
  fail(world: World, [a]: Dice) {
    const run = likely(world, a, hasTask);
    if (run?.workflowTask.kind !== 'started') return;
    world.step({
      kind: 'turnFailed',
      to: exactly(run),
      startedEventId: startedIdOf(run, run.workflowTask),
      identity: 'worker',
      cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
      failure: { message: 'it threw' },
    });
  },
  strike(world: World, [a]: Dice) {
    const run = current(world, a);
    if (run !== undefined) world.step({ kind: 'struck', to: exactly(run), reason: 'the lane died' });
  },
  grant(world: World, [a, b, c]: Dice) {
    const run = likely(world, a, hasActivities);
    if (run === undefined) return;
    const { scheduledEventId, attempt } = someAttempt(run, b, c);
    const identity = 'worker';
    world.step({ kind: 'activityGranted', to: exactly(run), scheduledEventId, attempt, identity });
  },
  resolve(world: World, [a, b, c, d]: Dice) {
    const run = likely(world, a, hasActivities);
    if (run === undefined) return;
    const identity = 'worker';
    const activity = someActivity(run, b, c);
    const outcome = pick(OUTCOMES, d);
    world.step({ kind: 'activityResolved', to: exactly(run), waiter: 1, activity, identity, outcome });
  },
  heartbeat(world: World, [a, b, c, d]: Dice) {
    const run = likely(world, a, hasActivities);
    if (run === undefined) return;
    world.step({
      kind: 'activityHeartbeat',
      to: exactly(run),
      waiter: 1,
      activity: someActivity(run, b, c),
      identity: 'worker',
      ...(d % 2 === 0 && { details: String(d) }),
    });
  },
  deliver(world: World, [a, b]: Dice) {
    const message = pick(world.outbox, a);
    if (message === undefined) return;
    // Now and then it comes once more, later.
    if (b % 4 !== 0) world.outbox.splice(a % world.outbox.length, 1);
    world.step(message as DecidedMessage);
  },
  pass(world: World, [a, b]: Dice) {
    const until = world.now + pick([1, 500, 1_000, 5_000, 20_000], a);
    // Some wake-ups come late, when more is due.
    if (b % 3 === 0) world.now = until;
    for (let due = world.wakeNext(until); due !== undefined; due = world.wakeNext(until)) {
      world.step({ kind: 'wake', to: to(due.workflow, due.run) });
    }
    world.now = Math.max(world.now, until);
  },
  setClockBack(world: World, [a]: Dice) {
    world.now -= a % 5_000;
  },
  slots(world: World, [a]: Dice) {
    world.slots = a % 3;
  },
  reload(world: World, [a]: Dice) {
    world.reload(pick(IDS, a));
  },
  restart(world: World) {
    world.restart();
  },
};

const OUTCOMES: readonly ActivityOutcome[] = [
  { kind: 'completed', result: '1' },
  { kind: 'completed', result: '2' },
  { kind: 'failed', failure: { message: 'again' } },
  { kind: 'failed', failure: { message: 'never', info: { kind: 'application', nonRetryable: true } } },
  { kind: 'canceled' },
  { kind: 'willCompleteAsync' },
];

function someAttempt(run: RunState, a: number, b: number): { scheduledEventId: number; attempt: number } {
  const activity = pick([...run.activities.values()], a);
  if (activity === undefined || b % 11 === 0) return { scheduledEventId: 5 + (a % 9), attempt: 1 + (b % 2) };
  const attempt = b % 7 === 0 ? activity.attempt - 1 : activity.attempt;
  return { scheduledEventId: activity.scheduled.eventId, attempt };
}

function someActivity(run: RunState, a: number, b: number): ActivityRef {
  const attempt = someAttempt(run, a, b);
  const activity = run.activities.get(attempt.scheduledEventId);
  if (activity !== undefined && b % 3 === 0) return { kind: 'id', activityId: activity.scheduled.activityId };
  return { kind: 'attempt', ...attempt };
}

/** One to four commands: most of them fit the run, some do not. */
function commandsFor(run: RunState, dice: Dice): readonly Command[] {
  const commands: Command[] = [];
  const count = dice[0] % 4;
  for (let index = 0; index <= count; index += 1) {
    const number = (dice[1] >> (3 * index)) + index;
    const make = pick(makers, number);
    const command = make(run, (dice[2] >> (2 * index)) + 7 * run.lastEventId + index);
    if (command !== undefined) commands.push(command);
  }
  if (dice[2] % 6 === 0) commands.push(pick(enders, dice[3])(run));
  return commands;
}

const makers: readonly ((run: RunState, number: number) => Command | undefined)[] = [
  (_run, number) => ({
    kind: 'scheduleActivityTask',
    activityId: String(number % 50),
    activityType: 'work',
    taskQueue: taskQueueName(''),
    header: {},
    input: [],
    ...(number % 13 === 0 ? {} : { startToCloseTimeoutMs: 8_000 }),
    ...(number % 3 === 0 && { heartbeatTimeoutMs: 2_000, scheduleToCloseTimeoutMs: 15_000 }),
    ...(number % 5 === 0 && { scheduleToStartTimeoutMs: 4_000 }),
    retryPolicy: { maximumAttempts: number % 4 },
  }),
  (run, number) => {
    const activity = pick([...run.activities.values()], number);
    if (activity === undefined) return undefined;
    return { kind: 'requestCancelActivityTask', scheduledEventId: activity.scheduled.eventId };
  },
  (_run, number) => ({
    kind: 'startTimer',
    timerId: String(number % 50),
    startToFireTimeoutMs: 1 + (number % 9_000),
  }),
  (run, number) => {
    const fired = run.buffered.find((event) => event.kind === 'timerFired');
    const timerId = fired?.timerId ?? pick([...run.timers.keys()], number);
    return timerId === undefined ? undefined : { kind: 'cancelTimer', timerId };
  },
  (_run, number) => ({
    kind: 'startChildWorkflowExecution',
    namespace: NAMESPACE,
    workflowId: workflowId(pick(number % 20 === 0 ? IDS : IDS.slice(2), number)),
    workflowType: 'life',
    taskQueue: taskQueueName(''),
    input: [],
    header: {},
    ...(number % 4 === 0 && { runTimeoutMs: 4_000 }),
    parentClosePolicy: pick(['TERMINATE', 'REQUEST_CANCEL', 'ABANDON'], number),
  }),
  (_run, number) => ({
    kind: 'signalExternalWorkflowExecution',
    ...to(pick(IDS, number)),
    signalName: 's',
    input: [],
    header: {},
    childWorkflowOnly: number % 2 === 0,
  }),
  (_run, number) => ({
    kind: 'requestCancelExternalWorkflowExecution',
    ...to(pick(IDS, number)),
    childWorkflowOnly: number % 2 === 0,
  }),
  (_run, number) => ({ kind: 'recordMarker', markerName: 'note', details: { number: [String(number)] } }),
  (_run, number) => ({
    kind: 'upsertWorkflowSearchAttributes',
    searchAttributes: { [`A${number % 3}`]: number % 2 === 0 ? null : String(number) },
  }),
  (_run, number) => ({
    kind: 'modifyWorkflowProperties',
    upsertedMemo: { [`m${number % 3}`]: number % 2 === 0 ? 'null' : String(number) },
  }),
];

const enders: readonly ((run: RunState) => Command)[] = [
  () => ({ kind: 'completeWorkflowExecution', result: '"done"' }),
  () => ({ kind: 'failWorkflowExecution', failure: { message: 'it broke' } }),
  () => ({ kind: 'cancelWorkflowExecution' }),
  (run) => ({
    kind: 'continueAsNewWorkflowExecution',
    workflowType: run.started.workflowType,
    taskQueue: run.started.taskQueue,
    input: [],
    header: {},
  }),
];

/** Turns and what they wait for come often; what ends everything comes seldom. */
const WEIGHTS: { readonly [K in keyof typeof actions]: number } = {
  start: 6,
  signal: 5,
  cancel: 1,
  terminate: 1,
  remove: 1,
  describe: 1,
  begin: 5,
  complete: 8,
  turn: 12,
  fail: 2,
  strike: 1,
  grant: 4,
  resolve: 8,
  heartbeat: 3,
  deliver: 12,
  pass: 5,
  setClockBack: 1,
  slots: 2,
  reload: 2,
  restart: 1,
};

const dice = fc.tuple(fc.nat(9_999), fc.nat(9_999), fc.nat(9_999), fc.nat(9_999));
const move = (Object.keys(actions) as (keyof typeof actions)[]).map((action) => ({
  weight: WEIGHTS[action],
  arbitrary: dice.map((numbers): Move => ({ action, dice: numbers })),
}));

const lives = (length: number) =>
  fc.array(fc.oneof(...move), { minLength: 1, maxLength: length, size: 'max' });

function live(moves: readonly Move[]): World {
  const world = new World();
  for (const { action, dice: numbers } of moves) actions[action](world, numbers);
  return world;
}

test('what is stored folds to the state in memory and decides the same, whatever happens', () => {
  fc.assert(
    fc.property(lives(80), (moves) => void live(moves)),
    { numRuns: RUNS },
  );
}, 120_000);

test('the random lives reach every kind of event', () => {
  const seen = new Set<string>();
  for (const moves of fc.sample(lives(300), { seed: 20, numRuns: 300 })) {
    const world = live(moves);
    for (const run of world.stored.keys()) for (const { kind } of world.events(run)) seen.add(kind);
  }
  expect(EVENT_KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
}, 120_000);

const EVENT_KINDS: readonly EventKind[] = [
  'activityTaskCancelRequested',
  'activityTaskCanceled',
  'activityTaskCompleted',
  'activityTaskFailed',
  'activityTaskScheduled',
  'activityTaskStarted',
  'activityTaskTimedOut',
  'childWorkflowExecutionCanceled',
  'childWorkflowExecutionCompleted',
  'childWorkflowExecutionFailed',
  'childWorkflowExecutionStarted',
  'childWorkflowExecutionTerminated',
  'childWorkflowExecutionTimedOut',
  'externalWorkflowExecutionCancelRequested',
  'externalWorkflowExecutionSignaled',
  'markerRecorded',
  'requestCancelExternalWorkflowExecutionFailed',
  'requestCancelExternalWorkflowExecutionInitiated',
  'signalExternalWorkflowExecutionFailed',
  'signalExternalWorkflowExecutionInitiated',
  'startChildWorkflowExecutionFailed',
  'startChildWorkflowExecutionInitiated',
  'timerCanceled',
  'timerFired',
  'timerStarted',
  'upsertWorkflowSearchAttributes',
  'workflowExecutionCancelRequested',
  'workflowExecutionCanceled',
  'workflowExecutionCompleted',
  'workflowExecutionContinuedAsNew',
  'workflowExecutionFailed',
  'workflowExecutionSignaled',
  'workflowExecutionStarted',
  'workflowExecutionTerminated',
  'workflowExecutionTimedOut',
  'workflowPropertiesModified',
  'workflowTaskCompleted',
  'workflowTaskFailed',
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskTimedOut',
];

test('when everything is delivered and all time has passed, nobody owes anybody anything', () => {
  fc.assert(
    fc.property(lives(60), (moves) => {
      const world = live(moves);
      world.restart();
      for (let round = 0; round < 200 && world.outbox.length > 0; round += 1) {
        world.step(world.outbox.shift() as DecidedMessage);
      }
      expect(world.outbox).toEqual([]);
      for (const runs of world.workflows) {
        for (const run of [...runs.older.values(), ...(runs.current === undefined ? [] : [runs.current])]) {
          expect(run.owed).toEqual([]);
          expect(run.awaitsParent).toBe(false);
          expect([...run.externalSignals.keys(), ...run.externalCancels.keys()]).toEqual([]);
          const unheard = [...run.children.values()].filter(({ started }) => started === undefined);
          expect(isOpen(run) ? unheard : []).toEqual([]);
        }
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);
