// Histories in official protobuf JSON: what Temporal's tools print and read. Pure. Protobuf is known nowhere else.
import type { EventKind, HistoryEvent, SdkMetadata, UserMetadata } from '../../model/event';
import { namespace } from '../../model/ids';
import { compact } from '../compact';
import { ValueError } from '../errors';
import { TABLE } from './events';
import { execution, isJson, long, numbers, objectOf, payload, text, timestamp, type Json, type Shape } from './values';

export interface EventJson {
  eventId: string;
  eventTime: string;
  eventType: string;
  [attributes: string]: unknown;
}
export interface HistoryJson {
  events: EventJson[];
}

/** An event that this version does not know. */
export class UnknownEventError extends ValueError {
  constructor(
    readonly eventType: string,
    readonly eventId: string,
  ) {
    super(`Event ${eventId} is of the type ${eventType}, which is not supported yet`);
  }
}

export const historyToProtoJson = (events: readonly HistoryEvent[]): HistoryJson => ({ events: events.map(write) });

/**
 * @param history an object with `events`, or the list of them; a text is parsed
 * @throws {UnknownEventError}
 * @throws {ValueError} it is no history
 */
export function historyFromProtoJson(history: unknown): readonly HistoryEvent[] {
  const json: unknown = typeof history === 'string' ? JSON.parse(history) : history;
  const events = Array.isArray(json) ? json : objectOf(json)['events'];
  if (!Array.isArray(events) || events.length === 0) {
    throw new ValueError('not a history in protobuf JSON: it has no events');
  }
  return events.filter((event) => objectOf(event)['workerMayIgnore'] !== true || isKnown(event)).map(read);
}

const typeOf = (kind: EventKind): string =>
  `EVENT_TYPE_${kind.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
const KIND_OF_TYPE = new Map((Object.keys(TABLE) as EventKind[]).map((kind) => [typeOf(kind), kind]));
const attributesKey = (kind: EventKind): string => `${kind}EventAttributes`;
const isKnown = (event: unknown): boolean => KIND_OF_TYPE.has(text.read(objectOf(event)['eventType']));

function write(event: HistoryEvent): EventJson {
  const attributes: Json = {};
  const values = event as unknown as Json;
  for (const [name, row] of Object.entries(TABLE[event.kind])) {
    const value = values[name];
    if (value === undefined) continue;
    if (row === 'flat') writeFlat(name, value, values, attributes);
    else {
      const [proto, shape] = row;
      const json = shape.write(value);
      if (json !== false && json !== '') attributes[proto] = json;
    }
  }
  return {
    eventId: String(event.eventId),
    eventTime: timestamp.write(event.at) as string,
    eventType: typeOf(event.kind),
    ...(event.userMetadata !== undefined && { userMetadata: writeMetadata(event.userMetadata) }),
    [attributesKey(event.kind)]: attributes,
  };
}

function writeFlat(name: string, value: unknown, event: Json, attributes: Json): void {
  switch (name) {
    case 'parent': {
      const { namespace: of, execution: parent, initiatedEventId } = value as Json;
      attributes['parentWorkflowNamespace'] = of;
      attributes['parentWorkflowExecution'] = parent;
      attributes['parentInitiatedEventId'] = String(initiatedEventId);
      return;
    }
    case 'workflowId':
      attributes['workflowExecution'] = compact<Json>({ workflowId: value, runId: event['runId'] });
      return;
    case 'sdkMetadata':
      attributes['sdkMetadata'] = value;
      return;
    case 'buildId':
      attributes['workerVersion'] = { buildId: value };
      return;
    // The run id went with the workflow id; a turn's stamp is the store's own.
    default:
  }
}

function read(json: unknown): HistoryEvent {
  const { eventId, eventTime, eventType, userMetadata, ...rest } = objectOf(json);
  const kind = KIND_OF_TYPE.get(text.read(eventType));
  if (kind === undefined) throw new UnknownEventError(text.read(eventType), String(eventId));
  const attributes = objectOf(rest[attributesKey(kind)]);
  const event: Json = { kind, eventId: Number(eventId), at: timestamp.read(eventTime) };
  for (const [name, row] of Object.entries(TABLE[kind])) {
    const value = row === 'flat' ? readFlat(name, attributes) : readRow(row, attributes);
    if (value !== undefined) event[name] = value;
  }
  if (isJson(userMetadata)) event['userMetadata'] = readMetadata(userMetadata);
  return event as unknown as HistoryEvent;
}

/** Of durations, zero means none where the model has nothing. */
function readRow(row: readonly [string, Shape<unknown>, unknown?], attributes: Json): unknown {
  const [proto, shape, absent] = row;
  const json = attributes[proto];
  if (json === undefined || json === null) return absent;
  if (json === '0s' && absent === undefined) return undefined;
  return shape.read(json);
}

function readFlat(name: string, attributes: Json): unknown {
  switch (name) {
    case 'parent': {
      const parent = attributes['parentWorkflowExecution'];
      if (parent === undefined) return undefined;
      return {
        namespace: namespace(text.read(attributes['parentWorkflowNamespace'])),
        execution: execution.read(parent),
        initiatedEventId: long.read(attributes['parentInitiatedEventId']),
      };
    }
    case 'workflowId':
      return execution.read(attributes['workflowExecution']).workflowId;
    case 'runId': {
      const { runId } = execution.read(attributes['workflowExecution']);
      return runId === '' ? undefined : runId;
    }
    case 'sdkMetadata':
      return attributes['sdkMetadata'] === undefined ? undefined : readSdk(objectOf(attributes['sdkMetadata']));
    case 'buildId': {
      const { buildId } = objectOf(attributes['workerVersion']);
      return typeof buildId === 'string' ? buildId : undefined;
    }
    default:
      return undefined;
  }
}

function readSdk({ coreUsedFlags, langUsedFlags, sdkName, sdkVersion }: Json): SdkMetadata {
  return compact<SdkMetadata>({
    coreUsedFlags: coreUsedFlags === undefined ? undefined : numbers.read(coreUsedFlags),
    langUsedFlags: langUsedFlags === undefined ? undefined : numbers.read(langUsedFlags),
    sdkName: sdkName === undefined ? undefined : text.read(sdkName),
    sdkVersion: sdkVersion === undefined ? undefined : text.read(sdkVersion),
  });
}

const writeMetadata = ({ summary, details }: UserMetadata): Json =>
  compact<Json>({
    summary: summary === undefined ? undefined : payload.write(summary),
    details: details === undefined ? undefined : payload.write(details),
  });

const readMetadata = ({ summary, details }: Json): UserMetadata =>
  compact<UserMetadata>({
    summary: summary === undefined ? undefined : payload.read(summary),
    details: details === undefined ? undefined : payload.read(details),
  });
