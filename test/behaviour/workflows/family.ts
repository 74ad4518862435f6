import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  type ChildWorkflowOptions,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  upsertMemo,
  workflowInfo,
} from 'troupe/workflow';

const { succeed, throwOwnClass } = proxyActivities<{
  succeed(value: unknown): Promise<unknown>;
  throwOwnClass(): Promise<void>;
}>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } });

export const tell = defineSignal<[unknown]>('tell');
export const release = defineSignal('release');
export const cancelChild = defineSignal('cancelChild');
export const told = defineQuery<unknown[]>('told');

const isAbout = (error: unknown): string => (error as Error).constructor.name;

/** Ends when it is told to, with what it was told. */
export async function listens(): Promise<unknown[]> {
  const heard: unknown[] = [];
  let isReleased = false;
  setHandler(told, () => heard);
  setHandler(tell, (what) => void heard.push(what));
  setHandler(release, () => void (isReleased = true));
  await condition(() => isReleased);
  return heard;
}

/** Takes some time to end after it was cancelled. */
export async function endsSlowly(): Promise<string> {
  let isReleased = false;
  setHandler(release, () => void (isReleased = true));
  try {
    await condition(() => false);
    return 'never';
  } catch (error) {
    await CancellationScope.nonCancellable(() => condition(() => isReleased));
    throw error;
  }
}

export async function value(what: unknown): Promise<unknown> {
  return what;
}

export async function fails(): Promise<void> {
  throw ApplicationFailure.create({
    message: 'the child failed',
    type: 'ChildTrouble',
    details: [1, { two: 2 }],
    cause: new Error('deep down'),
  });
}

export async function failsInActivity(): Promise<void> {
  await throwOwnClass();
}

export async function parent(
  type: string,
  options: ChildWorkflowOptions & { args?: unknown[] },
): Promise<unknown> {
  return executeChild(type, { args: [], ...options });
}

/** Starts a child and closes at once. */
export async function leaves(
  child: string,
  parentClosePolicy: 'TERMINATE' | 'ABANDON' | 'REQUEST_CANCEL',
  how: 'complete' | 'fail' | 'wait',
): Promise<string> {
  const { firstExecutionRunId } = await startChild(listens, { workflowId: child, parentClosePolicy });
  if (how === 'fail') throw ApplicationFailure.create({ message: 'the parent failed' });
  if (how === 'wait') await condition(() => false);
  return firstExecutionRunId;
}

/** Cancels its child when it is told to, and says what it saw. */
export async function cancels(
  child: string,
  cancellationType: 'ABANDON' | 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'WAIT_CANCELLATION_REQUESTED',
): Promise<string> {
  const seen: string[] = [];
  let isCancelling = false;
  setHandler(told, () => seen);
  setHandler(cancelChild, () => void (isCancelling = true));
  const scope = new CancellationScope();
  const handle = await scope.run(() =>
    startChild(endsSlowly, { workflowId: child, cancellationType, parentClosePolicy: 'ABANDON' }),
  );
  seen.push('started');
  await condition(() => isCancelling);
  scope.cancel();
  try {
    await handle.result();
    return 'a result';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    // A request that is made in a workflow's last turn goes nowhere, in Temporal too.
    await sleep(1);
    return `cancelled: ${isAbout(error)}`;
  }
}

/** Cancels its child in the turn that starts it. */
export async function cancelsUnstarted(child: string): Promise<string> {
  const scope = new CancellationScope();
  const result = scope.run(() => executeChild(listens, { workflowId: child }));
  scope.cancel();
  try {
    await result;
    return 'a result';
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : `${isAbout(error)}`;
  }
}

export async function talksToChild(child: string): Promise<unknown> {
  const handle = await startChild(listens, { workflowId: child });
  await handle.signal(tell, 'by its handle');
  await getExternalWorkflowHandle(child).signal(tell, 'by its id');
  await handle.signal(release);
  return handle.result();
}

export async function talksTo(other: string, runId?: string): Promise<string> {
  try {
    await getExternalWorkflowHandle(other, runId).signal(tell, { from: workflowInfo().workflowId });
    return 'told';
  } catch (error) {
    return `${isAbout(error)}: ${(error as Error).message}`;
  }
}

