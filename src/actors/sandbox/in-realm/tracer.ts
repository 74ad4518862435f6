// What an execution remembers when somebody looks into it: where its promises were made, where its code went on last, where it asks
// for commands. Runs inside the realm, in the second instance that a replay is given for that; others never pay for it.
import { promiseHooks } from './async-context';

/** Stacks in the bundle's own lines. */
export interface CommandTrace {
  readonly stack: string;
  /** Of the awaits that code went on from before, the newest first: who has returned is in no stack. */
  readonly resumed: string;
}

interface Made {
  readonly stack: string;
  readonly parent: object | undefined;
}

/** Frames of the engine and of the host stand between the hook and the user's code. */
const DEPTH = 60;
/** Between the end of a workflow function and the command for it the engine's own promises go on. */
const RESUMED_MAX = 16;

export class Tracer {
  readonly #pending = new Map<object, Made>();
  #resumed: readonly string[] = [];
  /** The thread's hooks, for its turns. */
  readonly promiseHooks = {
    init: (promise: object, parent: object | undefined): void => {
      promiseHooks.init(promise);
      this.#pending.set(promise, { stack: stackHere(), parent });
    },
    before: (promise: object): void => {
      promiseHooks.before(promise);
      const made = this.#pending.get(promise);
      if (made === undefined) return;
      this.#resumed = [made.stack, ...this.#resumed].slice(0, RESUMED_MAX);
      this.#pending.delete(promise);
    },
    after: (): void => promiseHooks.after(),
    settled: (promise: object): void => void this.#pending.delete(promise),
  };

  /** `thrown`: what the workflow ends with, and where it was thrown is where the command comes from. */
  readonly traceCommand = (thrown: unknown): CommandTrace => ({
    stack: (thrown instanceof Error ? thrown.stack : undefined) ?? stackHere(),
    resumed: this.#resumed.join('\n'),
  });

  /** What code waits for and nothing that waits goes on from: its stacks, a blank line between two. */
  waiting(): string {
    const parents = new Set<unknown>();
    for (const { parent } of this.#pending.values()) parents.add(parent);
    const leaves = [...this.#pending].filter(([promise]) => !parents.has(promise));
    return leaves.map(([, { stack }]) => stack).join('\n\n');
  }
}

function stackHere(): string {
  const limit: unknown = Reflect.get(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', DEPTH);
  const { stack = '' } = new Error();
  Reflect.set(Error, 'stackTraceLimit', limit);
  return stack;
}
