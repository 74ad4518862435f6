// `URL` and `URLSearchParams`, by https://url.spec.whatwg.org. Runs inside a realm, loaded on first use, pure.
import { ENCODE_SETS, percentEncode, toWellFormed } from './percent';
import {
  isSpecial,
  originOf,
  parsePart,
  parseUrl,
  serializeHost,
  serializePath,
  serializeUrl,
} from './record';
import type { UrlRecord } from './record';
import { attachToUrl, URLSearchParams } from './search-params';

export { URLSearchParams };

function invalidUrl(input: string): TypeError {
  // As Node's, which programs test for.
  return Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input });
}

function parseWithBase(input: unknown, base: unknown): UrlRecord | undefined {
  if (base === undefined) return parseUrl(toWellFormed(input));
  const baseRecord = parseUrl(toWellFormed(base));
  return baseRecord === undefined ? undefined : parseUrl(toWellFormed(input), baseRecord);
}

export class URL {
  readonly #record: UrlRecord;
  readonly #searchParams: URLSearchParams;

  constructor(input: unknown, base?: unknown) {
    const record = parseWithBase(input, base);
    if (record === undefined) throw invalidUrl(String(input));
    this.#record = record;
    this.#searchParams = attachToUrl(new URLSearchParams(record.query ?? ''), (query) => {
      record.query = query === '' ? null : query;
    });
  }

  static canParse(input: unknown, base?: unknown): boolean {
    return parseWithBase(input, base) !== undefined;
  }

  static parse(input: unknown, base?: unknown): URL | null {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  get href(): string {
    return serializeUrl(this.#record);
  }
  set href(value: string) {
    const record = parseUrl(toWellFormed(value));
    if (record === undefined) throw invalidUrl(String(value));
    Object.assign(this.#record, record);
    this.#refreshSearchParams();
  }

  get origin(): string {
    return originOf(this.#record);
  }

  get protocol(): string {
    return `${this.#record.scheme}:`;
  }
  set protocol(value: string) {
    parsePart(`${toWellFormed(value)}:`, this.#record, 'schemeStart');
  }

  get username(): string {
    return this.#record.username;
  }
  set username(value: string) {
    if (this.#canHaveCredentials)
      this.#record.username = percentEncode(toWellFormed(value), ENCODE_SETS.userinfo);
  }

  get password(): string {
    return this.#record.password;
  }
  set password(value: string) {
    if (this.#canHaveCredentials)
      this.#record.password = percentEncode(toWellFormed(value), ENCODE_SETS.userinfo);
  }

  get host(): string {
    return serializeHost(this.#record);
  }
  set host(value: string) {
    if (!this.#isOpaque) this.#setHost(value, 'host');
  }

  get hostname(): string {
    return this.#record.host ?? '';
  }
  set hostname(value: string) {
    if (!this.#isOpaque) this.#setHost(value, 'hostname');
  }

  get port(): string {
    return this.#record.port === null ? '' : String(this.#record.port);
  }
  set port(value: string) {
    if (!this.#canHaveCredentials) return;
    if (value === '') this.#record.port = null;
    else parsePart(toWellFormed(value), this.#record, 'port');
  }

  get pathname(): string {
    return serializePath(this.#record);
  }
  set pathname(value: string) {
    if (this.#isOpaque) return;
    this.#record.path = [];
    parsePart(toWellFormed(value), this.#record, 'pathStart');
  }

  get search(): string {
    const { query } = this.#record;
    return query === null || query === '' ? '' : `?${query}`;
  }
  set search(value: string) {
    const text = toWellFormed(value);
    this.#record.query = text === '' ? null : '';
    if (text !== '') parsePart(text.replace(/^\?/, ''), this.#record, 'query');
    this.#refreshSearchParams();
  }

  get searchParams(): URLSearchParams {
    return this.#searchParams;
  }

  get hash(): string {
    const { fragment } = this.#record;
    return fragment === null || fragment === '' ? '' : `#${fragment}`;
  }
  set hash(value: string) {
    const text = toWellFormed(value);
    this.#record.fragment = text === '' ? null : '';
    if (text !== '') parsePart(text.replace(/^#/, ''), this.#record, 'fragment');
  }

  toString(): string {
    return this.href;
  }
  toJSON(): string {
    return this.href;
  }

  get #isOpaque(): boolean {
    return typeof this.#record.path === 'string';
  }

  get #canHaveCredentials(): boolean {
    const { host, scheme } = this.#record;
    return host !== null && host !== '' && scheme !== 'file';
  }

  /** A host that does not parse changes nothing; a port after a good host may still be bad, and then only it is dropped. */
  #setHost(value: string, part: 'host' | 'hostname'): void {
    const text = toWellFormed(value);
    if (text === '' && isSpecial(this.#record) && this.#record.scheme !== 'file') return;
    parsePart(text, this.#record, part);
  }

  #refreshSearchParams(): void {
    attachToUrl(this.#searchParams, undefined, this.#record.query ?? '');
  }
}
