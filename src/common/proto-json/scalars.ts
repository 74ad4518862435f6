// Text, numbers, truth, times, durations, bytes: as protobuf JSON writes them, and as the official SDK's objects hold them. Pure.
import type { DurationMs, EpochMs } from '../../model/time';
import { decodeBase64, encodeBase64 } from '../payload/base64';
import type { Codec, DefaultCodec } from './fields';
import type { Json, Message } from './json';
import { HistoryFormatError, nameOf } from './json';

const SECOND_MS = 1_000;
const NANOS_PER_MS = 1_000_000;

export const text: DefaultCodec<string> = {
  encode: (value) => value,
  decode(json, where) {
    if (typeof json !== 'string')
      throw new HistoryFormatError(where, `expected a text, found ${nameOf(json)}`);
    return json;
  },
  isDefault: (value) => value === '',
  getDefault: () => '',
};

/** Ids are text with a brand. */
export const textOf = <T extends string>(): DefaultCodec<T> => text as unknown as DefaultCodec<T>;

export const flag: DefaultCodec<boolean> = {
  encode: (value) => value,
  decode(json, where) {
    if (typeof json !== 'boolean') {
      throw new HistoryFormatError(where, `expected true or false, found ${nameOf(json)}`);
    }
    return json;
  },
  isDefault: (value) => !value,
  getDefault: () => false,
};

const number = (encode: (value: number) => Json): DefaultCodec<number> => ({
  encode,
  decode: numberOf,
  isDefault: (value) => value === 0,
  getDefault: () => 0,
});
/** A 32-bit integer or a floating-point number. */
export const small = number((value) => value);
/** A 64-bit integer: text in JSON. */
export const long = number(String);

/** Also text, and the two halves of a 64-bit integer. */
function numberOf(json: unknown, where: string): number {
  const value = typeof json === 'string' && json.trim() !== '' ? Number(json) : json;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof json === 'bigint') return Number(json);
  if (isLong(json)) return json.high * 2 ** 32 + (json.low >>> 0);
  throw new HistoryFormatError(where, `expected a number, found ${nameOf(json)}`);
}

function isLong(json: unknown): json is { readonly low: number; readonly high: number } {
  if (typeof json !== 'object' || json === null) return false;
  const { low, high } = json as Message;
  return typeof low === 'number' && typeof high === 'number';
}

/** `2026-11-23T05:01:28.773536827Z`; nanoseconds are cut off. */
export const timestamp: Codec<EpochMs> = {
  encode: (at) => new Date(at).toISOString().replace('.000Z', 'Z'),
  decode(json, where) {
    if (typeof json === 'object' && json !== null) return Math.floor(secondsAndNanos(json as Message, where));
    const at = typeof json === 'string' ? parseTimestamp(json) : undefined;
    if (at === undefined)
      throw new HistoryFormatError(where, `expected a time (RFC 3339), found ${nameOf(json)}`);
    return at;
  },
};

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

function parseTimestamp(json: string): EpochMs | undefined {
  if (!RFC_3339.test(json)) return undefined;
  // Cuts off what is finer than a millisecond; knows only large letters.
  const at = Date.parse(json.toUpperCase());
  return Number.isNaN(at) ? undefined : at;
}

/** `1.500s` */
export const duration: DefaultCodec<DurationMs> = {
  encode: formatDuration,
  decode(json, where) {
    if (typeof json === 'object' && json !== null) return secondsAndNanos(json as Message, where);
    const length = typeof json === 'string' ? parseDuration(json) : undefined;
    if (length === undefined) {
      throw new HistoryFormatError(where, `expected a duration such as '1.5s', found ${nameOf(json)}`);
    }
    return length;
  },
  isDefault: (value) => value === 0,
  getDefault: () => 0,
};

const DURATION = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/;

function parseDuration(json: string): DurationMs | undefined {
  const [, sign, seconds, fraction = ''] = DURATION.exec(json) ?? [];
  if (seconds === undefined) return undefined;
  const length = Number(seconds) * SECOND_MS + Number(fraction.padEnd(9, '0')) / NANOS_PER_MS;
  return sign === '-' ? -length : length;
}

/** Three, six or nine digits behind the point, or none. */
function formatDuration(length: DurationMs): string {
  const millis = Math.abs(length);
  const whole = Math.floor(millis / SECOND_MS);
  const nanos = String(Math.round((millis - whole * SECOND_MS) * NANOS_PER_MS)).padStart(9, '0');
  const fraction = nanos.replace(/^(.*?)(000){0,3}$/, '$1');
  return `${length < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}s`;
}

function secondsAndNanos(json: Message, where: string): number {
  const { seconds = 0, nanos = 0 } = json;
  return numberOf(seconds, `${where}.seconds`) * SECOND_MS + numberOf(nanos, `${where}.nanos`) / NANOS_PER_MS;
}

export const bytes: Codec<Uint8Array> = {
  encode: encodeBase64,
  decode(json, where) {
    if (json instanceof Uint8Array) return json;
    const value = typeof json === 'string' ? decodeBase64(json) : undefined;
    if (value === undefined) throw new HistoryFormatError(where, `expected Base64, found ${nameOf(json)}`);
    return value;
  },
};

export const list = <T>(item: Codec<T>): DefaultCodec<readonly T[]> => ({
  encode: (values) => values.map(item.encode),
  decode(json, where) {
    if (!Array.isArray(json)) throw new HistoryFormatError(where, `expected an array, found ${nameOf(json)}`);
    return json.map((each: unknown, index) => item.decode(each, `${where}[${index}]`));
  },
  isDefault: (values) => values.length === 0,
  getDefault: () => [],
});