export async function cancelsOther(other: string): Promise<string> {
  try {
    await getExternalWorkflowHandle(other).cancel();
    return 'requested';
  } catch (error) {
    return `${isAbout(error)}: ${(error as Error).message}`;
  }
}

export async function startsTaken(child: string): Promise<string[]> {
  const outcomes: string[] = [];
  for (const start of [startChild, executeChild]) {
    try {
      await start(listens, { workflowId: child });
      outcomes.push('started');
    } catch (error) {
      outcomes.push(isAbout(error));
    }
  }
  return outcomes;
}

export async function reuses(
  child: string,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' | 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY',
): Promise<string> {
  await executeChild(value, { workflowId: child, args: [1] });
  try {
    return `second: ${String(await executeChild(value, { workflowId: child, args: [2], workflowIdReusePolicy }))}`;
  } catch (error) {
    return isAbout(error);
  }
}

export async function manyChildren(count: number): Promise<number[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => executeChild(value, { args: [index] })),
  ) as Promise<number[]>;
}

export async function catchesChild(): Promise<string> {
  try {
    await executeChild(fails);
    return 'no failure';
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    const { cause } = error;
    return cause instanceof ApplicationFailure ? `${cause.type}: ${cause.message}` : 'something else';
  }
}

export async function grandparent(depth: number): Promise<{ depth: number; root: string | undefined }> {
  if (depth > 0) return executeChild(grandparent, { args: [depth - 1] });
  const { root } = workflowInfo();
  return { depth, root: root?.workflowId };
}

export async function describesItself(): Promise<unknown> {
  await sleep(1);
  const {
    parent: of,
    root,
    memo,
    attempt,
    taskQueue,
    lastFailure,
    continuedFromExecutionRunId,
  } = workflowInfo();
  return {
    parent: of,
    root,
    memo,
    attempt,
    taskQueue,
    continuedFromExecutionRunId,
    lastFailure: lastFailure?.message,
  };
}

/** Counts down, one run for each number; signals that came before are not lost. */
export async function countsDown(from: number, seen: readonly string[] = []): Promise<readonly string[]> {
  const runs = [...seen, workflowInfo().runId];
  if (from === 0) return runs;
  return continueAsNew<typeof countsDown>(from - 1, runs);
}

export async function becomesAnother(): Promise<unknown> {
  const become = makeContinueAsNewFunc<typeof describesItself>({
    workflowType: 'describesItself',
    memo: { left: 'behind' },
  });
  return become();
}

export async function keepsItsMemo(isSecond = false): Promise<unknown> {
  if (isSecond) return workflowInfo().memo;
  upsertMemo({ added: 1, dropped: null });
  return continueAsNew<typeof keepsItsMemo>(true);
}

/** Hands each signal on to the next run. */
export async function relay(total: number, before: readonly unknown[] = []): Promise<readonly unknown[]> {
  const heard: unknown[] = [...before];
  const had = heard.length;
  setHandler(tell, (what) => void heard.push(what));
  await condition(() => heard.length > had);
  if (heard.length >= total) return heard;
  return continueAsNew<typeof relay>(total, heard);
}

/** Fails until its attempt. */
export async function failsUntil(
  lastFailing: number,
  type = 'Flaky',
  nonRetryable = false,
): Promise<unknown> {
  const { attempt, lastFailure, runId, firstExecutionRunId } = workflowInfo();
  await sleep(1);
  if (attempt <= lastFailing) {
    throw ApplicationFailure.create({ message: `attempt ${attempt}`, type, nonRetryable });
  }
  return { attempt, lastFailure: lastFailure?.message, isFirst: runId === firstExecutionRunId };
}

export async function hangs(): Promise<void> {
  await condition(() => false);
}

export async function runsOn(): Promise<void> {
  await succeed(1);
  await sleep(5);
  await continueAsNew<typeof runsOn>();
}

export async function timeouts(): Promise<object> {
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, startTime, runStartTime } = workflowInfo();
  return {
    executionTimeoutMs,
    runTimeoutMs,
    taskTimeoutMs,
    delayMs: runStartTime.getTime() - startTime.getTime(),
  };
}
