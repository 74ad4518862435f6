// Two histories of one script: the same events, in the same order, with the same attributes. What may differ, and why, stands here.
import { normalise, plainQueue } from '../../support/official-histories/protobuf';
import type { HistoryOfRun } from './driver';
import { typeName } from './driver';

type Json = Parameters<typeof normalise>[0];

/** Never compared. */
const IGNORED: Readonly<Record<string, string>> = {
  eventTime: 'time',
  workflowExecutionExpirationTime: 'time',
  requestId: 'id',
  taskId: 'number of the server',
  namespaceId: 'id',
  parentWorkflowNamespaceId: 'id',
  stackTrace: 'of the code that ran',
  historySizeBytes: 'another encoding',
  sdkMetadata: 'another SDK',
  workerVersion: 'another SDK',
  binaryChecksum: 'our stamp',
  meteringMetadata: 'of the server',
  prevAutoResetPoints: 'of the server',
  useWorkflowBuildId: 'versioning of workers',
  inheritBuildId: 'versioning of workers',
  priority: 'comes later',
};

/** Scenarios in which two things that are near in time may share a workflow task, or not: events are compared, not their order. */
const COALESCING: ReadonlySet<string> = new Set([
  'activation-order',
  'races',
  'parallel-50',
  'scopes-nested',
  'signals-async-handlers',
]);

/** Scenarios whose values are ids and times. */
const VALUES_DIFFER: ReadonlySet<string> = new Set(['determinism', 'information', 'start-options']);

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A line for each event. */
export function comparable(scenario: string, { events }: HistoryOfRun): readonly string[] {
  const ids = new Map<string, string>();
  const nameId = (uuid: string): string => {
    const name = ids.get(uuid) ?? `id-${ids.size + 1}`;
    ids.set(uuid, name);
    return name;
  };
  const ignored = (name: string): boolean =>
    name in IGNORED || (VALUES_DIFFER.has(scenario) && name === 'payloads');
  const inOrder = events.map((event) => {
    const json = JSON.parse(JSON.stringify(event, readable)) as Json;
    const text = JSON.stringify(sorted(normalise(json, ignored)));
    return JSON.parse(text.replaceAll(UUID, nameId)) as Readonly<Record<string, unknown>>;
  });
  return COALESCING.has(scenario) ? withoutOrder(inOrder) : inOrder.map(lineOf);
}

function sorted(json: Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(sorted);
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}

/** Payloads as text, event types by their names, the queue that people know. */
function readable(name: string, value: unknown): unknown {
  if (name === 'eventType') return typeName(value as string);
  if (name === 'taskQueue') return plainQueue(value as Parameters<typeof plainQueue>[0]);
  if (name === 'metadata') {
    const entries = Object.entries(value as Readonly<Record<string, string>>);
    return Object.fromEntries(entries.map(([key, data]) => [key, base64(data)]));
  }
  return name === 'data' && typeof value === 'string' ? base64(value) : value;
}

const base64 = (data: string): string => Buffer.from(data, 'base64').toString('latin1');

function lineOf({ eventId, eventType, ...rest }: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(rest).map(([name, value]) =>
    name.endsWith('EventAttributes') ? JSON.stringify(value) : `${name} ${JSON.stringify(value)}`,
  );
  return [eventId, eventType, ...parts].join(' ');
}

/** The events that are no workflow tasks, without their places. */
const withoutOrder = (events: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  events
    .filter(({ eventType }) => !(eventType as string).startsWith('WorkflowTask'))
    .map((event) => lineOf({ ...withoutPlaces(event), eventId: '-' }))
    .sort();

function withoutPlaces(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(event, (name, value: unknown) => (name.endsWith('EventId') ? undefined : value));
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
