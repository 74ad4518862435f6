// Two histories of one script: the same events, in the same order, with the same attributes. What may differ, and why, stands here.
import { normalise, plainQueue } from '../../support/official-histories/protobuf';
import type { HistoryOfRun } from './driver';
import { typeName } from './driver';

type Json = Parameters<typeof normalise>[0];
type Event = Readonly<Record<string, unknown>>;

/** Never compared. */
const IGNORED: Readonly<Record<string, string>> = {
  eventTime: 'time',
  workflowExecutionExpirationTime: 'time',
  backoffStartInterval: 'time: what is left of a second',
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

interface Leniency {
  readonly why: string;
  /** `any`: events that are no workflow tasks are compared as a set; what they refer to is not compared. */
  readonly order?: 'any';
  /** Types of events that are not compared. */
  readonly without?: RegExp;
  /** Names of fields that are not compared. */
  readonly except?: RegExp;
}

const COALESCING = 'what is near in time may share a workflow task, or not';
const coalescing: Leniency = { why: COALESCING, order: 'any' };
const IDS_AND_TIMES: Leniency = { why: 'the values are ids and times', except: /^payloads$/ };
const SOON_TOLD: Leniency = {
  why: 'an activity is told of its cancellation at once, not after the next heartbeat that is not throttled',
  order: 'any',
  without: /^ActivityTask(Started|Canceled)$/,
};

const WITHOUT_RESULT: Leniency = {
  why: `${COALESCING}, which shows in the result`,
  order: 'any',
  without: /^WorkflowExecutionCompleted$/,
};

const LENIENCIES: Readonly<Record<string, Leniency>> = {
  'child-cancelled-through-parent': coalescing,
  'child-duplicate-id': coalescing,
  'child-signalled': coalescing,
  'children-two': coalescing,
  'parallel-50': coalescing,
  'signals-async-handlers': WITHOUT_RESULT,
  'signals-kept-and-default': coalescing,
  timers: coalescing,
  'activation-order': WITHOUT_RESULT,
  'scopes-nested': WITHOUT_RESULT,
  races: {
    ...WITHOUT_RESULT,
    why: 'a late timer, too',
    without: /^(TimerFired|WorkflowExecutionCompleted)$/,
  },
  'parent-close-TERMINATE': { why: 'the first task of the child may be open', order: 'any' },
  'parent-close-REQUEST_CANCEL': {
    why: 'the child may be asked before its first task, and then sets no timer',
    order: 'any',
    without: /^Timer/,
  },
  'activity-cancel-TRY_CANCEL': SOON_TOLD,
  'scope-with-timeout': SOON_TOLD,
  'task-fails-by-nondeterminism': { why: 'how often the faulty code was tried', except: /^attempt$/ },
  determinism: IDS_AND_TIMES,
  information: IDS_AND_TIMES,
  'start-options': IDS_AND_TIMES,
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A line for each event. */
export function comparable(scenario: string, { events }: HistoryOfRun): readonly string[] {
  const { order, without, except } = LENIENCIES[scenario] ?? {};
  const ids = new Map<string, string>();
  const nameOf = (uuid: string): string => {
    const name = ids.get(uuid) ?? `id-${ids.size + 1}`;
    ids.set(uuid, name);
    return name;
  };
  const ignored = (name: string): boolean => name in IGNORED || except?.test(name) === true;
  const read = events.map((event) => {
    const json = JSON.parse(JSON.stringify(event, readable)) as Json;
    const text = JSON.stringify(sorted(normalise(json, ignored)));
    return JSON.parse(text.replaceAll(UUID, order === 'any' ? () => 'id' : nameOf)) as Event;
  });
  const kept = read.filter(({ eventType }) => without?.test(eventType as string) !== true);
  return order === 'any' ? withoutOrder(kept) : kept.map(lineOf);
}

/** Payloads as text, event types by their names, the queue that people know. */
function readable(name: string, value: unknown): unknown {
  switch (name) {
    case 'eventType':
      return typeName(value as string);
    case 'taskQueue':
      return plainQueue(value as Parameters<typeof plainQueue>[0]);
    case 'metadata':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, data]) => [key, text(data as string)]),
      );
    case 'data':
      return typeof value === 'string' ? text(value) : value;
    case 'message':
      // Ours goes on: it says what stands there and what was asked for.
      return /^\[TMPRL1100\].*?HistoryEvent\(.*?\)/.exec(value as string)?.[0] ?? value;
    case 'workflowExecutionStartedEventAttributes':
      return withoutBackoff(value as Event);
    default:
      return value;
  }
}

const text = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');

/** A run that follows another waits for what is left of a second: time again. */
function withoutBackoff({ firstWorkflowTaskBackoff, ...started }: Event): Event {
  return 'continuedExecutionRunId' in started ? started : { ...started, firstWorkflowTaskBackoff };
}

function sorted(json: Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(sorted);
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}

function lineOf({ eventId, eventType, ...rest }: Event): string {
  const parts = Object.entries(rest).map(([name, value]) =>
    name.endsWith('EventAttributes') ? JSON.stringify(value) : `${name} ${JSON.stringify(value)}`,
  );
  return [eventId, eventType, ...parts].join(' ');
}

/** The events that are no workflow tasks, without their places. */
const withoutOrder = (events: readonly Event[]): readonly string[] =>
  events
    .filter(({ eventType }) => !(eventType as string).startsWith('WorkflowTask'))
    .map((event) => lineOf({ ...withoutPlaces(event), eventId: '-' }))
    .sort();

const withoutPlaces = (event: Event): Event =>
  JSON.parse(
    JSON.stringify(event, (name, value: unknown) => (name.endsWith('EventId') ? undefined : value)),
  ) as Event;
