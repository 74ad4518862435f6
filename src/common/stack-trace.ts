// Which part of a stack trace is the user's. Pure.

/**
 * A frame of a function with such a name entered user code: it and everything below it belong to the runtime.
 * Name the function that calls a workflow, a handler or an activity `__troupe…`.
 */
const ENTERS_USER_CODE = /^\s*at (?:async )?(?:new )?(?:\S+\.)?__troupe[\w$]*(?:\s|$)/;
/** Frames of Node itself say nothing to a user. */
const OF_NODE = /^\s*at .*[( ]node:/;

/** Cuts a stack trace where user code was entered, and leaves Node's frames out. */
export function cutoffStackTrace(stack?: string): string {
  if (stack === undefined || stack === '') return '';
  const kept: string[] = [];
  for (const line of stack.split('\n')) {
    if (ENTERS_USER_CODE.test(line)) break;
    if (!OF_NODE.test(line)) kept.push(line);
  }
  return kept.join('\n');
}
