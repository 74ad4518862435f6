// The engine of one execution, inside its realm: an activation on the tape in, commands on the tape out. Pure.
// A turn is one or more steps; between two of them the realm's microtasks drain. The order of everything is the official SDK's.
import { appended } from '../../model/appended';
import type { Activation, ActivationJob, ActivationResult } from '../../model/turn';
import { CancellationScope } from '../cancellation-scope';
import { writeFor } from '../log';
import { readActivation, writeResult, type Primitive } from '../tape';
import { clearTimeoutOf, sleep, startTimeout } from '../timers';
import { setCurrent } from './current';
import { FLAG_SINGLE_BATCH } from './flags';
import type { ConsoleLevel, Engine, EngineHost, RunHooks } from './host';
import { perform, type TurnJob } from './jobs';
import { beginQueries, endQueries, type OpenQueries, type QueryJob } from './queries';
import { NONE, RunContext } from './run-context';
import { warnOfUnfinished } from './signals';
import { startWorkflow } from './start';

export type { Engine, EngineHost } from './host';

export function createEngine(host: EngineHost): Engine {
  const run = new RunContext(host);
  run.sleep = sleep;
  run.rootScope = CancellationScope.root();
  return new RunEngine(run);
}

type Ended = Extract<ActivationResult, { readonly kind: 'ok' }>;

/** What the microtasks are drained for, and what follows. */
type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'turn' }
  /** Conditions were asked for the last time in this turn, and may have left something to do. */
  | { readonly kind: 'last' }
  | { readonly kind: 'queries'; readonly open: OpenQueries }
  | { readonly kind: 'ended'; readonly result: ActivationResult };

const IDLE: Phase = { kind: 'idle' };
const TURN: Phase = { kind: 'turn' };
const LAST: Phase = { kind: 'last' };
const NO_BATCHES: (readonly TurnJob[])[] = [];

class RunEngine implements Engine {
  readonly tape: Primitive[];
  readonly hooks: RunHooks;
  readonly #run: RunContext;
  /** Batches of jobs that are still to be done in this turn. */
  #batches = NO_BATCHES;
  #phase: Phase = IDLE;

  constructor(run: RunContext) {
    this.#run = run;
    this.tape = run.host.tape;
    this.hooks = new Hooks(run);
  }

  step(): boolean {
    const run = this.#run;
    setCurrent(run);
    const phase = this.#phase;
    if (phase.kind === 'ended') return this.#end(phase.result);
    try {
      if (phase.kind === 'turn') return this.#goOn();
      if (phase.kind === 'last') return this.#endTurn();
      if (phase.kind === 'queries') {
        const answers = endQueries(run, phase.open);
        return this.#drainAndEnd({ ...this.#result(), answers, commands: [] });
      }
      const activation = readActivation(this.tape);
      const { jobs } = activation;
      return jobs.some(isQuery) ? this.#ask(jobs.filter(isQuery)) : this.#begin(activation);
    } catch (error) {
      return this.#drainAndEnd({ kind: 'failed', failure: run.taskFailureOf(error) });
    }
  }

