// All that one execution's engine knows: what it was started with, what it has asked for, who waits for what. Runs in the realm.
// Mutable, owned by the engine; the functions of the door reach it through the current pointer and nothing else.
import { IllegalStateError } from '../../common/errors';
import { defaultFailureConverter, type FailureConverter } from '../../common/converter/failure-converter';
import { describeThrown, errorMessage } from '../../common/error-inspection';
import { FAILURE_SOURCE } from '../../common/failure';
import type { LogMetadata } from '../../common/logger';
import { defaultPayloadConverter } from '../../common/payload/default-payload-converter';
import type { PayloadConverter } from '../../common/payload/payload-converter';
import { decodeMap } from '../../common/payload/model-payloads';
import type { WorkflowDefinitionOptions } from '../../common/versioning';
import { appended } from '../../model/appended';
import type { Failure } from '../../model/failure';
import type { PayloadMap, Payloads } from '../../model/payload';
import type {
  Activation,
  AskedCommand,
  InitializeWorkflow,
  SinkCall,
  WorkflowCommand,
} from '../../model/turn';
import type { WorkflowInterceptors } from '../interceptors';
import type { WorkflowInfo } from '../workflow-info';
import type { EngineHost } from './host';
import { Random } from './random';
import { RunMaps, type Scope } from './run-maps';

export interface Seqs {
  timer: number;
  activity: number;
  child: number;
  signal: number;
  cancel: number;
  condition: number;
}

export interface BufferedSignal {
  readonly signalName: string;
  readonly input: Payloads;
  readonly header: PayloadMap;
}

/** What an activation says besides its jobs. */
type Head = Omit<Activation, 'jobs' | 'availableFlags'>;

/** Never written to. */
export const NONE: never[] = [];

const NO_INTERCEPTORS: WorkflowInterceptors = { inbound: [], outbound: [], internals: [] };

export class RunContext extends RunMaps {
  readonly host: EngineHost;
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
  defaultSignalHandler: ((signalName: string, ...args: unknown[]) => unknown) | undefined;
  defaultQueryHandler: ((queryName: string, ...args: unknown[]) => unknown) | undefined;
  defaultUpdateHandler: ((updateName: string, ...args: unknown[]) => unknown) | undefined;
  bufferedSignals = NONE as BufferedSignal[];
  handlersBegun = 0;
  interceptors: WorkflowInterceptors = NO_INTERCEPTORS;
  /** Set by the first job. */
  init: InitializeWorkflow | undefined;
  /** The workflow's modules are loaded, and its function was found. */
  hasCode = false;
  /** Errors that fail this workflow instead of its task, besides TemporalFailure. */
  failureTypes: WorkflowDefinitionOptions['failureExceptionTypes'];
  head: Head;
  random = new Random(0, 0);
  seqs: Seqs = { timer: 1, activity: 1, child: 1, signal: 1, cancel: 1, condition: 1 };

  /** The scope that the workflow begins in. */
  rootScope: Scope | undefined;
  /** A durable timer; given by the engine, because scopes and timers need each other. */
  sleep: (durationMs: number) => Promise<void> = () => Promise.resolve();
  memo: PayloadMap = {};
  searchAttributes: PayloadMap = {};
  /** Made when it is asked for, once an activation. */
  info: WorkflowInfo | undefined;
  cancelled = false;
  completed = false;
  /** The first error that fails the workflow task and not the workflow. */
  taskError: { readonly error: unknown } | undefined;
  /** A query or a validator runs: nothing may be asked for. */
  readOnly: string | undefined;

  commands = NONE as AskedCommand[];
  sinkCalls = NONE as SinkCall[];
  knownFlags = NONE as number[];
  newFlags = NONE as number[];
  currentDetails = '';
  logTags: LogMetadata | undefined;

