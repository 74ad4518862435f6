// Timers, conditions and cancellation scopes; time and chance as workflow code sees them.
import { CancelledFailure } from 'troupe/common';
import { WorkflowFailedError } from 'troupe/client';
import { expect, test } from 'vitest';
import * as activities from './activities/attempts.ts';
import { eventually, inEachModeTogether } from './support/modes.ts';
import * as workflows from './workflows/waiting.ts';

const workflowsPath = new URL('./workflows/waiting.ts', import.meta.url);
let count = 0;
const fresh = (): { workflowId: string } => ({ workflowId: `w-${(count += 1)}` });

inEachModeTogether({ workflowsPath, activities }, (running) => {
  const client = () => running.troupe.client.workflow;

  test.each([1, 0, -5, '20 ms', '0.01s'])('a sleep of %j lasts as long as it says', async (duration) => {
    const slept = await client().execute(workflows.sleeps, { ...fresh(), args: [duration] });
    const ms = typeof duration === 'number' ? Math.max(1, duration) : duration === '20 ms' ? 20 : 10;
    expect(slept).toBeGreaterThanOrEqual(ms);
  });

  test('a sleep of years is only a timer', async () => {
    const handle = await client().start(workflows.sleeps, { ...fresh(), args: ['100 years'] });
    await eventually('it sleeps', async () => (await handle.fetchHistory()).events.length === 5);
    expect((await handle.fetchHistory()).events[4]).toMatchObject({
      timerStartedEventAttributes: { timerId: '1', startToFireTimeout: '3155760000s' },
    });
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });

  test('a duration that is none throws in the workflow', async () => {
    const outcomes = await client().execute(workflows.wrongDurations, fresh());
    expect(outcomes.filter((outcome) => outcome.includes('slept'))).toEqual([]);
    expect(outcomes).toHaveLength(6);
  });

  test('timers fire in the order of their times', async () => {
    expect(await client().execute(workflows.timersInOrder, fresh())).toEqual([1, 3, 2, 0]);
  });

  test('setTimeout and clearTimeout are durable timers', async () => {
    expect(await client().execute(workflows.globalTimers, fresh())).toEqual(['with an argument']);
  });

  test('what a condition leaves to do is done in the turn of its own workflow', async () => {
    const handles = await Promise.all(
      Array.from({ length: 8 }, () => client().start(workflows.leavesWork, fresh())),
    );
    for (let round = 0; round < 3; round += 1)
      await Promise.all(handles.map((handle) => handle.signal(workflows.poke)));
    for (const handle of handles) expect(await handle.query(workflows.heard)).toEqual([handle.workflowId]);
    await Promise.all(handles.map((handle) => handle.terminate()));
    expect(await client().execute(workflows.endsByAsking, fresh())).toBe('asked');
  });

  test('conditions hold at once, later, or never, and never late', async () => {
    const handle = await client().start(workflows.conditions, fresh());
    await eventually('it waits to be poked', async () => (await handle.query(workflows.steps)).length === 4);
    for (let times = 0; times < 3; times += 1) await handle.signal(workflows.poke);
    expect(await handle.result()).toEqual([null, true, false, false, true, 3]);
  });

  test('a condition that throws fails the task, and the workflow waits for better code', async () => {
    const messages: string[] = [];
    const heard = ({ message }: { message: string }): void => void messages.push(message);
    running.troupe.on('turnFailed', heard);
    const handle = await client().start(workflows.conditionThrows, fresh());
    await handle.signal(workflows.poke);
    await eventually('the task fails', () => messages.length > 0);
    running.troupe.off('turnFailed', heard);
    expect(messages[0]).toContain('in a condition');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });

  test.each([
    ['cancelled', ['cancelled', 'cancelled', 'value undefined', true]],
    ['cancelledBefore', ['cancelled', 'cancelled', 'cancelled', 'value code without a wait']],
    ['nested', ['cancelled', 'value undefined']],
    ['insideShield', [false, 'cancelled']],
    ['withTimeout', ['cancelled', 'value in time', 'value true']],
    ['cancelRequested', [true, 'cancelled']],
    ['current', [[true, true, true], true, true, true]],
    ['twice', 'done'],
    ['trigger', ['value one', 'ApplicationFailure: two', 'cancelled']],
    ['raceOfActivities', ['value fast', 'cancelled']],
    ['anyAndAllSettled', ['fast', ['fulfilled', 'rejected']]],
  ] as const)('scopes: %s', async (name, expected) => {
    expect(await client().execute(workflows.scopes, { ...fresh(), args: [name] })).toEqual(expected);
  });

  test('a workflow that is cancelled cleans up, and is cancelled', async () => {
    const handle = await client().start(workflows.cleansUp, { ...fresh(), args: ['rethrow'] });
    await handle.cancel();
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await handle.query(workflows.steps)).toEqual([
      'asleep',
      'CancelledFailure',
      'cancelled',
      'cleaned up',
    ]);
  });

  test('a workflow may complete all the same, or fail', async () => {
    const completes = await client().start(workflows.cleansUp, { ...fresh(), args: ['complete'] });
    await completes.cancel();
    expect(await completes.result()).toBe('asleep, CancelledFailure, cancelled, cleaned up');
    const fails = await client().start(workflows.cleansUp, { ...fresh(), args: ['fail'] });
    await fails.cancel();
    await expect(fails.result()).rejects.toMatchObject({
      cause: { message: 'clean-up failed', type: 'CleanUp' },
    });
    expect((await fails.describe()).status.name).toBe('FAILED');
  });

  test('a CancelledFailure of its own fails a workflow that nobody cancelled', async () => {
    const handle = await client().start(workflows.throwsCancelled, fresh());
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(['CANCELLED', 'FAILED']).toContain((await handle.describe()).status.name);
  });

  test('cancelling twice is cancelling once, and cancelling a closed workflow is refused or nothing', async () => {
    const handle = await client().start(workflows.cleansUp, { ...fresh(), args: ['complete'] });
    await Promise.all([handle.cancel(), handle.cancel()]);
    await handle.result();
    const { events } = await handle.fetchHistory();
    expect(
      events.filter(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED'),
    ).toHaveLength(1);
  });

  test('time stands still within a turn; time and chance repeat in every execution of the code', async () => {
    const handle = await client().start(workflows.deterministic, fresh());
    await eventually('it waits', async () => (await handle.fetchHistory()).events.length >= 14);
    const before = await handle.query(workflows.steps);
    await handle.signal(workflows.poke);
    const { first, again, second, third, info } = (await handle.result()) as Record<string, unknown[]>;
    expect(await handle.query(workflows.steps)).toEqual(before);
    expect(before).toEqual([first, second, third].map((drawn) => JSON.stringify(drawn)));
    expect(again).toEqual([first?.[0], first?.[0]]);
    expect(second?.[0]).toBeGreaterThan(first?.[0] as number);
    expect(new Set([first, second, third].flatMap((drawn) => drawn?.slice(2))).size).toBe(6);
    expect(info).toMatchObject({
      workflowId: handle.workflowId,
      workflowType: 'deterministic',
      namespace: 'default',
      taskQueue: 'default',
      attempt: 1,
    });
  });
});
