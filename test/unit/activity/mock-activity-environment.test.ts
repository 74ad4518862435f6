// Activities under test, without an engine.
import { expect, test } from 'vitest';
import {
  activityInfo,
  cancelled,
  CancelledFailure,
  getClient,
  heartbeat,
  log,
  sleep,
} from '../../../src/activity';
import { defaultActivityInfo, MockActivityEnvironment } from '../../../src/testing/mock-activity-environment';
import { recordingLogger } from './fixtures';

test('runs a function with its arguments, in a context with the given info', async () => {
  const env = new MockActivityEnvironment({ attempt: 4 });
  const seen = await env.run(
    async (a: number, b: string) => [a, b, activityInfo().attempt, activityInfo().taskQueue],
    1,
    'x',
  );
  expect(seen).toEqual([1, 'x', 4, defaultActivityInfo.taskQueue]);
});

test('what the function throws reaches the test as it is', async () => {
  const error = new Error('mine');
  await expect(new MockActivityEnvironment().run(() => Promise.reject(error))).rejects.toBe(error);
});

test('emits the details of heartbeats as they were given', async () => {
  const env = new MockActivityEnvironment();
  const beats: unknown[] = [];
  env.on('heartbeat', (details: unknown) => beats.push(details));
  await env.run(async () => {
    heartbeat();
    heartbeat({ at: 10n });
  });
  expect(beats).toEqual([undefined, { at: 10n }]);
});

test('cancels when the test says so', async () => {
  const env = new MockActivityEnvironment();
  env.on('heartbeat', () => env.cancel());
  const running = env.run(async () => {
    heartbeat();
    await sleep('1 hour');
  });
  await expect(running).rejects.toThrow(CancelledFailure);
  expect(env.context.cancellationDetails?.cancelRequested).toBe(true);
});

test('cancels for another reason, too', async () => {
  const env = new MockActivityEnvironment();
  env.cancel('WORKER_SHUTDOWN');
  await expect(env.run(() => cancelled())).rejects.toThrow('WORKER_SHUTDOWN');
});

test('uses the interceptors, logger and client that it was given', async () => {
  const { logger, lines } = recordingLogger();
  const env = new MockActivityEnvironment(
    {},
    {
      logger,
      client: 'a client',
      interceptors: [
        () => ({
          inbound: { execute: (input, next) => next({ ...input, args: ['changed'] }) },
          outbound: { getLogAttributes: (input, next) => ({ ...next(input), extra: 1 }) },
        }),
      ],
    },
  );
  const result = await env.run(async (text: string) => {
    log.info(text);
    return getClient() as string;
  }, 'given');
  expect(result).toBe('a client');
  expect(lines).toMatchObject([{ message: 'changed', meta: { extra: 1, activityId: 'test' } }]);
});