  constructor(host: EngineHost) {
    super();
    this.host = host;
    this.head = EMPTY_HEAD;
    this.payloadConverter =
      this.#entry<{ payloadConverter?: PayloadConverter }>('payload-converter')?.payloadConverter ??
      defaultPayloadConverter;
    this.failureConverter =
      this.#entry<{ failureConverter?: FailureConverter }>('failure-converter')?.failureConverter ??
      defaultFailureConverter;
  }

  get started(): InitializeWorkflow {
    if (this.init === undefined) throw new IllegalStateError('the workflow has not been started yet');
    return this.init;
  }

  /** `thrown`: what the workflow ends with. */
  ask(command: WorkflowCommand, thrown?: unknown): void {
    this.assertWritable();
    const { traceCommand } = this.host;
    const asked = traceCommand === undefined ? command : { ...command, trace: traceCommand(thrown) };
    this.commands = appended(this.commands, asked);
    if (TERMINAL.has(command.kind)) this.completed = true;
  }

  /** @throws {IllegalStateError} in a query */
  assertWritable(): void {
    if (this.readOnly !== undefined) {
      throw new IllegalStateError(
        `${this.readOnly} must not change anything: no activities, timers, signals or other commands`,
      );
    }
  }

  nextSeq(kind: keyof Seqs): number {
    this.assertWritable();
    const seq = this.seqs[kind];
    this.seqs[kind] = seq + 1;
    return seq;
  }

  /** Whether the run behaves by this flag: new turns do, and say so; a replay only if the run has said so. */
  hasFlag(flag: number): boolean {
    if (this.knownFlags.includes(flag)) return true;
    if (this.head.isReplaying) return false;
    // What is only asked leaves no trace.
    if (this.readOnly !== undefined) return true;
    this.knownFlags = appended(this.knownFlags, flag);
    this.newFlags = appended(this.newFlags, flag);
    return true;
  }

  /** History is read for the second time, so nothing of it is to be told again. What is only asked is asked for the first time. */
  get isSilent(): boolean {
    return this.head.isReplaying && this.readOnly === undefined;
  }

  failureOf(error: unknown): Failure {
    return this.failureConverter.errorToFailure(error, this.payloadConverter);
  }

  /** For the failure of a task: there is always one, also where the error has no form as a failure. */
  taskFailureOf(error: unknown): Failure {
    try {
      return this.failureOf(error);
    } catch {
      return { message: errorMessage(error) ?? describeThrown(error), source: FAILURE_SOURCE };
    }
  }

  errorOf(failure: Failure): Error {
    return this.failureConverter.failureToError(failure, this.payloadConverter);
  }

  /** The workflow task fails with it, and the workflow waits for better code. */
  failTask(error: unknown): void {
    this.taskError ??= { error };
  }

  throwTaskError(): void {
    if (this.taskError !== undefined) throw this.taskError.error;
  }

  sink(sink: string, fn: string, args: readonly unknown[]): void {
    if (this.isSilent) return;
    this.sinkCalls = appended(this.sinkCalls, { sink, fn, args: jsonOf(args) });
  }

  /** Empty where there is none, as with Temporal. */
  decodedMemo(): Record<string, unknown> {
    return decodeMap(this.payloadConverter, this.memo);
  }

  #entry<T>(name: string): T | undefined {
    return this.host.entryNames.includes(name) ? (this.host.requireEntry(name) as T) : undefined;
  }
}

const EMPTY_HEAD: Head = {
  timestamp: 0,
  isReplaying: false,
  historyLength: 0,
  historySizeBytes: 0,
  continueAsNewSuggested: false,
};

const TERMINAL = new Set<WorkflowCommand['kind']>([
  'completeWorkflow',
  'failWorkflow',
  'cancelWorkflow',
  'continueAsNew',
]);

/** Log lines must not fail a turn. */
function jsonOf(args: readonly unknown[]): string {
  try {
    return JSON.stringify(args);
  } catch {
    return JSON.stringify(args.map((arg) => String(arg)));
  }
}
