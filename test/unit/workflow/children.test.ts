// Child workflows as their parent sees them.
import { describe, expect, test } from 'vitest';
import { namespace, runId, workflowId } from '../../../src/model/ids.ts';
import type { Failure } from '../../../src/model/failure.ts';
import {
  type ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  defineSignal,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
  WorkflowExecutionAlreadyStartedError,
  type ChildWorkflowOptions,
} from '../../../src/workflow/index.ts';
import {
  applicationFailure,
  cancelledBy,
  cancelledFailure,
  childCompleted,
  childStarted,
  Driver,
  failedBy,
  fire,
  kinds,
  resultOf,
} from './driver.ts';

async function child(_name: string): Promise<string> {
  return 'never called in here';
}

const childFailure = (cause: Failure): Failure => ({
  message: 'Child Workflow execution failed',
  cause,
  info: {
    kind: 'childWorkflow',
    namespace: namespace('default'),
    workflowId: workflowId('the-child'),
    runId: runId('the-child-run'),
    workflowType: 'child',
    initiatedEventId: 5,
    startedEventId: 6,
    retryState: 'RETRY_POLICY_NOT_SET',
  },
});

test('a child is asked for with its arguments, by its function or its name', async () => {
  const main = async () => {
    await startChild(child, { args: ['Ada'], workflowId: 'by-function' });
    await executeChild('child', { args: ['Ada'], workflowId: 'by-name' });
  };
  const driver = new Driver({ workflows: { main } });
  const expected = {
    kind: 'startChild',
    workflowType: 'child',
    taskQueue: 'the-queue',
    header: {},
    input: ['"Ada"'],
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  };
  expect(await driver.start()).toEqual([{ ...expected, seq: 1, workflowId: 'by-function' }]);
  expect(await driver.turn(childStarted(1))).toEqual([{ ...expected, seq: 2, workflowId: 'by-name' }]);
});

test('every option reaches the command', async () => {
  const options: ChildWorkflowOptions = {
    workflowId: 'the-child',
    taskQueue: 'another',
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    retry: { maximumAttempts: 2 },
    cronSchedule: '* * * * *',
    memo: { owner: 'me' },
    workflowExecutionTimeout: '1 day',
    workflowRunTimeout: '1 hour',
    workflowTaskTimeout: '5s',
    staticSummary: 'a line',
    staticDetails: 'several lines',
  };
  const driver = new Driver({ workflows: { main: () => startChild('child', options) } });
  expect(await driver.start()).toEqual([
    {
      kind: 'startChild',
      seq: 1,
      workflowId: 'the-child',
      workflowType: 'child',
      taskQueue: 'another',
      header: {},
      input: [],
      memo: { owner: '"me"' },
      executionTimeoutMs: 86_400_000,
      runTimeoutMs: 3_600_000,
      taskTimeoutMs: 5_000,
      parentClosePolicy: 'REQUEST_CANCEL',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      retryPolicy: { maximumAttempts: 2 },
      cronSchedule: '* * * * *',
      cancellationType: 'ABANDON',
      summary: '"a line"',
      details: '"several lines"',
    },
  ]);
});

test('enums may be written in every spelling of Temporal', async () => {
  const options = {
    workflowId: 'x',
    parentClosePolicy: 'PARENT_CLOSE_POLICY_ABANDON',
    workflowIdReusePolicy: 'WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY',
    cancellationType: 1,
  } as unknown as ChildWorkflowOptions;
  const driver = new Driver({ workflows: { main: () => startChild('child', options) } });
  expect(await driver.start()).toMatchObject([
    {
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      cancellationType: 'TRY_CANCEL',
    },
  ]);
});

test.each([
  ['parentClosePolicy', { parentClosePolicy: 'ORPHAN' }],
  ['workflowIdReusePolicy', { workflowIdReusePolicy: 'SOMETIMES' }],
  ['cancellationType', { cancellationType: 'MAYBE' }],
  ['cancellationType as a number', { cancellationType: 9 }],
])('a wrong %s is a ValueError, and no child is asked for', async (_what, options) => {
  const main = async (): Promise<unknown> =>
    executeChild('child', options as unknown as ChildWorkflowOptions).catch((error: Error) => error.name);
  expect(await new Driver({ workflows: { main } }).start()).toEqual([
    { kind: 'completeWorkflow', result: '"ValueError"' },
  ]);
});

test('the default id is drawn from the run’s generator', async () => {
  const driver: Driver = new Driver({
    workflows: {
      main: async () => {
        driver.engine.hooks.random();
        await startChild('child');
      },
    },
  });
  expect(await driver.start()).toMatchObject([{ workflowId: 'ce828af4-10ab-45e7-91f7-d0922559bdb7' }]);
});

test('a handle is there when the child has started, and waits for its result', async () => {
  const main = async () => {
    const handle = await startChild(child, { args: ['Ada'], workflowId: 'the-child' });
    return [handle.workflowId, handle.firstExecutionRunId, await handle.result()];
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.turn(childStarted(1))).toEqual([]);
  expect(resultOf(await driver.turn(childCompleted(1, 'hello')))).toEqual([
    'the-child',
    'the-child-run',
    'hello',
  ]);
});

