// The one workflow of the simulation: does what its program says, and tells what it saw.
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  uuid4,
  workflowInfo,
} from 'troupe/workflow';
import type { Program, Seen, Step } from './program.ts';

interface Activities {
  step(value: number, failures: number): Promise<number>;
}
const { step } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumAttempts: 10 },
});

const poke = defineSignal<[string]>('poke');
const seen = defineQuery<Seen>('seen');

export async function interpret(program: Program, before: readonly string[]): Promise<readonly string[]> {
  const trace: string[] = [...before];
  const { runId } = workflowInfo();
  const pokes: string[] = [];
  const received: string[] = [];
  let sent = 0;
  setHandler(poke, (value) => {
    pokes.push(value);
    received.push(value);
  });
  setHandler(seen, () => ({ runId, received }));
  const say = (what: string): void => void trace.push(what);

  async function run(steps: Program): Promise<void> {
    for (const [index, one] of steps.entries()) {
      if (one.kind === 'continueAsNew') {
        await condition(() => pokes.length === 0 || true);
        return continueAsNew<typeof interpret>(steps.slice(index + 1), trace);
      }
      await perform(one);
    }
  }

  async function perform(one: Step): Promise<void> {
    switch (one.kind) {
      case 'activity':
        return say(`activity ${await step(one.value, one.failures)}`);
      case 'timer':
        await sleep(one.ms);
        return say(`timer ${one.ms}`);
      case 'poke': {
        const came = await condition(() => pokes.length > 0, one.ms);
        return say(came ? `poke ${pokes.shift()}` : 'no poke');
      }
      case 'child':
        return say(
          `child ${(await executeChild(interpret, { workflowId: one.id, args: [one.steps, []] })).length}`,
        );
      case 'all':
        await Promise.all(one.branches.map(run));
        return say('all');
      case 'race': {
        await CancellationScope.cancellable(async () => {
          await Promise.race(one.branches.map((branch) => tolerant(() => run(branch))));
          CancellationScope.current().cancel();
        });
        return say('race');
      }
      case 'scope':
        await CancellationScope.withTimeout(one.ms, () => run(one.steps)).catch((error: unknown) => {
          if (!isCancellation(error)) throw error;
          say('scope cancelled');
        });
        return say('scope');
      case 'random':
        return say(`random ${Math.random()} ${uuid4()} ${Date.now()}`);
      case 'signalOther':
        return getExternalWorkflowHandle(one.workflowId)
          .signal(poke, `${runId}/${sent++}`)
          .then(
            () => say('signalled'),
            () => say('nobody to signal'),
          );
      case 'continueAsNew':
        return undefined;
    }
  }

  await run(program);
  return trace;
}

async function tolerant(fn: () => Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
