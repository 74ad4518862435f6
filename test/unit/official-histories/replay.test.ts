// Histories that the official SDK and server wrote replay on our engine, and code that was changed since is found out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayHistory, type ReplayOutcome } from '../../../src/actors/replay/replay-history';
import { createRealm, type Realm } from '../../../src/actors/sandbox';
import { bundleWorkflows } from '../../../src/bundle';
import { historyFromProtoJson } from '../../../src/common/proto-json';
import { namespace, runId } from '../../../src/model/ids';
import {
  broken,
  readHistory,
  recordingsOf,
  scenarios,
  sourcePath,
  type Broken,
} from '../../support/official-histories';
import { changedWaitsFor, replayWaitsFor, waitingScenarios } from '../../support/official-histories/waiting';

interface Code {
  readonly realm: Realm;
  readonly hash: string;
}
let asRecorded: Code;
let changed: Code;

async function load(name: string): Promise<Code> {
  const bundle = await bundleWorkflows({ workflowsPath: sourcePath(name) });
  return { realm: createRealm(bundle), hash: bundle.hash };
}
beforeAll(async () => {
  [asRecorded, changed] = [await load('workflows.ts'), await load('workflows-changed.ts')];
});
afterAll(() => {
  for (const { realm } of [asRecorded, changed]) realm.dispose();
});

function replay({ realm, hash }: Code, history: unknown): ReplayOutcome {
  const events = historyFromProtoJson(history);
  const first = events[0];
  const id = first?.kind === 'workflowExecutionStarted' ? first.originalExecutionRunId : runId('');
  const engine = realm.instantiate();
  return replayHistory({ namespace: namespace('default'), runId: id, engine, bundleHash: hash }, events);
}

/** The history, as if a changed workflow had written it. */
function historyFor({ history, changed: workflow }: Broken): unknown {
  const { events } = readHistory(history);
  const [first, ...rest] = events;
  const attributes = first?.['workflowExecutionStartedEventAttributes'] as object;
  const started = { ...attributes, workflowType: { name: workflow } };
  return { events: [{ ...first, workflowExecutionStartedEventAttributes: started }, ...rest] };
}

describe('the code that wrote it replays', () => {
  const files = scenarios
    .filter((scenario) => replayWaitsFor(scenario) === undefined)
    .flatMap(recordingsOf)
    .map(({ file }) => file);

  test.each(files)('%s', (file) => {
    expect(replay(asRecorded, readHistory(file))).toEqual({ kind: 'ok' });
  });
});

describe('code that was changed is found out, with the official reason', () => {
  const forNow = broken.filter((each) => changedWaitsFor(each.changed) === undefined);

  test.each(forNow.map((each) => [each.changed, each] as const))('%s', (_changed, each) => {
    const outcome = replay(changed, historyFor(each));
    expect(outcome).toMatchObject({ kind: 'nondeterminism' });
    expect(outcome).toHaveProperty('details', expect.stringContaining(each.essential));
    expect(outcome).toHaveProperty('details', expect.stringContaining('[TMPRL1100] Nondeterminism error'));
  });
});

test('whatever is said to wait exists', () => {
  const names = scenarios.map(({ name }) => name);
  expect(waitingScenarios.filter((name) => !names.includes(name))).toEqual([]);
});
