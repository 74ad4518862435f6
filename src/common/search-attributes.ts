// Search attributes: typed values by which workflows are found. Pure.
import { ValueError } from './errors';
import { isRecord } from './error-inspection';

export const SearchAttributeType = {
  TEXT: 'TEXT',
  KEYWORD: 'KEYWORD',
  INT: 'INT',
  DOUBLE: 'DOUBLE',
  BOOL: 'BOOL',
  DATETIME: 'DATETIME',
  KEYWORD_LIST: 'KEYWORD_LIST',
} as const;
export type SearchAttributeType = (typeof SearchAttributeType)[keyof typeof SearchAttributeType];

interface ValueOf {
  TEXT: string;
  KEYWORD: string;
  INT: number;
  DOUBLE: number;
  BOOL: boolean;
  DATETIME: Date;
  KEYWORD_LIST: string[];
}

export interface SearchAttributeKey<T extends SearchAttributeType> {
  name: string;
  type: T;
}

type PairOf<T extends SearchAttributeType, Null = never> = T extends SearchAttributeType
  ? { key: SearchAttributeKey<T>; value: ValueOf[T] | Null }
  : never;
/** A name with its type, and a value of that type. */
export type SearchAttributePair = PairOf<SearchAttributeType>;
/** `value: null` removes the attribute. */
export type SearchAttributeUpdatePair = PairOf<SearchAttributeType, null>;

/** @deprecated Untyped: each value is a list. */
export type SearchAttributes = Record<
  string,
  SearchAttributeValue | Readonly<SearchAttributeValue> | undefined
>;
/** @deprecated */
export type SearchAttributeValue = string[] | number[] | boolean[] | Date[];

export function defineSearchAttributeKey<T extends SearchAttributeType>(
  name: string,
  type: T,
): SearchAttributeKey<T> {
  if (!Object.hasOwn(SearchAttributeType, type)) {
    throw new ValueError(`Search attribute '${name}' has the unknown type '${String(type)}'`);
  }
  return { name, type };
}

/** Attributes of different types. Never changes: `updateCopy` makes another one. */
export class TypedSearchAttributes {
  readonly #pairs: ReadonlyMap<string, SearchAttributePair>;

  /** @throws {ValueError} a name comes twice, or a value is not of its type */
  constructor(initialAttributes: readonly SearchAttributePair[] = []) {
    const pairs = new Map<string, SearchAttributePair>();
    for (const pair of initialAttributes) {
      if (pairs.has(pair.key.name)) throw new ValueError(`Duplicate search attribute: '${pair.key.name}'`);
      assertValue(pair);
      pairs.set(pair.key.name, pair);
    }
    this.#pairs = pairs;
  }

  /** @returns undefined when there is no attribute of this name and type */
  get<T extends SearchAttributeType>(key: SearchAttributeKey<T>): ValueOf[T] | undefined {
    const pair = this.#pairs.get(key.name);
    if (pair === undefined || pair.key.type !== key.type) return undefined;
    return copyOf(pair.value) as ValueOf[T];
  }

  getAll(): SearchAttributePair[] {
    return [...this.#pairs.values()].map(
      ({ key, value }) => ({ key: { ...key }, value: copyOf(value) }) as SearchAttributePair,
    );
  }

  copy(): TypedSearchAttributes {
    return new TypedSearchAttributes(this.getAll());
  }

  updateCopy(updates: readonly SearchAttributeUpdatePair[]): TypedSearchAttributes {
    const pairs = new Map(this.getAll().map((pair) => [pair.key.name, pair]));
    for (const update of updates) {
      if (update.value === null) pairs.delete(update.key.name);
      else pairs.set(update.key.name, update as SearchAttributePair);
    }
    return new TypedSearchAttributes([...pairs.values()]);
  }

  toJSON(): SearchAttributePair[] {
    return this.getAll();
  }

  toString(): string {
    return JSON.stringify(this.getAll());
  }
}

const FITS: { readonly [T in SearchAttributeType]: (value: unknown) => boolean } = {
  TEXT: (value) => typeof value === 'string',
  KEYWORD: (value) => typeof value === 'string',
  INT: (value) => Number.isInteger(value),
  DOUBLE: (value) => typeof value === 'number' && Number.isFinite(value),
  BOOL: (value) => typeof value === 'boolean',
  DATETIME: isDate,
  KEYWORD_LIST: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

/** @throws {ValueError} */
export function assertValue({ key, value }: SearchAttributePair): void {
  const fits = FITS[key.type] as ((value: unknown) => boolean) | undefined;
  if (fits?.(value) !== true) {
    throw new ValueError(`Search attribute '${key.name}' takes a value of type ${key.type}`);
  }
}

/** Of any realm; not an invalid one. */
export function isDate(value: unknown): value is Date {
  return (
    isRecord(value) &&
    Object.prototype.toString.call(value) === '[object Date]' &&
    !Number.isNaN((value as unknown as Date).getTime())
  );
}

function copyOf<V extends SearchAttributePair['value']>(value: V): V | Date | string[] {
  if (Array.isArray(value)) return [...value];
  return isDate(value) ? new Date(value.getTime()) : value;
}
