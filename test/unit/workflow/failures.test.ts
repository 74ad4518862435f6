// What an error means that leaves workflow code: the end of the workflow, or a mistake that better code will mend.
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/model/failure.ts';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  condition,
  defineSignal,
  DeterminismViolationError,
  proxyActivities,
  rootCause,
  ServerFailure,
  setHandler,
  setWorkflowOptions,
  sleep,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '../../../src/workflow/index.ts';
import {
  activityFailure,
  activityResolved,
  applicationFailure,
  Driver,
  failedBy,
  fire,
  resultOf,
  signal,
} from './driver.ts';

const throwing = (make: () => unknown) => async () => {
  throw make();
};
async function failureOfWorkflow(main: () => Promise<unknown>): Promise<Failure> {
  const [command] = await new Driver({ workflows: { main } }).start();
  if (command?.kind !== 'failWorkflow') throw new Error(`not failed: ${JSON.stringify(command)}`);
  return command.failure;
}
async function failureOfTask(main: () => Promise<unknown>): Promise<Failure> {
  const driver = new Driver({ workflows: { main } });
  return driver.fail(driver.initialize());
}

describe('a failure of Temporal’s fails the workflow:', () => {
  test.each<[string, () => unknown, object]>([
    [
      'an ApplicationFailure',
      () =>
        ApplicationFailure.create({ message: 'm', type: 'T', details: [1, { a: 2 }], nextRetryDelay: '1s' }),
      {
        kind: 'application',
        type: 'T',
        nonRetryable: false,
        details: ['1', '{"a":2}'],
        nextRetryDelayMs: 1_000,
      },
    ],
    [
      'one that is not to be retried',
      () => ApplicationFailure.nonRetryable('m', 'T'),
      { kind: 'application', type: 'T', nonRetryable: true },
    ],
    [
      'one that is expected',
      () => ApplicationFailure.create({ message: 'm', category: 'BENIGN' }),
      { kind: 'application', nonRetryable: false, category: 'BENIGN' },
    ],
    ['a CancelledFailure', () => new CancelledFailure('m', ['d']), { kind: 'canceled', details: ['"d"'] }],
    ['a TerminatedFailure', () => new TerminatedFailure('m'), { kind: 'terminated' }],
    [
      'a TimeoutFailure',
      () => new TimeoutFailure('m', undefined, 'HEARTBEAT'),
      { kind: 'timeout', timeoutType: 'HEARTBEAT' },
    ],
    ['a ServerFailure', () => new ServerFailure('m', true), { kind: 'server', nonRetryable: true }],
  ])('%s', async (_what, make, info) => {
    const failure = await failureOfWorkflow(throwing(make));
    expect(failure).toMatchObject({ message: 'm', source: 'TypeScriptSDK', info });
    expect(failure.stackTrace).toMatch(/failures\.test\.ts/);
  });

  test('a plain one, without further attributes', async () => {
    expect(await failureOfWorkflow(throwing(() => new TemporalFailure('m')))).not.toHaveProperty('info');
  });
});

test('causes go with it, also those that are plain errors', async () => {
  const inner = ApplicationFailure.create({ message: 'middle', type: 'Middle', cause: new Error('inner') });
  const main = throwing(() => ApplicationFailure.create({ message: 'outer', type: 'Outer', cause: inner }));
  expect(await failureOfWorkflow(main)).toMatchObject({
    message: 'outer',
    info: { type: 'Outer' },
    cause: { message: 'middle', info: { type: 'Middle' }, cause: { message: 'inner' } },
  });
});

test('a failure that came from elsewhere goes on as it came', async () => {
  const given = activityFailure(applicationFailure('outer', applicationFailure('inner')));
  const main = () => proxyActivities({ startToCloseTimeout: 1 })['greet']!();
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect(await driver.turn(activityResolved(1, failedBy(given)))).toEqual([
    { kind: 'failWorkflow', failure: given },
  ]);
});

test('workflow code sees the whole chain of a failed activity', async () => {
  const main = async () => {
    try {
      await proxyActivities({ startToCloseTimeout: 1 })['greet']!();
      return undefined;
    } catch (error) {
      const { activityType, activityId, retryState, identity, cause } = error as ActivityFailure;
      const { type, nonRetryable, details } = cause as ApplicationFailure;
      const known = [error instanceof ActivityFailure, cause instanceof ApplicationFailure];
      return [
        ...known,
        activityType,
        activityId,
        retryState,
        identity,
        type,
        nonRetryable,
        details,
        rootCause(error),
      ];
    }
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  const given = activityFailure(applicationFailure('outer', applicationFailure('inner')));
  expect(resultOf(await driver.turn(activityResolved(1, failedBy(given))))).toEqual([
    ...[true, true, 'greet', '1', 'MAXIMUM_ATTEMPTS_REACHED', 'worker'],
    ...['Typed', true, [1, 'two'], 'inner'],
  ]);
});

test.each<[string, Failure['info'], unknown[]]>([
  ['timeout', { kind: 'timeout', timeoutType: 'HEARTBEAT', lastHeartbeatDetails: ['7'] }, ['HEARTBEAT', 7]],
  ['cancellation', { kind: 'canceled', details: ['1'] }, [[1]]],
])('an activity’s %s keeps its details', async (_what, info, expected) => {
  const main = async () => {
    try {
      await proxyActivities({ startToCloseTimeout: 1 })['greet']!();
      return undefined;
    } catch (error) {
      const { cause } = error as ActivityFailure;
      if (cause instanceof TimeoutFailure) return [cause.timeoutType, cause.lastHeartbeatDetails as unknown];
      return [(cause as CancelledFailure).details];
    }
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  const given = activityFailure({ message: 'm', ...(info !== undefined && { info }) });
  expect(resultOf(await driver.turn(activityResolved(1, failedBy(given))))).toEqual(expected);
});

describe('anything else fails the task:', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['an error', () => new Error('a mistake'), /^a mistake$/],
    ['a TypeError', () => new TypeError('a mistake'), /^a mistake$/],
    ['a text', () => 'thrown text', /^thrown text/],
    ['an object', () => ({ code: 7 }), /^\{"code":7\}/],
    ['undefined', () => undefined, /^undefined/],
    [
      'a DeterminismViolationError',
      () => new DeterminismViolationError('not repeatable'),
      /^not repeatable$/,
    ],
  ])('%s', async (_what, make, message) => {
    expect((await failureOfTask(throwing(make))).message).toMatch(message);
  });

  test('an error after a wait', async () => {
    const main = async () => {
      await sleep(1);
      throw new Error('later');
    };
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    expect((await driver.fail(fire(1))).message).toBe('later');
  });

  test('the first of several', async () => {
    const main = async () => {
      void sleep(1).then(() => undefined);
      throw new Error('first');
    };
    expect((await failureOfTask(main)).message).toBe('first');
  });
});

