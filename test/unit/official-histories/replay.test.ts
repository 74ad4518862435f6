// Histories that the official SDK and server wrote replay on our engine, and code that was changed since does not.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayHistory, type ReplayOutcome } from '../../../src/actors/replay/replay-history.ts';
import { createRealm, type Realm } from '../../../src/actors/sandbox/index.ts';
import { bundleWorkflows } from '../../../src/bundle/index.ts';
import { historyFromProtoJson, historyToProtoJson } from '../../../src/common/proto-json/index.ts';
import { namespace, runId } from '../../../src/model/ids.ts';
import { laterFeatureOf } from './later-features.ts';

const folder = new URL('../../fixtures/official-histories/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

interface Scenario {
  readonly name: string;
  readonly workflow: string;
  readonly file: string;
  readonly also?: readonly { readonly file: string }[];
}
interface Broken {
  readonly name: string;
  readonly changed: string;
  readonly history: string;
  readonly essential: string;
}

const scenarios = JSON.parse(read('index.json')) as readonly Scenario[];
const broken = JSON.parse(read('broken.json')) as readonly Broken[];
const files = scenarios.flatMap(({ file, also = [] }) => [file, ...also.map((other) => other.file)]);
const now = files.filter((file) => laterFeatureOf(file) === undefined);

/** Changed code that uses what comes later is no judge either. */
const isForNow = ({ history, changed }: Broken): boolean =>
  laterFeatureOf(history) === undefined && !changed.startsWith('local');

const realms = new Map<string, { readonly realm: Realm; readonly hash: string }>();
async function load(name: string): Promise<void> {
  const bundle = await bundleWorkflows({ workflowsPath: fileURLToPath(new URL(name, folder)) });
  realms.set(name, { realm: createRealm(bundle), hash: bundle.hash });
}

function replay(code: string, history: unknown): ReplayOutcome {
  const { realm, hash } = realms.get(code) as { realm: Realm; hash: string };
  const events = historyFromProtoJson(history);
  const first = events[0];
  const id = first?.kind === 'workflowExecutionStarted' ? first.originalExecutionRunId : runId('');
  return replayHistory(
    { namespace: namespace('default'), runId: id, engine: realm.instantiate(), bundleHash: hash },
    events,
  );
}

beforeAll(async () => {
  await load('workflows.ts');
  await load('workflows-changed.ts');
});
afterAll(() => {
  for (const { realm } of realms.values()) realm.dispose();
});

describe('the code that wrote it', () => {
  test.each(now)('replays %s', (file) => {
    expect(replay('workflows.ts', JSON.parse(read(file)))).toEqual({ kind: 'ok' });
  });
});

describe('code that was changed', () => {
  test.each(broken.filter(isForNow).map((one) => [one.changed, one] as const))(
    'is found out: %s',
    (changed, { history }) => {
      const json = JSON.parse(read(history)) as {
        events: { workflowExecutionStartedEventAttributes: object }[];
      };
      Object.assign(json.events[0]?.workflowExecutionStartedEventAttributes ?? {}, {
        workflowType: { name: changed },
      });
      expect(replay('workflows-changed.ts', json).kind).toBe('nondeterminism');
    },
  );
});

test.each(now)('reading and writing %s again keeps every event', (file) => {
  const events = historyFromProtoJson(JSON.parse(read(file)));
  expect(historyFromProtoJson(historyToProtoJson(events))).toEqual(events);
});
