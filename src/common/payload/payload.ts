// The payload that users, codecs and custom converters see, and its border with the engine's own. Pure.
import type { Payload as ModelPayload } from '../../model/payload';
import { sameBytes } from './bytes';
import { encodingKeys, METADATA_ENCODING_KEY } from './encodings';
import { decodeUtf8Strict, encodeUtf8 } from './utf8';

/** Temporal's Payload message. */
export interface Payload {
  metadata?: Record<string, Uint8Array> | null;
  data?: Uint8Array | null;
}

export function payloadFromModel(payload: ModelPayload): Payload {
  if (payload === null) {
    return { metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_NULL } };
  }
  if (typeof payload === 'string') {
    return {
      metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_JSON },
      data: encodeUtf8(payload),
    };
  }
  return { metadata: { ...payload.metadata }, data: payload.data };
}

/** Loses nothing: what is not exactly the short form of JSON text or of `undefined` is kept byte for byte. */
export function modelFromPayload(payload: Payload): ModelPayload {
  const metadata = payload.metadata ?? {};
  const data = payload.data ?? new Uint8Array(0);
  const encoding = onlyEncodingOf(metadata);
  if (encoding !== undefined) {
    if (data.length === 0) {
      if (sameBytes(encoding, encodingKeys.METADATA_ENCODING_NULL)) return null;
    } else if (sameBytes(encoding, encodingKeys.METADATA_ENCODING_JSON)) {
      const text = decodeUtf8Strict(data);
      if (text !== undefined) return text;
    }
  }
  return { metadata, data };
}

function onlyEncodingOf(metadata: Record<string, Uint8Array>): Uint8Array | undefined {
  for (const key in metadata) if (key !== METADATA_ENCODING_KEY) return undefined;
  return metadata[METADATA_ENCODING_KEY];
}
