// `structuredClone` for the values that workflow code has. Runs inside a realm, pure. The table of handlers is tried in
// order; what is in none of them and is no plain object loses its prototype, as the standard says, and functions throw.
import { DOMException } from './events';

type Seen = Map<object, unknown>;
type Copy = (value: unknown) => unknown;

/** @throws {DOMException} 'DataCloneError' for functions, symbols, promises and weak collections. */
export function structuredClone<T>(value: T): T {
  const seen: Seen = new Map();
  const copy: Copy = (inner) => {
    if (typeof inner === 'function' || typeof inner === 'symbol') throw uncloneable(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    return seen.has(inner) ? seen.get(inner) : cloneObject(inner, seen, copy);
  };
  return copy(value) as T;
}

function uncloneable(value: unknown): DOMException {
  const shown =
    typeof value === 'function' || typeof value === 'symbol'
      ? value.toString()
      : Object.prototype.toString.call(value);
  return new DOMException(`${shown} could not be cloned.`, 'DataCloneError');
}

function cloneObject(value: object, seen: Seen, copy: Copy): unknown {
  const keep = <V>(made: V): V => {
    seen.set(value, made);
    return made;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof Boolean || value instanceof Number || value instanceof String) {
    return keep(Object(value.valueOf()) as object);
  }
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(cloneView(value, copy));
  if (value instanceof Map) {
    const made = keep(new Map<unknown, unknown>());
    for (const [key, inner] of [...value]) made.set(copy(key), copy(inner));
    return made;
  }
  if (value instanceof Set) {
    const made = keep(new Set<unknown>());
    for (const inner of [...value]) made.add(copy(inner));
    return made;
  }
  if (value instanceof Error) return cloneError(value, keep, copy);
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
    throw uncloneable(value);
  const made = keep<Record<string, unknown> | unknown[]>(
    Array.isArray(value) ? new Array<unknown>(value.length) : {},
  );
  for (const key of Object.keys(value)) {
    const inner = copy(Reflect.get(value, key));
    Object.defineProperty(made, key, { value: inner, writable: true, enumerable: true, configurable: true });
  }
  return made;
}

function cloneView(view: ArrayBufferView, copy: Copy): ArrayBufferView {
  const buffer = copy(view.buffer) as ArrayBuffer;
  if (view instanceof DataView) return new DataView(buffer, view.byteOffset, view.byteLength);
  const array = view as Uint8Array;
  const constructor = array.constructor as new (
    buffer: ArrayBuffer,
    offset: number,
    length: number,
  ) => Uint8Array;
  return new constructor(buffer, array.byteOffset, array.length);
}

const ERROR_CONSTRUCTORS: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function cloneError(error: Error, keep: <V>(made: V) => V, copy: Copy): Error {
  const constructor = Object.hasOwn(ERROR_CONSTRUCTORS, error.name) ? ERROR_CONSTRUCTORS[error.name] : Error;
  const made = keep(new (constructor ?? Error)(error.message));
  Object.defineProperty(made, 'stack', { value: error.stack, writable: true, configurable: true });
  if ('cause' in error) {
    Object.defineProperty(made, 'cause', { value: copy(error.cause), writable: true, configurable: true });
  }
  return made;
}
