// Drives an engine as the sandbox does, without a realm: the scope slot is Node's own async context, and microtasks drain by
// waiting for a macrotask.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Failure } from '../../../src/model/failure.ts';
import { namespace, runId, taskQueueName, workflowId } from '../../../src/model/ids.ts';
import type {
  Activation,
  ActivationJob,
  ActivationResult,
  InitializeWorkflow,
  Resolution,
  SinkCall,
  WorkflowCommand,
} from '../../../src/model/turn.ts';
import { createEngine, type Engine } from '../../../src/workflow/engine/index.ts';
import { readResult, writeActivation } from '../../../src/workflow/tape/index.ts';

type Commands = readonly WorkflowCommand[];
type Head = Partial<Omit<Activation, 'jobs'>>;

export interface DriverOptions {
  /** Exports of the user's workflow file; the run is of the one named `main`. */
  readonly workflows: Readonly<Record<string, unknown>>;
  readonly workflowType?: string;
  readonly args?: readonly unknown[];
  readonly init?: Partial<InitializeWorkflow>;
  /** Further entries of the bundle, such as interceptors. */
  readonly entries?: Readonly<Record<string, unknown>>;
}

/** The run that the official SDK's check vectors are of. */
const RUN_ID = '019e93d9-da0e-70d6-9f43-888c2c8d3988';
const SEED = { randomSeedHigh: 510077704, randomSeedLow: 4066797721 };

export class Driver {
  readonly engine: Engine;
  /** Of all turns so far. */
  readonly sinkCalls: SinkCall[] = [];
  #now = 1_000;
  #events = 0;
  readonly #options: DriverOptions;
  readonly #scopes = new AsyncLocalStorage<unknown>();

  constructor(options: DriverOptions) {
    this.#options = options;
    const entries: Readonly<Record<string, unknown>> = { ...options.entries };
    this.engine = createEngine({
      tape: [],
      entryNames: ['workflows', ...Object.keys(entries)],
      requireEntry: (name) => (name === 'workflows' ? options.workflows : (entries[name] ?? {})),
      scopeSlot: {
        get: () => this.#scopes.getStore(),
        set: (scope) => {
          const previous = this.#scopes.getStore();
          this.#scopes.enterWith(scope);
          return previous;
        },
      },
    });
  }

  get now(): number {
    return this.#now;
  }

  initialize(overrides: Partial<InitializeWorkflow> = {}): InitializeWorkflow {
    const { workflowType = 'main', args = [], init } = this.#options;
    return {
      kind: 'initializeWorkflow',
      namespace: namespace('default'),
      workflowId: workflowId('the-workflow'),
      runId: runId(RUN_ID),
      workflowType,
      taskQueue: taskQueueName('the-queue'),
      input: args.map((arg) => (arg === undefined ? null : JSON.stringify(arg))),
      header: {},
      attempt: 1,
      runStartTime: this.#now,
      startTime: this.#now,
      firstExecutionRunId: runId(RUN_ID),
      taskTimeoutMs: 10_000,
      ...SEED,
      ...init,
      ...overrides,
    };
  }

  /** The first turn, together with what came before it. */
  start(...jobs: readonly ActivationJob[]): Promise<Commands> {
    return this.turn(this.initialize(), ...jobs);
  }

  /** One turn that has to succeed, a second after the last one. */
  async turn(...jobs: readonly ActivationJob[]): Promise<Commands> {
    return (await this.succeed(jobs)).commands;
  }

  async succeed(
    jobs: readonly ActivationJob[],
    head: Head = {},
  ): Promise<Extract<ActivationResult, { kind: 'ok' }>> {
    const result = await this.activate(jobs, head);
    if (result.kind === 'failed') throw new Error(`the turn failed: ${result.failure.message}`);
    return result;
  }

  /** The failure of a turn that has to fail. */
  async fail(
    ...jobs: readonly ActivationJob[]
  ): Promise<Extract<ActivationResult, { kind: 'failed' }>['failure']> {
    const result = await this.activate(jobs);
    if (result.kind === 'ok') throw new Error(`the turn did not fail: ${JSON.stringify(result.commands)}`);
    return result.failure;
  }

