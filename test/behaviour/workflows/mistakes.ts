import { condition, executeChild, proxyActivities, sleep } from 'troupe/workflow';

const LARGE = 2 * 1_024 * 1_024 + 1;
const { echo } = proxyActivities<{ echo(value: unknown): Promise<unknown> }>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** One thing that cannot be done, each; `fine` shows that the others did no harm. */
const mistakes: Readonly<Record<string, () => Promise<unknown>>> = {
  fine: async () => echo('fine'),
  'sleeps wrongly': async () => sleep('soon' as never),
  'sleeps backwards': async () => sleep(-1),
  'waits wrongly': async () => condition(() => false, 'soon' as never),
  'calls an activity with a wrong timeout': async () =>
    proxyActivities<{ echo(): Promise<void> }>({ startToCloseTimeout: 'soon' as never }).echo?.(),
  'starts a child with a wrong timeout': async () =>
    executeChild<typeof mistake>('mistake', { args: ['fine'], workflowRunTimeout: 'soon' as never }),
  'returns a BigInt': async () => 1n,
  'returns a cycle': async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    return cycle;
  },
  'gives an activity a BigInt': async () => echo(1n),
  'gives an activity a function': async () => echo(() => undefined),
  'gives an activity too much': async () => echo('x'.repeat(LARGE)),
  'returns too much': async () => 'x'.repeat(LARGE),
  'has a child with too long an id': async () =>
    executeChild<typeof mistake>('mistake', { args: ['fine'], workflowId: 'x'.repeat(1_001) }),
};

export async function mistake(what: string): Promise<unknown> {
  return mistakes[what]?.();
}

export async function callsCareless(): Promise<string> {
  const { careless } = proxyActivities<{ careless(): Promise<string> }>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: 1 },
  });
  return careless();
}
