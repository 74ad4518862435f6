// Removes a run: its history, its place in listings, its id if it was the current one.
import { callGateway } from './call-context';
import type { LoadedClientOptions } from './client-options';
import type { TargetExecution } from './interceptors';
import { workflowRequestError } from './refusals';
import { addressOf } from './validation';

/** @throws {WorkflowNotFoundError | ServiceError} */
export async function deleteRun(
  { workflowId, runId }: TargetExecution,
  options: LoadedClientOptions,
): Promise<void> {
  const { gateway, namespace, identity } = options;
  const to = addressOf(namespace, workflowId, runId);
  try {
    await callGateway(gateway, { kind: 'delete', to, identity });
  } catch (error) {
    throw workflowRequestError(error, { workflowId, runId, ...options });
  }
}
