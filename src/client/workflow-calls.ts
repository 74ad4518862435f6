// The calls of a workflow client as one request each: values in, values out, Temporal's errors. Interceptors go before these.
import { randomUUID } from 'node:crypto';
import { decodeValue, encodeValues, headersToModel } from '../common/payload/model-payloads';
import type { StartRequest } from '../model/gateway';
import type { CancelRequest, TerminateRequest } from '../model/gateway';
import { runId as runIdOf } from '../model/ids';
import { callGateway } from './call-context';
import type { LoadedClientOptions } from './client-options';
import type {
  InterceptedCalls,
  WorkflowCancelInput,
  WorkflowDescribeInput,
  WorkflowQueryInput,
  WorkflowSignalInput,
  WorkflowSignalWithStartInput,
  WorkflowStartInput,
  WorkflowStartOutput,
  WorkflowTerminateInput,
  EmptyResponse,
} from './interceptors';
import { workflowRequestError } from './refusals';
import { addressOf, assertId, assertPayloads } from './validation';
import { executionDescription, type WorkflowExecutionDescription } from './workflow-info';
import { startRequest } from './workflow-options';

const DONE: EmptyResponse = {};

export class WorkflowCalls implements InterceptedCalls {
  readonly #options: LoadedClientOptions;

  constructor(options: LoadedClientOptions) {
    this.#options = options;
  }

  startWithDetails = (input: WorkflowStartInput): Promise<WorkflowStartOutput> => {
    const { workflowType, options, headers } = input;
    return this.#start(startRequest(workflowType, options, headers, undefined, this.#options));
  };

  signalWithStart = async (input: WorkflowSignalWithStartInput): Promise<string> => {
    const { workflowType, options, headers, signalName, signalArgs } = input;
    const signal = { signalName, signalArgs };
    const { runId } = await this.#start(startRequest(workflowType, options, headers, signal, this.#options));
    return runId;
  };

  /** The busiest call, here and in what it calls: a promise less is memory less for each workflow that is waited for. */
  #start(request: StartRequest): Promise<WorkflowStartOutput> {
    return callGateway(this.#options.gateway, request).then(
      ({ runId, firstExecutionRunId }) => ({ runId, firstExecutionRunId, eagerlyStarted: false }),
      (error: unknown) => {
        const { workflowId } = request;
        const { workflowType } = request.options;
        throw workflowRequestError(error, { workflowId, workflowType, ...this.#options });
      },
    );
  }

  signal = async (input: WorkflowSignalInput): Promise<void> => {
    const { signalName, workflowExecution, requestId = randomUUID() } = input;
    const { gateway, namespace, identity, payloadConverter } = this.#options;
    const to = addressOf(namespace, workflowExecution.workflowId, workflowExecution.runId);
    assertId(signalName, 'signal name');
    assertId(requestId, 'requestId');
    const payloads = encodeValues(payloadConverter, input.args, 'args');
    assertPayloads(payloads, 'args');
    const header = headersToModel(input.headers);
    try {
      await callGateway(gateway, {
        kind: 'signal',
        to,
        signalName,
        input: payloads,
        header,
        requestId,
        identity,
      });
    } catch (error) {
      throw workflowRequestError(error, { ...workflowExecution, ...this.#options });
    }
  };

  query = async (input: WorkflowQueryInput): Promise<unknown> => {
    const { queryType, workflowExecution, queryRejectCondition: rejectCondition = 'NONE' } = input;
    const { gateway, namespace, payloadConverter } = this.#options;
    const to = addressOf(namespace, workflowExecution.workflowId, workflowExecution.runId);
    assertId(queryType, 'query name');
    const payloads = encodeValues(payloadConverter, input.args, 'args');
    assertPayloads(payloads, 'args');
    const header = headersToModel(input.headers);
    try {
      const { result } = await callGateway(gateway, {
        kind: 'query',
        to,
        queryType,
        input: payloads,
        header,
        rejectCondition,
      });
      return decodeValue(payloadConverter, result);
    } catch (error) {
      throw workflowRequestError(error, { ...workflowExecution, ...this.#options });
    }
  };

  terminate = async (input: WorkflowTerminateInput): Promise<EmptyResponse> => {
    const { workflowExecution, reason, details, firstExecutionRunId } = input;
    const { gateway, namespace, identity, payloadConverter } = this.#options;
    const payloads = details === undefined ? undefined : encodeValues(payloadConverter, details, 'details');
    if (payloads !== undefined) assertPayloads(payloads, 'details');
    const request: TerminateRequest = {
      kind: 'terminate',
      to: addressOf(namespace, workflowExecution.workflowId, workflowExecution.runId),
      identity,
      ...(reason !== undefined && { reason }),
      ...(payloads !== undefined && { details: payloads }),
      ...(firstExecutionRunId !== undefined && { firstExecutionRunId: runIdOf(firstExecutionRunId) }),
    };
    try {
      await callGateway(gateway, request);
      return DONE;
    } catch (error) {
      throw workflowRequestError(error, { ...workflowExecution, ...this.#options });
    }
  };

  cancel = async (input: WorkflowCancelInput): Promise<EmptyResponse> => {
    const { workflowExecution, reason, firstExecutionRunId } = input;
    const { gateway, namespace, identity } = this.#options;
    const request: CancelRequest = {
      kind: 'cancel',
      to: addressOf(namespace, workflowExecution.workflowId, workflowExecution.runId),
      requestId: randomUUID(),
      identity,
      ...(reason !== undefined && { reason }),
      ...(firstExecutionRunId !== undefined && { firstExecutionRunId: runIdOf(firstExecutionRunId) }),
    };
    try {
      await callGateway(gateway, request);
      return DONE;
    } catch (error) {
      throw workflowRequestError(error, { ...workflowExecution, ...this.#options });
    }
  };

  describe = async ({ workflowExecution }: WorkflowDescribeInput): Promise<WorkflowExecutionDescription> => {
    const { gateway, namespace, payloadConverter } = this.#options;
    const to = addressOf(namespace, workflowExecution.workflowId, workflowExecution.runId);
    try {
      return executionDescription(await callGateway(gateway, { kind: 'describe', to }), payloadConverter);
    } catch (error) {
      throw workflowRequestError(error, { ...workflowExecution, ...this.#options });
    }
  };
}
