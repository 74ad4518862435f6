// A run's history in official protobuf JSON.
import { historyToProtoJson } from '../common/proto-json';
import { callGateway } from './call-context';
import type { LoadedClientOptions } from './client-options';
import type { TargetExecution } from './interceptors';
import { workflowRequestError } from './refusals';
import { addressOf } from './validation';

/** `{ events: […] }`, as `temporal workflow show --output json` prints it. */
export type HistoryJson = ReturnType<typeof historyToProtoJson>;

/** @throws {WorkflowNotFoundError} */
export async function fetchHistory(
  { workflowId, runId }: TargetExecution,
  options: LoadedClientOptions,
): Promise<HistoryJson> {
  const to = addressOf(options.namespace, workflowId, runId);
  try {
    const { events } = await callGateway(options.gateway, { kind: 'fetchHistory', to });
    return historyToProtoJson(events);
  } catch (error) {
    throw workflowRequestError(error, { workflowId, runId, ...options });
  }
}
