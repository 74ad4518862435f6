// The engine of one execution, inside its realm: an activation on the tape in, commands on the tape out. Pure.
// A turn is one or more steps; between two of them the realm's microtasks drain. The order of everything is the official SDK's.
import type { Activation, ActivationResult } from '../../model/turn';
import { CancellationScope } from '../cancellation-scope';
import type { WorkflowInterceptorsFactory, WorkflowInterceptors } from '../interceptors';
import { writeFor } from '../log';
import { readActivation, writeResult, type Primitive } from '../tape';
import { clearTimeoutOf, sleep, startTimeout } from '../timers';
import { setCurrent } from './current';
import { FLAG_SINGLE_BATCH } from './flags';
import type { Engine, EngineHost } from './host';
import { perform, type TurnJob } from './jobs';
import { answerQuery } from './queries';
import { RunContext } from './run-context';
import { startWorkflow } from './start';

export type { Engine, EngineHost } from './host';

export function createEngine(host: EngineHost): Engine {
  const run = new RunContext(host);
  const tape: Primitive[] = [];
  const turns = new Turns(run, tape);
  setCurrent(run);
  run.sleep = (durationMs) => sleep(durationMs);
  run.rootScope = CancellationScope.root();
  run.interceptors = loadInterceptors(host);
  setCurrent(undefined);
  return {
    tape,
    step: () => turns.step(),
    hooks: {
      now: () => run.head.timestamp,
      random: () => run.random.next(),
      setTimeout: (callback, delayMs, args) => startTimeout(run, callback, delayMs, args),
      clearTimeout: (handle) => clearTimeoutOf(run, handle),
      console: (level, args) =>
        writeFor(run, level === 'log' ? 'info' : level, args.map(textOf).join(' '), undefined),
    },
  };
}

class Turns {
  readonly #run: RunContext;
  readonly #tape: Primitive[];
  /** Batches of jobs that are still to be done in this turn. */
  #batches: (readonly TurnJob[])[] = [];
  #isOpen = false;

  constructor(run: RunContext, tape: Primitive[]) {
    this.#run = run;
    this.#tape = tape;
  }

  step(): boolean {
    const run = this.#run;
    setCurrent(run);
    try {
      if (this.#isOpen) return this.#goOn();
      const activation = readActivation(this.#tape);
      const queries = activation.jobs.filter((job) => job.kind === 'queryWorkflow');
      if (queries.length === 0) return this.#begin(activation);
      // Read-only: log lines of queries are wanted, so they are not "replaying".
      run.sinkCalls = [];
      const answers = queries.map((job) => answerQuery(run, job));
      return this.#end({ ...this.#result(), answers, commands: [] });
    } catch (error) {
      return this.#end({ kind: 'failed', failure: run.failureOf(error) });
    }
  }

  #begin(activation: Activation): boolean {
    const run = this.#run;
    const { jobs, ...head } = activation;
    run.head = head;
    run.info = undefined;
    run.commands = [];
    run.sinkCalls = [];
    run.newFlags = [];
    for (const flag of head.availableFlags) run.knownFlags.add(flag);
    this.#batches = batchesOf(run, jobs as readonly TurnJob[]);
    this.#isOpen = true;
    return this.#nextBatch();
  }

  #goOn(): boolean {
    if (unblock(this.#run) > 0) return true;
    if (this.#batches.length > 0) return this.#nextBatch();
    this.#run.throwTaskError();
    return this.#end(this.#result());
  }

  #nextBatch(): boolean {
    const run = this.#run;
    const jobs = this.#batches.shift() ?? [];
    let begins = false;
    for (const job of jobs) {
      if (job.kind === 'initializeWorkflow') begins = true;
      perform(run, job);
      // The first turn has nothing to unblock before its workflow begins.
      if (job.kind !== 'initializeWorkflow') unblock(run);
    }
    if (begins) startWorkflow(run);
    unblock(run);
    return true;
  }

  #result(): Extract<ActivationResult, { readonly kind: 'ok' }> {
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

  #end(result: ActivationResult): boolean {
    this.#isOpen = false;
    this.#batches = [];
    writeResult(this.#tape, result);
    this.#run.commands = [];
    this.#run.sinkCalls = [];
    setCurrent(undefined);
    return false;
  }
}

/** Patches are told first. Signals come in a batch of their own only in runs that began that way. */
function batchesOf(run: RunContext, jobs: readonly TurnJob[]): (readonly TurnJob[])[] {
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

/** Asks all conditions, until a round unblocks none. Returns how many it unblocked. */
function unblock(run: RunContext): number {
  let unblocked = 0;
  for (;;) {
    run.throwTaskError();
    let round = 0;
    for (const [seq, { holds, resolve }] of run.conditions) {
      if (!holds()) continue;
      run.conditions.delete(seq);
      resolve();
      round += 1;
    }
    if (round === 0) return unblocked;
    unblocked += round;
  }
}

function loadInterceptors({ entryNames, requireEntry }: EngineHost): WorkflowInterceptors {
  const made = entryNames
    .filter((name) => name.startsWith('interceptor:'))
    .map(
      (name) => (requireEntry(name) as { interceptors?: WorkflowInterceptorsFactory }).interceptors?.() ?? {},
    );
  return {
    inbound: made.flatMap(({ inbound }) => inbound ?? []),
    outbound: made.flatMap(({ outbound }) => outbound ?? []),
    internals: made.flatMap(({ internals }) => internals ?? []),
  };
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
