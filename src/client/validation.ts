// Bad input is refused here, before anything is sent: ids, names, sizes.
import { assertList, assertObject } from '../common/assert-object';
import { isRecord } from '../common/error-inspection';
import { ValueError } from '../common/errors';
import { compact } from '../common/compact';
import type { Payload, PayloadMap, Payloads } from '../model/payload';
import { payloadSize } from '../model/payload';
import { runId, workflowId, type Address, type Namespace } from '../model/ids';
import {
  ID_BYTES_MAX,
  MEMO_BYTES_MAX,
  PAYLOAD_BYTES_MAX,
  SEARCH_ATTRIBUTE_BYTES_MAX,
  SEARCH_ATTRIBUTES_BYTES_MAX,
  SEARCH_ATTRIBUTES_MAX,
} from '../model/limits';

/** A UTF-16 code unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT_MAX = 3;

/** Has no UTF-8 of its own: two ids would become one. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * @throws {TypeError} `text` is missing, empty or no string
 * @throws {ValueError} it is too long
 */
export function assertId(text: unknown, name: string): asserts text is string {
  if (typeof text !== 'string') {
    throw new TypeError(
      text === undefined || text === null
        ? `Missing ${name}`
        : `${name} must be a string, not ${typeof text}`,
    );
  }
  if (text === '') throw new TypeError(`Missing ${name}: it is empty`);
  if (LONE_SURROGATE.test(text))
    throw new ValueError(`${name} is not well-formed Unicode: it has half a character`);
  if (text.length * BYTES_PER_UNIT_MAX <= ID_BYTES_MAX) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > ID_BYTES_MAX) {
    throw new ValueError(`${name} takes ${bytes} bytes: at most ${ID_BYTES_MAX} are allowed`);
  }
}

export function addressOf(namespace: Namespace, id: string, run: string | undefined): Address {
  assertId(id, 'workflowId');
  if (run === undefined) return { namespace, workflowId: workflowId(id) };
  assertId(run, 'runId');
  return compact<Address>({ namespace, workflowId: workflowId(id), runId: runId(run) });
}

/** @throws {TypeError} it has not the form of a data converter */
export function assertDataConverter(converter: unknown): void {
  assertObject(converter, 'dataConverter', 'an object such as { payloadConverterPath }');
  const { payloadConverterPath, failureConverterPath, payloadCodecs } = converter as Record<string, unknown>;
  for (const [name, path] of Object.entries({ payloadConverterPath, failureConverterPath })) {
    if (path === undefined || typeof path === 'string') continue;
    throw new TypeError(`dataConverter.${name}: the path of a module, as a text, not ${typeof path}`);
  }
  if (payloadCodecs === undefined) return;
  assertList(payloadCodecs, 'dataConverter.payloadCodecs', 'a list of codecs', isRecord);
}

/** @throws {ValueError} the payloads together are larger than one list may be */
export function assertPayloads(payloads: Payloads, name: string): void {
  let bytes = 0;
  for (const payload of payloads) bytes += payloadBytes(payload);
  assertBytes(bytes, PAYLOAD_BYTES_MAX, name);
}

/** @throws {ValueError} */
export function assertMemo(memo: PayloadMap): void {
  assertBytes(mapBytes(memo), MEMO_BYTES_MAX, 'memo');
}

/** @throws {ValueError} */
export function assertSearchAttributes(attributes: PayloadMap): void {
  const names = Object.keys(attributes);
  if (names.length > SEARCH_ATTRIBUTES_MAX) {
    throw new ValueError(
      `There are ${names.length} search attributes: at most ${SEARCH_ATTRIBUTES_MAX} are allowed`,
    );
  }
  for (const name of names) {
    assertBytes(
      payloadBytes(attributes[name] ?? null),
      SEARCH_ATTRIBUTE_BYTES_MAX,
      `search attribute '${name}'`,
    );
  }
  assertBytes(mapBytes(attributes), SEARCH_ATTRIBUTES_BYTES_MAX, 'search attributes');
}

/** @throws {ValueError} */
export function assertBytes(bytes: number, maximum: number, name: string): void {
  if (bytes > maximum) {
    throw new ValueError(
      `${name} takes ${bytes} bytes: at most ${maximum} are allowed. Store large values elsewhere and pass a reference`,
    );
  }
}

/** Exact where it matters: a text that is short enough in any case is not measured. */
export function payloadBytes(payload: Payload): number {
  if (typeof payload === 'string' && payload.length * BYTES_PER_UNIT_MAX > SEARCH_ATTRIBUTE_BYTES_MAX) {
    return Buffer.byteLength(payload);
  }
  return payloadSize(payload);
}

function mapBytes(map: PayloadMap): number {
  let bytes = 0;
  for (const [key, payload] of Object.entries(map)) bytes += Buffer.byteLength(key) + payloadBytes(payload);
  return bytes;
}
