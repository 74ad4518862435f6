// The URL record and the parser's state machine, by https://url.spec.whatwg.org/#concept-basic-url-parser. Runs inside a
// realm, pure. The states bear the standard's names so that the two can be read side by side.
import { parseHost } from './host';
import { ENCODE_SETS, percentEncode } from './percent';

export interface UrlRecord {
  scheme: string;
  username: string;
  password: string;
  host: string | null;
  port: number | null;
  /** A string when opaque, as in `mailto:`. */
  path: string[] | string;
  query: string | null;
  fragment: string | null;
}

const DEFAULT_PORTS: Readonly<Record<string, number | null>> = {
  ftp: 21,
  file: null,
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
};

export function isSpecial(url: UrlRecord): boolean {
  return Object.hasOwn(DEFAULT_PORTS, url.scheme);
}

type State =
  | 'schemeStart'
  | 'scheme'
  | 'noScheme'
  | 'specialRelativeOrAuthority'
  | 'pathOrAuthority'
  | 'relative'
  | 'relativeSlash'
  | 'specialAuthoritySlashes'
  | 'specialAuthorityIgnoreSlashes'
  | 'authority'
  | 'host'
  | 'hostname'
  | 'port'
  | 'file'
  | 'fileSlash'
  | 'fileHost'
  | 'pathStart'
  | 'path'
  | 'opaquePath'
  | 'query'
  | 'fragment';

/** 'done': a setter's part is complete. 'failure': the input is no URL, or the setter's value changes nothing. */
type Step = 'next' | 'done' | 'failure';

const END = '';

function emptyRecord(): UrlRecord {
  return {
    scheme: '',
    username: '',
    password: '',
    host: null,
    port: null,
    path: [],
    query: null,
    fragment: null,
  };
}

/** A new record, or undefined when `input` is no URL. */
export function parseUrl(input: string, base?: UrlRecord): UrlRecord | undefined {
  // C0 controls and spaces around the input do not count.
  let start = 0;
  let end = input.length;
  while (start < end && input.charCodeAt(start) <= 0x20) start++;
  while (end > start && input.charCodeAt(end - 1) <= 0x20) end--;
  const url = emptyRecord();
  return new Parser(input.slice(start, end), url, base, undefined).run() ? url : undefined;
}

/** Sets one part of `url` from a setter's value. On failure what was already set stays, as the standard wants. */
export function parsePart(input: string, url: UrlRecord, part: State): void {
  new Parser(input, url, undefined, part).run();
}

class Parser {
  readonly #points: readonly string[];
  readonly #url: UrlRecord;
  readonly #base: UrlRecord | undefined;
  readonly #override: State | undefined;
  #state: State;
  #pointer = 0;
  #buffer = '';
  #atSignSeen = false;
  #insideBrackets = false;
  #passwordTokenSeen = false;

  constructor(input: string, url: UrlRecord, base: UrlRecord | undefined, override: State | undefined) {
    this.#points = Array.from(input.replace(/[\t\n\r]/g, ''));
    this.#url = url;
    this.#base = base;
    this.#override = override;
    this.#state = override ?? 'schemeStart';
  }

  run(): boolean {
    for (; ; this.#pointer++) {
      const point = this.#points[this.#pointer] ?? END;
      const step = this.#states[this.#state](point);
      if (step !== 'next') return step === 'done';
      // A state may have stepped back from the end.
      if (this.#pointer >= this.#points.length) return true;
    }
  }

  /** Goes on in `state` with the same code point. */
  #reconsider(state: State): Step {
    this.#state = state;
    this.#pointer--;
    return 'next';
  }