test('a result that came before anybody asked for it is there', async () => {
  const main = async (): Promise<unknown> => {
    const handle = await startChild('child', { workflowId: 'the-child' });
    await sleep(1);
    return handle.result();
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  await driver.turn(childStarted(1), childCompleted(1, 'early'));
  expect(resultOf(await driver.turn(fire(1)))).toBe('early');
});

test('a signal to a child goes by its id', async () => {
  const main = async () => {
    const handle = await startChild('child', { workflowId: 'the-child' });
    await handle.signal(defineSignal<[number]>('go'), 1);
    await handle.signal('by name');
    return 'delivered';
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  const target = { kind: 'child', workflowId: 'the-child' };
  expect(await driver.turn(childStarted(1))).toEqual([
    { kind: 'signalExternal', seq: 1, signalName: 'go', input: ['1'], header: {}, target },
  ]);
  expect(await driver.turn({ kind: 'resolveSignalExternal', seq: 1 })).toMatchObject([
    { seq: 2, signalName: 'by name', input: [] },
  ]);
  expect(resultOf(await driver.turn({ kind: 'resolveSignalExternal', seq: 2 }))).toBe('delivered');
});

describe('a child that fails', () => {
  test('rejects with a ChildWorkflowFailure and its cause', async () => {
    const main = async (): Promise<unknown> => {
      try {
        return await executeChild('child', { workflowId: 'the-child' });
      } catch (error) {
        const { execution, workflowType, retryState, cause } = error as ChildWorkflowFailure;
        const { type, details } = cause as ApplicationFailure;
        return [error instanceof ChildWorkflowFailure, execution, workflowType, retryState, type, details];
      }
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    const resolution = failedBy(childFailure(applicationFailure('inside')));
    await driver.turn(childStarted(1));
    expect(resultOf(await driver.turn({ kind: 'resolveChild', seq: 1, resolution }))).toEqual([
      true,
      { workflowId: 'the-child', runId: 'the-child-run' },
      'child',
      'RETRY_POLICY_NOT_SET',
      'Typed',
      [1, 'two'],
    ]);
  });

  test('fails the task of nobody who does not ask for its result', async () => {
    const main = async () => {
      await startChild('child', { workflowId: 'the-child' });
      await sleep(1);
      return 'did not look';
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    const resolution = failedBy(childFailure(applicationFailure('inside')));
    await driver.turn(childStarted(1), { kind: 'resolveChild', seq: 1, resolution });
    expect(resultOf(await driver.turn(fire(1)))).toBe('did not look');
  });

  test.each([['startChild', startChild] as const, ['executeChild', executeChild] as const])(
    'to start, because its id is taken, tells %s',
    async (_name, begin) => {
      const main = async () => {
        try {
          await begin('child', { workflowId: 'the-child' });
          return undefined;
        } catch (error) {
          const { workflowId: id, workflowType } = error as WorkflowExecutionAlreadyStartedError;
          return [error instanceof WorkflowExecutionAlreadyStartedError, id, workflowType];
        }
      };
      const driver = new Driver({ workflows: { main } });
      await driver.start();
      const outcome = {
        kind: 'alreadyExists',
        workflowId: workflowId('the-child'),
        workflowType: 'child',
      } as const;
      expect(resultOf(await driver.turn({ kind: 'resolveChildStart', seq: 1, outcome }))).toEqual([
        true,
        'the-child',
        'child',
      ]);
    },
  );
});

describe('cancelling', () => {
  test('asks once for a child that runs, and the engine answers', async () => {
    const main = async (): Promise<unknown> => {
      const scope = new CancellationScope();
      const running = scope.run(() => executeChild('child', { workflowId: 'the-child' }));
      await sleep(1);
      scope.cancel();
      return running.catch(isCancellation);
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    await driver.turn(childStarted(1));
    expect(await driver.turn(fire(1))).toEqual([{ kind: 'cancelChild', seq: 1 }]);
    const resolution = cancelledBy(childFailure(cancelledFailure));
    expect(resultOf(await driver.turn({ kind: 'resolveChild', seq: 1, resolution }))).toBe(true);
  });

  test('before it has started ends its start', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const starting = scope.run(() => startChild('child', { workflowId: 'the-child' }));
      scope.cancel();
      return starting.catch(isCancellation);
    };
    const driver = new Driver({ workflows: { main } });
    expect(kinds(await driver.start())).toEqual(['startChild', 'cancelChild']);
    const outcome = { kind: 'canceled', failure: childFailure(cancelledFailure) } as const;
    expect(resultOf(await driver.turn({ kind: 'resolveChildStart', seq: 1, outcome }))).toBe(true);
  });

  test('asks for nothing when it never started, or is over', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      await scope.run(() => executeChild('child', { workflowId: 'taken' })).catch(() => undefined);
      await scope.run(() => executeChild('child', { workflowId: 'over' }));
      scope.cancel();
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    const outcome = {
      kind: 'alreadyExists',
      workflowId: workflowId('taken'),
      workflowType: 'child',
    } as const;
    await driver.turn({ kind: 'resolveChildStart', seq: 1, outcome });
    expect(kinds(await driver.turn(childStarted(2), childCompleted(2)))).toEqual(['completeWorkflow']);
  });

  test('in a scope that is cancelled already no child is asked for', async () => {
    const main = async (): Promise<unknown> => {
      const scope = new CancellationScope();
      scope.cancel();
      return scope.run(() => executeChild('child')).catch((error: Error) => error.name);
    };
    const commands = await new Driver({ workflows: { main } }).start();
    expect(kinds(commands)).toEqual(['completeWorkflow']);
    expect(resultOf(commands)).toBe('CancelledFailure');
  });
});

test.each([[() => Promise.resolve(1)], [''], [7], [undefined]])('%s is no workflow type', async (type) => {
  const main = async () => executeChild(type as never).catch((error: Error) => error.name);
  expect(resultOf(await new Driver({ workflows: { main } }).start())).toBe('TypeError');
});
