// What a signal and a cancel request to another workflow have in common. Pure computation.
import type { ExternalTarget } from '../../../model/event';
import type { RunState } from '../run-state';
import { idProblem, namespaceProblem } from './checks';

export const targetProblem = (state: RunState, target: ExternalTarget): string | undefined =>
  namespaceProblem(state.namespace, target.namespace) ??
  idProblem('WorkflowId', target.workflowId) ??
  (target.runId === '' ? 'RunId is not a valid UUID.' : undefined);

/** The target alone, without the rest of the command that carries it. */
export const targetOf = ({ namespace, workflowId, runId }: ExternalTarget): ExternalTarget =>
  runId === undefined ? { namespace, workflowId } : { namespace, workflowId, runId };
