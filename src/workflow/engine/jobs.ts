// What happens to workflow code: one function for each kind of job. Runs in the realm. A result for something that nobody waits
// for any more (a cancelled timer) is dropped.
import { WorkflowExecutionAlreadyStartedError } from '../../common/failure';
import { assert } from '../../model/assert';
import type { ActivationJob, ActivationJobKind, Resolution } from '../../model/turn';
import { decodeValue } from '../../common/payload/model-payloads';
import type { CancellationScope } from '../cancellation-scope';
import { loadInterceptors } from './interceptors';
import { Random } from './random';
import type { RunContext } from './run-context';
import type { Completion } from './run-maps';
import { receiveSignal } from './signals';

type Job<K extends ActivationJobKind> = Extract<ActivationJob, { readonly kind: K }>;
type Jobs = {
  readonly [K in Exclude<ActivationJobKind, 'queryWorkflow'>]: (run: RunContext, job: Job<K>) => void;
};

export type TurnJob = Exclude<ActivationJob, { readonly kind: 'queryWorkflow' }>;

export function perform(run: RunContext, job: TurnJob): void {
  (jobs[job.kind] as (run: RunContext, job: TurnJob) => void)(run, job);
}

const jobs: Jobs = {
  initializeWorkflow(run, job) {
    run.init = job;
    run.random = new Random(job.randomSeedHigh, job.randomSeedLow);
    run.memo = job.memo ?? {};
    run.searchAttributes = job.searchAttributes ?? {};
    // Here and not before: their factories may ask what they are made for.
    run.interceptors = loadInterceptors(run.host);
  },
  updateRandomSeed(run, { randomSeedHigh, randomSeedLow }) {
    run.random = new Random(randomSeedHigh, randomSeedLow);
  },
  notifyHasPatch(run, { patchId }) {
    if (!run.patches.has(patchId)) run.patches.set(patchId, 'in history');
  },
  signalWorkflow: (run, signal) => receiveSignal(run, signal),
  fireTimer: (run, { seq }) => run.timers.take(seq)?.resolve(undefined),
  resolveActivity: (run, { seq, resolution }) => settle(run, run.activities.take(seq), resolution),
  resolveChildStart(run, { seq, outcome }) {
    const start = run.childStarts.take(seq);
    if (start === undefined) return;
    // Its end will not be told.
    if (outcome.kind !== 'started') run.children.delete(seq);
    switch (outcome.kind) {
      case 'started':
        return start.resolve(outcome.runId);
      case 'alreadyExists':
        return start.reject(
          new WorkflowExecutionAlreadyStartedError(
            'Workflow execution already started',
            outcome.workflowId,
            outcome.workflowType,
          ),
        );
      case 'canceled':
        return start.reject(run.errorOf(outcome.failure));
    }
  },
  resolveChild: (run, { seq, resolution }) => settle(run, run.children.take(seq), resolution),
  cancelWorkflow(run, _job) {
    run.cancelled = true;
    assert(run.rootScope !== undefined, 'a run without a scope');
    (run.rootScope as CancellationScope).cancel();
  },
  resolveSignalExternal(run, { seq, failure }) {
    const completion = run.externalSignals.take(seq);
    if (failure === undefined) completion?.resolve(undefined);
    else completion?.reject(run.errorOf(failure));
  },
  resolveCancelExternal(run, { seq, failure }) {
    const completion = run.externalCancels.take(seq);
    if (failure === undefined) completion?.resolve(undefined);
    else completion?.reject(run.errorOf(failure));
  },
};

function settle(run: RunContext, completion: Completion | undefined, resolution: Resolution): void {
  if (completion === undefined) return;
  if (resolution.kind === 'completed') {
    const { result } = resolution;
    completion.resolve(result === undefined ? undefined : decodeValue(run.payloadConverter, result));
  } else {
    completion.reject(run.errorOf(resolution.failure));
  }
}
