// Signals: to their handlers, in the order in which they came; those without one wait. Runs in the realm.
import { IllegalStateError } from '../../common/errors';
import { composeInterceptors } from '../../common/interceptors';
import { decodeValues, headersFromModel } from '../../common/payload/model-payloads';
import type { SignalInput } from '../interceptors';
import { handleFailure } from './completion';
import type { BufferedSignal, RunContext } from './run-context';

export function receiveSignal(run: RunContext, signal: BufferedSignal): void {
  if (!canHandle(run, signal.signalName)) {
    run.bufferedSignals.push(signal);
    return;
  }
  handle(run, signal);
}

/** A handler may register others: what waits is looked through from the beginning each time. */
export function dispatchBuffered(run: RunContext): void {
  for (;;) {
    const index = run.bufferedSignals.findIndex(({ signalName }) => canHandle(run, signalName));
    if (index === -1) return;
    const [signal] = run.bufferedSignals.splice(index, 1);
    if (signal !== undefined) handle(run, signal);
  }
}

const canHandle = (run: RunContext, name: string): boolean =>
  run.signalHandlers.has(name) || run.defaultSignalHandler !== undefined;

function handle(run: RunContext, { signalName, input, header }: BufferedSignal): void {
  const args = decodeValues(run.payloadConverter, input);
  const registered = run.signalHandlers.get(signalName);
  const number = (run.handlersBegun += 1);
  const isWarned = registered?.unfinishedPolicy !== 'ABANDON';
  run.runningHandlers.set(number, { name: signalName, isWarned });
  const { inbound = [] } = run.interceptors;
  const call = (innermost: SignalInput): Promise<void> => callHandler(run, innermost);
  const execute = inbound.length === 0 ? call : composeInterceptors(inbound, 'handleSignal', call);
  void execute({ signalName, args, headers: headersFromModel(header) })
    .catch((error: unknown) => handleFailure(run, error))
    .finally(() => run.runningHandlers.delete(number));
}

async function callHandler(run: RunContext, { signalName, args }: SignalInput): Promise<void> {
  const registered = run.signalHandlers.get(signalName);
  if (registered !== undefined) return await registered.handler(...args);
  if (run.defaultSignalHandler !== undefined) {
    await run.defaultSignalHandler(signalName, ...args);
    return;
  }
  throw new IllegalStateError(`No registered signal handler for signal: ${signalName}`);
}
