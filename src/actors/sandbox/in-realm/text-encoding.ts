// `TextEncoder` and `TextDecoder` (UTF-8, UTF-16LE, and Latin-1 by its WHATWG name windows-1252). Runs inside a realm,
// pure. Decoding follows https://encoding.spec.whatwg.org: each maximal ill-formed part becomes one U+FFFD.

const REPLACEMENT = 0xfffd;

/** Code units or code points per `String.fromCharCode`/`fromCodePoint` call: arguments live on the stack. */
const CHUNK = 4_096;

function fromCodePoints(points: readonly number[]): string {
  let text = '';
  for (let start = 0; start < points.length; start += CHUNK) {
    text += String.fromCodePoint(...points.slice(start, start + CHUNK));
  }
  return text;
}

/** The scalar value at `index`; a lone surrogate reads as U+FFFD. */
function scalarAt(text: string, index: number): number {
  const point = text.codePointAt(index) ?? REPLACEMENT;
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function writeUtf8(target: Uint8Array, at: number, point: number): number {
  const length = utf8Length(point);
  if (length === 1) {
    target[at] = point;
    return 1;
  }
  for (let i = length - 1; i > 0; i--) {
    target[at + i] = 0x80 | (point & 0x3f);
    point >>>= 6;
  }
  target[at] = [0, 0, 0xc0, 0xe0, 0xf0][length]! | point;
  return length;
}

export class TextEncoder {
  get encoding(): string {
    return 'utf-8';
  }

  encode(input: unknown = ''): Uint8Array {
    const text = String(input);
    let size = 0;
    for (let i = 0; i < text.length; i++) {
      const point = scalarAt(text, i);
      size += utf8Length(point);
      if (point > 0xffff) i++;
    }
    const bytes = new Uint8Array(size);
    this.encodeInto(text, bytes);
    return bytes;
  }

  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    let written = 0;
    let read = 0;
    while (read < text.length) {
      const point = scalarAt(text, read);
      if (written + utf8Length(point) > target.length) break;
      written += writeUtf8(target, written, point);
      read += point > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}

/** Windows-1252's own characters at 0x80–0x9F; elsewhere it is Latin-1. */
const WINDOWS_1252 = [
  ...[
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x8d,
  ],
  ...[
    0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
    0x203a,
  ],
  ...[0x0153, 0x9d, 0x017e, 0x0178],
];

interface Decoding {
  /** Decodes `bytes`, which follow `pending`; answers code points and what is left over for the next call. */
  decode(
    bytes: Uint8Array,
    final: boolean,
    onIllFormed: () => void,
  ): { points: number[]; pending: Uint8Array };
}

const utf8: Decoding = {
  decode(bytes, final, onIllFormed) {
    const points: number[] = [];
    let i = 0;
    while (i < bytes.length) {
      const lead = bytes[i]!;
      if (lead < 0x80) {
        points.push(lead);
        i++;
        continue;
      }
      const sequence = readSequence(bytes, i, lead);
      if (sequence.kind === 'cut' && !final) return { points, pending: bytes.slice(i) };
      if (sequence.kind === 'point') points.push(sequence.point);
      else {
        onIllFormed();
        points.push(REPLACEMENT);
      }
      i += sequence.length;
    }
    return { points, pending: new Uint8Array() };
  },
};

type Sequence =
  | { readonly kind: 'point'; readonly point: number; readonly length: number }
  /** Ill-formed, or cut off by the end of the input after `length` good bytes. */
  | { readonly kind: 'illFormed' | 'cut'; readonly length: number };

function readSequence(bytes: Uint8Array, start: number, lead: number): Sequence {
  const needed =
    lead >= 0xc2 && lead <= 0xdf
      ? 1
      : lead >= 0xe0 && lead <= 0xef
        ? 2
        : lead >= 0xf0 && lead <= 0xf4
          ? 3
          : 0;
  if (needed === 0) return { kind: 'illFormed', length: 1 };
  // The second byte's range excludes overlong forms, surrogates and what lies beyond U+10FFFF.
  let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  let point = lead & (0x3f >> needed);
  for (let n = 1; n <= needed; n++) {
    const byte = bytes[start + n];
    if (byte === undefined) return { kind: 'cut', length: n };
    if (byte < lower || byte > upper) return { kind: 'illFormed', length: n };
    point = (point << 6) | (byte & 0x3f);
    lower = 0x80;
    upper = 0xbf;
  }
  return { kind: 'point', point, length: needed + 1 };
}

const utf16le: Decoding = {
  decode(bytes, final, onIllFormed) {
    const points: number[] = [];
    let i = 0;
    const unitAt = (at: number): number | undefined =>
      at + 1 < bytes.length ? bytes[at]! | (bytes[at + 1]! << 8) : undefined;
    for (let unit = unitAt(i); unit !== undefined; unit = unitAt(i)) {
      const low = unit >= 0xd800 && unit <= 0xdbff ? unitAt(i + 2) : undefined;
      if (low === undefined && unit >= 0xd800 && unit <= 0xdbff && !final) break;
      if (low !== undefined && low >= 0xdc00 && low <= 0xdfff) {
        points.push(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        i += 4;
        continue;
      }
      const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
      if (isSurrogate) onIllFormed();
      points.push(isSurrogate ? REPLACEMENT : unit);
      i += 2;
    }
    if (!final) return { points, pending: bytes.slice(i) };
    if (i < bytes.length) {
      onIllFormed();
      points.push(REPLACEMENT);
    }
    return { points, pending: new Uint8Array() };
  },
};

const windows1252: Decoding = {
  decode(bytes) {
    const points = Array.from(bytes, (byte) =>
      byte >= 0x80 && byte <= 0x9f ? WINDOWS_1252[byte - 0x80]! : byte,
    );
    return { points, pending: new Uint8Array() };
  },
};

const DECODINGS: Readonly<Record<string, Decoding>> = {
  'utf-8': utf8,
  'utf-16le': utf16le,
  'windows-1252': windows1252,
};

const LABELS: Readonly<Record<string, readonly string[]>> = {
  'utf-8': ['utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8'],
  'utf-16le': ['utf-16le', 'utf-16', 'ucs-2', 'unicode', 'unicodefeff', 'csunicode', 'iso-10646-ucs-2'],
  'windows-1252': [
    'windows-1252',
    'latin1',
    'iso-8859-1',
    'iso8859-1',
    'ascii',
    'us-ascii',
    'cp1252',
    'l1',
    'x-cp1252',
  ],
};

export interface TextDecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

export class TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  #pending: Uint8Array = new Uint8Array();
  #atStart = true;

  constructor(label: unknown = 'utf-8', options: TextDecoderOptions = {}) {
    const wanted = String(label).trim().toLowerCase();
    const encoding = Object.keys(LABELS).find((name) => LABELS[name]?.includes(wanted));
    if (encoding === undefined) throw new RangeError(`The "${String(label)}" encoding is not supported`);
    this.encoding = encoding;
    this.fatal = Boolean(options.fatal);
    this.ignoreBOM = Boolean(options.ignoreBOM);
  }

  decode(input?: ArrayBufferView | ArrayBuffer, options: { readonly stream?: boolean } = {}): string {
    const final = !options.stream;
    const decoding = DECODINGS[this.encoding]!;
    const { points, pending } = decoding.decode(joined(this.#pending, viewOf(input)), final, () => {
      if (!this.fatal) return;
      this.#pending = new Uint8Array();
      this.#atStart = true;
      throw new TypeError(`The encoded data was not valid for encoding ${this.encoding}`);
    });
    this.#pending = pending;
    const hasMark = this.#atStart && points[0] === 0xfeff && !this.ignoreBOM && decoding !== windows1252;
    this.#atStart = final || (this.#atStart && points.length === 0);
    return fromCodePoints(hasMark ? points.slice(1) : points);
  }
}

function viewOf(input: ArrayBufferView | ArrayBuffer | undefined): Uint8Array {
  if (input === undefined) return new Uint8Array();
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  return new Uint8Array(input);
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
