// What every way of signalling has in common: client, signal-with-start, workflow code of another run.
import type { EventBody } from './buffering';
import type { Mutable } from '../../model/mutable';
import type { Execution } from '../../model/ids';
import { SIGNALS_PER_RUN_MAX } from '../../model/limits';
import type { SignalBody } from '../../model/message';
import type { Refusal } from '../../model/reply';
import type { RunDraft } from './draft';
import { TOO_MANY_SIGNALS } from './refusals';
import type { RunState } from './run-state';

/** Why an open run takes no further signal; absent: it takes it, or has it already. */
export function signalRefusal(run: RunState, { requestId }: SignalBody): Refusal | undefined {
  if (run.requestIds.has(requestId)) return undefined;
  return run.signalCount + run.buffered.length >= SIGNALS_PER_RUN_MAX ? TOO_MANY_SIGNALS : undefined;
}

/** Only one that is not a repeat. `from`: the run whose workflow code sent it. */
export function acceptSignal(run: RunDraft, signal: SignalBody, identity: string, from?: Execution): void {
  const { signalName, input, header, requestId } = signal;
  const signaled: Mutable<EventBody<'workflowExecutionSignaled'>> = {
    kind: 'workflowExecutionSignaled',
    eventId: 0,
    at: 0,
    signalName,
    input,
    identity,
    header,
    requestId,
  };
  if (from !== undefined) signaled.externalWorkflowExecution = from;
  run.addOutside(signaled);
  run.wantTask();
}
