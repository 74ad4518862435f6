// `URLSearchParams`, by https://url.spec.whatwg.org/#interface-urlsearchparams. Runs inside a realm, pure.
import { percentDecode, percentEncode, toWellFormed } from './percent';

type Pair = readonly [name: string, value: string];

const KEPT = /^[A-Za-z0-9*\-._]$/;

function formEncode(text: string): string {
  return percentEncode(text, (point) => point > 0x7e || !KEPT.test(String.fromCharCode(point))).replace(
    /%20/g,
    '+',
  );
}

function formDecode(text: string): string {
  return percentDecode(text.replace(/\+/g, ' '));
}

function parsePairs(query: string): Pair[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1
        ? [formDecode(part), '']
        : ([formDecode(part.slice(0, at)), formDecode(part.slice(at + 1))] as const);
    });
}

function pairsOf(init: unknown): Pair[] {
  if (init === undefined || init === null) return [];
  if (typeof init !== 'object' && typeof init !== 'function')
    return parsePairs(toWellFormed(init).replace(/^\?/, ''));
  if (!(Symbol.iterator in init)) {
    return Object.entries(init).map(([name, value]) => [toWellFormed(name), toWellFormed(value)]);
  }
  return Array.from(init as Iterable<Iterable<unknown>>, (entry) => {
    const pair = [...entry];
    if (pair.length !== 2) throw new TypeError('Each query pair must be an iterable [name, value] tuple');
    return [toWellFormed(pair[0]), toWellFormed(pair[1])];
  });
}

/** For `URL` alone: reports changes to it, and takes a new query from it. */
export let attachToUrl: (
  params: URLSearchParams,
  onChange: ((query: string) => void) | undefined,
  query?: string,
) => URLSearchParams;

export class URLSearchParams {
  #pairs: readonly Pair[];
  #onChange: ((query: string) => void) | undefined = undefined;

  constructor(init?: unknown) {
    this.#pairs = pairsOf(init);
  }

  get size(): number {
    return this.#pairs.length;
  }

  append(name: unknown, value: unknown): void {
    this.#replace([...this.#pairs, [toWellFormed(name), toWellFormed(value)]]);
  }

  delete(name: unknown, value?: unknown): void {
    this.#replace(this.#pairs.filter((pair) => !matches(pair, name, value)));
  }

  get(name: unknown): string | null {
    return this.#pairs.find((pair) => matches(pair, name))?.[1] ?? null;
  }

  getAll(name: unknown): string[] {
    return this.#pairs.filter((pair) => matches(pair, name)).map(([, value]) => value);
  }

  has(name: unknown, value?: unknown): boolean {
    return this.#pairs.some((pair) => matches(pair, name, value));
  }

  set(name: unknown, value: unknown): void {
    const wanted = toWellFormed(name);
    const first = this.#pairs.findIndex((pair) => pair[0] === wanted);
    if (first === -1) return this.append(wanted, value);
    const replaced: Pair = [wanted, toWellFormed(value)];
    this.#replace(
      this.#pairs.flatMap((pair, i) => (i === first ? [replaced] : pair[0] === wanted ? [] : [pair])),
    );
  }

  sort(): void {
    // Stable, by UTF-16 code units.
    this.#replace([...this.#pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }

  forEach(
    callback: (value: string, name: string, params: URLSearchParams) => void,
    thisArgument?: unknown,
  ): void {
    for (const [name, value] of this.#pairs) Reflect.apply(callback, thisArgument, [value, name, this]);
  }

  *entries(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.#pairs) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  toString(): string {
    return this.#pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
  }

  #replace(pairs: readonly Pair[]): void {
    this.#pairs = pairs;
    this.#onChange?.(this.toString());
  }

  static {
    attachToUrl = (params, onChange, query) => {
      if (onChange !== undefined) params.#onChange = onChange;
      if (query !== undefined) params.#pairs = parsePairs(query);
      return params;
    };
  }
}

function matches(pair: Pair, name: unknown, value?: unknown): boolean {
  return pair[0] === toWellFormed(name) && (value === undefined || pair[1] === toWellFormed(value));
}
