// Memo and search attributes of a run: maps whose keys workflow code sets and unsets. Pure computation.
import type { Payload, PayloadMap } from '../../model/payload';

/** Without the keys that are set to nothing: `undefined`, `null`, or the empty list (Temporal's rule for both kinds of map). */
export function withoutUnset(map: PayloadMap): PayloadMap {
  const kept: Record<string, Payload> = {};
  for (const [key, payload] of Object.entries(map)) {
    if (!isUnset(payload)) kept[key] = payload;
  }
  return kept;
}

const UNSET_TEXTS: readonly string[] = ['null', '[]'];
const JSON_ENCODING = 'json/plain';

function isUnset(payload: Payload): boolean {
  if (payload === null) return true;
  if (typeof payload === 'string') return UNSET_TEXTS.includes(payload);
  // A search attribute has its type beside its encoding, so it does not travel as bare text.
  const encoding = payload.metadata['encoding'];
  if (encoding === undefined || !isText(encoding, JSON_ENCODING)) return false;
  return UNSET_TEXTS.some((text) => isText(payload.data, text));
}

const isText = (bytes: Uint8Array, text: string): boolean =>
  bytes.byteLength === text.length && bytes.every((byte, index) => byte === text.charCodeAt(index));
