// Payloads, lists of them, and maps: Base64 on the wire, JSON text with us. Pure.
import type { Headers } from '../../model/event';
import type { Payload, PayloadMap, Payloads } from '../../model/payload';
import { modelFromPayload, payloadFromModel } from '../payload/payload';
import type { Codec, DefaultCodec } from './fields';
import { readField } from './fields';
import type { Json, MutableJsonObject } from './json';
import { listOf, messageOf } from './json';
import { bytes } from './scalars';

export const payload: Codec<Payload> = {
  encode(value) {
    const { metadata, data } = payloadFromModel(value);
    const message: MutableJsonObject = { metadata: mapValues(metadata ?? {}, bytes.encode) };
    if (data !== undefined && data !== null && data.length > 0) message['data'] = bytes.encode(data);
    return message;
  },
  decode(json, where) {
    const message = messageOf(json, where);
    return modelFromPayload({
      metadata: readField('metadata', byteMap, message, where) ?? {},
      data: readField('data', bytes, message, where) ?? new Uint8Array(0),
    });
  },
};

const byteMap: Codec<Record<string, Uint8Array>> = {
  encode: (map) => mapValues(map, bytes.encode),
  decode: (json, where) =>
    mapValues(messageOf(json, where), (each, key) => bytes.decode(each, `${where}.${key}`)),
};

export const payloads: DefaultCodec<Payloads> = {
  encode: (list) => (list.length === 0 ? {} : { payloads: list.map(payload.encode) }),
  decode(json, where) {
    const list = messageOf(json, where)['payloads'] ?? [];
    return listOf(list, `${where}.payloads`).map((each, index) =>
      payload.decode(each, `${where}.payloads[${index}]`),
    );
  },
  isDefault: (list) => list.length === 0,
  getDefault: () => [],
};

/** Temporal has a list where there is one value at most. Of an empty list nothing is left. */
export const onlyPayload: Codec<Payload | undefined> = {
  encode: (value) => payloads.encode(value === undefined ? [] : [value]),
  decode: (json, where) => payloads.decode(json, where)[0],
};

/** @param name of the field that holds the map's entries: `fields`, `indexedFields` */
const payloadMap = (name: string): DefaultCodec<PayloadMap> => ({
  encode: (map) => (isEmpty(map) ? {} : { [name]: mapValues(map, payload.encode) }),
  decode(json, where) {
    const entries = messageOf(json, where)[name] ?? {};
    return mapValues(messageOf(entries, `${where}.${name}`), (each, key) =>
      payload.decode(each, `${where}.${name}.${key}`),
    );
  },
  isDefault: isEmpty,
  getDefault: () => ({}),
});

export const headers: DefaultCodec<Headers> = payloadMap('fields');
export const memo: DefaultCodec<PayloadMap> = payloadMap('fields');
export const searchAttributes: DefaultCodec<PayloadMap> = payloadMap('indexedFields');

/** Details of a marker. */
export const payloadsMap: DefaultCodec<Readonly<Record<string, Payloads>>> = {
  encode: (map) => mapValues(map, payloads.encode),
  decode: (json, where) =>
    mapValues(messageOf(json, where), (each, key) => payloads.decode(each, `${where}.${key}`)),
  isDefault: isEmpty,
  getDefault: () => ({}),
};

function isEmpty(map: object): boolean {
  return Object.keys(map).length === 0;
}

function mapValues<From, To extends Json | object | string | null>(
  map: Readonly<Record<string, From>>,
  convert: (value: From, key: string) => To,
): Record<string, To> {
  // Keys come from outside: `__proto__` must become a property like any other.
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value, key)]));
}
