// What a function can ask of its context while it runs.
import { describe, expect, test } from 'vitest';
import {
  activityInfo,
  asyncLocalStorage,
  cancellationDetails,
  cancellationSignal,
  cancelled,
  CancelledFailure,
  Context,
  getClient,
  heartbeat,
  log,
  metricMeter,
  sleep,
  type Info,
} from '../../../src/activity';
import { decodeTaskToken } from '../../../src/common/task-token';
import type { ActivityTask } from '../../../src/model/effect';
import { runAttempt, taskOf, type Running } from './fixtures';

const start = (work: () => unknown, changes: Partial<ActivityTask> = {}): Running =>
  runAttempt({ work }, taskOf('work', [], changes));

describe('outside of an activity', () => {
  test('there is no context', () => {
    expect(() => Context.current()).toThrow('Activity context not initialized');
    expect(() => activityInfo()).toThrow('Activity context not initialized');
    expect(asyncLocalStorage.getStore()).toBeUndefined();
  });
});

describe('info', () => {
  test('says which attempt of which activity of which workflow it is', async () => {
    let info: Info | undefined;
    const outcome = await start(
      async () => {
        await Promise.resolve();
        info = activityInfo();
      },
      { attempt: 3, heartbeatTimeoutMs: 5_000, heartbeatDetails: '{"at":7}' },
    ).outcome;
    expect(outcome.kind).toBe('completed');
    expect(info).toMatchObject({
      activityId: '1',
      activityType: 'work',
      attempt: 3,
      namespace: 'default',
      taskQueue: 'default',
      isLocal: false,
      inWorkflow: true,
      workflowExecution: { workflowId: 'order-1' },
      workflowType: 'order',
      heartbeatDetails: { at: 7 },
      heartbeatTimeoutMs: 5_000,
      startToCloseTimeoutMs: 60_000,
      scheduledTimestampMs: 1_000,
      currentAttemptScheduledTimestampMs: 2_000,
      retryPolicy: { initialInterval: 1_000, backoffCoefficient: 2 },
    });
    expect(decodeTaskToken(info?.taskToken ?? new Uint8Array())).toMatchObject({
      to: { namespace: 'default', workflowId: 'order-1' },
      activity: { kind: 'attempt', scheduledEventId: 5, attempt: 3 },
    });
    expect(Buffer.from(info?.base64TaskToken ?? '', 'base64')).toEqual(Buffer.from(info?.taskToken ?? []));
  });

  test('of attempts that run at the same time is not mixed up', async () => {
    const seen: string[] = [];
    const work = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn++) {
        await new Promise(setImmediate);
        seen.push(activityInfo().activityId);
      }
    };
    await Promise.all(['a', 'b'].map((activityId) => start(work, { activityId }).outcome));
    expect(seen.filter((id) => id === 'a')).toHaveLength(3);
    expect(seen.filter((id) => id === 'b')).toHaveLength(3);
  });
});

describe('heartbeat', () => {
  test('passes its details on, without anyone waiting for it', async () => {
    const { port, outcome } = start(async () => {
      heartbeat();
      heartbeat({ done: 1 });
      Context.current().heartbeat('two');
    });
    await outcome;
    expect(port.details).toEqual([undefined, '{"done":1}', '"two"']);
  });

  test('that is answered with nothing new changes nothing', async () => {
    const { port, outcome } = start(async () => {
      heartbeat();
      await new Promise(setImmediate);
      return cancellationSignal().aborted;
    });
    port.answer({ cancelRequested: false });
    expect(await outcome).toEqual({ kind: 'completed', result: 'false' });
  });

  test('that is answered with a cancellation cancels', async () => {
    const { port, outcome } = start(async () => {
      heartbeat();
      await cancelled();
    });
    port.answer({ cancelRequested: true });
    expect(await outcome).toEqual({ kind: 'canceled' });
  });

  test('of an attempt that the engine no longer knows cancels it as not found', async () => {
    let details: unknown;
    const { port, outcome } = start(async () => {
      heartbeat();
      try {
        await cancelled();
      } finally {
        details = cancellationDetails();
      }
    });
    port.answer('notFound');
    await outcome;
    expect(details).toMatchObject({ notFound: true, cancelRequested: false });
  });

  test('with details that have no payload form fails the attempt and says where', async () => {
    const { outcome, port } = start(async () => {
      heartbeat({ at: 10n });
      await cancelled();
    });
    expect(await outcome).toMatchObject({ kind: 'failed', failure: { info: { type: 'ValueError' } } });
    expect(port.details).toEqual([]);
  });

  test('after the end of the attempt is ignored', async () => {
    let context: Context | undefined;
    const { port, outcome } = start(async () => {
      context = Context.current();
    });
    await outcome;
    context?.heartbeat('late');
    expect(port.details).toEqual([]);
  });
});

