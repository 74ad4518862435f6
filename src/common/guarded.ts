// Calls of functions that users gave us to be told things: a logger, a listener. What goes wrong in them is theirs and stays there. Pure.

/** What `call` throws, or rejects with, goes to `onFailure` instead of the caller. */
export function guarded<Args extends readonly unknown[]>(
  call: (...args: Args) => unknown,
  onFailure: (error: unknown) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      const result = call(...args);
      if (result instanceof Promise) result.catch(onFailure);
    } catch (error) {
      onFailure(error);
    }
  };
}

/** Of a logger: for the line that another one writes. */
export const LOGGER_FAILED = 'The logger failed: lines may be missing, the work goes on';

/** Tells of the first failure only: a logger that fails once may fail for every line. */
export function onlyFirst(tell: (error: unknown) => void): (error: unknown) => void {
  let isTold = false;
  return (error) => {
    if (isTold) return;
    isTold = true;
    tell(error);
  };
}
