// How interceptors of every kind are put in front of each other. Pure.
import type { Loose } from './loose';
import type { Payload } from './payload/payload';

/** What travels beside a workflow's or activity's input. */
export type Headers = Record<string, Payload>;

type AnyFunction = (...args: Loose[]) => unknown;
type WithoutLast<T extends Loose[]> = T extends [...infer First, Loose] ? First : never;

/** The rest of the chain, as an interceptor's method `FN` gets it: the method itself, without its last parameter. */
export type Next<IF, FN extends keyof IF> = Required<IF>[FN] extends AnyFunction
  ? (...args: WithoutLast<Parameters<Required<IF>[FN]>>) => ReturnType<Required<IF>[FN]>
  : never;

/** The first interceptor is the outermost; `next` is the innermost. */
export function composeInterceptors<I extends object, M extends keyof I>(
  interceptors: readonly I[],
  method: M,
  next: Next<I, M>,
): Next<I, M> {
  let composed: AnyFunction = next;
  for (let index = interceptors.length - 1; index >= 0; index--) {
    const interceptor = interceptors[index];
    const own = interceptor?.[method] as AnyFunction | undefined;
    if (own === undefined) continue;
    const inner = composed;
    composed = (...args: unknown[]): unknown => own.call(interceptor, ...args, inner);
  }
  return composed as Next<I, M>;
}
