// Deadlines and abort signals of whole blocks of calls: `client.withDeadline(…)`, `client.withAbortSignal(…)`.
// They end the waiting, not the work: a request that was sent may still take effect.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Gateway, GatewayReplies, GatewayRequest } from '../model/gateway';
import { serviceError } from './service-error';

interface CallContext {
  readonly deadline?: number;
  readonly abortSignal?: AbortSignal;
}

const contexts = new AsyncLocalStorage<CallContext>();

/** Whether any block was ever entered: until then calls do not look for one. */
let isInUse = false;

export function withDeadline<R>(deadline: number | Date, fn: () => Promise<R>): Promise<R> {
  return runWith({ deadline: Number(deadline) }, fn);
}

export function withAbortSignal<R>(abortSignal: AbortSignal, fn: () => Promise<R>): Promise<R> {
  return runWith({ abortSignal }, fn);
}

function runWith<R>(added: CallContext, fn: () => Promise<R>): Promise<R> {
  isInUse = true;
  return contexts.run({ ...contexts.getStore(), ...added }, fn);
}

/** Asks the engine, within the deadline and abort signal of the block around the call. */
export function callGateway<R extends GatewayRequest>(
  gateway: Gateway,
  request: R,
): Promise<GatewayReplies[R['kind']]> {
  const context = isInUse ? contexts.getStore() : undefined;
  return context === undefined ? gateway.request(request) : callWithin(context, gateway, request);
}

/** `setTimeout` waits no longer than this. */
const TIMER_MAX_MS = 2 ** 31 - 1;

async function callWithin<R extends GatewayRequest>(
  { deadline, abortSignal }: CallContext,
  gateway: Gateway,
  request: R,
): Promise<GatewayReplies[R['kind']]> {
  const cancelled = () => serviceError('CANCELLED', 'Call cancelled by its abort signal');
  const tooLate = () => serviceError('DEADLINE_EXCEEDED', 'Deadline exceeded');
  const leftMs = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - Date.now();
  if (abortSignal?.aborted === true) throw cancelled();
  if (leftMs <= 0) throw tooLate();

  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const interruption = new Promise<never>((_, reject) => {
    const interrupt = (error: Error): void => {
      reject(error);
      ended.abort();
    };
    onAbort = () => interrupt(cancelled());
    abortSignal?.addEventListener('abort', onAbort);
    if (leftMs <= TIMER_MAX_MS) timer = setTimeout(() => interrupt(tooLate()), leftMs);
  });
  try {
    return await Promise.race([gateway.request(request, ended.signal), interruption]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) abortSignal?.removeEventListener('abort', onAbort);
  }
}
