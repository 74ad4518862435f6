// What a workflow changes of its own listing: search attributes and memo. Runs in the realm.
import { encodeValue } from '../common/payload/model-payloads';
import { encodeSearchAttributes } from '../common/payload/search-attribute-payloads';
import type { SearchAttributes, SearchAttributeUpdatePair } from '../common/search-attributes';
import type { Payload, PayloadMap } from '../model/payload';
import { currentRun } from './engine/current';

/** An array: typed attributes, of which `value: null` removes one. */
export function upsertSearchAttributes(attributes: SearchAttributes | SearchAttributeUpdatePair[]): void {
  const run = currentRun('upsertSearchAttributes()');
  if (attributes === null || attributes === undefined)
    throw new Error('searchAttributes must be a non-null SearchAttributes');
  const encoded = Array.isArray(attributes)
    ? encodeSearchAttributes(undefined, attributes)
    : encodeSearchAttributes(attributes, undefined);
  if (encoded === undefined) throw new Error('At least one searchAttribute must be provided');
  run.ask({ kind: 'upsertSearchAttributes', searchAttributes: encoded });
  run.searchAttributes = merged(run.searchAttributes, encoded);
  run.info = undefined;
}

/** `null` and `undefined` remove a value. */
export function upsertMemo(memo: Record<string, unknown>): void {
  const run = currentRun('upsertMemo()');
  if (memo === null || memo === undefined) throw new Error('memo must be a non-null Record');
  const encoded: Record<string, Payload> = {};
  for (const [name, value] of Object.entries(memo)) {
    encoded[name] = encodeValue(run.payloadConverter, value ?? undefined, `memo.${name}`);
  }
  run.ask({ kind: 'modifyProperties', upsertedMemo: encoded });
  run.memo = merged(run.memo, encoded);
  run.info = undefined;
}

function merged(known: PayloadMap, more: PayloadMap): PayloadMap {
  const map: Record<string, Payload> = { ...known };
  for (const [name, payload] of Object.entries(more)) {
    if (isUnset(payload)) delete map[name];
    else map[name] = payload;
  }
  return map;
}

const isUnset = (payload: Payload): boolean =>
  payload === null ||
  payload === 'null' ||
  (typeof payload === 'object' &&
    payload.data.length <= 4 &&
    String.fromCharCode(...payload.data) === 'null');
