// Queries: read-only. Whatever a handler changes of the engine's own is put back; what it asks for is refused. Runs in the realm.
import { ensureTemporalFailure } from '../../common/failure';
import { composeInterceptors } from '../../common/interceptors';
import { defaultPayloadConverter } from '../../common/payload/default-payload-converter';
import { decodeValues, encodeValue, headersFromModel } from '../../common/payload/model-payloads';
import {
  isStackTraceQuery,
  reservedPartOf,
  throwIfReservedName,
  WORKFLOW_METADATA_QUERY_NAME,
} from '../../common/reserved';
import type { ActivationJob, QueryAnswer } from '../../model/turn';
import { DeterminismViolationError } from '../errors';
import type { QueryInput } from '../interceptors';
import type { WorkflowInfo } from '../workflow-info';
import type { RandomState } from './random';
import type { RunContext, Seqs } from './run-context';

export type QueryJob = Extract<ActivationJob, { readonly kind: 'queryWorkflow' }>;

/** What queries may use up, and must give back. */
interface Untouched {
  readonly random: RandomState | undefined;
  readonly seqs: Seqs;
  readonly info: WorkflowInfo | undefined;
}

type Outcome = QueryAnswer['outcome'];

/** Queries that have been asked and not answered: microtasks have to drain, for interceptors, and for what a handler has begun. */
export interface OpenQueries {
  readonly untouched: Untouched;
  readonly asked: { readonly queryId: string; outcome: Outcome | undefined }[];
}

class NotRegistered extends ReferenceError {
  static {
    // Shown to callers as the type of the failure.
    Object.defineProperty(this, 'name', { value: 'ReferenceError' });
  }
}

/** From here to `endQueries` nothing may be asked for. */
export function beginQueries(run: RunContext, jobs: readonly QueryJob[]): OpenQueries {
  const untouched = { random: run.random.save(), seqs: { ...run.seqs }, info: run.info };
  const open: OpenQueries = { untouched, asked: [] };
  run.info = undefined;
  for (const job of jobs) {
    const query: OpenQueries['asked'][number] = { queryId: job.queryId, outcome: undefined };
    open.asked.push(query);
    run.readOnly = `The query '${job.queryType}'`;
    try {
      ask(run, job, (outcome) => (query.outcome = outcome));
    } catch (error) {
      query.outcome = failed(run, error);
    }
    restore(run, untouched);
  }
  return open;
}

/** Microtasks have drained. @throws what workflow code has failed with that a query woke up: this execution cannot go on */
export function endQueries(run: RunContext, { untouched, asked }: OpenQueries): readonly QueryAnswer[] {
  restore(run, untouched);
  run.info = untouched.info;
  run.readOnly = undefined;
  run.throwTaskError();
  return asked.map(({ queryId, outcome }) => ({
    queryId,
    outcome: outcome ?? failed(run, new DeterminismViolationError('Query interceptors must not wait')),
  }));
}

function restore(run: RunContext, { random, seqs }: Untouched): void {
  run.random.restore(random);
  run.seqs = { ...seqs };
}

function succeeded(run: RunContext, value: unknown): Outcome {
  try {
    return { kind: 'succeeded', result: encodeValue(run.payloadConverter, value, 'result') };
  } catch (error) {
    return failed(run, error);
  }
}

function failed(run: RunContext, error: unknown): Outcome {
  const notRegistered = error instanceof NotRegistered;
  return { kind: 'failed', failure: run.taskFailureOf(ensureTemporalFailure(error)), notRegistered };
}

function ask(run: RunContext, job: QueryJob, answer: (outcome: Outcome) => void): void {
  const { queryId, queryType, input, header } = job;
  if (queryType === WORKFLOW_METADATA_QUERY_NAME) return answer(succeeded(run, metadataOf(run)));
  if (isStackTraceQuery(queryType)) {
    // The host has found it, and hands it over: only here it gets the workflow's own form.
    const [stacks] = decodeValues(defaultPayloadConverter, input);
    return answer(succeeded(run, stacks));
  }
  const args = decodeValues(run.payloadConverter, input);
  const { inbound = [] } = run.interceptors;
  // What belongs to the runtime is none of the interceptors' business.
  if (inbound.length === 0 || reservedPartOf(queryType) !== undefined) {
    return answer(succeeded(run, handle(run, queryType, args)));
  }
  const innermost = async (asked: QueryInput): Promise<unknown> => handle(run, asked.queryName, asked.args);
  const execute = composeInterceptors(inbound, 'handleQuery', innermost);
  execute({ queryId, queryName: queryType, args, headers: headersFromModel(header) }).then(
    (value) => answer(succeeded(run, value)),
    (error: unknown) => answer(failed(run, error)),
  );
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
  if (run.defaultQueryHandler !== undefined) {
    throwIfReservedName('query', name);
    return run.defaultQueryHandler(name, ...args);
  }
  const known = [...run.queryHandlers.all.keys()].join(' ');
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
      queryDefinitions: described(run.queryHandlers.all),
      signalDefinitions: described(run.signalHandlers.all),
      updateDefinitions: described(run.updateHandlers.all),
    },
    currentDetails: run.currentDetails,
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
