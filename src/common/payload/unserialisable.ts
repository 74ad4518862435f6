// Tells a user which part of a value has no payload form, and what to do about it. Runs only when conversion has failed.
import { ValueError } from '../errors';
import { describeThrown, isError, isRecord } from '../error-inspection';

/** Objects looked into before the search gives up: the value may be huge. */
const OBJECTS_SEARCHED_MAX = 10_000;

/** @param name how the message calls the value: `value`, `args[1]` */
export function conversionError(value: unknown, name: string, cause?: unknown): ValueError {
  const reason = reasonOf(value, name) ?? causeReason(cause) ?? 'no payload converter takes it.';
  return new ValueError(`Unable to convert ${name} to payload: ${reason}`, cause);
}

function causeReason(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  return `reading it threw ${isError(cause) ? `${cause.name}: ${cause.message}` : describeThrown(cause)}`;
}

function reasonOf(value: unknown, name: string): string | undefined {
  if (typeof value === 'function') return `${name} is a function. Send data only.`;
  if (typeof value === 'symbol') return `${name} is a symbol. Send its description, or another string.`;
  try {
    return searchOf(name)(value, name);
  } catch {
    // A getter that throws, or nesting deeper than the stack: the cause says it.
    return undefined;
  }
}

/** A search depth first, in the order in which JSON reads. */
function searchOf(rootName: string): (value: unknown, path: string) => string | undefined {
  const pathByAncestor = new Map<object, string>();
  let objectsLeft = OBJECTS_SEARCHED_MAX;

  return function search(value: unknown, path: string): string | undefined {
    if (typeof value === 'bigint') {
      return `${path} is a BigInt, which JSON lacks. Send a string or a number, or use a payload converter that knows BigInt.`;
    }
    // What an object with `toJSON` gives to JSON is not what lies in it.
    if (!isRecord(value) || typeof value['toJSON'] === 'function') return undefined;
    const ancestorPath = pathByAncestor.get(value);
    if (ancestorPath !== undefined) {
      return `${path} refers back to ${ancestorPath}. Send a copy of ${rootName} without the cycle.`;
    }
    if (objectsLeft === 0) return undefined;
    objectsLeft -= 1;
    pathByAncestor.set(value, path);
    for (const key of Object.keys(value)) {
      const reason = search(value[key], pathOf(path, key, Array.isArray(value)));
      if (reason !== undefined) return reason;
    }
    pathByAncestor.delete(value);
    return undefined;
  };
}

function pathOf(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