describe('cancellation', () => {
  const requested: [string, () => Promise<unknown>][] = [
    ['the promise `cancelled`', () => cancelled()],
    ['a sleep', () => sleep('1 hour')],
    [
      'the signal',
      () =>
        new Promise((_, reject) => {
          const signal = cancellationSignal();
          if (signal.aborted) reject(signal.reason as Error);
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    ],
  ];
  test.each(requested)('reaches a function that waits for %s', async (_, wait) => {
    const { attempt, outcome } = start(wait);
    attempt.cancel('requested');
    expect(await outcome).toEqual({ kind: 'canceled' });
  });

  test.each(requested)('that came earlier is found by %s', async (_, wait) => {
    const { attempt, outcome } = start(async () => {
      await new Promise(setImmediate);
      expect(Context.current().cancellationDetails?.cancelRequested).toBe(true);
      await wait();
    });
    attempt.cancel('requested');
    expect(await outcome).toEqual({ kind: 'canceled' });
  });

  test('is an AbortError for what was given the signal', async () => {
    const { attempt, outcome } = start(async () => {
      const { setTimeout: wait } = await import('node:timers/promises');
      await wait(1e6, undefined, { signal: cancellationSignal() });
    });
    await new Promise(setImmediate);
    attempt.cancel('requested');
    expect(await outcome).toEqual({ kind: 'canceled' });
  });

  test('may be answered with details', async () => {
    const { attempt, outcome } = start(async () => {
      await cancelled().catch(() => {
        throw new CancelledFailure('cleaned up', ['half', 2]);
      });
    });
    attempt.cancel('requested');
    expect(await outcome).toEqual({ kind: 'canceled', details: ['"half"', '2'] });
  });

  test('may be ignored, and the attempt completes', async () => {
    const { attempt, outcome } = start(async () => {
      await cancelled().catch(() => undefined);
      return 'done all the same';
    });
    attempt.cancel('requested');
    expect(await outcome).toEqual({ kind: 'completed', result: '"done all the same"' });
  });

  test('that makes the function fail is a failure', async () => {
    const { attempt, outcome } = start(async () => {
      await cancelled().catch(() => {
        throw new Error('clean-up failed');
      });
    });
    attempt.cancel('requested');
    expect(await outcome).toMatchObject({ kind: 'failed', failure: { message: 'clean-up failed' } });
  });

  test('counts once, with its first reason', async () => {
    let message: unknown;
    const { attempt, outcome } = start(async () => {
      await cancelled().catch((error: unknown) => (message = (error as Error).message));
      await new Promise(setImmediate);
      return cancellationDetails();
    });
    attempt.cancel('timedOut');
    attempt.cancel('requested');
    const result = await outcome;
    expect(message).toBe('TIMED_OUT');
    expect(result.kind === 'completed' && JSON.parse(result.result as string)).toMatchObject({
      timedOut: true,
    });
  });

  test('because the worker ends is a failure that is retried', async () => {
    const { attempt, outcome } = start(() => cancelled());
    attempt.cancel('workerShutdown');
    expect(await outcome).toMatchObject({
      kind: 'failed',
      failure: { info: { kind: 'application', type: 'WorkerShutdown', nonRetryable: false } },
    });
  });

  test('that nobody waits for leaves no unhandled rejection', async () => {
    const rejections: unknown[] = [];
    const listen = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', listen);
    const { attempt, outcome } = start(async () => {
      void Context.current().cancelled;
      await new Promise(setImmediate);
    });
    attempt.cancel('requested');
    await outcome;
    await new Promise(setImmediate);
    process.off('unhandledRejection', listen);
    expect(rejections).toEqual([]);
  });
});

describe('sleep', () => {
  test('waits for as long as it was told', async () => {
    const before = performance.now();
    await start(() => sleep(20)).outcome;
    expect(performance.now() - before).toBeGreaterThanOrEqual(20);
  });

  test('refuses what is no duration', async () => {
    expect(await start(() => sleep('soon' as never)).outcome).toMatchObject({
      kind: 'failed',
      failure: { info: { type: 'TypeError' } },
    });
  });
});

test('log lines carry who wrote them', async () => {
  const { lines, outcome } = start(async () => {
    log.info('hello', { mine: 1 });
    Context.current().log.error('oh');
  });
  await outcome;
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'hello',
      meta: {
        mine: 1,
        activityType: 'work',
        workflowType: 'order',
        taskQueue: 'default',
        sdkComponent: 'activity',
      },
    },
    { level: 'ERROR', message: 'oh' },
  ]);
});

test('the beginning and the end of an attempt are logged for those who want it', async () => {
  const { lines, outcome } = runAttempt({ work: () => 1 }, taskOf('work'), { logsDebug: true });
  await outcome;
  expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'DEBUG Activity started',
    'DEBUG Activity completed',
  ]);
});

test('there is a meter that counts nothing, and the client of the worker', async () => {
  const { outcome } = start(async () => {
    metricMeter.createCounter('things').add(1);
    Context.current().metricMeter.withTags({ a: 1 }).createGauge('g').set(1);
    return getClient() as string;
  });
  expect(await outcome).toEqual({ kind: 'completed', result: '"the client"' });
});
