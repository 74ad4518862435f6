import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  Trigger,
  uuid4,
  workflowInfo,
} from 'troupe/workflow';

interface Activities {
  succeed(value: unknown): Promise<unknown>;
  somebodyElse(): Promise<unknown>;
}
const { succeed, somebodyElse } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

export const poke = defineSignal<[number?]>('poke');
export const steps = defineQuery<string[]>('steps');

const nameOf = (error: unknown): string => (error as Error).constructor.name;
/** What became of a promise, as a text. */
const outcomeOf = async (promise: PromiseLike<unknown>): Promise<string> =>
  promise.then(
    (value) => `value ${String(value)}`,
    (error: unknown) =>
      isCancellation(error) ? 'cancelled' : `${nameOf(error)}: ${(error as Error).message}`,
  );

export async function sleeps(ms: number | string): Promise<number> {
  const before = Date.now();
  await sleep(ms as number);
  return Date.now() - before;
}

export async function wrongDurations(): Promise<string[]> {
  const outcomes: string[] = [];
  for (const duration of ['soon', NaN, Infinity, {}, undefined, '']) {
    try {
      await sleep(duration as number);
      outcomes.push(`${JSON.stringify(duration)}: slept`);
    } catch (error) {
      outcomes.push(nameOf(error));
    }
  }
  return outcomes;
}

/** Timers end in the order of their times, and of their starts where those are the same. */
export async function timersInOrder(): Promise<number[]> {
  const order: number[] = [];
  await Promise.all([30, 10, 20, 10].map((ms, index) => sleep(ms).then(() => order.push(index))));
  return order;
}

export async function globalTimers(): Promise<string[]> {
  const seen: string[] = [];
  const cleared = setTimeout(() => seen.push('cleared'), 5);
  setTimeout((text: string) => seen.push(text), 10, 'with an argument');
  clearTimeout(cleared);
  clearTimeout(12_345);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return seen;
}

export async function conditions(): Promise<unknown[]> {
  const results: unknown[] = [];
  let poked = 0;
  setHandler(poke, (by = 1) => void (poked += by));
  setHandler(steps, () => results.map(String));
  results.push(await condition(() => true));
  results.push(await condition(() => true, '1 day'));
  results.push(await condition(() => false, 5));
  results.push(await condition(() => false, 0));
  results.push(await condition(() => poked === 1, '1 day'));
  await Promise.all([condition(() => poked >= 2), condition(() => poked >= 3)]);
  results.push(poked);
  return results;
}

/** A condition that throws fails the task, not the workflow. */
export async function conditionThrows(): Promise<void> {
  let poked = false;
  setHandler(poke, () => void (poked = true));
  await condition(() => {
    if (poked) throw new Error('in a condition');
    return false;
  });
}

export async function scopes(name: keyof typeof SCOPES): Promise<unknown> {
  return SCOPES[name]();
}