  #goTo(state: State): Step {
    this.#state = state;
    return 'next';
  }

  #remaining(count: number): string {
    return this.#points.slice(this.#pointer + 1, this.#pointer + 1 + count).join('');
  }

  get #isSpecial(): boolean {
    return isSpecial(this.#url);
  }

  #endsAuthority(point: string): boolean {
    return (
      point === END || point === '/' || point === '?' || point === '#' || (point === '\\' && this.#isSpecial)
    );
  }

  readonly #states: { readonly [S in State]: (point: string) => Step } = {
    schemeStart: (point) => {
      if (/^[a-zA-Z]$/.test(point)) {
        this.#buffer = point.toLowerCase();
        return this.#goTo('scheme');
      }
      return this.#override === undefined ? this.#reconsider('noScheme') : 'failure';
    },
    scheme: (point) => {
      if (/^[a-zA-Z0-9+\-.]$/.test(point)) {
        this.#buffer += point.toLowerCase();
        return 'next';
      }
      if (point === ':') return this.#endScheme();
      if (this.#override !== undefined) return 'failure';
      this.#buffer = '';
      this.#pointer = -1;
      return this.#goTo('noScheme');
    },
    noScheme: (point) => {
      const base = this.#base;
      if (base === undefined) return 'failure';
      if (typeof base.path === 'string') {
        if (point !== '#') return 'failure';
        Object.assign(this.#url, { scheme: base.scheme, path: base.path, query: base.query, fragment: '' });
        return this.#goTo('fragment');
      }
      return this.#reconsider(base.scheme === 'file' ? 'file' : 'relative');
    },
    specialRelativeOrAuthority: (point) => {
      if (point === '/' && this.#remaining(1) === '/') {
        this.#pointer++;
        return this.#goTo('specialAuthorityIgnoreSlashes');
      }
      return this.#reconsider('relative');
    },
    pathOrAuthority: (point) => (point === '/' ? this.#goTo('authority') : this.#reconsider('path')),
    relative: (point) => {
      const base = this.#base ?? emptyRecord();
      this.#url.scheme = base.scheme;
      if (point === '/') return this.#goTo('relativeSlash');
      if (point === '\\' && this.#isSpecial) return this.#goTo('relativeSlash');
      this.#takeAuthority(base);
      this.#url.path = [...base.path];
      this.#url.query = base.query;
      return this.#afterInheritedPath(point);
    },
    relativeSlash: (point) => {
      if (this.#isSpecial && (point === '/' || point === '\\'))
        return this.#goTo('specialAuthorityIgnoreSlashes');
      if (point === '/') return this.#goTo('authority');
      this.#takeAuthority(this.#base ?? emptyRecord());
      return this.#reconsider('path');
    },
    specialAuthoritySlashes: (point) => {
      if (point === '/' && this.#remaining(1) === '/') {
        this.#pointer++;
        return this.#goTo('specialAuthorityIgnoreSlashes');
      }
      return this.#reconsider('specialAuthorityIgnoreSlashes');
    },
    specialAuthorityIgnoreSlashes: (point) =>
      point === '/' || point === '\\' ? 'next' : this.#reconsider('authority'),
    authority: (point) => {
      if (point === '@') {
        this.#takeCredentials();
        return 'next';
      }
      if (this.#endsAuthority(point)) {
        if (this.#atSignSeen && this.#buffer === '') return 'failure';
        this.#pointer -= Array.from(this.#buffer).length + 1;
        this.#buffer = '';
        return this.#goTo('host');
      }
      this.#buffer += point;
      return 'next';
    },
    host: (point) => this.#hostState(point),
    hostname: (point) => this.#hostState(point),
    port: (point) => {
      if (/^[0-9]$/.test(point)) {
        this.#buffer += point;
        return 'next';
      }
      if (!this.#endsAuthority(point) && this.#override === undefined) return 'failure';
      if (this.#buffer !== '') {
        const port = Number(this.#buffer);
        if (port > 65_535) return 'failure';
        this.#url.port = port === DEFAULT_PORTS[this.#url.scheme] ? null : port;
        this.#buffer = '';
        if (this.#override !== undefined) return 'done';
      }
      return this.#override === undefined ? this.#reconsider('pathStart') : 'failure';
    },
    file: (point) => {
      this.#url.scheme = 'file';
      this.#url.host = '';
      if (point === '/' || point === '\\') return this.#goTo('fileSlash');
      const base = this.#base;
      if (base?.scheme !== 'file') return this.#reconsider('path');
      this.#url.host = base.host;
      this.#url.path = [...base.path];
      this.#url.query = base.query;
      if (point !== '?' && point !== '#' && point !== END && this.#startsWithDriveLetter()) {
        this.#url.query = null;
        this.#url.path = [];
        return this.#reconsider('path');
      }
      return this.#afterInheritedPath(point);
    },
    fileSlash: (point) => {
      if (point === '/' || point === '\\') return this.#goTo('fileHost');
      const base = this.#base;
      if (base?.scheme === 'file') {
        this.#url.host = base.host;
        const drive = base.path[0];
        if (!this.#startsWithDriveLetter() && drive !== undefined && isNormalizedDriveLetter(drive)) {
          (this.#url.path as string[]).push(drive);
        }
      }
      return this.#reconsider('path');
    },
    fileHost: (point) => {
      if (point !== END && !'/\\?#'.includes(point)) {
        this.#buffer += point;
        return 'next';
      }
      this.#pointer--;
      if (this.#override === undefined && isDriveLetter(this.#buffer)) return this.#goTo('path');
      if (this.#buffer === '') {
        this.#url.host = '';
        return this.#override === undefined ? this.#goTo('pathStart') : 'done';
      }
      const host = parseHost(this.#buffer, this.#isSpecial);
      if (host === undefined) return 'failure';
      this.#url.host = host === 'localhost' ? '' : host;
      if (this.#override !== undefined) return 'done';
      this.#buffer = '';
      return this.#goTo('pathStart');
    },
    pathStart: (point) => {
      if (this.#isSpecial) {
        return point === '/' || point === '\\' ? this.#goTo('path') : this.#reconsider('path');
      }
      if (this.#override === undefined && point === '?') return this.#begin('query');
      if (this.#override === undefined && point === '#') return this.#begin('fragment');
      if (point !== END) return point === '/' ? this.#goTo('path') : this.#reconsider('path');
      if (this.#override !== undefined && this.#url.host === null) (this.#url.path as string[]).push('');
      return 'next';
    },
    path: (point) => this.#pathState(point),
    opaquePath: (point) => {
      if (point === '?') return this.#begin('query');
      if (point === '#') return this.#begin('fragment');
      if (point !== END) this.#url.path = String(this.#url.path) + percentEncode(point, ENCODE_SETS.control);
      return 'next';
    },
    query: (point) => {
      if ((this.#override === undefined && point === '#') || point === END) {
        const set = this.#isSpecial ? ENCODE_SETS.specialQuery : ENCODE_SETS.query;
        this.#url.query = (this.#url.query ?? '') + percentEncode(this.#buffer, set);
        this.#buffer = '';
        return point === '#' ? this.#begin('fragment') : 'next';
      }
      this.#buffer += point;
      return 'next';
    },
    fragment: (point) => {
      if (point !== END)
        this.#url.fragment = (this.#url.fragment ?? '') + percentEncode(point, ENCODE_SETS.fragment);
      return 'next';
    },
  };

  #begin(part: 'query' | 'fragment'): Step {
    this.#url[part] = '';
    return this.#goTo(part);
  }

  #takeAuthority(base: UrlRecord): void {
    this.#url.username = base.username;
    this.#url.password = base.password;
    this.#url.host = base.host;
    this.#url.port = base.port;
  }

  /** In 'relative' and 'file': the base's path and query are taken; what follows replaces their end. */
  #afterInheritedPath(point: string): Step {
    if (point === '?') return this.#begin('query');
    if (point === '#') return this.#begin('fragment');
    if (point === END) return 'next';
    this.#url.query = null;
    shortenPath(this.#url);
    return this.#reconsider('path');
  }

  #endScheme(): Step {
    if (this.#override !== undefined) return this.#endSchemeOfSetter();
    this.#url.scheme = this.#buffer;
    this.#buffer = '';
    if (this.#url.scheme === 'file') return this.#goTo('file');
    if (this.#isSpecial) {
      const isSameAsBase = this.#base?.scheme === this.#url.scheme;
      return this.#goTo(isSameAsBase ? 'specialRelativeOrAuthority' : 'specialAuthoritySlashes');
    }
    if (this.#remaining(1) === '/') {
      this.#pointer++;
      return this.#goTo('pathOrAuthority');
    }
    this.#url.path = '';
    return this.#goTo('opaquePath');
  }

  #endSchemeOfSetter(): Step {
    const url = this.#url;
    const next = this.#buffer;
    if (Object.hasOwn(DEFAULT_PORTS, url.scheme) !== Object.hasOwn(DEFAULT_PORTS, next)) return 'done';
    if (next === 'file' && (url.username !== '' || url.password !== '' || url.port !== null)) return 'done';
    if (url.scheme === 'file' && (url.host === '' || url.host === null)) return 'done';
    url.scheme = next;
    if (url.port === DEFAULT_PORTS[next]) url.port = null;
    return 'done';
  }

  #takeCredentials(): void {
    const text = this.#atSignSeen ? `%40${this.#buffer}` : this.#buffer;
    this.#atSignSeen = true;
    this.#buffer = '';
    for (const point of text) {
      if (point === ':' && !this.#passwordTokenSeen) {
        this.#passwordTokenSeen = true;
        continue;
      }
      const encoded = percentEncode(point, ENCODE_SETS.userinfo);
      if (this.#passwordTokenSeen) this.#url.password += encoded;
      else this.#url.username += encoded;
    }
  }

  #hostState(point: string): Step {
    if (this.#override !== undefined && this.#url.scheme === 'file') return this.#reconsider('fileHost');
    if (point === ':' && !this.#insideBrackets) {
      if (this.#buffer === '' || this.#override === 'hostname') return 'failure';
      const host = parseHost(this.#buffer, this.#isSpecial);
      if (host === undefined) return 'failure';
      this.#url.host = host;
      this.#buffer = '';
      return this.#goTo('port');
    }
    if (this.#endsAuthority(point)) {
      const hasCredentials = this.#url.username !== '' || this.#url.password !== '';
      if (this.#isSpecial && this.#buffer === '') return 'failure';
      if (
        this.#override !== undefined &&
        this.#buffer === '' &&
        (hasCredentials || this.#url.port !== null)
      ) {
        return 'failure';
      }
      const host = parseHost(this.#buffer, this.#isSpecial);
      if (host === undefined) return 'failure';
      this.#url.host = host;
      this.#buffer = '';
      return this.#override === undefined ? this.#reconsider('pathStart') : 'done';
    }
    if (point === '[') this.#insideBrackets = true;
    if (point === ']') this.#insideBrackets = false;
    this.#buffer += point;
    return 'next';
  }

  #pathState(point: string): Step {
    const isBackslash = point === '\\' && this.#isSpecial;
    const endsSegment =
      point === END || point === '/' || isBackslash || (this.#override === undefined && '?#'.includes(point));
    if (!endsSegment) {
      this.#buffer += percentEncode(point, ENCODE_SETS.path);
      return 'next';
    }
    const path = this.#url.path as string[];
    const endsWithSlash = point === '/' || isBackslash;
    if (isDoubleDot(this.#buffer)) {
      shortenPath(this.#url);
      if (!endsWithSlash) path.push('');
    } else if (isSingleDot(this.#buffer)) {
      if (!endsWithSlash) path.push('');
    } else {
      if (this.#url.scheme === 'file' && path.length === 0 && isDriveLetter(this.#buffer)) {
        this.#buffer = `${this.#buffer[0] ?? ''}:`;
      }
      path.push(this.#buffer);
    }
    this.#buffer = '';
    if (point === '?') return this.#begin('query');
    return point === '#' ? this.#begin('fragment') : 'next';
  }

  #startsWithDriveLetter(): boolean {
    const [letter = '', colon = '', after = END] = this.#points.slice(this.#pointer, this.#pointer + 3);
    return isDriveLetter(letter + colon) && (after === END || '/\\?#'.includes(after));
  }
}

function isDriveLetter(text: string): boolean {
  return /^[a-zA-Z][:|]$/.test(text);
}

function isNormalizedDriveLetter(text: string): boolean {
  return /^[a-zA-Z]:$/.test(text);
}

function isSingleDot(segment: string): boolean {
  return /^(?:\.|%2e)$/i.test(segment);
}

function isDoubleDot(segment: string): boolean {
  return /^(?:\.|%2e){2}$/i.test(segment);
}

function shortenPath(url: UrlRecord): void {
  const path = url.path as string[];
  if (url.scheme === 'file' && path.length === 1 && isNormalizedDriveLetter(path[0] ?? '')) return;
  path.pop();
}

export function serializePath(url: UrlRecord): string {
  return typeof url.path === 'string' ? url.path : url.path.map((segment) => `/${segment}`).join('');
}

export function serializeHost(url: UrlRecord): string {
  if (url.host === null) return '';
  return url.port === null ? url.host : `${url.host}:${url.port}`;
}

export function serializeUrl(url: UrlRecord): string {
  let text = `${url.scheme}:`;
  if (url.host !== null) {
    const password = url.password === '' ? '' : `:${url.password}`;
    const credentials = url.username === '' && url.password === '' ? '' : `${url.username}${password}@`;
    text += `//${credentials}${serializeHost(url)}`;
  } else if (typeof url.path !== 'string' && url.path.length > 1 && url.path[0] === '') {
    // Else the path would read as a host.
    text += '/.';
  }
  text += serializePath(url);
  if (url.query !== null) text += `?${url.query}`;
  if (url.fragment !== null) text += `#${url.fragment}`;
  return text;
}

/** 'null' for schemes without an origin. */
export function originOf(url: UrlRecord): string {
  if (url.scheme === 'blob') {
    const inner = parseUrl(serializePath(url));
    return inner !== undefined && /^https?$/.test(inner.scheme) ? originOf(inner) : 'null';
  }
  if (!isSpecial(url) || url.scheme === 'file') return 'null';
  return `${url.scheme}://${serializeHost(url)}`;
}
