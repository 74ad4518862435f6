// Options of a workflow function itself. Runs in the realm, and where a workflow file is only imported.
import type { Loose } from '../common/loose';
import type { WorkflowDefinitionOptionsOrGetter } from '../common/versioning';

/** Of these, `failureExceptionTypes` has an effect: errors that fail the workflow instead of its task. A getter is asked when a run begins. */
export function setWorkflowOptions<A extends Loose[], RT>(
  options: WorkflowDefinitionOptionsOrGetter,
  fn: (...args: A) => Promise<RT>,
): void {
  Object.assign(fn, { workflowDefinitionOptions: options });
}