  async activate(jobs: readonly ActivationJob[], head: Head = {}): Promise<ActivationResult> {
    this.#now += 1_000;
    this.#events += 3;
    writeActivation(this.engine.tape, {
      timestamp: this.#now,
      isReplaying: false,
      historyLength: this.#events,
      historySizeBytes: this.#events * 100,
      continueAsNewSuggested: false,
      availableFlags: [],
      ...head,
      jobs,
    });
    // As in a realm, nothing of the caller's context is current in a turn.
    return this.#scopes.run(undefined, async () => {
      while (this.engine.step()) await setImmediate();
      await setImmediate();
      const result = readResult(this.engine.tape);
      this.engine.tape.length = 0;
      if (result.kind === 'ok') this.sinkCalls.push(...result.sinkCalls);
      return result;
    });
  }

  /** The value of a query, or the failure that it ended with. */
  async query(queryType: string, ...args: readonly unknown[]): Promise<unknown> {
    const input = args.map((arg) => JSON.stringify(arg));
    const job = { kind: 'queryWorkflow', queryId: 'q1', queryType, input, header: {} } as const;
    const result = await this.activate([job], { timestamp: this.#now, isReplaying: true });
    if (result.kind === 'failed') throw new Error(`the activation failed: ${result.failure.message}`);
    const [answer] = result.answers;
    if (answer === undefined || result.commands.length > 0)
      throw new Error('a query answers, and asks nothing');
    const { outcome } = answer;
    if (outcome.kind === 'failed') return outcome;
    return outcome.result === null ? undefined : JSON.parse(outcome.result as string);
  }
}

export const signal = (signalName: string, ...args: readonly unknown[]): ActivationJob => ({
  kind: 'signalWorkflow',
  signalName,
  input: args.map((arg) => JSON.stringify(arg)),
  identity: 'somebody',
  header: {},
});

export const cancel: ActivationJob = { kind: 'cancelWorkflow', reason: '' };
export const fire = (seq: number): ActivationJob => ({ kind: 'fireTimer', seq });

export const completed = (result: unknown): Resolution =>
  result === undefined ? { kind: 'completed' } : { kind: 'completed', result: JSON.stringify(result) };

export const activityCompleted = (seq: number, result?: unknown): ActivationJob => ({
  kind: 'resolveActivity',
  seq,
  resolution: completed(result),
});
export const childStarted = (seq: number, id = 'the-child-run'): ActivationJob => ({
  kind: 'resolveChildStart',
  seq,
  outcome: { kind: 'started', runId: runId(id) },
});
export const childCompleted = (seq: number, result?: unknown): ActivationJob => ({
  kind: 'resolveChild',
  seq,
  resolution: completed(result),
});

export const failedBy = (failure: Failure): Resolution => ({ kind: 'failed', failure });
export const cancelledBy = (failure: Failure): Resolution => ({ kind: 'canceled', failure });
export const activityResolved = (seq: number, resolution: Resolution): ActivationJob => ({
  kind: 'resolveActivity',
  seq,
  resolution,
});

/** As the engine tells of a failed activity: the activity's own failure is the cause. */
export const activityFailure = (cause: Failure): Failure => ({
  message: 'Activity task failed',
  cause,
  info: {
    kind: 'activity',
    scheduledEventId: 5,
    startedEventId: 6,
    identity: 'worker',
    activityType: 'greet',
    activityId: '1',
    retryState: 'MAXIMUM_ATTEMPTS_REACHED',
  },
});
export const applicationFailure = (message: string, cause?: Failure): Failure => ({
  message,
  source: 'TypeScriptSDK',
  info: { kind: 'application', type: 'Typed', nonRetryable: true, details: ['1', '"two"'] },
  ...(cause !== undefined && { cause }),
});
export const cancelledFailure: Failure = { message: 'it was cancelled', info: { kind: 'canceled' } };

/** What a run has asked for, in words. */
export const kinds = (commands: Commands): readonly string[] => commands.map(({ kind }) => kind);

/** The result of a run that has completed in this turn. */
export function resultOf(commands: Commands): unknown {
  const last = commands.at(-1);
  if (last?.kind !== 'completeWorkflow')
    throw new Error(`the run did not complete: ${JSON.stringify(commands)}`);
  return last.result === undefined || last.result === null ? undefined : JSON.parse(last.result as string);
}
