import {
  type ActivityOptions,
  ActivityFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
} from 'troupe/workflow';

export const cancelNow = defineSignal('cancelNow');
export const seen = defineQuery<string[]>('seen');

type AnyActivities = Record<string, (...args: unknown[]) => Promise<unknown>>;
const named = (options: ActivityOptions): AnyActivities => proxyActivities<AnyActivities>(options);

/** One activity with the options of the test. Its failure fails the workflow. */
export async function call(options: ActivityOptions, name: string, ...args: unknown[]): Promise<unknown> {
  const activity = named(options)[name];
  return activity?.(...args);
}

/** Cancels its activity when it is told to, and says what it saw of it, and when. */
export async function cancelsActivity(
  options: ActivityOptions,
  name: string,
  ...args: unknown[]
): Promise<string> {
  const steps: string[] = [];
  let cancelling = false;
  setHandler(cancelNow, () => void (cancelling = true));
  setHandler(seen, () => steps);
  const scope = new CancellationScope();
  const outcome = scope
    .run(async () => named(options)[name]?.(...args))
    .then(
      (value) => `result: ${String(value)}`,
      (error: unknown) => {
        if (isCancellation(error)) return `cancelled: ${(error as Error).constructor.name}`;
        const cause = error instanceof ActivityFailure ? error.cause : error;
        return `failed: ${String((cause as Error).message)}`;
      },
    );
  await condition(() => cancelling);
  scope.cancel();
  steps.push('requested');
  const told = await outcome;
  steps.push(told);
  return told;
}

/** Starts an activity and cancels it in the same turn. */
export async function cancelsUnstarted(options: ActivityOptions, name: string): Promise<string> {
  const scope = new CancellationScope();
  const outcome = scope.run(async () => named(options)[name]?.());
  scope.cancel();
  try {
    await outcome;
    return 'a result';
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : `failed: ${String(error)}`;
  }
}

export async function many(count: number): Promise<number[]> {
  const { succeed } = proxyActivities<{ succeed(value: number): Promise<number> }>({
    startToCloseTimeout: '1 minute',
  });
  return Promise.all(Array.from({ length: count }, (_, index) => succeed(index)));
}

export async function withoutTimeouts(): Promise<string> {
  try {
    await named({})['succeed']?.(1);
    return 'accepted';
  } catch (error) {
    return String(error);
  }
}

/** Two activities with one id: the second one cannot be scheduled. */
export async function twins(): Promise<void> {
  const { hang } = named({ startToCloseTimeout: '1 minute', activityId: 'same' });
  await Promise.all([hang?.(), hang?.()]);
}

export async function catchesAndGoesOn(): Promise<string> {
  const { throwOwnClass, succeed } = named({
    startToCloseTimeout: '1 minute',
    retry: { maximumAttempts: 1 },
  });
  try {
    await throwOwnClass?.();
  } catch (error) {
    await sleep(1);
    const { cause } = error as ActivityFailure;
    return (await succeed?.(`compensated ${cause?.message}`)) as string;
  }
  return 'unreachable';
}
