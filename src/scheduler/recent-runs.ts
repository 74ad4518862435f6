// Which runs began or ended a moment ago in this process, so that waiting for a result does not read the store. Host thread.
// Bounded, and only a hint: whoever finds nothing here asks the store. An end that somebody was told goes: what stays for seconds is
// copied by every collection of young objects, and few ask twice.
import type { CloseEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { RunId } from '../model/ids';
import { payloadSize, type Payloads } from '../model/payload';

/** Some seconds of a busy process. */
const RECENT_MAX = 20_000;
/** An end that weighs more is read from the store: together they must not weigh what results can weigh. */
const END_BYTES_MAX = 4 * 1_024;

/** Two halves, of which the older one goes as a whole: taking the oldest out of a map one by one gets slower with each. */
export class RecentRuns {
  #young = new Map<RunId, CloseEvent | 'open'>();
  #old = new Map<RunId, CloseEvent | 'open'>();

  started(runId: RunId): void {
    this.#set(runId, 'open');
  }

  closed(runId: RunId, closeEvent: CloseEvent): void {
    if (weightOf(closeEvent) <= END_BYTES_MAX) this.#set(runId, closeEvent);
    else this.forget(runId);
  }

  find(runId: RunId): CloseEvent | 'open' | undefined {
    return this.#young.get(runId) ?? this.#old.get(runId);
  }

  forget(runId: RunId): void {
    this.#young.delete(runId);
    this.#old.delete(runId);
  }

  #set(runId: RunId, state: CloseEvent | 'open'): void {
    this.#young.set(runId, state);
    if (this.#young.size < RECENT_MAX / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** Of what users put in; the rest is small. */
function weightOf(event: CloseEvent): number {
  switch (event.kind) {
    case 'workflowExecutionCompleted':
      return event.result === undefined ? 0 : payloadSize(event.result);
    case 'workflowExecutionFailed':
      return failureWeight(event.failure);
    case 'workflowExecutionCanceled':
    case 'workflowExecutionTerminated':
      return payloadsWeight(event.details);
    case 'workflowExecutionContinuedAsNew':
      return payloadsWeight(event.input) + (event.failure === undefined ? 0 : failureWeight(event.failure));
    case 'workflowExecutionTimedOut':
      return 0;
  }
}

const payloadsWeight = (payloads: Payloads = []): number =>
  payloads.reduce((sum, payload) => sum + payloadSize(payload), 0);

/** Its details may be anything: one that has some is taken to be heavy. */
function failureWeight({ message, stackTrace = '', cause, info }: Failure): number {
  if (info !== undefined && 'details' in info) return Infinity;
  return message.length + stackTrace.length + (cause === undefined ? 0 : failureWeight(cause));
}
