// Queries: read-only. Whatever a handler changes of the engine's own is put back; what it asks for is refused. Runs in the realm.
import { composeInterceptors } from '../../common/interceptors';
import { decodeValues, encodeValue, headersFromModel } from '../../common/payload/model-payloads';
import type { ActivationJob, QueryAnswer } from '../../model/turn';
import { DeterminismViolationError } from '../errors';
import type { QueryInput } from '../interceptors';
import type { RunContext } from './run-context';

type QueryJob = Extract<ActivationJob, { readonly kind: 'queryWorkflow' }>;

const METADATA_QUERY = '__temporal_workflow_metadata';

class NotRegistered extends ReferenceError {}

export function answerQuery(run: RunContext, job: QueryJob): QueryAnswer {
  const { queryId, queryType } = job;
  const saved = { random: run.random.save(), seqs: { ...run.seqs }, taskError: run.taskError };
  run.readOnly = `The query '${queryType}'`;
  try {
    const value = call(run, job);
    const result = encodeValue(run.payloadConverter, value, 'result');
    return { queryId, outcome: { kind: 'succeeded', result } };
  } catch (error) {
    const notRegistered = error instanceof NotRegistered;
    return { queryId, outcome: { kind: 'failed', failure: run.failureOf(error), notRegistered } };
  } finally {
    run.readOnly = undefined;
    run.random.restore(saved.random);
    run.seqs = saved.seqs;
    run.taskError = saved.taskError;
  }
}

function call(run: RunContext, { queryId, queryType, input, header }: QueryJob): unknown {
  if (queryType === METADATA_QUERY) return metadataOf(run);
  const args = decodeValues(run.payloadConverter, input);
  const { inbound = [] } = run.interceptors;
  if (inbound.length === 0) return handle(run, queryType, args);
  // Interceptors are asynchronous by type; what they do must be done when they return.
  let outcome: { readonly value: unknown } | { readonly error: unknown } | undefined;
  const innermost = (asked: QueryInput): Promise<unknown> => {
    try {
      outcome = { value: handle(run, asked.queryName, asked.args) };
    } catch (error) {
      outcome = { error };
    }
    return Promise.resolve();
  };
  const execute = composeInterceptors(inbound, 'handleQuery', innermost);
  void execute({ queryId, queryName: queryType, args, headers: headersFromModel(header) }).catch(
    () => undefined,
  );
  if (outcome === undefined) throw new DeterminismViolationError('Query interceptors must not wait');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

function handle(run: RunContext, name: string, args: unknown[]): unknown {
  const value = invoke(run, name, args);
  if (isPromise(value)) {
    value.then(undefined, () => undefined);
    throw new DeterminismViolationError('Query handlers should not return a Promise');
  }
  return value;
}

function invoke(run: RunContext, name: string, args: unknown[]): unknown {
  const registered = run.queryHandlers.get(name);
  if (registered !== undefined) return registered.handler(...args);
  if (run.defaultQueryHandler !== undefined) return run.defaultQueryHandler(name, ...args);
  const known = [...run.queryHandlers.keys()].join(' ');
  throw new NotRegistered(`Workflow did not register a handler for ${name}. Registered queries: [${known}]`);
}

function metadataOf(run: RunContext): unknown {
  const described = (
    handlers: ReadonlyMap<string, { readonly description?: string | undefined }>,
  ): object[] =>
    [...handlers].map(([name, { description }]) =>
      description === undefined ? { name } : { name, description },
    );
  return {
    definition: {
      type: run.started.workflowType,
      queryDefinitions: described(run.queryHandlers),
      signalDefinitions: described(run.signalHandlers),
      updateDefinitions: described(run.updateHandlers),
    },
    currentDetails: run.currentDetails,
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
