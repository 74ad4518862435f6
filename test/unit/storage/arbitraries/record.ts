// Arbitraries of records that must name every property of a type, optional ones too: a new property does not compile until it is
// in the properties of the tests.
import fc from 'fast-check';

/** An optional property: sometimes left out. */
interface Optional<T> {
  readonly optional: fc.Arbitrary<T>;
}

type Model<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : fc.Arbitrary<T[K]>;
};

export const optional = <T>(arbitrary: fc.Arbitrary<T>): Optional<T> => ({ optional: arbitrary });

export function record<T extends object>(model: Model<T>): fc.Arbitrary<T> {
  const all: Record<string, fc.Arbitrary<unknown>> = {};
  const requiredKeys: string[] = [];
  for (const [key, value] of Object.entries<fc.Arbitrary<unknown> | Optional<unknown>>(model)) {
    if ('optional' in value) {
      all[key] = value.optional;
    } else {
      all[key] = value;
      requiredKeys.push(key);
    }
  }
  return fc.record(all, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<T>;
}

/** One arbitrary for each kind of a union: a new kind does not compile until it has one. */
export type ByKind<T extends { readonly kind: string }> = {
  readonly [K in T['kind']]: fc.Arbitrary<Extract<T, { readonly kind: K }>>;
};

/** The kinds of a union from their other properties. */
export function byKind<T extends { readonly kind: string }>(models: {
  readonly [K in T['kind']]: Omit<Model<Extract<T, { readonly kind: K }>>, 'kind'>;
}): ByKind<T> {
  const made: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [kind, model] of Object.entries<object>(models)) {
    made[kind] = record<object>({ kind: fc.constant(kind), ...model });
  }
  return made as ByKind<T>;
}

export const anyOf = <T extends { readonly kind: string }>(kinds: ByKind<T>): fc.Arbitrary<T> =>
  fc.oneof(...Object.values<fc.Arbitrary<T>>(kinds));

/** A word of a union, from a record that must name all of them. */
export const word = <T extends string>(words: Readonly<Record<T, true>>): fc.Arbitrary<T> =>
  fc.constantFrom<T>(...(Object.keys(words) as T[]));
