// Signals and cancel requests to other workflows. Runs in the realm.
import { composeInterceptors } from '../common/interceptors';
import type { SignalDefinition } from '../common/interfaces';
import type { Loose } from '../common/loose';
import { encodeValues, headersToModel } from '../common/payload/model-payloads';
import { runId, workflowId } from '../model/ids';
import type { WorkflowCommandByKind } from '../model/turn';
import { CancellationScope, heedCancellation } from './cancellation-scope';
import { currentRun } from './engine/current';
import type { RunContext } from './engine/run-context';
import type { SignalWorkflowInput } from './interceptors';
import { patched } from './patches';

/** A workflow that somebody else has started. */
export interface ExternalWorkflowHandle {
  readonly workflowId: string;
  readonly runId?: string;
  /** Resolves when the signal is in the other workflow's history. */
  signal<Args extends Loose[] = [], Name extends string = string>(
    def: SignalDefinition<Args, Name> | string,
    ...args: Args
  ): Promise<void>;
  /** Resolves when the request is in the other workflow's history. */
  cancel(): Promise<void>;
}

/** Asks nothing: whether there is such a workflow is found out by the handle's methods. */
export function getExternalWorkflowHandle(id: string, ofRun?: string): ExternalWorkflowHandle {
  const run = currentRun('External workflow handles');
  const execution = ofRun === undefined ? { workflowId: id } : { workflowId: id, runId: ofRun };
  return {
    ...execution,
    signal: (def, ...args) =>
      sendSignal(run, {
        seq: run.nextSeq('signal'),
        signalName: signalNameOf(def),
        args,
        headers: {},
        target: { type: 'external', workflowExecution: execution },
      }),
    cancel: () => requestCancel(run, execution),
  };
}

export const signalNameOf = (def: { readonly name: string } | string): string =>
  typeof def === 'string' ? def : def.name;

export function sendSignal(run: RunContext, input: SignalWorkflowInput): Promise<void> {
  const { outbound = [] } = run.interceptors;
  const send = (innermost: SignalWorkflowInput): Promise<void> => sendPlain(run, innermost);
  return outbound.length === 0 ? send(input) : composeInterceptors(outbound, 'signalWorkflow', send)(input);
}

function sendPlain(
  run: RunContext,
  { seq, signalName, args, headers, target }: SignalWorkflowInput,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    if (heedCancellation(run, seq, reject, cancelSignal)) return;
    run.ask({
      kind: 'signalExternal',
      seq,
      signalName,
      input: encodeValues(run.payloadConverter, args, 'args'),
      header: headersToModel(headers),
      target: targetOf(target),
    });
    run.externalSignals.set(seq, { resolve: resolve as (value: unknown) => void, reject });
  });
}

function cancelSignal(run: RunContext, seq: number): void {
  if (run.externalSignals.has(seq)) run.ask({ kind: 'cancelSignal', seq });
}

function targetOf(target: SignalWorkflowInput['target']): WorkflowCommandByKind<'signalExternal'>['target'] {
  if (target.type === 'child') return { kind: 'child', workflowId: workflowId(target.childWorkflowId) };
  const { workflowId: id, runId: ofRun } = target.workflowExecution;
  return ofRun === undefined
    ? { kind: 'external', workflowId: workflowId(id) }
    : { kind: 'external', workflowId: workflowId(id), runId: runId(ofRun) };
}

/** Requests once went on when their scope was cancelled. Histories have this patch only where that has happened. */
const HEEDS_ITS_SCOPE = '__temporal_internal_connect_external_handle_cancel_to_scope';

function requestCancel(
  run: RunContext,
  execution: { readonly workflowId: string; readonly runId?: string },
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.cancellable) {
      void scope.cancelRequested.catch((reason: Error) => {
        if (patched(HEEDS_ITS_SCOPE)) reject(reason);
      });
    }
    if (scope.consideredCancelled && patched(HEEDS_ITS_SCOPE)) return;
    const seq = run.nextSeq('cancel');
    run.ask({
      kind: 'requestCancelExternal',
      seq,
      workflowId: workflowId(execution.workflowId),
      ...(execution.runId !== undefined && { runId: runId(execution.runId) }),
    });
    run.externalCancels.set(seq, { resolve: resolve as (value: unknown) => void, reject });
  });
}
