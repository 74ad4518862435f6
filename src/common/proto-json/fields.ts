// How a message is put together: codecs of values, fields of messages, and shapes, which name a field for every property of a
// type of ours. A property without a field does not compile. Pure.
import type { Json, JsonObject, Message, MutableJsonObject } from './json';
import { HistoryFormatError, messageOf } from './json';

/** A value of ours and its JSON. */
export interface Codec<T> {
  readonly encode: (value: T) => Json;
  /** Never given null or undefined. */
  readonly decode: (json: unknown, where: string) => T;
  /** JSON that says no more than that the field is absent. */
  readonly isAbsent?: (json: unknown) => boolean;
}

/** A codec of values of which one is left out in JSON: the default of protobuf. */
export interface DefaultCodec<T> extends Codec<T> {
  readonly isDefault: (value: T) => boolean;
  readonly getDefault: () => T;
}

/** One property of ours, as one field of its message or several. */
export interface Field<T> {
  readonly write: (value: T, message: MutableJsonObject) => void;
  readonly read: (message: Message, where: string) => T;
}

/** A field for each property of T: those that may be absent need a field that knows it. */
export type Shape<T> = {
  readonly [K in keyof T]-?: Field<T extends Record<K, T[K]> ? T[K] : T[K] | undefined>;
};

export function writeShape<T>(shape: Shape<T>, value: T): JsonObject {
  const message: MutableJsonObject = {};
  for (const key in shape) (shape[key] as Field<T[typeof key]>).write(value[key], message);
  return message;
}

export function readShape<T>(shape: Shape<T>, message: Message, where: string): T {
  const value: Partial<T> = {};
  readInto(value, shape, message, where);
  return value as T;
}

/** The same, beside what is there. */
export function readInto<T>(value: Partial<T>, shape: Shape<T>, message: Message, where: string): void {
  for (const key in shape) {
    const part = (shape[key] as Field<T[typeof key]>).read(message, where);
    if (part !== undefined) value[key] = part;
  }
}

/** A message that stands for one value. */
export const message = <T>(shape: Shape<T>): Codec<T> => ({
  encode: (value) => writeShape(shape, value),
  decode: (json, where) => readShape(shape, messageOf(json, where), where),
});

/** Must be there: nothing can stand for it. */
export const required = <T>(name: string, codec: Codec<T>): Field<T> => ({
  write(value, into) {
    into[name] = codec.encode(value);
  },
  read(from, where) {
    const value = readField(name, codec, from, where);
    if (value === undefined) throw new HistoryFormatError(`${where}.${name}`, 'is missing');
    return value;
  },
});

/** Left out where it has its default. */
export const plain = <T>(name: string, codec: DefaultCodec<T>): Field<T> => ({
  write(value, into) {
    if (!codec.isDefault(value)) into[name] = codec.encode(value);
  },
  read: (from, where) => readField(name, codec, from, where) ?? codec.getDefault(),
});

/** Written also where it has its default, as Temporal's server does with some. */
export const always = <T>(name: string, codec: DefaultCodec<T>): Field<T> => ({
  write(value, into) {
    into[name] = codec.encode(value);
  },
  read: plain(name, codec).read,
});

/** May be absent. */
export const optional = <T>(name: string, codec: Codec<T>): Field<T | undefined> => ({
  write(value, into) {
    if (value !== undefined) into[name] = codec.encode(value);
  },
  read: (from, where) => readField(name, codec, from, where),
});

/** May be absent; in JSON its default says the same. */
export const nonDefault = <T>(name: string, codec: DefaultCodec<T>): Field<T | undefined> => ({
  write(value, into) {
    if (value !== undefined) into[name] = codec.encode(value);
  },
  read(from, where) {
    const value = readField(name, codec, from, where);
    return value === undefined || codec.isDefault(value) ? undefined : value;
  },
});

/** Another default than that of protobuf. */
export const defaulted = <T>(codec: Codec<T>, value: T): DefaultCodec<T> => ({
  ...codec,
  isDefault: (candidate) => candidate === value,
  getDefault: () => value,
});

/** A field of a message inside: ours are flatter than Temporal's. */
export const inside = <T>(name: string, field: Field<T>): Field<T> => ({
  write(value, into) {
    const inner: MutableJsonObject = { ...(into[name] as JsonObject | undefined) };
    field.write(value, inner);
    if (Object.keys(inner).length > 0) into[name] = inner;
  },
  read(from, where) {
    const inner = from[name] ?? {};
    return field.read(messageOf(inner, `${where}.${name}`), `${where}.${name}`);
  },
});

/** One value of ours in several fields. Absent unless `isPresent`. */
export const group = <T extends object>(
  isPresent: (from: Message) => boolean,
  shape: Shape<T>,
): Field<T | undefined> => ({
  write(value, into) {
    if (value === undefined) return;
    for (const key in shape) (shape[key] as Field<T[typeof key]>).write(value[key], into);
  },
  read: (from, where) => (isPresent(from) ? readShape(shape, from, where) : undefined),
});

export function readField<T>(name: string, codec: Codec<T>, from: Message, where: string): T | undefined {
  const json = from[name];
  if (json === undefined || json === null || codec.isAbsent?.(json) === true) return undefined;
  return codec.decode(json, `${where}.${name}`);
}
