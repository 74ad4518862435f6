// Search attributes to payloads and back. An attribute is JSON whose metadata says its type. Runs everywhere.
import type { Payload as ModelPayload, PayloadMap } from '../../model/payload';
import { ValueError } from '../errors';
import type { SearchAttributeType } from '../search-attributes';
import {
  assertValue,
  isDate,
  TypedSearchAttributes,
  type SearchAttributePair,
  type SearchAttributes,
  type SearchAttributeUpdatePair,
  type SearchAttributeValue,
} from '../search-attributes';
import { encodingKeys, METADATA_ENCODING_KEY } from './encodings';
import { decodeUtf8, encodeUtf8 } from './utf8';

const METADATA_TYPE_KEY = 'type';

/** How payloads spell the types. */
const TYPE_NAMES: { readonly [T in SearchAttributeType]: string } = {
  TEXT: 'Text',
  KEYWORD: 'Keyword',
  INT: 'Int',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
};

/**
 * Typed attributes win over untyped ones of the same name.
 *
 * @returns undefined when there are none
 * @throws {ValueError} a value has no such form
 */
export function encodeSearchAttributes(
  untyped: SearchAttributes | undefined,
  typed: readonly SearchAttributeUpdatePair[] | TypedSearchAttributes | undefined,
): PayloadMap | undefined {
  const map: Record<string, ModelPayload> = {};
  for (const [name, value] of Object.entries(untyped ?? {})) {
    if (value !== undefined) map[name] = encodeUntyped(name, value);
  }
  const pairs = typed === undefined ? [] : 'getAll' in typed ? typed.getAll() : typed;
  for (const pair of pairs) map[pair.key.name] = encodeTyped(pair);
  return Object.keys(map).length === 0 ? undefined : map;
}

/** Attributes whose type the payload does not say are left out. */
export function decodeTypedSearchAttributes(map: PayloadMap | undefined): TypedSearchAttributes {
  const pairs: SearchAttributePair[] = [];
  for (const [name, payload] of Object.entries(map ?? {})) {
    const type = typeOf(payload);
    const value = decodeJson(payload);
    if (type === undefined || value === null || value === undefined) continue;
    const typed = type === 'DATETIME' ? dateOf(value) : unlisted(type, value);
    pairs.push({ key: { name, type }, value: typed } as SearchAttributePair);
  }
  return new TypedSearchAttributes(pairs);
}

/** In the old, untyped form: every value is a list. */
export function decodeSearchAttributes(map: PayloadMap | undefined): SearchAttributes {
  const attributes: SearchAttributes = {};
  for (const [name, payload] of Object.entries(map ?? {})) {
    const value = decodeJson(payload);
    if (value === null || value === undefined) continue;
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    const toValue = typeOf(payload) === 'DATETIME' ? dateOf : (item: unknown) => item;
    attributes[name] = list.map(toValue) as SearchAttributeValue;
  }
  return attributes;
}

function encodeTyped({ key, value }: SearchAttributeUpdatePair): ModelPayload {
  if (value !== null) assertValue({ key, value } as SearchAttributePair);
  return payloadOf(JSON.stringify(value), key.type);
}

function encodeUntyped(
  name: string,
  value: SearchAttributeValue | Readonly<SearchAttributeValue>,
): ModelPayload {
  if (!Array.isArray(value)) throw new ValueError(`Search attribute '${name}' takes a list of values`);
  const items = value as unknown[];
  const kinds = new Set(items.map((item) => (isDate(item) ? 'Date' : typeof item)));
  if (kinds.size > 1) throw new ValueError(`Search attribute '${name}' mixes values of different types`);
  const [kind] = kinds;
  if (kind !== undefined && !['string', 'number', 'boolean', 'Date'].includes(kind)) {
    throw new ValueError(`Search attribute '${name}' takes strings, numbers, booleans or dates`);
  }
  return payloadOf(JSON.stringify(items), kind === 'Date' ? 'DATETIME' : undefined);
}

function payloadOf(text: string, type: SearchAttributeType | undefined): ModelPayload {
  if (type === undefined) return text;
  return {
    metadata: {
      [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_JSON,
      [METADATA_TYPE_KEY]: encodeUtf8(TYPE_NAMES[type]),
    },
    data: encodeUtf8(text),
  };
}

function decodeJson(payload: ModelPayload): unknown {
  if (payload === null) return undefined;
  return JSON.parse(typeof payload === 'string' ? payload : decodeUtf8(payload.data));
}

function typeOf(payload: ModelPayload): SearchAttributeType | undefined {
  if (payload === null || typeof payload === 'string') return undefined;
  const bytes = payload.metadata[METADATA_TYPE_KEY];
  if (bytes === undefined) return undefined;
  const name = decodeUtf8(bytes);
  const types = Object.keys(TYPE_NAMES) as SearchAttributeType[];
  return types.find((type) => TYPE_NAMES[type] === name || type === name);
}

const dateOf = (value: unknown): Date => new Date(typeof value === 'string' ? value : Number.NaN);

/** A single value that was written in the untyped form is a list of one. */
function unlisted(type: SearchAttributeType, value: unknown): unknown {
  if (type === 'KEYWORD_LIST') return Array.isArray(value) ? value : [value];
  return Array.isArray(value) ? (value as unknown[])[0] : value;
}
