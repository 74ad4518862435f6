// Activities completed from outside.
import { describe, expect, test } from 'vitest';
import { AsyncCompletionClient } from '../../../src/client/async-completion-client';
import { Client } from '../../../src/client/client';
import {
  ActivityCancelledError,
  ActivityCompletionError,
  ActivityNotFoundError,
} from '../../../src/client/errors';
import { ValueError } from '../../../src/common/errors';
import { encodeTaskToken } from '../../../src/common/task-token';
import { OutcomeUnknown } from '../../../src/model/gateway';
import { namespace, runId, workflowId } from '../../../src/model/ids';
import { FakeGateway, refuse, RUN, WELL } from './fake-gateway';

const TO = { namespace: namespace('shop'), workflowId: workflowId('w'), runId: runId(RUN) };
const ATTEMPT = { kind: 'attempt' as const, scheduledEventId: 5, attempt: 2 };
const TOKEN = encodeTaskToken({ to: TO, activity: ATTEMPT });

function setUp(script = WELL) {
  const gateway = new FakeGateway(script);
  return { gateway, client: new AsyncCompletionClient({ connection: gateway.connection, identity: 'me' }) };
}

test('a token names the attempt, and the namespace', async () => {
  const { gateway, client } = setUp();
  await client.complete(TOKEN, { paid: true });
  expect(gateway.only('resolveActivity')).toEqual({
    kind: 'resolveActivity',
    to: TO,
    activity: ATTEMPT,
    identity: 'me',
    outcome: { kind: 'completed', result: '{"paid":true}' },
  });
});

test('ids name the activity, whatever its attempt', async () => {
  const { gateway, client } = setUp();
  await client.fail({ workflowId: 'w', activityId: 'charge' }, new RangeError('too much'));
  await client.reportCancellation({ workflowId: 'w', runId: RUN, activityId: 'charge' }, 'tidied');
  expect(gateway.asked).toMatchObject([
    {
      to: { namespace: 'default', workflowId: 'w' },
      activity: { kind: 'id', activityId: 'charge' },
      outcome: {
        kind: 'failed',
        failure: { message: 'too much', info: { type: 'RangeError', nonRetryable: false } },
      },
    },
    { to: { runId: RUN }, outcome: { kind: 'canceled', details: ['"tidied"'] } },
  ]);
});

test('nothing is a result, and a reason to cancel', async () => {
  const { gateway, client } = setUp();
  await client.complete(Buffer.from(TOKEN), undefined);
  await client.reportCancellation(TOKEN);
  expect(gateway.asked).toMatchObject([
    { outcome: { kind: 'completed', result: null } },
    { outcome: { kind: 'canceled' } },
  ]);
});

describe('a heartbeat', () => {
  test('carries its details', async () => {
    const { gateway, client } = setUp();
    await client.heartbeat(TOKEN, { at: 7 });
    await client.heartbeat(TOKEN);
    expect(gateway.asked).toEqual([
      { kind: 'heartbeatActivity', to: TO, activity: ATTEMPT, identity: 'me', details: '{"at":7}' },
      { kind: 'heartbeatActivity', to: TO, activity: ATTEMPT, identity: 'me' },
    ]);
  });

  test('says that the activity is to stop', async () => {
    const { client } = setUp({ heartbeatActivity: () => ({ cancelRequested: true }) });
    await expect(client.heartbeat(TOKEN)).rejects.toBeInstanceOf(ActivityCancelledError);
  });
});

describe('what is refused', () => {
  const calls = (client: AsyncCompletionClient) => [
    () => client.complete(TOKEN, 1),
    () => client.fail(TOKEN, new Error('x')),
    () => client.reportCancellation(TOKEN),
    () => client.heartbeat(TOKEN),
  ];

  test.each([
    { kind: 'activityNotFound', message: 'gone' } as const,
    { kind: 'notFound', message: 'gone' } as const,
  ])('%o is an ActivityNotFoundError', async (refusal) => {
    const { client } = setUp({
      resolveActivity: () => refuse(refusal),
      heartbeatActivity: () => refuse(refusal),
    });
    for (const call of calls(client)) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ActivityNotFoundError);
      expect((error as Error).message).toBe('gone');
    }
  });

  test('anything else is an ActivityCompletionError', async () => {
    const fail = () => refuse({ kind: 'invalidArgument', message: 'not cancelled' });
    const stopped = () => {
      throw new OutcomeUnknown('closed');
    };
    for (const [answer, code] of [[fail, 3] as const, [stopped, 14] as const]) {
      const { client } = setUp({ resolveActivity: answer, heartbeatActivity: answer });
      for (const call of calls(client)) {
        const error: unknown = await call().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ActivityCompletionError);
        expect(error).toMatchObject({ cause: { cause: { code } } });
      }
    }
  });

  test('bad input is said before anything is sent', async () => {
    const { gateway, client } = setUp();
    const wrong: [Promise<unknown>, new (...args: never[]) => Error][] = [
      [client.complete(new Uint8Array([9, 9]), 1), TypeError],
      [client.complete({ workflowId: '', activityId: 'a' }, 1), TypeError],
      [client.complete({ workflowId: 'w', activityId: '' }, 1), TypeError],
      [client.complete({ workflowId: 'w' } as never, 1), TypeError],
      [client.complete(TOKEN, 1n), ValueError],
      [client.complete(TOKEN, 'x'.repeat(3_000_000)), ValueError],
      [client.heartbeat(TOKEN, () => 1), ValueError],
      [client.reportCancellation(TOKEN, Symbol('s')), ValueError],
    ];
    for (const [call, errorClass] of wrong) await expect(call).rejects.toBeInstanceOf(errorClass);
    expect(gateway.asked).toEqual([]);
  });
});

test('a client has one of its own', () => {
  const { connection } = new FakeGateway();
  expect(new Client({ connection }).activity).toBeInstanceOf(AsyncCompletionClient);
});
