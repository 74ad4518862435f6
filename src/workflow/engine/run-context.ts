// All that one execution's engine knows: what it was started with, what it has asked for, who waits for what. Runs in the realm.
// Mutable, owned by the engine; the functions of the door reach it through the current pointer and nothing else.
import { IllegalStateError } from '../../common/errors';
import { DefaultFailureConverter, type FailureConverter } from '../../common/converter/failure-converter';
import type { LogMetadata } from '../../common/logger';
import { defaultPayloadConverter } from '../../common/payload/default-payload-converter';
import type { PayloadConverter } from '../../common/payload/payload-converter';
import { decodeMap } from '../../common/payload/model-payloads';
import type { Failure } from '../../model/failure';
import type { PayloadMap, Payloads } from '../../model/payload';
import type { Activation, InitializeWorkflow, SinkCall, WorkflowCommand } from '../../model/turn';
import type { WorkflowInterceptors } from '../interceptors';
import type { WorkflowInfo } from '../workflow-info';
import type { QueryHandler, SignalHandler, UpdateHandler } from './handlers';
import type { EngineHost } from './host';
import { Random } from './random';

/** A promise that somebody waits for. */
export interface Completion {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}
export interface ChildStart extends Completion {
  readonly workflowId: string;
  readonly workflowType: string;
}
export interface Condition {
  readonly holds: () => boolean;
  readonly resolve: () => void;
}

export interface Seqs {
  timer: number;
  activity: number;
  child: number;
  signal: number;
  cancel: number;
  condition: number;
}

/** What the engine knows of a cancellation scope. */
export interface Scope {
  cancel(): void;
}

export interface BufferedSignal {
  readonly signalName: string;
  readonly input: Payloads;
  readonly header: PayloadMap;
}

const NO_INTERCEPTORS: WorkflowInterceptors = { inbound: [], outbound: [], internals: [] };

export class RunContext {
  readonly host: EngineHost;
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
  readonly signalHandlers = new Map<string, SignalHandler>();
  readonly queryHandlers = new Map<string, QueryHandler>();
  readonly updateHandlers = new Map<string, UpdateHandler>();
  defaultSignalHandler: ((signalName: string, ...args: unknown[]) => unknown) | undefined;
  defaultQueryHandler: ((queryName: string, ...args: unknown[]) => unknown) | undefined;
  defaultUpdateHandler: ((updateName: string, ...args: unknown[]) => unknown) | undefined;
  bufferedSignals: BufferedSignal[] = [];
  handlersBegun = 0;
  /** Handlers that have begun and not ended, by number; and whether a warning is due for each. */
  readonly runningHandlers = new Map<number, { readonly name: string; readonly isWarned: boolean }>();
  interceptors: WorkflowInterceptors = NO_INTERCEPTORS;
  /** Set by the first job. */
  init: InitializeWorkflow | undefined;
  head: Omit<Activation, 'jobs'>;
  random = new Random(0, 0);
  seqs: Seqs = { timer: 1, activity: 1, child: 1, signal: 1, cancel: 1, condition: 1 };

  readonly timers = new Map<number, Completion>();
  readonly activities = new Map<number, Completion>();
  readonly childStarts = new Map<number, ChildStart>();
  readonly children = new Map<number, Completion>();
  readonly externalSignals = new Map<number, Completion>();
  readonly externalCancels = new Map<number, Completion>();
  readonly conditions = new Map<number, Condition>();
  /** Scopes of `setTimeout`s that have not fired, by what it returned. */
  readonly timeouts = new Map<number, Scope>();

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

  commands: WorkflowCommand[] = [];
  sinkCalls: SinkCall[] = [];
  readonly knownFlags = new Set<number>();
  newFlags: number[] = [];
  readonly knownPatches = new Set<string>();
  readonly sentPatches = new Set<string>();
  currentDetails = '';
  logTags: LogMetadata | undefined;

  constructor(host: EngineHost) {
    this.host = host;
    this.head = EMPTY_HEAD;
    this.payloadConverter =
      this.#entry<{ payloadConverter?: PayloadConverter }>('payload-converter')?.payloadConverter ??
      defaultPayloadConverter;
    this.failureConverter =
      this.#entry<{ failureConverter?: FailureConverter }>('failure-converter')?.failureConverter ??
      new DefaultFailureConverter();
  }

  get started(): InitializeWorkflow {
    if (this.init === undefined) throw new IllegalStateError('the workflow has not been started yet');
    return this.init;
  }

  ask(command: WorkflowCommand): void {
    this.assertWritable();
    this.commands.push(command);
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
    if (this.knownFlags.has(flag)) return true;
    if (this.head.isReplaying) return false;
    this.knownFlags.add(flag);
    this.newFlags.push(flag);
    return true;
  }

  failureOf(error: unknown): Failure {
    return this.failureConverter.errorToFailure(error, this.payloadConverter);
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
    if (this.head.isReplaying) return;
    this.sinkCalls.push({ sink, fn, args: jsonOf(args) });
  }

  /** Empty where there is none, as with Temporal. */
  decodedMemo(): Record<string, unknown> {
    return decodeMap(this.payloadConverter, this.memo);
  }

  #entry<T>(name: string): T | undefined {
    return this.host.entryNames.includes(name) ? (this.host.requireEntry(name) as T) : undefined;
  }
}

const EMPTY_HEAD: Omit<Activation, 'jobs'> = {
  timestamp: 0,
  isReplaying: false,
  historyLength: 0,
  historySizeBytes: 0,
  continueAsNewSuggested: false,
  availableFlags: [],
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