const overflow = (): number => overflow() + 1;
function overflowed(): unknown {
  try {
    return overflow();
  } catch (error) {
    return error;
  }
}

test.each<[string, () => unknown]>([
  ['a stack overflow', overflowed],
  ['a stack overflow that was wrapped', () => ApplicationFailure.fromError(overflowed())],
  [
    'a violation of determinism deep down',
    () =>
      ApplicationFailure.create({
        message: 'outer',
        cause: ApplicationFailure.create({ message: 'inner', cause: new DeterminismViolationError('x') }),
      }),
  ],
])('%s is the task’s failure, whatever is around it', async (_what, make) => {
  expect(await failureOfTask(throwing(make))).toHaveProperty('message');
});

test('causes in a circle come to an end', async () => {
  const error = new ApplicationFailure('round');
  Object.defineProperty(error, 'cause', { value: error });
  expect(await failureOfWorkflow(throwing(() => error))).toMatchObject({ message: 'round' });
});

describe('failureExceptionTypes', () => {
  class Mine extends Error {}
  class MineToo extends Mine {}

  test('make errors of these classes the workflow’s', async () => {
    const main = throwing(() => new MineToo('mine'));
    setWorkflowOptions({ failureExceptionTypes: [Mine] }, main);
    expect(await failureOfWorkflow(main)).toMatchObject({
      message: 'mine',
      info: { kind: 'application', type: 'MineToo' },
    });
  });

  test('leave others alone', async () => {
    const main = throwing(() => new TypeError('not mine'));
    setWorkflowOptions(() => ({ failureExceptionTypes: [Mine] }), main);
    expect((await failureOfTask(main)).message).toBe('not mine');
  });

  test('with Error mean everything, but not what can never be repeated', async () => {
    const text = throwing(() => 'a text');
    setWorkflowOptions({ failureExceptionTypes: [Error] }, text);
    expect((await failureOfWorkflow(text)).message).toMatch(/^a text/);
    const overflowing = throwing(overflowed);
    setWorkflowOptions({ failureExceptionTypes: [Error] }, overflowing);
    expect((await failureOfTask(overflowing)).message).toMatch(/call stack/);
  });
});

describe('what has no form as data fails the task:', () => {
  test('a result', async () => {
    expect((await failureOfTask(async () => 1n)).message).toMatch(/BigInt/);
  });

  test('details of a failure', async () => {
    const main = throwing(() => ApplicationFailure.create({ message: 'm', details: [1n] }));
    expect((await failureOfTask(main)).message).toMatch(/BigInt/);
  });
});

describe('the function of a type', () => {
  test('that does not exist fails the task, and the failure says which do', async () => {
    const driver = new Driver({ workflows: { first() {}, second() {}, constant: 1 }, workflowType: 'third' });
    expect((await driver.fail(driver.initialize())).message).toBe(
      "Failed to initialize workflow of type 'third': no such function is exported by the workflow bundle" +
        ' (it exports: first, second)',
    );
  });

  test.each(['toString', 'constructor', '__proto__'])('is no inherited %s', async (workflowType) => {
    const driver = new Driver({ workflows: {}, workflowType });
    expect((await driver.fail(driver.initialize())).message).toMatch(/no such function.*exports: none/);
  });

  test('is the default one for types that nothing else is exported for', async () => {
    const workflows = { default: async (n: number) => n + 1, own: async () => 'own' };
    expect(resultOf(await new Driver({ workflows, workflowType: 'any', args: [1] }).start())).toBe(2);
    expect(resultOf(await new Driver({ workflows, workflowType: 'own' }).start())).toBe('own');
  });

  test('may be synchronous', async () => {
    expect(resultOf(await new Driver({ workflows: { main: () => 'at once' } }).start())).toBe('at once');
  });
});

test('code that still waits for its microtask when the task fails runs as part of it', async () => {
  let trouble = 'none';
  const main = async () => {
    let isArmed = false;
    setHandler(defineSignal('go'), () => {
      isArmed = true;
      Promise.resolve()
        .then(() => sleep(1))
        .catch((error: Error) => (trouble = error.message));
    });
    await condition(() => {
      if (isArmed) throw new Error('in the condition');
      return false;
    });
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  expect((await driver.fail(signal('go'))).message).toBe('in the condition');
  expect(trouble).toBe('none');
});
