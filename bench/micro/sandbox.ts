// What the sandbox costs: an execution, its first turn, each further turn, its memory.
// `node --expose-gc --import ./scripts/ts.mjs bench/micro/sandbox.ts`
// With a young generation of 64 MB (`--max-semi-space-size=64`, or a worker's `maxYoungGenerationSizeMb`) a first turn with an
// activity costs half: fewer executions of the past are still in V8's old space, each holding younger ones.
import { fileURLToPath } from 'node:url';
import { createRealm, type Instance, type Realm } from '../../src/actors/sandbox';
import { bundleWorkflows } from '../../src/bundle';
import type { ActivationJob, ActivationResult } from '../../src/model/turn';

const ROUNDS = 5;
const workflowsPath = fileURLToPath(new URL('../code/sandbox-workflows.ts', import.meta.url));

const initialize = (workflowType: string): ActivationJob =>
  ({
    kind: 'initializeWorkflow',
    namespace: 'default',
    workflowId: 'order',
    runId: '00000000-0000-7000-8000-000000000000',
    workflowType,
    taskQueue: 'default',
    input: [],
    header: {},
    attempt: 1,
    runStartTime: 1_900_000_000_000,
    startTime: 1_900_000_000_000,
    firstExecutionRunId: '00000000-0000-7000-8000-000000000000',
    taskTimeoutMs: 10_000,
    randomSeedHigh: 1,
    randomSeedLow: 2,
  }) as unknown as ActivationJob;

const resolved = (seq: number): ActivationJob => ({
  kind: 'resolveActivity',
  seq,
  resolution: { kind: 'completed', result: '1' },
});

function turn(instance: Instance, job: ActivationJob): ActivationResult {
  const result = instance.activate({
    timestamp: 1_900_000_000_000,
    isReplaying: false,
    historyLength: 3,
    historySizeBytes: 400,
    continueAsNewSuggested: false,
    availableFlags: [],
    jobs: [job],
  });
  if (result.kind === 'failed') throw new Error(result.failure.message);
  return result;
}

/** Median of the rounds, in µs of CPU per call, so that other programs do not count; the collector's threads do. */
function measure(name: string, calls: number, work: (index: number) => void): void {
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const begin = process.cpuUsage();
    for (let index = 0; index < calls; index++) work(index);
    const { user, system } = process.cpuUsage(begin);
    figures.push((user + system) / calls);
  }
  figures.sort((a, b) => a - b);
  const middle = figures[ROUNDS >> 1] ?? Number.NaN;
  console.log(`${name.padEnd(44)} ${middle.toFixed(2).padStart(9)} µs`);
}

function heapAfter(realm: Realm, count: number): void {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const suspended = Array.from({ length: count }, () => {
    const instance = realm.instantiate();
    turn(instance, initialize('steps'));
    return instance;
  });
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / suspended.length;
  console.log(
    `${'heap per suspended execution'.padEnd(44)} ${Math.round(bytes).toString().padStart(9)} bytes`,
  );
}

for (const isolation of ['auto', 'context'] as const) {
  const begin = performance.now();
  const bundle = await bundleWorkflows({ workflowsPath, isolation });
  const bundled = performance.now();
  const realm = createRealm(bundle);
  const made = performance.now();
  console.log(
    `\nisolation ${realm.isolation}: bundle ${Math.round(bundled - begin)} ms (${bundle.code.length >> 10} KB), realm ${Math.round(made - bundled)} ms`,
  );
  const calls = realm.isolation === 'shared' ? 50_000 : 100;
  measure('instantiate', calls, () => realm.instantiate());
  measure('instantiate and a first turn that does nothing', calls, () =>
    turn(realm.instantiate(), initialize('nothing')),
  );
  measure('instantiate and a first turn with an activity', calls, () =>
    turn(realm.instantiate(), initialize('steps')),
  );
  const long = realm.instantiate();
  turn(long, initialize('steps'));
  let seq = 0;
  measure('a further turn: a result in, an activity out', 50_000, () => turn(long, resolved(++seq)));
  heapAfter(realm, realm.isolation === 'shared' ? 20_000 : 100);
  realm.dispose();
}
