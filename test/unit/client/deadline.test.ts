// Blocks with a deadline or an abort signal.
import { expect, test, vi } from 'vitest';
import { Client } from '../../../src/client/client';
import { isGrpcCancelledError, isGrpcDeadlineError, ServiceError } from '../../../src/client/service-error';
import type { AbortSignalLike } from '../../../src/model/gateway';
import { FakeGateway, WELL } from './fake-gateway';

/** Never answers, and says whether it was told to stop. */
function silent() {
  const signals: (AbortSignalLike | undefined)[] = [];
  const gateway = new FakeGateway({
    ...WELL,
    awaitClose: (_, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    },
  });
  return { client: new Client({ connection: gateway.connection }), signals };
}

test('a call that is not answered by the deadline fails with DEADLINE_EXCEEDED', async () => {
  vi.useFakeTimers({ now: 1_000 });
  try {
    const { client, signals } = silent();
    const result = client.withDeadline(3_000, () => client.workflow.result('w'));
    const failed = expect(result).rejects.toSatisfy(
      (error) => error instanceof ServiceError && isGrpcDeadlineError(error),
    );
    await vi.advanceTimersByTimeAsync(1_999);
    expect(signals[0]?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
    expect(signals[0]?.aborted).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('after the deadline nothing is sent', async () => {
  const { client, signals } = silent();
  const late = client.withDeadline(new Date(Date.now() - 1), () => client.workflow.result('w'));
  await expect(late).rejects.toSatisfy(isGrpcDeadlineError);
  expect(signals).toEqual([]);
});

test('an aborted call fails with CANCELLED', async () => {
  const { client, signals } = silent();
  const controller = new AbortController();
  const result = client.withAbortSignal(controller.signal, () => client.workflow.result('w'));
  controller.abort();
  await expect(result).rejects.toSatisfy(isGrpcCancelledError);
  expect(signals[0]?.aborted).toBe(true);
  const again = client.withAbortSignal(controller.signal, () => client.workflow.result('w'));
  await expect(again).rejects.toSatisfy(isGrpcCancelledError);
});

test('blocks nest, and calls that are answered in time succeed', async () => {
  const client = new Client({ connection: new FakeGateway(WELL).connection });
  const controller = new AbortController();
  const answer = await client.withAbortSignal(controller.signal, () =>
    client.withDeadline(Date.now() + 60_000, () => client.workflow.getHandle('w').query('q')),
  );
  expect(answer).toBe('answer');
});
