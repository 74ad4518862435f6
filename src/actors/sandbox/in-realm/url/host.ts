// Hosts of URLs, by https://url.spec.whatwg.org/#host-parsing. Runs inside a realm, pure. Undefined means failure.
// International names are mapped by NFKC and lower case, which agrees with UTS 46 for letters in use; its tables of
// disallowed characters (some 100 KB) are not carried.
import { ENCODE_SETS, percentDecode, percentEncode } from './percent';
import { decodePunycode, encodePunycode } from './punycode';

const FORBIDDEN_HOST = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const FORBIDDEN_DOMAIN = /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7F]/;
/** Characters that UTS 46 drops: soft hyphen, zero-width space and joiners' kin, variation selectors, byte order mark. */
const IGNORED = /[\u00AD\u034F\u180B-\u180D\u200B\u2060\u2064\uFE00-\uFE0F\uFEFF]/g;
const FULL_STOPS = /[\u3002\uFF0E\uFF61]/g;

/** The host as a URL shows it. */
export function parseHost(input: string, isSpecial: boolean): string | undefined {
  if (input.startsWith('[')) {
    const address = input.endsWith(']') ? parseIpv6(input.slice(1, -1)) : undefined;
    return address === undefined ? undefined : `[${serializeIpv6(address)}]`;
  }
  if (!isSpecial) return FORBIDDEN_HOST.test(input) ? undefined : percentEncode(input, ENCODE_SETS.control);
  const domain = domainToAscii(percentDecode(input));
  if (domain === undefined || domain === '' || FORBIDDEN_DOMAIN.test(domain)) return undefined;
  if (!endsInNumber(domain)) return domain;
  const address = parseIpv4(domain);
  return address === undefined ? undefined : serializeIpv4(address);
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character < '\u0080');
}

function domainToAscii(domain: string): string | undefined {
  const mapped = isAscii(domain)
    ? domain.toLowerCase()
    : domain.replace(IGNORED, '').replace(FULL_STOPS, '.').normalize('NFKC').toLowerCase().normalize('NFC');
  const labels: string[] = [];
  for (const label of mapped.split('.')) {
    if (label.startsWith('xn--')) {
      const decoded = isAscii(label) ? decodePunycode(label.slice(4)) : undefined;
      if (decoded === undefined || decoded === '' || isAscii(decoded)) return undefined;
    }
    labels.push(isAscii(label) ? label : `xn--${encodePunycode(label)}`);
  }
  return labels.join('.');
}

function endsInNumber(domain: string): boolean {
  const labels = domain.split('.');
  if (labels.at(-1) === '') {
    if (labels.length === 1) return false;
    labels.pop();
  }
  const last = labels.at(-1) ?? '';
  return /^\d+$/.test(last) || parseIpv4Number(last) !== undefined;
}

function parseIpv4Number(text: string): number | undefined {
  if (text === '') return undefined;
  if (/^0[xX]/.test(text)) {
    const digits = text.slice(2);
    if (digits === '') return 0;
    return /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
  }
  if (text.length > 1 && text.startsWith('0'))
    return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function parseIpv4(domain: string): number | undefined {
  const parts = domain.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  if (parts.length > 4) return undefined;
  let address = 0;
  for (const [i, part] of parts.entries()) {
    const number = parseIpv4Number(part);
    if (number === undefined) return undefined;
    const isLast = i === parts.length - 1;
    if (number >= (isLast ? 256 ** (5 - parts.length) : 256)) return undefined;
    address += isLast ? number : number * 256 ** (3 - i);
  }
  return address;
}

function serializeIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Eight 16-bit pieces. */
function parseIpv6(input: string): readonly number[] | undefined {
  const halves = input.split('::');
  if (halves.length > 2) return undefined;
  const head = parsePieces(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parsePieces(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parsePieces(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const pieces: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      pieces.push(Number.parseInt(part, 16));
      continue;
    }
    const embedded = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(part);
    if (embedded === null || !mayEndInIpv4 || i !== parts.length - 1) return undefined;
    const bytes = embedded.slice(1).map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    pieces.push(bytes[0]! * 256 + bytes[1]!, bytes[2]! * 256 + bytes[3]!);
  }
  return pieces;
}

/** The longest run of two or more zero pieces, the first of equals, is compressed. */
function serializeIpv6(pieces: readonly number[]): string {
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < pieces.length; start++) {
    let length = 0;
    while (pieces[start + length] === 0) length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
  }
  const hex = (part: readonly number[]): string => part.map((piece) => piece.toString(16)).join(':');
  if (bestStart === -1) return hex(pieces);
  return `${hex(pieces.slice(0, bestStart))}::${hex(pieces.slice(bestStart + bestLength))}`;
}
