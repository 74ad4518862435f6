// Signals: to their handlers, in the order in which they came; those without one wait. Runs in the realm.
import { IllegalStateError } from '../../common/errors';
import { composeInterceptors } from '../../common/interceptors';
import { decodeValues, headersFromModel } from '../../common/payload/model-payloads';
import { appended } from '../../model/appended';
import type { SignalInput } from '../interceptors';
import { writeFor } from '../log';
import { handleFailure } from './completion';
import type { BufferedSignal, RunContext } from './run-context';

export function receiveSignal(run: RunContext, signal: BufferedSignal): void {
  if (!canHandle(run, signal.signalName)) {
    run.bufferedSignals = appended(run.bufferedSignals, signal);
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

/** Of handlers that the end of the workflow cuts off. */
export function warnOfUnfinished(run: RunContext): void {
  if (run.handlersBegun === 0) return;
  const counts = new Map<string, number>();
  for (const { name, isWarned } of run.runningHandlers.all.values()) {
    if (isWarned) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  const unfinished = [...counts].map(([name, count]) => ({ name, count }));
  writeFor(run, 'warn', `${UNFINISHED} Unfinished: ${JSON.stringify(unfinished)}`, undefined);
}

const UNFINISHED =
  '[TMPRL1102] The workflow has ended while handlers of signals were still running, and what they had still to do is lost. ' +
  'Let it wait for them with `await condition(allHandlersFinished)`, or register those that may be cut off with ' +
  '`{ unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON }`.';

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
