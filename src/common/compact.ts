// Objects with optional fields, without a spread per field. Pure.

/** `T`, but what is optional in it may also be given as `undefined`. */
type Loosened<T> = {
  [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** Drops the fields that are `undefined`: an absent field is absent, in storage and in comparisons. */
export function compact<T extends object>(fields: Loosened<T>): T {
  const kept: Partial<Record<keyof T, unknown>> = {};
  for (const key of Object.keys(fields) as (keyof T)[]) {
    const value: unknown = fields[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept as T;
}
