// The next activation: the jobs that events and machines left, in the order workflow code gets them. Pure.
// One function for live turns and for replay: that is what makes them equal.
import type { EpochMs } from '../../model/time';
import type { Activation, ActivationJob, ActivationJobKind } from '../../model/turn';

/** What the newest WorkflowTaskStarted says. */
export interface TaskHead {
  /** Never earlier than that of the task before. */
  readonly timestamp: EpochMs;
  readonly historyLength: number;
  readonly historySizeBytes: number;
  readonly continueAsNewSuggested: boolean;
}

/** Jobs of a lower rank come first, those of one rank in the order of their events. */
const ranks: { readonly [K in ActivationJobKind]: number } = {
  initializeWorkflow: 0,
  notifyHasPatch: 1,
  updateRandomSeed: 2,
  signalWorkflow: 3,
  fireTimer: 4,
  resolveActivity: 4,
  resolveChildStart: 4,
  resolveChild: 4,
  cancelWorkflow: 4,
  resolveSignalExternal: 4,
  resolveCancelExternal: 4,
  queryWorkflow: 5,
};

export function nextActivation(
  head: TaskHead,
  jobs: readonly ActivationJob[],
  isReplaying: boolean,
  availableFlags: readonly number[],
): Activation {
  // Field by field: V8 takes a slow path for what is added to a spread object, a twentieth of a lane's whole time.
  return {
    timestamp: head.timestamp,
    historyLength: head.historyLength,
    historySizeBytes: head.historySizeBytes,
    continueAsNewSuggested: head.continueAsNewSuggested,
    isReplaying,
    availableFlags,
    jobs: inOrder(jobs),
  };
}

function inOrder(jobs: readonly ActivationJob[]): readonly ActivationJob[] {
  // Array.prototype.sort is stable: ECMAScript 2019 requires it.
  return jobs.length < 2 ? jobs : [...jobs].sort((a, b) => ranks[a.kind] - ranks[b.kind]);
}
