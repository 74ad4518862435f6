// Text to UTF-8 bytes without an encoder of the host's: this folder runs anywhere. Pure.

/** Unpaired surrogates become U+FFFD, as everywhere else. */
export function utf8Bytes(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    appendCodePoint(bytes, point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
  }
  return bytes;
}

function appendCodePoint(bytes: number[], point: number): void {
  if (point < 0x80) {
    bytes.push(point);
  } else if (point < 0x800) {
    bytes.push(0xc0 | (point >> 6), continuation(point));
  } else if (point < 0x10000) {
    bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
  } else {
    bytes.push(
      0xf0 | (point >> 18),
      continuation(point >> 12),
      continuation(point >> 6),
      continuation(point),
    );
  }
}

const continuation = (bits: number): number => 0x80 | (bits & 0x3f);

/** The length of `utf8Bytes(text)`. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Well-formed UTF-8 only: what `utf8Bytes` made, or another encoder. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index]!;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let step = 1; step <= more; step++) point = (point << 6) | (bytes[index + step]! & 0x3f);
    text += String.fromCodePoint(point);
    index += more + 1;
  }
  return text;
}
