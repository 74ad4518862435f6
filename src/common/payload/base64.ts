// Base64 without Buffer. Pure.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Characters collected before they are joined: long strings grown by single characters are slow to read. */
const GROUPS_PER_PIECE = 1_024;

/** Standard alphabet, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 3 * GROUPS_PER_PIECE) {
    const end = Math.min(start + 3 * GROUPS_PER_PIECE, bytes.length);
    let piece = '';
    for (let at = start; at < end; at += 3) piece += encodeGroup(bytes, at);
    pieces.push(piece);
  }
  return pieces.join('');
}

function encodeGroup(bytes: Uint8Array, at: number): string {
  const second = bytes[at + 1];
  const third = bytes[at + 2];
  const bits = ((bytes[at] ?? 0) << 16) | ((second ?? 0) << 8) | (third ?? 0);
  return (
    ALPHABET.charAt(bits >> 18) +
    ALPHABET.charAt((bits >> 12) & 63) +
    (second === undefined ? '=' : ALPHABET.charAt((bits >> 6) & 63)) +
    (third === undefined ? '=' : ALPHABET.charAt(bits & 63))
  );
}

/** Takes the standard and the URL-safe alphabet, padded or not. @returns undefined when `text` is not Base64 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const length = unpaddedLength(text);
  if (length === undefined) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 6) / 8));
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let index = 0; index < length; index++) {
    const sextet = sextetOf(text.charCodeAt(index));
    if (sextet === undefined) return undefined;
    bits = ((bits << 6) | sextet) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[at++] = (bits >> bitCount) & 0xff;
    }
  }
  return bytes;
}

function unpaddedLength(text: string): number | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = text.length - padding;
  // A group of four may lack characters only where padding says so, or where padding was left out.
  if (length % 4 === 1) return undefined;
  return padding > 0 && text.length % 4 !== 0 ? undefined : length;
}

function sextetOf(code: number): number | undefined {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43 || code === 45) return 62;
  if (code === 47 || code === 95) return 63;
  return undefined;
}
