// The beginning of a workflow's own code. Runs in the realm.
import { composeInterceptors } from '../../common/interceptors';
import { decodeValues, headersFromModel } from '../../common/payload/model-payloads';
import type { WorkflowDefinitionOptions, WorkflowDefinitionOptionsOrGetter } from '../../common/versioning';
import type { WorkflowExecuteInput } from '../interceptors';
import { completeWorkflow, handleFailure } from './completion';
import type { RunContext } from './run-context';

interface WorkflowFunction {
  (...args: unknown[]): unknown;
  /** Set by `setWorkflowOptions`. */
  readonly workflowDefinitionOptions?: WorkflowDefinitionOptionsOrGetter;
}

/** @throws {TypeError} the bundle has no such workflow: the task fails, and is tried again with other code */
export function startWorkflow(run: RunContext): void {
  const { workflowType, input, header } = run.started;
  const workflow = find(run, workflowType);
  run.hasCode = true;
  run.failureTypes = optionsOf(workflow)?.failureExceptionTypes;
  const args = decodeValues(run.payloadConverter, input);
  const { inbound = [] } = run.interceptors;
  const call = async (innermost: WorkflowExecuteInput): Promise<unknown> => await workflow(...innermost.args);
  const execute = inbound.length === 0 ? call : composeInterceptors(inbound, 'execute', call);
  void lifecycle(() => execute({ args, headers: headersFromModel(header) }))
    .then(
      (result) => completeWorkflow(run, result),
      (error: unknown) => handleFailure(run, error),
    )
    .catch((error: unknown) => run.failTask(error));
}

/** As deep in promises as the official SDK's wrapper: the order of commands depends on it. */
async function lifecycle(execute: () => Promise<unknown>): Promise<unknown> {
  return await execute();
}

function optionsOf({
  workflowDefinitionOptions: given,
}: WorkflowFunction): WorkflowDefinitionOptions | undefined {
  return typeof given === 'function' ? given() : given;
}

function find(run: RunContext, workflowType: string): WorkflowFunction {
  const exported = run.host.requireEntry('workflows') as Record<string, unknown>;
  const own = Object.prototype.hasOwnProperty.call(exported, workflowType)
    ? exported[workflowType]
    : undefined;
  if (typeof own === 'function') return own as WorkflowFunction;
  const byDefault = exported['default'];
  if (own === undefined && typeof byDefault === 'function') return byDefault as WorkflowFunction;
  const known = Object.keys(exported).filter((name) => typeof exported[name] === 'function');
  throw new TypeError(
    `Failed to initialize workflow of type '${workflowType}': no such function is exported by the workflow bundle` +
      ` (it exports: ${known.join(', ') || 'none'})`,
  );
}