  #begin(activation: Activation): boolean {
    const run = this.#run;
    const { jobs, timestamp, isReplaying, historyLength, historySizeBytes, continueAsNewSuggested } =
      activation;
    // Field by field: a spread costs 0.6 µs.
    run.head = { timestamp, isReplaying, historyLength, historySizeBytes, continueAsNewSuggested };
    run.info = undefined;
    run.commands = NONE;
    run.sinkCalls = NONE;
    run.newFlags = NONE;
    for (const flag of activation.availableFlags) {
      if (!run.knownFlags.includes(flag)) run.knownFlags = appended(run.knownFlags, flag);
    }
    const [first] = jobs as readonly TurnJob[];
    if (first?.kind === 'initializeWorkflow') perform(run, first);
    this.#batches = batchesOf(run, jobs as readonly TurnJob[]);
    this.#phase = TURN;
    return this.#nextBatch();
  }

  #goOn(): boolean {
    const run = this.#run;
    if (unblock(run) > 0) return true;
    if (this.#batches.length > 0) return this.#nextBatch();
    if (!run.hasConditions) return this.#endTurn();
    this.#phase = LAST;
    return true;
  }

  #endTurn(): boolean {
    const run = this.#run;
    run.throwTaskError();
    if (run.completed) warnOfUnfinished(run);
    return this.#end(this.#result());
  }

  #nextBatch(): boolean {
    const run = this.#run;
    const jobs = this.#batches.shift() ?? [];
    let begins = false;
    for (const job of jobs) {
      if (job.kind === 'initializeWorkflow') {
        begins = true;
        continue;
      }
      perform(run, job);
      unblock(run);
    }
    if (begins) startWorkflow(run);
    unblock(run);
    return true;
  }

  #ask(queries: readonly QueryJob[]): boolean {
    this.#run.sinkCalls = NONE;
    this.#phase = { kind: 'queries', open: beginQueries(this.#run, queries) };
    return true;
  }

  #result(): Ended {
    const run = this.#run;
    const { timer, activity, child, signal, cancel, condition } = run.seqs;
    return {
      kind: 'ok',
      commands: run.commands,
      answers: [],
      sinkCalls: run.sinkCalls,
      usedFlags: run.newFlags,
      randomDraws: run.random.draws,
      counters: timer + activity + child + signal + cancel + condition,
    };
  }

  /** Code that still waits for its microtask runs as part of this turn, not of nobody's. */
  #drainAndEnd(result: ActivationResult): boolean {
    this.#phase = { kind: 'ended', result };
    return true;
  }

  #end(result: ActivationResult): boolean {
    this.#phase = IDLE;
    this.#batches = NO_BATCHES;
    writeResult(this.tape, result);
    this.#run.commands = NONE;
    this.#run.sinkCalls = NONE;
    setCurrent(undefined);
    return false;
  }
}

/** One object instead of a closure for each global. */
class Hooks implements RunHooks {
  readonly #run: RunContext;

  constructor(run: RunContext) {
    this.#run = run;
  }

  now(): number {
    return this.#run.head.timestamp;
  }

  random(): number {
    return this.#run.random.next();
  }

  setTimeout(
    callback: (...args: readonly unknown[]) => void,
    delayMs: number,
    args: readonly unknown[],
  ): unknown {
    return startTimeout(this.#run, callback, delayMs, args);
  }

  clearTimeout(handle: unknown): void {
    clearTimeoutOf(this.#run, handle);
  }

  console(level: ConsoleLevel, args: readonly unknown[]): void {
    writeFor(this.#run, level === 'log' ? 'info' : level, args.map(textOf).join(' '), undefined);
  }
}

/** Patches are told first. Signals come in a batch of their own only in runs that began that way. */
function batchesOf(run: RunContext, jobs: readonly TurnJob[]): (readonly TurnJob[])[] {
  if (!jobs.some(comesFirst)) return [jobs];
  const rest: TurnJob[] = [];
  for (const job of jobs) {
    if (job.kind === 'notifyHasPatch') perform(run, job);
    else rest.push(job);
  }
  const signals = rest.filter((job) => job.kind === 'signalWorkflow');
  if (signals.length === 0 || run.hasFlag(FLAG_SINGLE_BATCH)) return [rest];
  const others = rest.filter((job) => job.kind !== 'signalWorkflow');
  return [signals, others].filter((batch) => batch.length > 0);
}

const isQuery = (job: ActivationJob): job is QueryJob => job.kind === 'queryWorkflow';
const comesFirst = ({ kind }: TurnJob): boolean => kind === 'notifyHasPatch' || kind === 'signalWorkflow';

/** Asks all conditions, until a round unblocks none. Returns how many it unblocked. */
function unblock(run: RunContext): number {
  let unblocked = 0;
  for (;;) {
    run.throwTaskError();
    if (!run.hasConditions) return unblocked;
    let round = 0;
    for (const [seq, { holds, resolve }] of run.conditions.all) {
      if (!holds()) continue;
      run.conditions.delete(seq);
      resolve();
      round += 1;
    }
    if (round === 0) return unblocked;
    unblocked += round;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.stack ?? value.message;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
