// Random programs, run while the process crashes all the time: whatever history comes of it, code that begins at any of its turns
// must ask for the same as the code that never stopped.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRealm } from '../../../src/actors/sandbox/index.ts';
import { Execution } from '../../../src/actors/replay/execution.ts';
import type { HistoryEvent, WorkflowTaskCompleted } from '../../../src/model/event.ts';
import type { RunId } from '../../../src/model/ids.ts';
import { createRandom } from '../kill-9/random.ts';
import { report, type Fault } from '../report.ts';
import { ClientLedger } from '../simulation/client-ledger.ts';
import { randomProgram } from '../simulation/random-program.ts';
import { interpreterBundle, NAMESPACE, settled, startRequest, World } from '../simulation/world.ts';

/** Programs, by tier: fewer where a loaded machine needs longer. What was run is what the ledger says. */
const PROGRAMS = { small: 15, ci: 150, full: 1_000 };
const BUDGET_MS = { small: 45_000, ci: 5 * 60_000, full: 30 * 60_000 };
const tier = (process.env['TROUPE_TIER'] ?? 'small') as keyof typeof PROGRAMS;

const bundle = await interpreterBundle();

interface Run {
  readonly runId: RunId;
  readonly events: readonly HistoryEvent[];
}

/** All runs that a program leaves behind, each step of it followed by a crash with some chance. */
async function runsOf(seed: number): Promise<{ readonly runs: readonly Run[]; readonly crashes: number }> {
  const random = createRandom(seed);
  const program = randomProgram(random, 'w', ['w', 'nobody']);
  const ledger = new ClientLedger();
  const world = new World({ random, bundle, faultyCommits: 0, lostLanes: 0, cacheBytes: 1, ledger });
  await world.boot();
  await settled(world, () => world.request(startRequest('w', JSON.stringify(program))));
  for (let step = 0; step < 1_000; step += 1) {
    if (random.below(10) === 0) await world.crash();
    await world.step();
  }
  world.heal();
  while ((await openRuns(world)) > 0) for (let step = 0; step < 300; step += 1) await world.step();
  const listed = await settled(world, () =>
    world.request({ kind: 'list', namespace: NAMESPACE, filter: {}, pageSize: 1_000 }),
  );
  const runs = await Promise.all(
    listed.runs.map(async ({ execution }) => {
      const { events } = await settled(world, () =>
        world.request({ kind: 'fetchHistory', to: { namespace: NAMESPACE, ...execution } }),
      );
      return { runId: execution.runId, events };
    }),
  );
  expect(ledger.faults).toEqual([]);
  return { runs, crashes: world.counts.crashes };
}

const openRuns = async (world: World): Promise<number> =>
  (
    await settled(world, () =>
      world.request({ kind: 'count', namespace: NAMESPACE, filter: { statuses: ['RUNNING'] } }),
    )
  ).count;

/** Begins at each completed turn: replays what was before, and runs that turn as if it were new. */
function beginAtEachTurn({ runId, events }: Run): number {
  const realm = createRealm(bundle, {});
  let turns = 0;
  try {
    events.forEach((completed, index) => {
      if (completed.kind !== 'workflowTaskCompleted') return;
      turns += 1;
      expect(turnAgain(runId, events.slice(0, index), completed, realm.instantiate())).toBe(
        completed.stamp?.commandHash,
      );
    });
  } finally {
    realm.dispose();
  }
  return turns;
}

function turnAgain(
  runId: RunId,
  before: readonly HistoryEvent[],
  { startedEventId }: WorkflowTaskCompleted,
  engine: ConstructorParameters<typeof Execution>[0]['engine'],
): number | undefined {
  const execution = new Execution({ namespace: NAMESPACE, runId, engine, bundleHash: bundle.hash });
  const history = before.filter(({ eventId }) => eventId <= startedEventId);
  const failed = execution.catchUp(history.slice(0, -1));
  expect(failed).toBeUndefined();
  const outcome = execution.runTurn(history.slice(-1));
  return outcome.kind === 'completed' ? outcome.stamp.commandHash : undefined;
}

test('code that begins at any turn of any history asks for the same as the code that wrote it', async () => {
  const startedAt = Date.now();
  const first = Number(process.env['TROUPE_SEED'] ?? Math.floor(Math.random() * 2 ** 30));
  const counters = { programs: 0, histories: 0, events: 0, turnsBegunAgain: 0, crashes: 0 };
  const property = fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
    const { runs, crashes } = await runsOf(seed);
    counters.programs += 1;
    counters.crashes += crashes;
    for (const run of runs) {
      counters.histories += 1;
      counters.events += run.events.length;
      counters.turnsBegunAgain += beginAtEachTurn(run);
    }
  });
  const outcome = await fc.check(property, {
    seed: first,
    numRuns: PROGRAMS[tier],
    endOnFailure: true,
    interruptAfterTimeLimit: BUDGET_MS[tier],
  });
  const faults: Fault[] = outcome.failed
    ? [{ invariant: 'I8', what: (await fc.asyncDefaultReportMessage(outcome)) ?? 'it failed' }]
    : [];
  report({ campaign: 'replay', seeds: { first, count: 1 }, counters, faults, startedAt });
  expect(faults).toEqual([]);
  expect(counters.turnsBegunAgain).toBeGreaterThan(0);
});
