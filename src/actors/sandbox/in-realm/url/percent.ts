// Percent-encoding by the sets of https://url.spec.whatwg.org/#percent-encoded-bytes. Runs inside a realm, pure.
import { TextDecoder, TextEncoder } from '../text-encoding';

export type EncodeSet = (codePoint: number) => boolean;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const control: EncodeSet = (point) => point <= 0x1f || point > 0x7e;

/** `base` and the given ASCII characters. */
function withCharacters(base: EncodeSet, characters: string): EncodeSet {
  const added = new Set([...characters].map((character) => character.codePointAt(0)));
  return (point) => base(point) || added.has(point);
}

const fragment = withCharacters(control, ' "<>`');
const query = withCharacters(control, ' "#<>');
const specialQuery = withCharacters(query, "'");
const path = withCharacters(query, '?`{}^');
const userinfo = withCharacters(path, '/:;=@[\\]|');

export const ENCODE_SETS = { control, fragment, query, specialQuery, path, userinfo } as const;

const HEX = '0123456789ABCDEF';

export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `%${HEX[byte >> 4]}${HEX[byte & 15]}`;
  return text;
}

export function percentEncode(text: string, set: EncodeSet): string {
  let encoded = '';
  for (const character of text) {
    encoded += set(character.codePointAt(0) ?? 0) ? encodeBytes(encoder.encode(character)) : character;
  }
  return encoded;
}

const IS_HEX_PAIR = /^[0-9a-fA-F]{2}$/;

export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = encoder.encode(text);
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const pair = bytes[i] === 0x25 ? String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : '';
    const isEscape = IS_HEX_PAIR.test(pair);
    decoded[length++] = isEscape ? Number.parseInt(pair, 16) : (bytes[i] ?? 0);
    if (isEscape) i += 2;
  }
  return decoder.decode(decoded.subarray(0, length));
}

/** What the web calls a USVString: lone surrogates become U+FFFD. */
export function toWellFormed(value: unknown): string {
  const text = String(value);
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
