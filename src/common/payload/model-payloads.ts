// Values to the engine's payloads and back. With the default converter JSON stays text: no bytes are made and read again.
// Runs everywhere.
import type { Payload as ModelPayload, PayloadMap, Payloads } from '../../model/payload';
import type { SerializationContext } from '../serialization-context';
import { isBytes } from './bytes';
import { defaultPayloadConverter } from './default-payload-converter';
import { encodingKeys, METADATA_ENCODING_KEY } from './encodings';
import { modelFromPayload, payloadFromModel, type Payload } from './payload';
import type { PayloadConverter } from './payload-converter';
import { rawPayloadOf } from './raw-payload';
import { conversionError } from './unserialisable';

/**
 * @param name how an error calls the value: `memo.owner`, `args[1]`
 * @throws {ValueError} the value has no payload form; the message names the part that is wrong
 */
export function encodeValue(
  converter: PayloadConverter,
  value: unknown,
  name: string,
  context?: SerializationContext,
): ModelPayload {
  if (converter !== defaultPayloadConverter) {
    return modelFromPayload(converter.toPayload(value, context));
  }
  if (value === undefined) return null;
  if (typeof value === 'object' && value !== null) {
    const raw = rawPayloadOf(value);
    if (raw !== undefined) return modelFromPayload(raw);
    if (isBytes(value)) {
      // A copy: the caller may go on writing to its own.
      const data = new Uint8Array(value);
      return { metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_RAW }, data };
    }
  }
  let text: string | undefined;
  try {
    // Its type promises a string; functions and symbols give none.
    text = JSON.stringify(value);
  } catch (error) {
    throw conversionError(value, name, error);
  }
  if (text === undefined) throw conversionError(value, name);
  return text;
}

/** @param name of the list, for errors: `args` */
export function encodeValues(
  converter: PayloadConverter,
  values: readonly unknown[],
  name: string,
  context?: SerializationContext,
): Payloads {
  const payloads: ModelPayload[] = [];
  for (let index = 0; index < values.length; index++) {
    payloads.push(encodeValue(converter, values[index], `${name}[${index}]`, context));
  }
  return payloads;
}

export function encodeMap(
  converter: PayloadConverter,
  values: Readonly<Record<string, unknown>>,
  name: string,
  context?: SerializationContext,
): PayloadMap {
  const map: Record<string, ModelPayload> = {};
  for (const key of Object.keys(values)) {
    map[key] = encodeValue(converter, values[key], `${name}.${key}`, context);
  }
  return map;
}

export function decodeValue<T = unknown>(
  converter: PayloadConverter,
  payload: ModelPayload,
  context?: SerializationContext,
): T {
  if (converter === defaultPayloadConverter) {
    if (payload === null) return undefined as T;
    if (typeof payload === 'string') return JSON.parse(payload) as T;
  }
  return converter.fromPayload<T>(payloadFromModel(payload), context);
}

export function decodeValues(
  converter: PayloadConverter,
  payloads: Payloads,
  context?: SerializationContext,
): unknown[] {
  return payloads.map((payload) => decodeValue(converter, payload, context));
}

export function decodeMap(
  converter: PayloadConverter,
  map: PayloadMap,
  context?: SerializationContext,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(map)) values[key] = decodeValue(converter, map[key] ?? null, context);
  return values;
}

/** Headers, as interceptors and converters see them. */
export function headersFromModel(headers: PayloadMap): Record<string, Payload> {
  const seen: Record<string, Payload> = {};
  for (const key of Object.keys(headers)) seen[key] = payloadFromModel(headers[key] ?? null);
  return seen;
}

export function headersToModel(headers: Readonly<Record<string, Payload>>): PayloadMap {
  const map: Record<string, ModelPayload> = {};
  for (const [key, payload] of Object.entries(headers)) map[key] = modelFromPayload(payload);
  return map;
}
