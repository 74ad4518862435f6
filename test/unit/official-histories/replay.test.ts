// Histories that the official SDK and server wrote replay on our engine, and code that was changed since is found out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayHistory, type ReplayOutcome } from '../../../src/actors/replay/replay-history';
import { createRealm, type Realm } from '../../../src/actors/sandbox';
import { bundleWorkflows } from '../../../src/bundle';
import type { EnginePort } from '../../../src/actors/replay/engine-port';
import { historyFromProtoJson } from '../../../src/common/proto-json';
import type { HistoryEvent } from '../../../src/model/event';
import { namespace, runId } from '../../../src/model/ids';
import type { WorkflowCommand } from '../../../src/model/turn';
import {
  broken,
  readHistory,
  recordingsOf,
  scenarios,
  sourcePath,
  type Broken,
} from '../../support/official-histories';
import { changedWaitsFor, replayWaitsFor, waitingScenarios } from '../../support/official-histories/waiting';
import { missingValues } from './values';

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

interface Replayed {
  readonly outcome: ReplayOutcome;
  /** Everything that workflow code asked for. */
  readonly commands: readonly WorkflowCommand[];
}

function replay({ realm, hash }: Code, events: readonly HistoryEvent[]): Replayed {
  const first = events[0];
  const id = first?.kind === 'workflowExecutionStarted' ? first.originalExecutionRunId : runId('');
  const instance = realm.instantiate();
  const commands: WorkflowCommand[] = [];
  const engine: EnginePort = {
    activate(activation) {
      const result = instance.activate(activation);
      if (result.kind === 'ok') commands.push(...result.commands);
      return result;
    },
  };
  const options = { namespace: namespace('default'), runId: id, engine, bundleHash: hash };
  return { outcome: replayHistory(options, events), commands };
}

/** The history, as if a changed workflow had written it. */
function historyFor({ history, changed: workflow }: Broken): readonly HistoryEvent[] {
  const { events } = readHistory(history);
  const [first, ...rest] = events;
  const attributes = first?.['workflowExecutionStartedEventAttributes'] as object;
  const started = { ...attributes, workflowType: { name: workflow } };
  return historyFromProtoJson({
    events: [{ ...first, workflowExecutionStartedEventAttributes: started }, ...rest],
  });
}

/** Where a replay computes something else, and why that is right. */
const OTHER_VALUES: Readonly<Record<string, string>> = {
  'histories/activity-timeout-scheduleToCloseRetrying.json':
    'we tell the cause of a timeout, where the official SDK leaves it out',
  'histories/attributes-from-start.json':
    'in the order of the attributes: a map, which had another order on the wire than in the record',
};

describe('the code that wrote it replays, with the same values', () => {
  const files = scenarios
    .filter((scenario) => replayWaitsFor(scenario) === undefined)
    .flatMap(recordingsOf)
    .map(({ file }) => file);

  test.each(files)('%s', (file) => {
    const history = historyFromProtoJson(readHistory(file));
    const { outcome, commands } = replay(asRecorded, history);
    expect(outcome).toEqual({ kind: 'ok' });
    if (!(file in OTHER_VALUES)) expect(missingValues(history, commands)).toEqual([]);
  });
});

describe('code that was changed is found out, with the official reason', () => {
  const forNow = broken.filter((each) => changedWaitsFor(each.changed) === undefined);

  test.each(forNow.map((each) => [each.changed, each] as const))('%s', (_changed, each) => {
    const { outcome } = replay(changed, historyFor(each));
    expect(outcome).toMatchObject({ kind: 'nondeterminism' });
    expect(outcome).toHaveProperty('details', expect.stringContaining(each.essential));
    expect(outcome).toHaveProperty('details', expect.stringContaining('[TMPRL1100] Nondeterminism error'));
  });
});

test('whatever is said to wait exists', () => {
  const names = scenarios.map(({ name }) => name);
  expect(waitingScenarios.filter((name) => !names.includes(name))).toEqual([]);
});