const SCOPES = {
  /** Cancelling a scope ends what was begun in it, and nothing else. */
  async cancelled() {
    const outer = sleep(20);
    const scope = new CancellationScope();
    const inner = outcomeOf(scope.run(() => sleep('1 day')));
    const alsoInner = outcomeOf(scope.run(() => condition(() => false)));
    await sleep(1);
    scope.cancel();
    return [await inner, await alsoInner, await outcomeOf(outer), scope.consideredCancelled];
  },
  async cancelledBefore() {
    const scope = new CancellationScope();
    scope.cancel();
    return [
      await outcomeOf(scope.run(() => sleep(1))),
      await outcomeOf(scope.run(() => succeed(1))),
      await outcomeOf(scope.run(() => condition(() => true))),
      await outcomeOf(scope.run(async () => 'code without a wait')),
    ];
  },
  async nested() {
    const outer = new CancellationScope();
    const outcomes: string[] = [];
    const run = outer.run(async () => {
      const inner = CancellationScope.cancellable(() => sleep('1 day'));
      const shielded = CancellationScope.nonCancellable(() => sleep(20));
      outcomes.push(...(await Promise.all([outcomeOf(inner), outcomeOf(shielded)])));
    });
    await sleep(1);
    outer.cancel();
    await outcomeOf(run);
    return outcomes;
  },
  /** A cancellable scope inside a shield can still be cancelled by itself. */
  async insideShield() {
    const outer = new CancellationScope();
    const run = outer.run(async () =>
      CancellationScope.nonCancellable(async () => {
        const inner = new CancellationScope();
        const asleep = outcomeOf(inner.run(() => sleep('1 day')));
        await sleep(5);
        const before = inner.consideredCancelled;
        inner.cancel();
        return [before, await asleep];
      }),
    );
    outer.cancel();
    return run;
  },
  async withTimeout() {
    const late = await outcomeOf(CancellationScope.withTimeout(10, () => sleep('1 day')));
    const early = await outcomeOf(CancellationScope.withTimeout('1 day', () => succeed('in time')));
    const rounds = await outcomeOf(
      CancellationScope.withTimeout(20, async () => {
        let count = 0;
        try {
          for (;;) {
            await sleep(1);
            count += 1;
          }
        } catch (error) {
          if (!isCancellation(error)) throw error;
          return count > 0;
        }
      }),
    );
    return [late, early, rounds];
  },
  async cancelRequested() {
    const scope = new CancellationScope();
    const run = scope.run(async () => {
      const current = CancellationScope.current() === scope;
      const requested = outcomeOf(CancellationScope.current().cancelRequested);
      await CancellationScope.nonCancellable(() => sleep(10));
      return [current, await requested];
    });
    await sleep(1);
    scope.cancel();
    return run;
  },
  async current() {
    const root = CancellationScope.current();
    const scope = new CancellationScope();
    const inside = await scope.run(async () => {
      const before = CancellationScope.current() === scope;
      await sleep(1);
      const after = CancellationScope.current() === scope;
      const inTimeout = await new Promise<boolean>((resolve) =>
        setTimeout(() => resolve(CancellationScope.current() === scope), 1),
      );
      return [before, after, inTimeout];
    });
    return [inside, CancellationScope.current() === root, root.parent === undefined, scope.parent === root];
  },
  /** Cancelling twice, and cancelling a scope that has ended, is nothing. */
  async twice() {
    const scope = new CancellationScope();
    const result = await scope.run(() => succeed('done'));
    scope.cancel();
    scope.cancel();
    await sleep(1);
    return result;
  },
  async trigger() {
    const resolved = new Trigger<string>();
    const rejected = new Trigger<string>();
    setTimeout(() => {
      resolved.resolve('one');
      rejected.reject(ApplicationFailure.create({ message: 'two' }));
    }, 1);
    const scope = new CancellationScope();
    const waiting = outcomeOf(scope.run(async () => new Trigger<string>()));
    scope.cancel();
    return [await outcomeOf(resolved), await outcomeOf(rejected), await waiting];
  },
  /** Activities of different scopes are cancelled apart. */
  async raceOfActivities() {
    const scope = new CancellationScope();
    const slow = outcomeOf(scope.run(() => somebodyElse()));
    const first = await Promise.race([slow, outcomeOf(succeed('fast'))]);
    scope.cancel();
    return [first, await slow];
  },
  async anyAndAllSettled() {
    const any = await Promise.any([sleep(5).then(() => 'slow'), succeed('fast')]);
    const settled = await Promise.allSettled([succeed(1), Promise.reject(new Error('no'))]);
    return [any, settled.map(({ status }) => status)];
  },
} satisfies Record<string, () => Promise<unknown>>;

/** Cancelled from outside: cleans up in a shield, then ends as it is told. */
export async function cleansUp(then: 'rethrow' | 'complete' | 'fail'): Promise<string> {
  const done: string[] = [];
  setHandler(steps, () => done);
  try {
    done.push('asleep');
    await sleep('30 days');
  } catch (error) {
    if (!isCancellation(error)) throw error;
    done.push(nameOf(error));
    done.push(await outcomeOf(sleep(1)));
    await CancellationScope.nonCancellable(async () => done.push(String(await succeed('cleaned up'))));
    if (then === 'rethrow') throw error;
    if (then === 'fail') throw ApplicationFailure.create({ message: 'clean-up failed', type: 'CleanUp' });
  }
  return done.join(', ');
}

export async function throwsCancelled(): Promise<void> {
  throw new CancelledFailure('by itself');
}

/** Everything that could differ from one execution of the code to the next. */
export async function deterministic(): Promise<unknown> {
  const draw = (): unknown[] => [Date.now(), new Date().toISOString(), Math.random(), uuid4()];
  const first = draw();
  const again = [Date.now(), new Date().getTime()];
  await sleep(3);
  const second = draw();
  await succeed('x');
  const third = draw();
  let poked = false;
  setHandler(poke, () => void (poked = true));
  setHandler(steps, () => [first, second, third].map((drawn) => JSON.stringify(drawn)));
  await condition(() => poked);
  return { first, again, second, third, info: workflowInfo() };
}

export const heard = defineQuery<string[]>('heard');

/** Each time its condition is asked, something is left to do behind it: as whom? */
export async function leavesWork(): Promise<void> {
  const names = new Set<string>();
  setHandler(heard, () => [...names]);
  setHandler(poke, () => undefined);
  await condition(() => {
    void Promise.resolve().then(() => names.add(workflowInfo().workflowId));
    return false;
  });
}

/** What its end waits for happens while a condition is asked that does not hold. */
export async function endsByAsking(): Promise<string> {
  const trigger = new Trigger<string>();
  void condition(() => {
    trigger.resolve('asked');
    return false;
  });
  return await trigger;
}
