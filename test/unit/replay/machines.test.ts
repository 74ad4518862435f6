// The lives of timers, activities, children and messages to others: what is sent, and what workflow code hears.
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/model/event';
import { workflowId } from '../../../src/model/ids';
import type { WorkflowCommand } from '../../../src/model/turn';
import {
  activityScheduled,
  cancelActivity,
  cancelTimer,
  CHILD_RUN,
  commandsOf,
  complete,
  event,
  history,
  NAMESPACE,
  openTask,
  replay,
  scheduleActivity,
  signal,
  started,
  startChild,
  startTimer,
  task,
  timerFired,
  timerStarted,
  type Script,
} from './script';

const kinds = (commands: readonly object[]): unknown[] =>
  commands.map((command) => (command as { kind: string }).kind);
/** Jobs behind those of the first activation. */
const heard = (events: readonly HistoryEvent[], script: Script) => {
  const { outcome, engine } = replay(events, script);
  expect(outcome).toEqual({ kind: 'ok' });
  return engine.jobs.slice(1).flat();
};
/** What a live turn sends that asks for both in one activation. */
const inOneTurn = (...commands: readonly WorkflowCommand[]) =>
  kinds(commandsOf(history(started, openTask), [commands]));

describe('a timer', () => {
  test('fires', () => {
    const events = history(started, task(), timerStarted('1'), timerFired('1', 5), openTask);
    expect(heard(events, [[startTimer(1)]])).toEqual([{ kind: 'fireTimer', seq: 1 }]);
  });

  test('cancelled in the turn that started it leaves nothing', () => {
    expect(inOneTurn(startTimer(1), cancelTimer(1), startTimer(2))).toEqual(['startTimer']);
  });

  test('cancelled later is cancelled by a command', () => {
    const events = history(started, task(), timerStarted('1'), signal('s'), task(), [
      event('timerCanceled', {
        timerId: '1',
        startedEventId: 5,
        workflowTaskCompletedEventId: 9,
        identity: 'worker',
      }),
    ]);
    const { outcome } = replay(events, [[startTimer(1)], [cancelTimer(1)]]);
    expect(outcome).toEqual({ kind: 'ok' });
  });
});

