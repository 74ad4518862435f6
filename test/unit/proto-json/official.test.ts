// Temporal's own histories: what comes in goes out again, but for what the model has no place for.
import { describe, expect, test } from 'vitest';
import {
  historyFromProtoJson,
  historyToProtoJson,
  UnsupportedHistoryError,
} from '../../../src/common/proto-json';
import type { OfficialEvent } from '../../support/official-histories';
import { readHistory, recordingsOf, scenarios } from '../../support/official-histories';
import { normalise, plainQueue } from '../../support/official-histories/protobuf';

/** Histories of features that come later, by the first event that says so. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  'update-completed': 'UPDATE_ACCEPTED',
  'update-rejected': 'UPDATE_ACCEPTED',
  'update-fails': 'UPDATE_ACCEPTED',
  'update-two-in-one-task': 'UPDATE_ACCEPTED',
  'update-over-several-tasks': 'UPDATE_ACCEPTED',
  'update-two-overlapping': 'UPDATE_ACCEPTED',
  'update-finish-while-open': 'UPDATE_ACCEPTED',
  'update-with-signal-before-first-task': 'UPDATE_ACCEPTED',
  'update-with-start': 'UPDATE_ACCEPTED',
  'update-accepted-only': 'UPDATE_ACCEPTED',
  queries: 'UPDATE_ACCEPTED',
  'reset-update': 'UPDATE_ACCEPTED',
  'reset-update.reset': 'UPDATE_ADMITTED',
  paused: 'PAUSED',
  'options-updated': 'OPTIONS_UPDATED',
};

/** What the model has no place for. */
const DROPPED = new Set([
  'taskId',
  'namespaceId',
  'parentWorkflowNamespaceId',
  'meteringMetadata',
  'prevAutoResetPoints',
  'priority',
  'useWorkflowBuildId',
  'inheritBuildId',
]);

const files = scenarios.flatMap(recordingsOf).map(({ file }) => file);
const nameOf = (file: string): string => /^histories\/(.*)\.json$/.exec(file)?.[1] ?? file;

function comparable(event: object): unknown {
  return normalise(
    JSON.parse(JSON.stringify(event, inOurWay)) as Parameters<typeof normalise>[0],
    (name, _value, path) => {
      // The version of a worker is kept where a task was completed, and nowhere else.
      return DROPPED.has(name) || (name === 'workerVersion' && !path.startsWith('workflowTaskCompleted'));
    },
  );
}

/** Milliseconds, and the queue that people know. */
function inOurWay(name: string, value: unknown): unknown {
  if (name === 'taskQueue') return plainQueue(value as Parameters<typeof plainQueue>[0]);
  if (!/Time$/.test(name) || typeof value !== 'string') return value;
  return value.replace(/\.(\d{3})\d*Z$/, '.$1Z').replace('.000Z', 'Z');
}

test('there are many', () => {
  expect(files.length).toBeGreaterThan(150);
  expect(Object.keys(UNSUPPORTED).filter((name) => !files.some((file) => nameOf(file) === name))).toEqual([]);
});

describe.each(files.filter((file) => !(nameOf(file) in UNSUPPORTED)))('%s', (file) => {
  const { events } = readHistory(file);

  test('goes in and out with everything that the model has', () => {
    const ours = historyFromProtoJson({ events });
    const out = historyToProtoJson(ours);
    expect(out.events.map(comparable)).toEqual(events.map((event: OfficialEvent) => comparable(event)));
    expect(historyFromProtoJson(JSON.parse(JSON.stringify(out)))).toEqual(ours);
  });
});

test.each(Object.entries(UNSUPPORTED))('%s is refused, naming %s', (name, type) => {
  const read = () => historyFromProtoJson(readHistory(`histories/${name}.json`));
  expect(read).toThrow(UnsupportedHistoryError);
  expect(read).toThrow(type);
});
