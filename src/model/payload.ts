// One value of the user's, serialised. JSON travels as its own text and is parsed once, by whoever reads the value.

/**
 * - a string: the JSON text of the value (Temporal's `json/plain` without further metadata)
 * - `null`: the value `undefined` (Temporal's `binary/null`)
 * - an object: every other encoding, as Temporal's Payload has it
 */
export type Payload = string | null | EncodedPayload;

export interface EncodedPayload {
  /** Values are bytes; `encoding` is always present. */
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  readonly data: Uint8Array;
}

export type Payloads = readonly Payload[];
export type PayloadMap = Readonly<Record<string, Payload>>;

/** Bytes a payload occupies, as counted against limits: UTF-16 length for text, which is a lower bound of its UTF-8 size. */
export function payloadSize(payload: Payload): number {
  if (payload === null) return 0;
  if (typeof payload === 'string') return payload.length;
  let size = payload.data.byteLength;
  for (const key in payload.metadata) size += key.length + (payload.metadata[key]?.byteLength ?? 0);
  return size;
}

export function payloadsSize(payloads: Payloads): number {
  let size = 0;
  for (const payload of payloads) size += payloadSize(payload);
  return size;
}

/** Bytes of a map's keys and values, as counted against limits. */
export function payloadMapSize(map: PayloadMap): number {
  let size = 0;
  for (const key in map) size += key.length + payloadSize(map[key] ?? null);
  return size;
}