describe('an activity', () => {
  const references = { scheduledEventId: 5, startedEventId: 6, identity: 'worker' };
  const begun = event('activityTaskStarted', {
    scheduledEventId: 5,
    identity: 'worker',
    requestId: 'r',
    attempt: 1,
  });
  const ends = {
    completed: event('activityTaskCompleted', { ...references, result: '"done"' }),
    failed: event('activityTaskFailed', {
      ...references,
      failure: { message: 'oops' },
      retryState: 'MAXIMUM_ATTEMPTS_REACHED',
    }),
    timedOut: event('activityTaskTimedOut', {
      scheduledEventId: 5,
      startedEventId: 6,
      failure: { message: 'late' },
      retryState: 'TIMEOUT',
    }),
    canceled: event('activityTaskCanceled', { ...references, latestCancelRequestedEventId: 9 }),
  };
  const cancelRequested = event('activityTaskCancelRequested', {
    scheduledEventId: 5,
    workflowTaskCompletedEventId: 9,
  });

  test.each([
    ['completed', { kind: 'completed', result: '"done"' }],
    [
      'failed',
      {
        kind: 'failed',
        failure: {
          message: 'Activity task failed',
          cause: { message: 'oops' },
          info: { kind: 'activity', activityId: '1', retryState: 'MAXIMUM_ATTEMPTS_REACHED' },
        },
      },
    ],
    [
      'timedOut',
      { kind: 'failed', failure: { message: 'Activity task timed out', cause: { message: 'late' } } },
    ],
  ] as const)('that %s tells workflow code', (end, resolution) => {
    const events = history(started, task(), activityScheduled('1'), begun, ends[end], openTask);
    expect(heard(events, [[scheduleActivity(1)]])).toMatchObject([
      { kind: 'resolveActivity', seq: 1, resolution },
    ]);
  });

  test('cancelled in the turn that scheduled it leaves nothing, whatever its cancellation type', () => {
    for (const type of ['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const) {
      expect(inOneTurn(scheduleActivity(1, type), cancelActivity(1))).toEqual([]);
    }
  });

  const cancelledHistory = history(
    started,
    task(),
    activityScheduled('1'),
    signal('s'),
    task(),
    cancelRequested,
    begun,
    ends.canceled,
    openTask,
  );

  test('TRY_CANCEL: asked for, and cancelled at once for workflow code', () => {
    expect(heard(cancelledHistory, [[scheduleActivity(1, 'TRY_CANCEL')], [cancelActivity(1)]])).toMatchObject(
      [
        { kind: 'signalWorkflow' },
        {
          kind: 'resolveActivity',
          resolution: { kind: 'canceled', failure: { message: 'Activity cancelled' } },
        },
      ],
    );
  });

  test('WAIT_CANCELLATION_COMPLETED: workflow code hears it from history', () => {
    const script = [[scheduleActivity(1, 'WAIT_CANCELLATION_COMPLETED')], [cancelActivity(1)]];
    const { engine } = replay(cancelledHistory, script);
    expect(engine.jobs.map((jobs) => jobs.length)).toEqual([1, 1, 1]);
    expect(engine.jobs[2]).toMatchObject([{ kind: 'resolveActivity', resolution: { kind: 'canceled' } }]);
  });

  test('ABANDON: nothing is asked for, and what history says later is not heard', () => {
    const events = history(
      started,
      task(),
      activityScheduled('1'),
      signal('s'),
      task(),
      timerStarted('1', 9),
      begun,
      ends.completed,
      openTask,
    );
    const script = [[scheduleActivity(1, 'ABANDON')], [cancelActivity(1), startTimer(1)]];
    expect(heard(events, script)).toMatchObject([
      { kind: 'signalWorkflow' },
      { kind: 'resolveActivity', resolution: { kind: 'canceled' } },
    ]);
  });

  test('is asked once, however often it is cancelled', () => {
    const events = history(started, task(), activityScheduled('1'), signal('s'), openTask);
    const script = [
      [scheduleActivity(1, 'WAIT_CANCELLATION_COMPLETED')],
      [cancelActivity(1), cancelActivity(1)],
    ];
    expect(replay(events, script).outcome).toEqual({ kind: 'ok' });
  });
});

describe('a child', () => {
  const initiated = event('startChildWorkflowExecutionInitiated', {
    workflowType: 'kid',
    workflowId: workflowId('child'),
    namespace: NAMESPACE,
    taskQueue: 'queue' as never,
    input: [],
    header: {},
    taskTimeoutMs: 10_000,
    parentClosePolicy: 'TERMINATE',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskCompletedEventId: 4,
  });
  const child = {
    namespace: NAMESPACE,
    workflowExecution: { workflowId: workflowId('child'), runId: CHILD_RUN },
    workflowType: 'kid',
    initiatedEventId: 5,
  };
  const begun = event('childWorkflowExecutionStarted', { ...child, header: {} });
  const ends = {
    completed: event('childWorkflowExecutionCompleted', { ...child, startedEventId: 6, result: '1' }),
    failed: event('childWorkflowExecutionFailed', {
      ...child,
      startedEventId: 6,
      failure: { message: 'oops' },
      retryState: 'RETRY_POLICY_NOT_SET',
    }),
    canceled: event('childWorkflowExecutionCanceled', { ...child, startedEventId: 6 }),
    timedOut: event('childWorkflowExecutionTimedOut', { ...child, startedEventId: 6, retryState: 'TIMEOUT' }),
    terminated: event('childWorkflowExecutionTerminated', { ...child, startedEventId: 6 }),
  };
  const cancelInitiated = event('requestCancelExternalWorkflowExecutionInitiated', {
    namespace: NAMESPACE,
    workflowId: workflowId('child'),
    runId: CHILD_RUN,
    childWorkflowOnly: true,
    workflowTaskCompletedEventId: 10,
  });

  test.each([
    ['completed', { kind: 'completed', result: '1' }],
    ['failed', { kind: 'failed', failure: { cause: { message: 'oops' } } }],
    ['canceled', { kind: 'canceled', failure: { message: 'Child Workflow execution cancelled' } }],
    ['timedOut', { kind: 'failed', failure: { message: 'Child Workflow execution timed out' } }],
    ['terminated', { kind: 'failed', failure: { message: 'Child Workflow execution terminated' } }],
  ] as const)('that %s tells workflow code, after its start', (end, resolution) => {
    const events = history(started, task(), initiated, begun, task(), ends[end], openTask);
    expect(heard(events, [[startChild(1, 'TRY_CANCEL')]])).toMatchObject([
      { kind: 'resolveChildStart', seq: 1, outcome: { kind: 'started', runId: CHILD_RUN } },
      { kind: 'resolveChild', seq: 1, resolution },
    ]);
  });

  test.each([
    ['WORKFLOW_ALREADY_EXISTS', { kind: 'alreadyExists', workflowId: 'child', workflowType: 'kid' }],
    ['NAMESPACE_NOT_FOUND', { kind: 'canceled', failure: { info: { type: 'NamespaceNotFound' } } }],
  ] as const)('whose start fails by %s', (cause, outcome) => {
    const startFailed = event('startChildWorkflowExecutionFailed', {
      namespace: NAMESPACE,
      workflowId: workflowId('child'),
      workflowType: 'kid',
      cause,
      initiatedEventId: 5,
      workflowTaskCompletedEventId: 4,
    });
    const events = history(started, task(), initiated, startFailed, openTask);
    expect(heard(events, [[startChild(1, 'TRY_CANCEL')]])).toMatchObject([
      { kind: 'resolveChildStart', outcome },
    ]);
  });

  const cancelChild: WorkflowCommand = { kind: 'cancelChild', seq: 1, reason: 'enough' };

  test('cancelled in the turn that started it leaves nothing', () => {
    expect(inOneTurn(startChild(1, 'WAIT_CANCELLATION_COMPLETED'), cancelChild)).toEqual([]);
  });

  const untilCancel = [started, task(), initiated, begun, signal('s'), openTask] as const;

  test.each([
    ['ABANDON', []],
    ['TRY_CANCEL', ['requestCancelExternalWorkflowExecution']],
    ['WAIT_CANCELLATION_REQUESTED', ['requestCancelExternalWorkflowExecution']],
    ['WAIT_CANCELLATION_COMPLETED', ['requestCancelExternalWorkflowExecution']],
  ] as const)('cancelled later with %s sends %j', (type, sent) => {
    const events = history(...untilCancel);
    const script = [[startChild(1, type)], [cancelChild]];
    const { engine, outcome } = replay(events, script);
    expect(outcome).toEqual({ kind: 'ok' });
    const isAtOnce = type === 'ABANDON' || type === 'TRY_CANCEL';
    expect(engine.jobs.slice(2).flat()).toMatchObject(
      isAtOnce ? [{ kind: 'resolveChild', resolution: { kind: 'canceled' } }] : [],
    );
    const completedTask = history(
      ...untilCancel.slice(0, -1),
      task(),
      sent.length > 0 ? cancelInitiated : [],
    );
    expect(replay(completedTask, script).outcome).toEqual({ kind: 'ok' });
  });

  test('with WAIT_CANCELLATION_COMPLETED, history has the last word', () => {
    const events = history(...untilCancel.slice(0, -1), task(), cancelInitiated, ends.completed, openTask);
    const script = [[startChild(1, 'WAIT_CANCELLATION_COMPLETED')], [cancelChild]];
    expect(heard(events, script)).toMatchObject([
      { kind: 'signalWorkflow' },
      { kind: 'resolveChildStart' },
      { kind: 'resolveChild', resolution: { kind: 'completed' } },
    ]);
  });
});

describe('a message to another workflow', () => {
  const target = { namespace: NAMESPACE, workflowId: workflowId('other') };
  const signalOther: WorkflowCommand = {
    kind: 'signalExternal',
    seq: 1,
    target: { kind: 'external', workflowId: workflowId('other') },
    signalName: 'go',
    input: [],
    header: {},
  };
  const signalInitiated = event('signalExternalWorkflowExecutionInitiated', {
    ...target,
    signalName: 'go',
    input: [],
    header: {},
    childWorkflowOnly: false,
    workflowTaskCompletedEventId: 4,
  });
  const cancelOther: WorkflowCommand = {
    kind: 'requestCancelExternal',
    seq: 1,
    workflowId: workflowId('other'),
  };
  const cancelInitiated = event('requestCancelExternalWorkflowExecutionInitiated', {
    ...target,
    childWorkflowOnly: false,
    workflowTaskCompletedEventId: 4,
  });
  const failed = {
    ...target,
    cause: 'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND',
    initiatedEventId: 5,
    workflowTaskCompletedEventId: 4,
  } as const;

  test.each([
    ['delivered', event('externalWorkflowExecutionSignaled', { ...target, initiatedEventId: 5 }), {}],
    [
      'failed',
      event('signalExternalWorkflowExecutionFailed', failed),
      { failure: { message: 'Unable to signal external workflow because it was not found' } },
    ],
  ])('a signal that is %s', (_end, end, outcome) => {
    const events = history(started, task(), signalInitiated, end, openTask);
    expect(heard(events, [[signalOther]])).toMatchObject([
      { kind: 'resolveSignalExternal', seq: 1, ...outcome },
    ]);
  });

  test('a signal cancelled in the turn that sent it leaves nothing', () => {
    expect(inOneTurn(signalOther, { kind: 'cancelSignal', seq: 1 }, complete)).toEqual([
      'completeWorkflowExecution',
    ]);
  });

  test.each([
    ['delivered', event('externalWorkflowExecutionCancelRequested', { ...target, initiatedEventId: 5 }), {}],
    [
      'failed',
      event('requestCancelExternalWorkflowExecutionFailed', failed),
      { failure: { message: 'Unable to cancel external workflow because not found' } },
    ],
  ])('a request to cancel that is %s', (_end, end, outcome) => {
    const events = history(started, task(), cancelInitiated, end, openTask);
    expect(heard(events, [[cancelOther]])).toMatchObject([
      { kind: 'resolveCancelExternal', seq: 1, ...outcome },
    ]);
  });
});

test('the command that ends the workflow goes behind the others of its activation', () => {
  expect(inOneTurn(startTimer(1), complete, scheduleActivity(1))).toEqual([
    'startTimer',
    'scheduleActivityTask',
    'completeWorkflowExecution',
  ]);
});

test('in histories from before that rule, what stood behind it was cut off', () => {
  const closed = event('workflowExecutionCompleted', { workflowTaskCompletedEventId: 4 });
  const events = history(
    started,
    task({ sdkMetadata: { coreUsedFlags: [1, 2] } }),
    timerStarted('1'),
    closed,
  );
  const script = [[startTimer(1), complete, scheduleActivity(1)]];
  expect(replay(events, script).outcome).toEqual({ kind: 'ok' });
});
