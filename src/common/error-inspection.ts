// Looking at a thrown value of unknown origin: another realm, another copy of a class, or no error at all. Pure.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** By shape, not by class: errors of other realms are errors too. */
export function isError(value: unknown): value is Error {
  return (
    isRecord(value) &&
    typeof value['name'] === 'string' &&
    typeof value['message'] === 'string' &&
    (value['stack'] === undefined || typeof value['stack'] === 'string')
  );
}

/** What an aborted `fetch`, timer or stream throws. */
export function isAbortError(value: unknown): value is Error & { name: 'AbortError' } {
  return isError(value) && value.name === 'AbortError';
}

/** The message of an error; a thrown string is its own message. */
export function errorMessage(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  return isError(error) ? error.message : undefined;
}

/** The `code` of a system error. */
export function errorCode(error: unknown): string | undefined {
  return isRecord(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}

/** A few words for any thrown value. Never throws. */
export function describeThrown(value: unknown): string {
  if (isRecord(value)) {
    const text = attempt(() => JSON.stringify(value));
    if (text !== undefined) return text;
  }
  return attempt(() => String(value)) ?? 'a value without a text form';
}

/** `JSON.stringify` gives no text for some values, whatever its type says. */
function attempt(describe: () => string | undefined): string | undefined {
  try {
    return describe();
  } catch {
    return undefined;
  }
}
