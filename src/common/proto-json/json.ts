// JSON as data, and the errors of reading it. Pure.
import { markError } from '../error-marker';
import { ValueError } from '../errors';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}
export type MutableJsonObject = Record<string, Json>;

/** What was read is no history in protobuf JSON; the message says where. */
export class HistoryFormatError extends ValueError {
  static {
    markError(this, 'HistoryFormatError');
  }
  /** @param where `event 5: timerStartedEventAttributes.startToFireTimeout` */
  constructor(
    readonly where: string,
    problem: string,
  ) {
    super(`${where}: ${problem}`);
  }
}

/** A history that is well-formed, but has an event, or a value in one, that Troupe does not know (yet). */
export class UnsupportedHistoryError extends ValueError {
  static {
    markError(this, 'UnsupportedHistoryError');
  }
  constructor(
    message: string,
    /** Temporal's name of it: `EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED`. A number, when it has come as one. */
    readonly unsupported: string,
    /** What it belongs to, where that is known: `workflow updates`. */
    readonly feature: string | undefined,
  ) {
    super(message);
  }
}

/** An object that is read: its fields are not known yet. */
export type Message = Readonly<Record<string, unknown>>;

export function messageOf(json: unknown, where: string): Message {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Message;
  throw new HistoryFormatError(where, `expected an object, found ${nameOf(json)}`);
}

export function listOf(json: unknown, where: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new HistoryFormatError(where, `expected an array, found ${nameOf(json)}`);
}

/** A value, short enough for an error. */
export function nameOf(json: unknown): string {
  switch (typeof json) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return `'${json.slice(0, 100)}'`;
    case 'object':
      return json === null ? 'null' : Array.isArray(json) ? 'an array' : 'an object';
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(json);
    case 'symbol':
    case 'function':
      return `a ${typeof json}`;
  }
}
