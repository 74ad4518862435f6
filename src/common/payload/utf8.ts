// UTF-8 with or without a TextEncoder: the sandbox's realm may have none. Both ways give the same bytes and text. Pure.

interface NativeText {
  readonly TextEncoder?: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder?: new (
    label: 'utf-8',
    options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
}

/** From here on the native codec is worth its construction. */
const NATIVE_FROM_LENGTH = 128;
/** Code units given to `String.fromCharCode` at once: arguments live on the stack. */
const CODE_UNITS_PER_CALL = 4_096;
const REPLACEMENT = 0xfffd;

type NativeEncoder = InstanceType<NonNullable<NativeText['TextEncoder']>>;
/** Made once: that costs more than a short text. */
let encoder: NativeEncoder | undefined;

/** Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const { TextEncoder } = globalThis as NativeText;
  if (TextEncoder === undefined || text.length < NATIVE_FROM_LENGTH) return encodeUtf8Portable(text);
  if (encoder?.constructor !== TextEncoder) encoder = new TextEncoder();
  return encoder.encode(text);
}

/** Malformed bytes become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const { TextDecoder } = globalThis as NativeText;
  if (TextDecoder !== undefined && bytes.length >= NATIVE_FROM_LENGTH) {
    return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
  }
  return decodeUtf8Portable(bytes, 'replace') ?? '';
}

/** @returns undefined when the bytes are not UTF-8 */
export function decodeUtf8Strict(bytes: Uint8Array): string | undefined {
  const { TextDecoder } = globalThis as NativeText;
  if (TextDecoder === undefined || bytes.length < NATIVE_FROM_LENGTH) {
    return decodeUtf8Portable(bytes, 'refuse');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes that `text` takes. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) ?? 0;
    if (point > 0xffff) index++;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point <= 0xffff ? 3 : 4;
  }
  return length;
}

export function encodeUtf8Portable(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    let point = text.codePointAt(index) ?? 0;
    if (point > 0xffff) index++;
    else if (point >= 0xd800 && point <= 0xdfff) point = REPLACEMENT;
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    const continuations = point < 0x800 ? 1 : point <= 0xffff ? 2 : 3;
    const lead = [0, 0xc0, 0xe0, 0xf0][continuations] ?? 0;
    bytes[at++] = lead | (point >> (6 * continuations));
    for (let left = continuations - 1; left >= 0; left--) bytes[at++] = 0x80 | ((point >> (6 * left)) & 0x3f);
  }
  return bytes;
}

/** The decoder of the WHATWG Encoding Standard, §8.1.1. */
export function decodeUtf8Portable(bytes: Uint8Array, onMalformed: 'replace' | 'refuse'): string | undefined {
  let text = '';
  let units: number[] = [];
  let point = 0;
  let needed = 0;
  // What the next continuation byte may be: narrower after some lead bytes, to refuse overlong forms and surrogates.
  let lower = 0x80;
  let upper = 0xbf;

  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (needed === 0) {
      if (byte < 0x80) units.push(byte);
      else if (byte >= 0xc2 && byte <= 0xf4) {
        needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        if (byte === 0xe0) lower = 0xa0;
        if (byte === 0xed) upper = 0x9f;
        if (byte === 0xf0) lower = 0x90;
        if (byte === 0xf4) upper = 0x8f;
        point = byte & (0x3f >> needed);
      } else if (onMalformed === 'refuse') return undefined;
      else units.push(REPLACEMENT);
    } else if (byte < lower || byte > upper) {
      if (onMalformed === 'refuse') return undefined;
      units.push(REPLACEMENT);
      needed = 0;
      lower = 0x80;
      upper = 0xbf;
      // This byte may begin a character of its own.
      index--;
    } else {
      point = (point << 6) | (byte & 0x3f);
      needed--;
      lower = 0x80;
      upper = 0xbf;
      if (needed === 0) pushPoint(units, point);
    }
    if (units.length >= CODE_UNITS_PER_CALL) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  if (needed > 0) {
    if (onMalformed === 'refuse') return undefined;
    units.push(REPLACEMENT);
  }
  return text + String.fromCharCode(...units);
}

function pushPoint(units: number[], point: number): void {
  if (point <= 0xffff) units.push(point);
  else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
}
